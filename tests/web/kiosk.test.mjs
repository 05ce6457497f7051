// The kiosk in a real browser: enrolment, visits with and without a network, what is left of a
// visitor, and revocation.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { browser_names, demo, sign_in, start_browser, start_foyer, text_of, until, watched_page }
  from "./browser.mjs";
import { end_visit, enrol, handed_over, kiosk_row, new_code, receipt, revoke, rows,
  shown, tap, visit, waiting, press_send, visits } from "./kiosk_device.mjs";

const folder_for = (purpose) => fs.mkdtempSync(`${os.tmpdir()}/foyer-${purpose}-`);

// Every file below `folder` that holds `word`, as bytes or as 16-bit text.
function files_with(folder, word) {
  const forms = [Buffer.from(word), Buffer.from(word, "utf16le")];
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => forms.some((form) => fs.readFileSync(file).includes(form)));
}

for (const name of browser_names) {
  describe(`a kiosk in ${name}`, () => {
    let foyer, browser, profile, watched, page;
    beforeEach(async () => {
      foyer = await start_foyer({ data: folder_for("data") });
      profile = folder_for("profile");
      browser = await start_browser(name, { profile });
      watched = await watched_page(browser);
      page = watched.page;
    });
    afterEach(async () => {
      await browser.close().catch(() => undefined);
      await foyer.stop();
      for (const folder of [foyer.data, profile])
        fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    });
    const is_quiet = () => watched.assert_quiet();
    const come_back = async () => { foyer = await foyer.again(); };

    test("is enrolled by a code, takes visits, and the server has them at once", async () => {
      await enrol(page, foyer);
      const device = kiosk_row(foyer);
      assert.ok(device.enrolled_at > 0);
      assert.equal(device.public_key.length, 64);
      assert.equal(await visit(page, "check_in", "first"), "K1-001");
      await end_visit(page);
      assert.equal(await visit(page, "case", "second"), "K1-002");
      await end_visit(page);
      await visit(page, "feedback", "third");
      await handed_over(page);
      const [check_in] = rows(foyer, "SELECT * FROM check_in WHERE number = 'K1-001'");
      assert.equal(check_in.visitor_name, "Vera first");
      assert.equal(check_in.state, "waiting");
      const [row] = rows(foyer, "SELECT * FROM 'case' WHERE device_number = 'K1-002'");
      assert.equal(row.subject, "Door second");
      const [rating] = rows(foyer, "SELECT * FROM feedback WHERE number = 'K1-003'");
      assert.deepEqual([rating.rating, rating.comment], [4, "Fine, says third"]);
      assert.deepEqual(rows(foyer, "SELECT * FROM parked_submission"), []);
      is_quiet();
    });

    if (name === "chromium") test("what visitors do appears in the open portal", async () => {
      await enrol(page, foyer);
      const context = await browser.createBrowserContext();
      const portal = await context.newPage();
      await portal.setViewport({ width: 1280, height: 800 });
      await sign_in(portal, foyer.address, demo.desk, { staff: true });
      await portal.goto(`${foyer.address}/staff/arrivals`);
      const words = () => portal.evaluate(() =>
        document.getElementById("mirror")?.textContent ?? "").catch(() => "");
      await until("the desk", async () => /Nobody waits/.test(await words()), 30_000);
      assert.equal(await visit(page, "check_in", "seen"), "K1-001");
      await until("the arrival", async () => /K1-001/.test(await words()), 10_000);
      await end_visit(page);
      await visit(page, "feedback", "seen");
      await portal.evaluate(() =>
        document.querySelector('#mirror [data-id="visitors/tab/ratings"]').click());
      await until("the rating", async () => /Fine, says seen/.test(await words()), 10_000);
      await context.close();
    });

    test("a wrong code, a used one and no network are said in words", async () => {
      const code = await new_code(foyer);
      const attempt = async (text) => {
        await page.waitForSelector("#code", { visible: true });
        await page.evaluate((typed) => {
          document.querySelector("#code").value = typed;
          document.querySelector("[data-enrol]").requestSubmit();
        }, text);
        return until("what is wrong", () => page.evaluate(() =>
          document.querySelector("#problems:not([hidden])")?.innerText), 10_000);
      };
      await page.goto(`${foyer.address}/kiosk/`);
      assert.match(await attempt(""), /code/i);
      const wrong = await attempt("AAAA-AAAA");
      assert.match(wrong, /code/i);
      await foyer.stop();
      assert.notEqual(await attempt(code), wrong);
      await come_back();
      await page.evaluate((typed) => {
        document.querySelector("#code").value = typed;
        document.querySelector("[data-enrol]").requestSubmit();
      }, code);
      await shown(page, "kiosk_welcome");
      const other = await start_browser(name);
      try {
        page = await other.newPage();
        await page.goto(`${foyer.address}/kiosk/`);
        assert.equal(await attempt(code), wrong);
      } finally {
        await other.close();
      }
    });

    test("without a network all goes on, and arrives once when there is one again", async () => {
      await enrol(page, foyer);
      await end_visit_of_nobody();
      await foyer.stop();
      const number = await visit(page, "check_in", "offline");
      assert.equal(number, "K1-001");
      assert.equal(await waiting(page), 1);
      await end_visit(page);
      await page.goto(`${foyer.address}/kiosk/health?lang=en`);
      assert.match(await text_of(page), /1 /);
      await page.goto(`${foyer.address}/kiosk/`);
      await come_back();
      await page.reload();
      await handed_over(page);
      const found = rows(foyer, "SELECT number FROM check_in WHERE visitor_name = 'Vera offline'");
      assert.deepEqual(found, [{ number }]);
    });
    const end_visit_of_nobody = () => shown(page, "kiosk_welcome");

    test("after a visit nothing of the visitor is left on the device", async () => {
      await enrol(page, foyer);
      await foyer.stop(); // what they sent stays here, sealed
      const word = "Zwetschgenkuchen";
      await visit(page, "case", word);
      await end_visit(page);
      await visits.check_in(page, word); // and one who left in the middle
      await page.evaluate(() => document.querySelector("[data-leave], [data-end]").click());
      await shown(page, "kiosk_welcome");
      assert.equal(await waiting(page), 1);
      const left = await page.evaluate(async (wanted) => {
        const places = [];
        if (document.documentElement.outerHTML.includes(wanted)) places.push("document");
        if (location.href.includes(wanted)) places.push("address");
        for (const storage of [localStorage, sessionStorage])
          if (JSON.stringify(storage).includes(wanted)) places.push("web storage");
        for (const cache of await caches.keys())
          for (const request of await (await caches.open(cache)).keys()) {
            const kept = await (await caches.match(request)).text();
            if ((request.url + kept).includes(wanted)) places.push(`cache ${request.url}`);
          }
        return places;
      }, word);
      assert.deepEqual(left, []);
      await page.goBack({ timeout: 3000 }).catch(() => undefined);
      assert.ok(!(await text_of(page)).includes(word));
      assert.ok(!(await page.content()).includes(word));
      if (name === "chromium") assert.deepEqual(await memory_with(word), []);
      await browser.close();
      assert.deepEqual(files_with(profile, word), []);
      await come_back();
    });

    // Of the page and of the kiosk's worker, after the garbage is gone.
    async function memory_with(word) {
      const found = [];
      for (const target of browser.targets()) {
        if (!["page", "service_worker"].includes(target.type())) continue;
        const session = await target.createCDPSession();
        let text = "";
        session.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }) => { text += chunk; });
        await session.send("HeapProfiler.enable");
        await session.send("HeapProfiler.collectGarbage");
        await session.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
        if (text.includes(word)) found.push(`${target.type()} ${target.url()}`);
        assert.ok(text.length > 10_000, "a snapshot of nothing");
        await session.detach();
      }
      return found;
    }

    test("a revoked kiosk hands over what it holds, and forgets everything", async () => {
      await enrol(page, foyer);
      await foyer.stop();
      await visit(page, "check_in", "late");
      await end_visit(page);
      await come_back_revoked();
      await until("the page that says so", async () =>
        /erased/i.test(await text_of(page).catch(() => "")), 60_000);
      await until("that all is forgotten", async () => page.evaluate(async () => {
        const databases = await indexedDB.databases();
        return databases.every((each) => !/kiosk/.test(each.name));
      }).catch(() => false), 30_000);
      const [parked] = rows(foyer, "SELECT * FROM parked_submission");
      assert.equal(parked.reason, "device_revoked");
      assert.match(parked.words, /Vera late/);
      assert.deepEqual(rows(foyer, "SELECT * FROM check_in WHERE visitor_name LIKE '%late'"), []);
      await go(`${foyer.address}/kiosk/`);
      await shown(page, "kiosk_entry");
    });
    // A page that learns that it is no kiosk's any more leaves by itself, maybe just now.
    const go = (where) => page.goto(where).catch(() => undefined);
    // Revoked while the kiosk does not hear of it: it has no page open then.
    async function come_back_revoked() {
      const where = page.url();
      await page.goto("about:blank");
      await come_back();
      await revoke(foyer);
      await go(where);
    }

    test("a form that is sent twice is one submission with one number", async () => {
      await enrol(page, foyer);
      await visits.check_in(page, "twice");
      const locations = await page.evaluate(async () => {
        const form = document.querySelector("main form");
        const send = () => fetch(form.getAttribute("action") || "/kiosk/check-in", {
          method: "POST", headers: { Accept: "text/html" },
          body: new URLSearchParams(new FormData(form)) })
          .then((answer) => answer.headers.get("Content-Location"));
        const first = await Promise.all([send(), send()]);
        return [...first, await send()];
      });
      assert.equal(new Set(locations).size, 1, locations.join("\n"));
      assert.match(locations[0], /number=K1-001/);
      await press_send(page);
      assert.equal(await receipt(page), "K1-001");
      await handed_over(page);
      assert.equal(rows(foyer, "SELECT id FROM check_in WHERE number LIKE 'K1-%'").length, 1);
      await end_visit(page);
      await tap(page, 'a[href^="/kiosk/board"]');
      await until("the number on the board", async () =>
        /K1-001/.test(await text_of(page)), 20_000);
    });
  });
}
