// The whole browser killed in mid-write, again and again on one profile: of what its page was told
// is saved nothing is lost, and nothing is torn. On both ways in which Chromium keeps IndexedDB and
// in Firefox. FOYER_KILLS: how often; FOYER_CONTRACT names another build of the program.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { root, start_browser, until } from "./browser.mjs";

const kills = Number(process.env.FOYER_KILLS ?? 20);
const folder = process.env.FOYER_CONTRACT ?? path.join(root, "build/wasm/tests");
const switches = "IdbSqliteBackingStore,IdbSqliteOnDiskRollout";
const kinds = {
  "Chromium over LevelDB": { name: "chromium", arguments: [`--disable-features=${switches}`] },
  "Chromium over SQLite": { name: "chromium", arguments: [`--enable-features=${switches}`] },
  Firefox: { name: "firefox", share: 0.25 }, // it takes four times as long to start
};
const page_of_it = `<!doctype html><title>Writer</title><link rel="icon" href="data:,">
  <script src="/disk_writer.js"></script><script src="/start.js"></script>`;
// What was told waits in the page until the test hears it: a kill takes what it has not heard.
const start = `globalThis.said = [];
  DiskWriter({ told: (what, number) => said.push([what, number]) });`;

let server, address;
before(async () => {
  const bodies = {
    "/": ["text/html", () => page_of_it],
    "/start.js": ["text/javascript", () => start],
    "/disk_writer.js": ["text/javascript", () => fs.readFileSync(`${folder}/disk_writer.js`)],
    "/disk_writer.wasm": ["application/wasm", () => fs.readFileSync(`${folder}/disk_writer.wasm`)],
  };
  server = http.createServer((request, response) => {
    const [type, body] = bodies[request.url] ?? [];
    if (!type) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": type }).end(body());
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  address = `http://localhost:${server.address().port}/`;
});
after(() => server.close());

async function kill(browser) {
  const { pid } = browser.process();
  const ended = new Promise((done) => browser.process().once("exit", done));
  spawnSync("pkill", ["-KILL", "-P", String(pid)]);
  process.kill(pid, "SIGKILL");
  await ended;
}

// The writer removes each seventh entry, of which three later ones were saved; whether that came to
// pass before the end is not known.
const leaves = (mid) => mid % 7 === 4;

// How Chromium kept it: SQLite has a write-ahead log beside each database.
const is_kept_by_sqlite = (profile) => fs.readdirSync(profile, { recursive: true })
  .some((name) => /IndexedDB\/.*-wal$/.test(String(name)));

for (const [kind, { name, arguments: more = [], share = 1 }] of Object.entries(kinds)) {
  const times = Math.ceil(kills * share);
  test(`${times} kills in mid-write: ${kind}`, { timeout: 60_000 + times * 30_000 }, async (t) => {
    const profile = fs.mkdtempSync(path.join(os.tmpdir(), "foyer-killed-"));
    const saved = new Set();
    let browser, last_told = 0, written = 0;
    t.after(async () => {
      await browser?.close().catch(() => undefined);
      fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    });

    async function look() {
      browser = await start_browser(name, { profile, arguments: more });
      const page = await browser.newPage();
      await page.goto(address);
      const hear = () => page.evaluate(() => said.splice(0)).catch(() => []);
      const begun = [];
      await until("what is left", async () => {
        begun.push(...await hear());
        return begun.some(([what]) => what === "whole" || what === "torn" || what === "closed");
      }, 60_000);
      return { begun, hear };
    }
    function hold_against_what_was_told(begun, round) {
      const of = (wanted) => begun.filter(([what]) => what === wanted).map(([, n]) => n);
      assert.deepEqual(of("torn"), [], `round ${round}: torn`);
      assert.deepEqual(of("closed"), [], `round ${round}: it did not open`);
      const found = new Set(of("found"));
      const lost = [...saved].filter((mid) => !found.has(mid) && !leaves(mid));
      assert.deepEqual(lost, [], `round ${round}: lost although the page was told it is saved`);
      assert.ok(of("last")[0] >= last_told, `round ${round}: a number would be used twice`);
    }
    function note(all) {
      for (const [what, mid] of all) {
        assert.notEqual(what, "refused");
        if (what !== "saved") continue;
        saved.add(mid);
        last_told = Math.max(last_told, mid);
        written += 1;
      }
    }

    for (let round = 0; round < times; ++round) {
      const { begun, hear } = await look();
      hold_against_what_was_told(begun, round);
      note(begun);
      const end = Date.now() + 50 + Math.random() * 500;
      let heard = 0;
      while (Date.now() < end || heard === 0) {
        const all = await hear();
        heard += all.length;
        note(all);
      }
      await kill(browser);
    }
    const { begun } = await look();
    hold_against_what_was_told(begun, times);
    assert.ok(written > times, `only ${written} entries were written`);
    if (name === "chromium")
      assert.equal(is_kept_by_sqlite(profile), /^--enable/.test(more[0]), "the other backend ran");
    t.diagnostic(`${written} entries told saved, ${times} kills, 0 lost, 0 torn`);
  });
}
