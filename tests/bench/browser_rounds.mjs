// Measurements a and b share their rounds: fill a fresh profile from a loopback server, kill the
// browser, start it again, ask for the open cases of one person. Each contender in turn, on both
// ways in which Chromium keeps IndexedDB.
import { signed_in, start_seeded_foyer } from "./foyer.mjs";
import { in_turns, median, progress, temporary_folder } from "./measure.mjs";
import { start_peer_server } from "./peer_server.mjs";
import { backends, kept_at, kept_pieces, kill, open_portal, processor_ms } from "./portal_page.mjs";
import { demo, start_browser, until } from "../web/browser.mjs";
import fs from "node:fs";

// FOYER_BENCH_CASES: no more than so many. Who writes each row by itself takes a quarter of a
// minute and more for 100,000: fewer rounds of that.
const sizes = { 10_000: 7, 100_000: 7 };
const row_by_row = (cases, round) => Object.assign(round, { rounds: cases > 10_000 ? 2 : 7 });
const wait_ms = 180_000;

async function foyer_round(foyer, cookie, backend) {
  const profile = temporary_folder("profile");
  const first = await open_portal(foyer, cookie, { backend, profile });
  const at = await until("the cache", () => kept_at(first.page), wait_ms);
  const fill_cpu_ms = first.processor_ms();
  const { opened, last_received } = await first.page.evaluate(() => window.bench);
  const pieces = await kept_pieces(first.page);
  await kill(first.browser);
  const again = await open_portal(foyer, cookie,
    { backend, profile, path: "/staff/cases?show=mine" });
  const first_row = await until("the first row", () =>
    again.page.evaluate(() => window.bench.first_row), wait_ms);
  await until("the socket", () => again.page.evaluate(() => window.bench.opened), wait_ms);
  const received = await again.page.evaluate(() => window.bench.received);
  const query_cpu_ms = again.processor_ms();
  await again.browser.close();
  fs.rmSync(profile, { recursive: true, force: true });
  if (received > 200_000) throw new Error("what was kept did not survive the kill");
  // Until the last byte: the server's work and the page's, at the same time.
  return { fill_ms: at - opened, received_ms: last_received - opened, from_address_ms: at, pieces,
    query_ms: first_row, fill_cpu_ms, query_cpu_ms };
}

async function peer_round(peers, backend, { fill, query }) {
  const profile = temporary_folder("profile");
  const start = async () => {
    const browser = await start_browser("chromium", { profile, arguments: backends[backend] });
    const page = await browser.newPage();
    const before = processor_ms(browser);
    await page.goto(peers.address);
    return { browser, page, processor_ms: () => processor_ms(browser) - before };
  };
  const first = await start();
  const filled = { ...await fill(first.page), fill_cpu_ms: first.processor_ms() };
  await kill(first.browser);
  const again = await start();
  const answer = query ? await query(again.page) : {};
  answer.query_cpu_ms = again.processor_ms();
  await again.browser.close();
  fs.rmSync(profile, { recursive: true, force: true });
  return { ...filled, ...answer };
}

const call = (page, name, ...words) => page.evaluate(async (what, list) =>
  (await import("/bench/peer_stores.mjs"))[what](...list), name, words);

function contenders_of(foyer, cookie, peers, backend, me, cases) {
  const library = (name) => () => peer_round(peers, backend, {
    fill: async (page) => ({ fill_ms: (await call(page, `fill_${name}`, "/rows.json")).ms }),
    query: async (page) => {
      const { at, rows } = await call(page, `first_query_${name}`, me);
      if (rows !== 50) throw new Error(`${name} found ${rows} rows`);
      return { query_ms: at };
    },
  });
  const bytes = cases * 206; // what Foyer keeps of them
  return {
    foyer: () => foyer_round(foyer, cookie, backend),
    dexie: row_by_row(cases, library("dexie")),
    sqlite: library("sqlite"),
    chunks: () => peer_round(peers, backend, {
      fill: async (page) => ({ fill_ms: await call(page, "put_chunks", bytes) }),
      query: async (page) => ({ query_ms: (await call(page, "get_chunks")).ms }),
    }),
    records: row_by_row(cases, () => peer_round(peers, backend, {
      fill: async (page) => ({ fill_ms: await call(page, "put_records", "/rows.json") }) })),
  };
}

async function run() {
  const results = [];
  for (const [cases, rounds] of Object.entries(sizes)) {
    if (Number(cases) > Number(process.env.FOYER_BENCH_CASES ?? cases)) continue;
    const foyer = await start_seeded_foyer(Number(cases));
    const cookie = await signed_in(foyer.address, demo.desk, { staff: true });
    const peers = await start_peer_server({ "/rows.json": foyer.rows_file });
    const { me } = JSON.parse(fs.readFileSync(foyer.rows_file, "utf8"));
    try {
      for (const backend of Object.keys(backends)) {
        progress(`  ${cases} cases, IndexedDB over ${backend}`);
        const turns = await in_turns(rounds,
          contenders_of(foyer, cookie, peers, backend, me, Number(cases)));
        results.push({ cases: Number(cases), backend, rounds, turns });
      }
    } finally {
      await peers.stop();
      await foyer.stop();
    }
  }
  return results;
}

let running = null;
export const browser_rounds = () => running ??= run();

// Median processor milliseconds of each contender, whatever else the machine is busy with.
export const processor = (turns, key) => Object.fromEntries(
  ["foyer", "dexie", "sqlite"].map((name) => [name, middle(turns, name, key)]));
export const column = (turns, name, key) => turns[name].map((each) => each[key]);
export const middle = (turns, name, key) => median(column(turns, name, key));
