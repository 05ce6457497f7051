// A PostgreSQL of its own for one measurement: on loopback, in a temporary folder, its settings for
// durability as they come (fsync on, commits wait for the disk).
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { temporary_folder } from "./measure.mjs";

const programs = fs.readdirSync("/usr/lib/postgresql").map((version) =>
  `/usr/lib/postgresql/${version}/bin`).filter((folder) => fs.existsSync(`${folder}/pgbench`))[0];

// PostgreSQL refuses to run as root.
const as_user = (program, words) => process.getuid() === 0
  ? ["runuser", ["-u", "postgres", "--", program, ...words]]
  : [program, words];

function run(program, words, options = {}) {
  const [command, list] = as_user(path.join(programs, program), words);
  return execFileSync(command, list, { encoding: "utf8", cwd: "/", ...options });
}

const transaction = `
\\set device :client_id
\\set about random(1, 10000)
BEGIN;
INSERT INTO note (case_id, body)
  VALUES (:about, 'Looked at it again; the part is ordered and comes on Thursday.');
UPDATE device SET last = last + 1 WHERE id = :device;
END;
`;

export async function start_postgres() {
  const folder = temporary_folder("postgres");
  if (process.getuid() === 0) execFileSync("chown", ["postgres", folder]);
  const data = path.join(folder, "data");
  run("initdb", ["-D", data, "-A", "trust", "-U", "bench", "--no-sync"], { stdio: "ignore" });
  const port = 20_000 + (process.pid % 20_000);
  const [command, words] = as_user(path.join(programs, "postgres"), ["-D", data, "-p", String(port),
    "-c", "listen_addresses=127.0.0.1", "-c", `unix_socket_directories=${folder}`,
    "-c", "max_connections=300"]);
  const server = spawn(command, words, { stdio: "ignore", cwd: "/" });
  const ended = new Promise((resolve) => server.on("exit", resolve));
  const where = ["-h", "127.0.0.1", "-p", String(port), "-U", "bench"];
  const sql = (text) => run("psql", [...where, "-d", "postgres", "-qAt", "-c", text],
    { stdio: ["ignore", "pipe", "pipe"] });
  for (let i = 0; ; ++i) {
    try {
      sql("SELECT 1");
      break;
    } catch (error) {
      if (i > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  sql("CREATE TABLE note (id bigserial PRIMARY KEY, case_id int NOT NULL, body text NOT NULL," +
    " at timestamptz NOT NULL DEFAULT now()); CREATE INDEX ON note (case_id);" +
    "CREATE TABLE device (id int PRIMARY KEY, last bigint NOT NULL);" +
    "INSERT INTO device SELECT i, 0 FROM generate_series(0, 255) AS i");
  const script = path.join(folder, "transaction.sql");
  fs.writeFileSync(script, transaction);
  fs.chmodSync(folder, 0o755);
  return {
    // Transactions a second of so many connections, over TCP as the other side's are. Its clock
    // starts before it has connected, though that does not count as time: many need longer.
    async pgbench(connections, seconds) {
      for (let more = connections > 100 ? 2 : 0; ; more += 3) {
        const rate = await this.try_pgbench(connections, seconds + more);
        if (rate > 0) return rate;
        if (more > 20) throw new Error("pgbench did not get to do anything");
      }
    },
    try_pgbench(connections, seconds) {
      return new Promise((resolve) => {
        const [program, list] = as_user(path.join(programs, "pgbench"), [...where, "-n",
          "-M", "prepared", "-f", script, "-c", String(connections), "-j", "1", "-T",
          String(seconds), "postgres"]);
        const child = spawn(program, list, { stdio: ["ignore", "pipe", "ignore"], cwd: "/" });
        let said = "";
        child.stdout.on("data", (chunk) => { said += chunk; });
        child.on("exit", () => resolve(Number(said.match(/tps = ([\d.]+)/)?.[1] ?? 0)));
      });
    },
    async stop() {
      run("pg_ctl", ["-D", data, "-m", "fast", "stop"], { stdio: "ignore" });
      await ended;
    },
  };
}
