// The portal with all cases in its queue against a grid of DOM elements (Tabulator, its virtual
// renderer) with the same rows: what a frame costs the page's thread while the list scrolls, and
// how long sorting and filtering take until the next frame. Neither side counts painting.
import { signed_in, start_seeded_foyer } from "./foyer.mjs";
import { in_turns, median, percentile } from "./measure.mjs";
import { start_peer_server } from "./peer_server.mjs";
import { open_portal } from "./portal_page.mjs";
import { demo, start_browser, until } from "../web/browser.mjs";

export const title = "a list of all cases: frames, sorting, filtering";
const cases = Number(process.env.FOYER_BENCH_CASES ?? 100_000);
const rounds = 7, steps = 40;

// What the page's thread used of the processor, script, style and layout together, in milliseconds.
async function busy_ms(session, work) {
  const read = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return 1000 * metrics.find(({ name }) => name === "TaskDuration").value;
  };
  const before = await read();
  const frames = await work();
  return { ms: await read() - before, frames };
}

async function scroll(page, session, frames_of) {
  await page.bringToFront();
  await page.mouse.move(640, 400);
  const { ms, frames } = await busy_ms(session, async () => {
    const before = await frames_of();
    for (let i = 0; i < steps; ++i) await page.mouse.wheel({ deltaY: i % 2 === 0 ? 1200 : 900 });
    await page.evaluate(() => new Promise((done) =>
      requestAnimationFrame(() => requestAnimationFrame(done))));
    return await frames_of() - before;
  });
  return { task_ms: ms / Math.max(1, frames) };
}

async function portal_side(foyer) {
  const cookie = await signed_in(foyer.address, demo.desk, { staff: true });
  const { browser, page } = await open_portal(foyer, cookie, { path: "/staff/cases?show=all" });
  const count = () => page.$eval("#mirror [role=grid]",
    (grid) => Number(grid.getAttribute("aria-rowcount"))).catch(() => 0);
  await until("all rows", async () => await count() > cases, 300_000);
  const session = await page.createCDPSession();
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const frames = () => page.evaluate(() => window.bench.frames.length);
  const slowest_since = (start) => page.evaluate((from) =>
    Math.max(...window.bench.frames.slice(from)), start);
  // The frame that follows a press does the work.
  const press = async (id) => {
    await page.bringToFront();
    const before = await frames();
    await page.$eval(`#mirror [data-id="${id}"]`, (head) => head.click());
    await until("the frame", async () => await frames() >= before + 3, 120_000);
    return slowest_since(before);
  };
  const search = async (text) => {
    await page.bringToFront();
    const before = await frames();
    await page.$eval(`#mirror [data-id="queue/search"]`, (field, words) => {
      field.value = words;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }, text);
    await until("the frame", async () => await frames() >= before + 3, 120_000);
    return slowest_since(before);
  };
  return { browser, round: async () => {
    const from = await frames();
    const { task_ms } = await scroll(page, session, frames);
    const drawn = await page.evaluate((start) => window.bench.frames.slice(start), from);
    const sort_ms = await press("queue/sort/Subject");
    const filter_ms = await search("das");
    await search("");
    return { task_ms, draw_ms: median(drawn), draw_p95_ms: percentile(drawn, 0.95), sort_ms,
      filter_ms };
  } };
}

async function tabulator_side(peers) {
  const browser = await start_browser("chromium");
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 800 });
  await page.goto(peers.address);
  await page.addStyleTag({ url: "/tabulator/css/tabulator.min.css" });
  await page.evaluate(async () => {
    const { TabulatorFull } = await import("/tabulator/js/tabulator_esm.mjs");
    const rows = (await (await fetch("/rows.json")).json()).cases;
    const place = document.createElement("div");
    document.body.append(place);
    const columns = ["number", "subject", "priority", "state", "owner_name", "updated_at"]
      .map((field) => ({ title: field, field }));
    window.grid = new TabulatorFull(place, { data: rows, columns, height: "760px",
      layout: "fitColumns", renderVertical: "virtual" });
    await new Promise((done) => window.grid.on("tableBuilt", done));
    window.drawn = 0;
    const count = () => {
      window.drawn += 1;
      requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
  });
  const session = await page.createCDPSession();
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const timed = async (work) => {
    await page.bringToFront();
    return page.evaluate(async (text) => {
      const start = performance.now();
      await (new Function("grid", text))(window.grid);
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      return performance.now() - start;
    }, work);
  };
  let is_up = false;
  return { browser, round: async () => {
    const { task_ms } = await scroll(page, session, () => page.evaluate(() => window.drawn));
    is_up = !is_up;
    const sort_ms = await timed(`return grid.setSort("subject", "${is_up ? "asc" : "desc"}")`);
    const filter_ms = await timed('return grid.setFilter("subject", "like", "das")');
    await timed("return grid.clearFilter()");
    return { task_ms, sort_ms, filter_ms };
  } };
}

export async function measure() {
  const foyer = await start_seeded_foyer(cases);
  const peers = await start_peer_server({ "/rows.json": foyer.rows_file });
  const portal = await portal_side(foyer), tabulator = await tabulator_side(peers);
  try {
    const turns = await in_turns(rounds, { portal: portal.round, tabulator: tabulator.round });
    const column = (name, key) => turns[name].map((each) => each[key]);
    const row = (what, key, more = {}) => ({ what: `${cases} rows: ${what}`, unit: "ms",
      value: median(column("portal", key)), p95: percentile(column("portal", key), 0.95),
      others: [{ name: "Tabulator", value: median(column("tabulator", key)) }], ...more });
    const draw = median(column("portal", "draw_ms"));
    return [
      { ...row("page's thread for each frame of scrolling", "task_ms") },
      { what: `${cases} rows: the portal's own part of a frame`, unit: "ms", value: draw,
        p95: median(column("portal", "draw_p95_ms")), target: "median <= 4 ms",
        reached: draw <= 4 },
      row("sorting by the subject", "sort_ms"),
      row("a word in the search field", "filter_ms"),
    ];
  } finally {
    await portal.browser.close();
    await tabulator.browser.close();
    await peers.stop();
    await foyer.stop();
  }
}
