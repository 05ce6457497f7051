// A kiosk among things that go wrong around it: something else answers in the server's place, an
// answer is lost, the device is revoked. Nothing that a visitor said is taken for handed over by
// mistake, and only the server's own word ends a kiosk.
import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import { afterEach, beforeEach, describe, test } from "node:test";
import { browser_names, start_browser, start_foyer, text_of, until } from "./browser.mjs";
import { end_visit, enrol, handed_over, new_code, revoke, rows, shown, visit, waiting }
  from "./kiosk_device.mjs";

const html = { type: "text/html", body: "<!doctype html><title>Sign in to the guest network" };
const json = (body) => ({ type: "application/json", body: JSON.stringify(body) });
const challenge = { nonce: "x".repeat(64), now: Date.now() };
const impostors = [
  ["a page for everything", 200, () => html],
  ["an empty answer", 200, () => json({})],
  ["no results", 200, () => json({ ...challenge, results: [] })],
  ["results of something else", 200,
    () => json({ results: [{ id: crypto.randomUUID(), outcome: "applied" }] })],
  ["an outcome that is none", 200,
    ({ waiting_id }) => json({ results: [{ id: waiting_id, outcome: "later" }] })],
  ["gone, says a page", 410, (_, path) => path === "/kiosk/challenge" ? json(challenge) : html],
  ["an error", 500, () => html],
];

for (const name of browser_names) {
  describe(`a kiosk among hostile things, ${name}`, () => {
    let foyer, browser, page, data;
    beforeEach(async () => {
      data = fs.mkdtempSync(`${os.tmpdir()}/foyer-data-`);
      foyer = await start_foyer({ data });
      browser = await start_browser(name);
      page = await browser.newPage();
    });
    afterEach(async () => {
      await browser.close().catch(() => undefined);
      await foyer.stop();
      fs.rmSync(data, { recursive: true, force: true, maxRetries: 5 });
    });
    const port = () => Number(new URL(foyer.address).port);
    const come_back = async () => { foyer = await foyer.again(); };

    // In the server's place; `asked` counts what it was asked, by path.
    async function impostor(status, made, about) {
      const asked = {};
      const server = http.createServer((request, response) => {
        const { pathname } = new URL(request.url, "http://localhost");
        asked[pathname] = (asked[pathname] ?? 0) + 1;
        const { type, body } = made(about, pathname);
        const is_question = pathname === "/kiosk/challenge";
        response.writeHead(is_question ? 200 : status, { "Content-Type": type }).end(body);
      });
      await new Promise((done) => server.listen(port(), "127.0.0.1", done));
      return { asked, close: () => new Promise((done) => {
        server.close(done);
        server.closeAllConnections();
      }) };
    }
    const exchange = () => page.evaluate(() => new Promise((done) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => done();
      navigator.serviceWorker.controller.postMessage("exchange", [channel.port2]);
    }));
    const waiting_id = () => page.evaluate(() => new Promise((done) => {
      const request = indexedDB.open("foyer.kiosk");
      request.onsuccess = () => {
        const all = request.result.transaction("outbox").objectStore("outbox").getAll();
        all.onsuccess = () => {
          request.result.close();
          const bytes = all.result.find((each) => each.sealed).sealed.slice(21, 37);
          const hex = [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
          done(hex.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"));
        };
      };
    }));

    test("what another one answers in the server's place hands nothing over", async () => {
      await enrol(page, foyer);
      await foyer.stop();
      const number = await visit(page, "check_in", "portal");
      await end_visit(page);
      const about = { waiting_id: await waiting_id() };
      for (const [what, status, made] of impostors) {
        const other = await impostor(status, made, about);
        try {
          await exchange();
          assert.ok(other.asked["/kiosk/submit"] || other.asked["/kiosk/session"],
            `${what}: ${JSON.stringify(other.asked)}`);
          assert.equal(await waiting(page), 1, what);
        } finally {
          await other.close();
        }
      }
      await page.reload();
      await shown(page, "kiosk_welcome");
      await come_back();
      await page.reload();
      await handed_over(page);
      assert.deepEqual(rows(foyer, "SELECT number FROM check_in WHERE visitor_name LIKE '%portal'"),
        [{ number }]);
    });

    test("a revoked kiosk's page stays as it is", async () => {
      await enrol(page, foyer);
      await revoke(foyer);
      await until("the page that says so", async () =>
        /erased/i.test(await text_of(page).catch(() => "")), 60_000);
      await new Promise((done) => setTimeout(done, 2000));
      let loads = 0;
      page.on("load", () => { ++loads; });
      await new Promise((done) => setTimeout(done, 3000));
      assert.equal(loads, 0, "it loads itself again and again");
    });

    test("a code whose answer was lost works again, however it is typed", async () => {
      await page.evaluateOnNewDocument(`{
        const real = fetch;
        globalThis.fetch = async (address, ...more) => {
          const answer = await real(address, ...more);
          if (address === "/kiosk/enrol" && answer.ok && !globalThis.was_lost) {
            globalThis.was_lost = true;
            throw new TypeError("the network went away");
          }
          return answer;
        };
      }`);
      const code = await new_code(foyer);
      await page.goto(`${foyer.address}/kiosk/`);
      await page.waitForSelector("#code", { visible: true });
      const attempt = (text) => page.evaluate((typed) => {
        document.querySelector("#code").value = typed;
        document.querySelector("[data-enrol]").requestSubmit();
      }, text);
      const problem = () => until("what is wrong", () => page.evaluate(() =>
        document.querySelector("#problems:not([hidden])")?.innerText), 10_000);
      await attempt(code);
      await problem();
      await attempt("AAAA-AAAA"); // mistyped
      await problem();
      await attempt(code.toLowerCase().replace("-", " "));
      await shown(page, "kiosk_welcome");
    });
  });
}
