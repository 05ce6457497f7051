// Runs in the page of peer_server.mjs: the same rows in Dexie, in SQLite (its worker stands beside)
// and in bare IndexedDB, each by its documented way for many rows.
const settled = (request) => new Promise((done, failed) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => failed(request.error);
});
const finished = (transaction) => new Promise((done, failed) => {
  transaction.oncomplete = done;
  transaction.onerror = transaction.onabort = () => failed(transaction.error);
});
const ended = ["closed", "cancelled", "rejected", "merged", "resolved"];
export const with_open = (row) => ({ ...row, is_open: ended.includes(row.state) ? 0 : 1 });

async function open_dexie() {
  const { Dexie } = await import("/dexie/dexie.mjs");
  const database = new Dexie("dexie");
  database.version(1).stores({
    cases: "id, number, account, contact, [owner+is_open], state, updated_at",
    contacts: "id, account, name", accounts: "id, name" });
  await database.open();
  return database;
}

// Resolves when every transaction is complete: Dexie leaves durability to the browser (relaxed).
export async function fill_dexie(address) {
  const start = performance.now();
  const rows = await (await fetch(address)).json();
  const database = await open_dexie();
  await database.accounts.bulkPut(rows.accounts);
  await database.contacts.bulkPut(rows.contacts);
  await database.cases.bulkPut(rows.cases.map(with_open));
  database.close();
  return { ms: performance.now() - start, rows: rows.cases.length };
}
export async function first_query_dexie(me) {
  const database = await open_dexie();
  const found = await database.cases.where("[owner+is_open]").equals([me, 1]).limit(50).toArray();
  return { at: performance.now(), rows: found.length };
}
export async function write_one_dexie(times) {
  const { Dexie } = await import("/dexie/dexie.mjs");
  const database = new Dexie("dexie-one", { chromeTransactionDurability: "strict" });
  database.version(1).stores({ outbox: "mid" });
  await database.open();
  const spent = [];
  for (let mid = 1; mid <= times; ++mid) {
    const start = performance.now();
    await database.outbox.put({ mid, name: "case.note", body: "x".repeat(120) });
    spent.push(performance.now() - start);
  }
  return spent;
}

let worker = null;
const ask_sqlite = (question) => new Promise((done, failed) => {
  worker ??= new Worker("/bench/peer_sqlite_worker.mjs", { type: "module" });
  worker.onmessage = ({ data }) => data.problem ? failed(new Error(data.problem)) : done(data);
  worker.onerror = (event) => failed(new Error(event.message));
  worker.postMessage(question);
});
export async function fill_sqlite(address) {
  const start = performance.now();
  const { rows } = await ask_sqlite({ do: "fill", address });
  return { ms: performance.now() - start, rows };
}
export async function first_query_sqlite(me) {
  const { rows } = await ask_sqlite({ do: "query", me });
  return { at: performance.now(), rows };
}
export const write_one_sqlite = async (times) =>
  (await ask_sqlite({ do: "write_one", times })).spent;

// ---- the limits ----

async function bare(name, stores) {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => stores.forEach((store) =>
    request.result.createObjectStore(store));
  return settled(request);
}
// `bytes` as pieces of 59 KB in one relaxed transaction: what any cache of chunks costs at least.
export async function put_chunks(bytes) {
  const database = await bare("chunks", ["chunk"]);
  const piece = crypto.getRandomValues(new Uint8Array(59 * 1024));
  const start = performance.now();
  const transaction = database.transaction("chunk", "readwrite", { durability: "relaxed" });
  for (let n = 0; n * piece.length < bytes; ++n) transaction.objectStore("chunk").put(piece, n);
  await finished(transaction);
  const ms = performance.now() - start;
  database.close();
  return ms;
}
export async function get_chunks() {
  const database = await bare("chunks", ["chunk"]);
  const start = performance.now();
  const pieces = await settled(database.transaction("chunk").objectStore("chunk").getAll());
  const ms = performance.now() - start;
  database.close();
  return { ms, bytes: pieces.reduce((sum, each) => sum + each.length, 0) };
}
// The cases as records, without an index, in one relaxed transaction.
export async function put_records(address) {
  const rows = (await (await fetch(address)).json()).cases;
  const database = await bare("records", ["record"]);
  const start = performance.now();
  const transaction = database.transaction("record", "readwrite", { durability: "relaxed" });
  const store = transaction.objectStore("record");
  for (const row of rows) store.put(row, row.id);
  await finished(transaction);
  const ms = performance.now() - start;
  database.close();
  return ms;
}
// One row, strict: what a durable command costs at least.
export async function commit_one(times) {
  const database = await bare("one", ["outbox"]);
  const value = { iv: new Uint8Array(12), data: crypto.getRandomValues(new Uint8Array(160)) };
  const spent = [];
  for (let mid = 1; mid <= times; ++mid) {
    const start = performance.now();
    const transaction = database.transaction("outbox", "readwrite", { durability: "strict" });
    transaction.objectStore("outbox").put(value, mid);
    await finished(transaction);
    spent.push(performance.now() - start);
  }
  database.close();
  return spent;
}
