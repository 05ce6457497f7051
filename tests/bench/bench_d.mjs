// A note written in the portal: from the moment it goes to the device's outbox (encryption begins)
// to the strict commit, after which a person is told that it is saved. Then kills: how many of the
// notes that were durable are gone.
import { signed_in } from "./foyer.mjs";
import { in_turns, median, percentile, progress, temporary_folder } from "./measure.mjs";
import { start_peer_server } from "./peer_server.mjs";
import { backends, kill, open_portal } from "./portal_page.mjs";
import { demo, start_browser, start_foyer, until } from "../web/browser.mjs";

export const title = "a local command until it is durable";
const rounds = 7, writes = 20, kills = 7;

async function show_a_case(page) {
  const shown = (id) => until(id, () => page.$(`#mirror [data-id="${id}"]`), 120_000);
  await shown("queue/row/0");
  await page.$eval(`#mirror [data-id="queue/row/0"]`, (row) => row.click());
  await shown("case/note");
}

// In the page: writes notes one after the other; the milliseconds of each, from the encryption and
// from the click that saves it.
const write_notes = (page, count) => page.evaluate(async (times) => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const element = (id) => document.querySelector(`#mirror [data-id="${id}"]`);
  const commits = () => window.bench.transactions.filter(({ stores }) => stores === "outbox,meta");
  const spent = { sealed: [], clicked: [] };
  for (let i = 0; i < times; ++i) {
    const field = element("case/note");
    field.value = `Looked at it again, number ${i}; the part comes on Thursday.`;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await frame();
    await frame();
    const before = commits().length;
    window.bench.sealed.length = 0;
    const start = performance.now();
    element("case/note/save").click();
    while (commits().length === before) {
      if (performance.now() - start > 30_000) throw new Error("a note was not saved");
      await new Promise((done) => setTimeout(done, 1));
    }
    const { at } = commits()[before];
    spent.sealed.push(at - window.bench.sealed[0]);
    spent.clicked.push(at - start);
    await frame();
  }
  return spent;
}, count);

async function peers_page(address, backend) {
  const browser = await start_browser("chromium",
    { profile: temporary_folder("profile"), arguments: backends[backend] });
  const page = await browser.newPage();
  await page.goto(address);
  return { browser, page };
}
const call = (page, name, ...words) => page.evaluate(async (what, list) =>
  (await import("/bench/peer_stores.mjs"))[what](...list), name, words);

async function latencies(foyer, cookie, peers, backend) {
  const portal = await open_portal(foyer, cookie, { backend });
  await portal.page.setViewport({ width: 1280, height: 1100 });
  await show_a_case(portal.page);
  const other = await peers_page(peers.address, backend);
  const front = (page, work) => async () => {
    await page.bringToFront();
    return work();
  };
  // The peers go on in one page and its databases, as the portal does in its own.
  const once = (name) => front(other.page, async () => {
    await other.page.goto(peers.address);
    return call(other.page, name, writes);
  });
  const turns = await in_turns(rounds, {
    foyer: front(portal.page, () => write_notes(portal.page, writes)),
    commit: once("commit_one"),
    dexie: once("write_one_dexie"),
    sqlite: once("write_one_sqlite"),
  });
  await portal.browser.close();
  await other.browser.close();
  return turns;
}

// The server is gone while the notes are written, so that they can be nowhere but here.
async function lost_in_a_kill(backend, count) {
  const data = temporary_folder("data"), profile = temporary_folder("profile");
  let foyer = await start_foyer({ data, arguments: ["--log-level", "error"] });
  const { address } = foyer;
  const cookie = await signed_in(address, demo.desk, { staff: true });
  const { browser, page } = await open_portal(foyer, cookie, { backend, profile });
  await page.setViewport({ width: 1280, height: 1100 });
  await show_a_case(page);
  await foyer.stop();
  await write_notes(page, count);
  await kill(browser);
  foyer = await start_foyer({ data, port: Number(new URL(address).port) });
  const again = await start_browser("chromium", { profile, arguments: backends[backend] });
  const reader = await again.newPage();
  await reader.goto(`${address}/healthz`);
  const kept = await reader.evaluate(async () => {
    const settled = (request) => new Promise((done, failed) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
    const found = (await indexedDB.databases()).find(({ name }) => name.startsWith("foyer.out."));
    const database = await settled(indexedDB.open(found.name));
    return settled(database.transaction("outbox").objectStore("outbox").count());
  });
  await again.close();
  await foyer.stop();
  return count - kept;
}

export async function measure() {
  const foyer = await start_foyer({ arguments: ["--log-level", "warning"] });
  const cookie = await signed_in(foyer.address, demo.desk, { staff: true });
  const peers = await start_peer_server();
  const rows = [];
  try {
    for (const backend of Object.keys(backends)) {
      progress(`  IndexedDB over ${backend}`);
      const turns = await latencies(foyer, cookie, peers, backend);
      const sealed = turns.foyer.flatMap((each) => each.sealed);
      const clicked = turns.foyer.flatMap((each) => each.clicked);
      const value = median(sealed), limit = median(turns.commit.flat());
      rows.push({ what: `a note, ${backend}`, value, p95: percentile(sealed, 0.95), unit: "ms",
        others: [
          { name: "dexie, strict", value: median(turns.dexie.flat()) },
          { name: "sqlite-wasm", value: median(turns.sqlite.flat()) },
        ],
        limits: [{ name: "one row, strict", value: limit }],
        target: "p50 <= 1.5x the limit", reached: value <= 1.5 * limit,
        from_click_ms: median(clicked) });
    }
    let lost = 0;
    for (let i = 0; i < kills; ++i)
      lost += await lost_in_a_kill(Object.keys(backends)[i % 2], 3 + 2 * i);
    const written = Array.from({ length: kills }, (_, i) => 3 + 2 * i).reduce((a, b) => a + b);
    rows.push({ what: `of ${written} notes, lost in ${kills} kills`, value: lost, p95: NaN,
      unit: "", target: "0", reached: lost === 0 });
  } finally {
    await peers.stop();
    await foyer.stop();
  }
  return rows;
}
