// Scenario 4: a kiosk without a network for a day. Its clock starts a day behind and goes on
// between visits; the browser is killed again and again; then the network is back. What a receipt
// promised is there once, whatever was under way when the browser died is there once or not at
// all.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { start_browser, start_foyer, web_folder } from "./browser.mjs";
import { end_visit, enrol, handed_over, kinds, press_send, receipt, rows, shown, visits, waiting }
  from "./kiosk_device.mjs";

const kill_every = 10;
const day_ms = 24 * 3_600_000;
const folder_for = (purpose) => fs.mkdtempSync(`${os.tmpdir()}/foyer-${purpose}-`);

// The worker's clock is behind by a day when it starts, and then as far as the page said last: a
// clock that jumps with every start of the browser.
const worker_clock = `{
  const real = Date.now.bind(Date);
  let ahead = -${day_ms};
  Date.now = () => real() + ahead;
  self.addEventListener("message", (event) => {
    if (typeof event.data?.clock === "number") ahead = event.data.clock;
  });
}
`;
function web_with_clock() {
  const folder = folder_for("web");
  fs.cpSync(web_folder, folder, { recursive: true });
  const worker = path.join(folder, "kiosk/sw.js");
  fs.writeFileSync(worker, worker_clock + fs.readFileSync(worker, "utf8"));
  for (const packed of [".br", ".gz"]) fs.rmSync(worker + packed, { force: true });
  return folder;
}

// Firefox keeps its promises by other code; that is seen in fewer.
for (const [name, operations] of [["chromium", 100], ["firefox", 40]])
describe(`a kiosk without a network for a day, ${name}`, () => {
  let foyer, browser, page, web;
  const profile = folder_for("profile");
  const data = folder_for("data");
  before(async () => {
    web = web_with_clock();
    foyer = await start_foyer({ data, web });
    await start();
  });
  after(async () => {
    await browser.close().catch(() => undefined);
    await foyer.stop();
    for (const folder of [data, profile, web])
      fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  let clock = -day_ms;
  async function start() {
    browser = await start_browser(name, { profile });
    page = await browser.newPage();
    await page.evaluateOnNewDocument(`{
      const real = Date.now.bind(Date);
      Date.now = () => real() + Number(localStorage.getItem("clock") ?? -${day_ms});
    }`);
  }
  const set_clock = () => page.evaluate((ahead) => {
    localStorage.setItem("clock", String(ahead));
    navigator.serviceWorker.controller.postMessage({ clock: ahead });
  }, clock);
  async function kill() {
    const ended = new Promise((done) => browser.process().on("exit", done));
    browser.process().kill("SIGKILL");
    await ended;
    await start();
    await page.goto(`${foyer.address}/kiosk/`);
    await shown(page, "kiosk_welcome");
  }

  const promised = new Map(); // word -> number; "": a rating, whose receipt has none
  const begun = new Set();    // the browser died while they were sent
  async function one(index) {
    const kind = kinds[index % kinds.length];
    const word = `visitor${index}`;
    clock = -day_ms + Math.round(day_ms * index / operations);
    await set_clock();
    await shown(page, "kiosk_welcome"); // the hours since the last visit ended that
    await visits[kind](page, word);
    const is_killed = index % kill_every === kill_every - 1;
    const dies_at_once = is_killed && index % (2 * kill_every) === kill_every - 1;
    if (dies_at_once) {
      begun.add(word);
      await press_send(page);
      await new Promise((done) => setTimeout(done, index / 8)); // at another moment each time
      return kill();
    }
    await press_send(page);
    promised.set(word, await receipt(page));
    return is_killed ? kill() : end_visit(page);
  }

  test("0 lost, 0 done twice", { timeout: 540_000 }, async (t) => {
    await enrol(page, foyer);
    await foyer.stop();
    for (let index = 0; index < operations; ++index) await one(index);
    const held = await waiting(page);
    assert.ok(held >= promised.size, `${held} held of ${promised.size}`);
    clock = 0;
    await set_clock();
    foyer = await foyer.again();
    await page.reload();
    await handed_over(page);

    const arrived = [
      ...rows(foyer, `SELECT number, visitor_name AS words, at FROM check_in
                      WHERE number LIKE 'K1-%'`),
      ...rows(foyer, `SELECT device_number AS number, subject AS words, opened_at AS at FROM 'case'
                      WHERE device_number LIKE 'K1-%'`),
      ...rows(foyer, `SELECT number, comment AS words, at FROM feedback WHERE number LIKE 'K1-%'`),
    ].map((row) => ({ ...row, word: row.words.match(/visitor\d+/)[0] }));
    t.diagnostic(`${operations} visits, ${begun.size} of them while the browser died, ` +
      `${operations / kill_every} kills; ${promised.size} promised, ${arrived.length} arrived`);
    assert.deepEqual(rows(foyer, "SELECT reason FROM parked_submission"), []);
    assert.equal(new Set(arrived.map((row) => row.word)).size, arrived.length, "done twice");
    assert.equal(new Set(arrived.map((row) => row.number)).size, arrived.length,
      "a number given out twice");
    const by_word = new Map(arrived.map((row) => [row.word, row]));
    for (const [word, number] of promised) {
      assert.ok(by_word.has(word), `lost: ${word} ${number}`);
      if (number) assert.equal(by_word.get(word).number, number);
    }
    for (const row of arrived) assert.ok(promised.has(row.word) || begun.has(row.word), row.word);
    assert.equal(arrived.length, held);
  });
});
