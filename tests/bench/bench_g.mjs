// Devices push durable, authorised commands at a real foyer-server, each over a socket of its own;
// PostgreSQL does a transaction of the same weight (a row, a counter, one commit on the disk).
import fs from "node:fs";
import path from "node:path";
import { signed_in, start_seeded_foyer } from "./foyer.mjs";
import { ask_program, in_turns, median, percentile, temporary_folder } from "./measure.mjs";
import { start_postgres } from "./postgres.mjs";
import { demo } from "../web/browser.mjs";

export const title = "commands a second, durable and authorised";
const rounds = 7, seconds = 2, connections = [1, 16, 256];

function results_of(turns) {
  const column = (name, key) => turns[name].map((each) => each[key]);
  const limit = (key) => median(column("disk", key));
  const limits = [
    { name: "SQLite in groups of 64", value: limit("sqlite_groups_of_64_per_second") },
    { name: "SQLite one by one", value: limit("sqlite_groups_of_1_per_second") },
    { name: "fdatasync", value: limit("fdatasync_per_second") },
  ];
  const row = (name, what, more = {}) => {
    const rates = column(name, "per_second"), value = median(rates);
    const p99 = median(column(name, "p99_ms"));
    return { what: `${what}; p99 ${Math.round(p99)} ms`, value, p95: percentile(rates, 0.05),
      unit: "/s", limits, p50_ms: median(column(name, "p50_ms")), p99_ms: p99, ...more };
  };
  const target = (name) => {
    const rate = median(column(name, "per_second"));
    return { target: ">= 20,000/s, p99 < 50 ms",
      reached: rate >= 20_000 && median(column(name, "p99_ms")) < 50 };
  };
  return [
    ...connections.map((count) => row(`replies ${count}`, `${count} customers, one reply at a time`,
      { others: [{ name: "pgbench", value: median(turns[`pgbench ${count}`]) }],
        ...(count === 256 ? target("replies 256") : {}) })),
    row("queued 16", "16 customers, 64 replies at a time"),
    row("notes 16", "16 staff devices, one note at a time, each told to all"),
  ];
}

export async function measure() {
  const server = await start_seeded_foyer(10_000);
  const postgres = await start_postgres();
  const folder = temporary_folder("push");
  const { cookies } = JSON.parse(fs.readFileSync(server.rows_file, "utf8"));
  const customers = path.join(folder, "customers"), staff = path.join(folder, "staff");
  fs.writeFileSync(customers, `${cookies.join("\n")}\n`);
  fs.writeFileSync(staff, `${await signed_in(server.address, demo.desk, { staff: true })}\n`);
  const push = (who, count, commands) => () =>
    ask_program("push_load", server.port, who, count, commands, seconds);
  const contenders = {};
  for (const count of connections) {
    contenders[`replies ${count}`] = push(customers, count, 1);
    contenders[`pgbench ${count}`] = () => postgres.pgbench(count, seconds);
  }
  contenders["queued 16"] = push(customers, 16, 64);
  contenders["notes 16"] = push(staff, 16, 1);
  contenders.disk = () => ask_program("disk_limits", folder, 0.7);
  try {
    return results_of(await in_turns(rounds, contenders));
  } finally {
    await server.stop();
    await postgres.stop();
  }
}
