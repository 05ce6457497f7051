// `./foyer bench [core a b d g j k]`: measures, each peer in the same run and in turns, prints one
// table with the physical limit beside each result and writes build/bench.json. Not a test: nothing
// here passes or fails.
import fs from "node:fs";
import path from "node:path";
import { machine, progress, remove_temporary_folders, root, rounded } from "./measure.mjs";

const names = ["g", "k", "d", "a", "b", "j"];
const unknown = process.argv.slice(2).filter((word) => !["core", ...names].includes(word));
if (unknown.length > 0) throw new Error(`there is no measurement called ${unknown.join(", ")}`);
const wanted = process.argv.slice(2).filter((word) => names.includes(word));
const chosen = wanted.length > 0 ? wanted : names;

// One line per result: what was measured, Foyer's median and 95th percentile, the others' medians,
// the limits, how far from the nearest limit, the target and whether it is reached.
function print(results) {
  const rows = [["", "what", "Foyer", "p95", "others", "limit", "target"]];
  for (const row of results) {
    const unit = row.unit;
    const list = (entries = []) =>
      entries.map((each) => `${each.name} ${rounded(each.value)}`).join("; ");
    rows.push([row.bench, row.what, `${rounded(row.value)} ${unit}`, rounded(row.p95),
      list(row.others), list(row.limits),
      row.target ? `${row.target}: ${row.reached ? "reached" : "MISSED"}` : ""]);
  }
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) console.log(row.map((cell, i) => cell.padEnd(widths[i])).join("  "));
  for (const { bench, what, processor_ms: spent } of results) {
    if (!spent) continue;
    const list = Object.entries(spent).map(([name, ms]) => `${name} ${rounded(ms)}`);
    console.log(`${bench}  ${what}: processor ms: ${list.join("; ")}`);
  }
}

const results = [];
const about = machine();
progress(`${about.processor}, ${about.cores} cores; load before: ${about.load_before}`);
try {
  for (const name of chosen) {
    const { measure, title } = await import(`./bench_${name}.mjs`);
    progress(`== ${name}: ${title}`);
    const start = Date.now();
    for (const row of await measure()) results.push({ bench: name, ...row });
    progress(`   ${Math.round((Date.now() - start) / 1000)} s`);
  }
} finally {
  remove_temporary_folders();
}
const file = path.join(root, "build/bench.json");
fs.mkdirSync(path.dirname(file), { recursive: true });
fs.writeFileSync(file, `${JSON.stringify({ machine: about, results }, null, 1)}\n`);
print(results);
console.log(`\nwritten to ${path.relative(process.cwd(), file)}`);
