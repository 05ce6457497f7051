// What all measurements share: repetitions that take turns, medians, temporary folders, programs
// that end with the run, and the machine's own description.
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const programs = path.join(root, "build/native/tests/bench");

const folders = [];
export function temporary_folder(purpose) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `foyer-bench-${purpose}-`));
  folders.push(folder);
  return folder;
}
export function remove_temporary_folders() {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
}

// The value below which `share` of the numbers lie.
export function percentile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  if (sorted.length === 0) return NaN;
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}
export const median = (numbers) => percentile(numbers, 0.5);

// Every contender once per round, the first one moving on, so that a slow minute of the machine
// hits all of them; one with `rounds` of its own takes part in no more. Gives for each contender
// what its rounds gave. FOYER_BENCH_ROUNDS: so many instead, for a first look.
export async function in_turns(usual_rounds, contenders) {
  const rounds = Number(process.env.FOYER_BENCH_ROUNDS ?? usual_rounds);
  const names = Object.keys(contenders);
  const results = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; ++round) {
    for (let i = 0; i < names.length; ++i) {
      const name = names[(i + round) % names.length];
      if (round >= (contenders[name].rounds ?? rounds)) continue;
      results[name].push(await contenders[name](round));
    }
    progress(`  round ${round + 1} of ${rounds}`);
  }
  return results;
}

export function progress(text) {
  process.stderr.write(`${text}\n`);
}

// A program of tests/bench that prints one JSON object.
export function ask_program(name, ...words) {
  const program = path.join(programs, `foyer_bench_${name}`);
  return new Promise((resolve, reject) => {
    const child = spawn(program, words.map(String), { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    child.stdout.on("data", (chunk) => { said += chunk; });
    child.on("error", reject);
    child.on("exit", (code) => {
      if (code !== 0) return reject(new Error(`foyer_bench_${name} ended with ${code}: ${said}`));
      resolve(said.startsWith("{") ? JSON.parse(said) : said);
    });
  });
}

export function machine() {
  const cpus = os.cpus();
  const version = (program, ...words) => {
    try {
      const said = execFileSync(program, words,
        { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
      return said.trim().split("\n")[0];
    } catch {
      return "absent";
    }
  };
  return {
    date: new Date().toISOString().slice(0, 16).replace("T", " "),
    processor: cpus[0]?.model ?? "unknown",
    cores: cpus.length,
    memory_gib: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()}`,
    load_before: os.loadavg()[0],
    browser: version("/usr/bin/chromium", "--version"),
    node: process.version,
  };
}

export function rounded(value) {
  if (value === undefined || Number.isNaN(value)) return "-";
  if (value >= 100) return Math.round(value).toLocaleString("en-US");
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
