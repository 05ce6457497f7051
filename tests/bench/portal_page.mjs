// The staff portal in a real Chromium, watched from outside: a script that runs before the page's
// own notes when the socket opened, when which IndexedDB transaction was complete, and what frames
// cost. The product has no hooks for it.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { temporary_folder } from "./measure.mjs";
import { start_browser } from "../web/browser.mjs";

export const backends = {
  leveldb: ["--disable-features=IdbSqliteBackingStore,IdbSqliteOnDiskRollout"],
  sqlite: ["--enable-features=IdbSqliteBackingStore,IdbSqliteOnDiskRollout"],
};

// In the page: window.bench = {opened, received: bytes, last_received: at, transactions: [{stores,
// durability, begun, at}], sealed: [at], frames: [ms],
// frame_starts: [at], first_row}.
function watch() {
  const bench = { opened: 0, received: 0, last_received: 0, transactions: [], sealed: [],
    frames: [], frame_starts: [], first_row: 0 };
  window.bench = bench;
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...words) {
      super(...words);
      this.addEventListener("open", () => { bench.opened ||= performance.now(); });
      this.addEventListener("message", (event) => {
        bench.received += event.data.byteLength;
        bench.last_received = performance.now();
      });
    }
  };
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function transaction(stores, mode, ...more) {
    const made = begin.call(this, stores, mode, ...more);
    const begun = performance.now();
    if (mode === "readwrite")
      made.addEventListener("complete", () => {
        bench.transactions.push({ stores: [].concat(stores).join(),
          durability: more[0]?.durability, begun, at: performance.now() });
      });
    return made;
  };
  const encrypt = SubtleCrypto.prototype.encrypt;
  SubtleCrypto.prototype.encrypt = function sealed(...words) {
    bench.sealed.push(performance.now());
    return encrypt.apply(this, words);
  };
  const ask = window.requestAnimationFrame;
  window.requestAnimationFrame = (draw) => ask.call(window, (now) => {
    const start = performance.now();
    draw(now);
    const end = performance.now();
    bench.frames.push(end - start);
    bench.frame_starts.push(start);
    if (bench.first_row === 0 && document.querySelector('[data-id="queue/row/0"]'))
      bench.first_row = end;
  });
}

export async function open_portal(foyer, cookie,
  { backend = "leveldb", profile, path = "/staff/", prepare = () => undefined } = {}) {
  const browser = await start_browser("chromium",
    { profile: profile ?? temporary_folder("profile"), arguments: backends[backend] });
  const page = await browser.newPage();
  page.setDefaultTimeout(180_000); // a machine that is busy otherwise is slow, not broken
  await page.setViewport({ width: 1280, height: 800 });
  await page.evaluateOnNewDocument(watch);
  const [, name, value] = cookie.match(/^([^=]+)=(.*)$/);
  await page.setCookie({ name, value, url: foyer.address, path: "/", secure: true,
    httpOnly: true });
  await prepare(page);
  const before = processor_ms(browser);
  await page.goto(foyer.address + path);
  return { browser, page, processor_ms: () => processor_ms(browser) - before };
}

// Processor milliseconds that a browser with all its processes has used: says what work costs when
// others keep the machine busy.
export function processor_ms(browser) {
  const parents = new Map(), spent = new Map();
  for (const pid of fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const fields = fs.readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").pop().split(" ");
      parents.set(pid, fields[1]);
      spent.set(pid, 10 * (Number(fields[11]) + Number(fields[12])));
    } catch {
      continue; // it has ended
    }
  }
  const root = String(browser.process().pid);
  const is_ours = (pid) => pid === root || (parents.has(pid) && is_ours(parents.get(pid)));
  return [...spent].reduce((sum, [pid, ms]) => sum + (is_ours(pid) ? ms : 0), 0);
}

// As a lost battery would: nothing is told to the browser.
export function kill(browser) {
  const { pid } = browser.process();
  const ended = new Promise((resolve) => browser.process().once("exit", resolve));
  spawnSync("pkill", ["-KILL", "-P", String(pid)]);
  process.kill(pid, "SIGKILL");
  return ended;
}

// When the head that names all rows was committed, strictly, as a bootstrap ends; 0: not yet.
export const kept_at = (page) => page.evaluate(() => window.bench.transactions.find(
  ({ stores, durability }) => stores.startsWith("seg,") && durability === "strict")?.at ?? 0);
export const kept_pieces = (page) => page.evaluate(async () => {
  const settled = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  const found = (await indexedDB.databases()).find(({ name }) => name.startsWith("foyer.cache."));
  const database = await settled(indexedDB.open(found.name));
  const pieces = await settled(database.transaction("seg").objectStore("seg").count());
  database.close();
  return pieces;
});
