// SQLite in WebAssembly over the pool of OPFS files, the fastest by its documentation; a commit
// waits for its file to be flushed (synchronous is FULL as it comes).
import sqlite3_start from "/sqlite/index.mjs";

const columns = ["id", "number", "account", "contact", "owner", "owner_name", "state", "priority",
  "subject", "category", "opened_at", "updated_at", "closed_at", "is_open"];
const ended = ["closed", "cancelled", "rejected", "merged", "resolved"];
let database = null;

async function open() {
  if (database) return;
  const sqlite3 = await sqlite3_start();
  const pool = await sqlite3.installOpfsSAHPoolVfs({ initialCapacity: 6 });
  database = new pool.OpfsSAHPoolDb("/bench.db");
  database.exec("PRAGMA cache_size=-16384");
}

function insert(table, names, rows) {
  const marks = names.map(() => "?").join();
  const statement = database.prepare(`INSERT INTO "${table}" VALUES (${marks})`);
  for (const row of rows)
    statement.bind(names.map((name) => {
      const value = row[name];
      return value === undefined || value === null ? null
        : typeof value === "object" ? JSON.stringify(value) : value;
    })).stepReset();
  statement.finalize();
}

async function fill({ address }) {
  const rows = await (await fetch(address)).json();
  await open();
  database.exec(`CREATE TABLE "case" (${columns.join()}, PRIMARY KEY (id)) WITHOUT ROWID;` +
    'CREATE INDEX case_owner ON "case" (owner, is_open);' +
    'CREATE INDEX case_account ON "case" (account);' +
    'CREATE INDEX case_updated ON "case" (updated_at);' +
    'CREATE TABLE contact (id PRIMARY KEY, account, name, email) WITHOUT ROWID;' +
    'CREATE TABLE account (id PRIMARY KEY, name, tier, segment) WITHOUT ROWID');
  database.transaction(() => {
    insert("account", ["id", "name", "tier", "segment"], rows.accounts);
    insert("contact", ["id", "account", "name", "email"], rows.contacts);
    insert("case", columns, rows.cases.map((row) =>
      ({ ...row, is_open: ended.includes(row.state) ? 0 : 1 })));
  });
  database.close();
  database = null;
  return { rows: rows.cases.length };
}

async function query({ me }) {
  await open();
  const rows = database.selectObjects(
    'SELECT * FROM "case" WHERE owner = ? AND is_open = 1 LIMIT 50', [me]);
  return { rows: rows.length };
}

async function write_one({ times }) {
  await open();
  database.exec("CREATE TABLE IF NOT EXISTS outbox (mid INTEGER PRIMARY KEY, name, body)");
  const spent = [];
  for (let i = 0; i < times; ++i) {
    const start = performance.now();
    database.exec({ sql: "INSERT INTO outbox (name, body) VALUES (?, ?)",
      bind: ["case.note", "x".repeat(120)] });
    spent.push(performance.now() - start);
  }
  return { spent };
}

const deeds = { fill, query, write_one };
onmessage = async ({ data }) => {
  try {
    postMessage(await deeds[data.do](data));
  } catch (error) {
    postMessage({ problem: String(error) });
  }
};
