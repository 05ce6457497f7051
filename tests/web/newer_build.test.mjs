// Portal and kiosk stay open across a deployment: asked for anew once, and never while somebody has
// begun something. The customer site's part is in offline_hard.test.mjs.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import { afterEach, beforeEach, describe, test } from "node:test";
import { browser_names, demo, sign_in, start_foyer, until, wait_for_worker, watched_page }
  from "./browser.mjs";
import { start_drawing_browser } from "./drawing_browser.mjs";
import { end_visit, enrol, handed_over, press_send, receipt, rows, shown, visits }
  from "./kiosk_device.mjs";
import { newer_build } from "./newer_build.mjs";

for (const name of browser_names) describe(`a newer build, ${name}`, { timeout: 240_000 }, () => {
  let foyer, browser, page, newer, loads;
  beforeEach(async () => {
    newer = newer_build();
    foyer = await start_foyer({ data: fs.mkdtempSync(`${os.tmpdir()}/foyer-data-`) });
    browser = await start_drawing_browser(name);
    ({ page } = await watched_page(browser));
    loads = 0;
  });
  afterEach(async () => {
    await browser.close();
    await foyer.stop();
    for (const folder of [foyer.data, newer.folder])
      fs.rmSync(folder, { recursive: true, force: true });
  });
  async function deploy() {
    page.on("load", () => { loads += 1; });
    await foyer.stop();
    foyer = await foyer.again({ web: newer.folder });
  }
  const newer_worker_is_there = () => until("the newer worker's shell", () =>
    page.evaluate(async (style) => Boolean(await caches.match(style)), newer.style), 60_000);
  const quiet_time = () => new Promise((done) => setTimeout(done, 3000));

  test("the portal keeps a reply that is being written, and starts anew once afterwards",
    async () => {
      await page.setViewport({ width: 1280, height: 1100 });
      await sign_in(page, foyer.address, demo.desk, { staff: true });
      const row = '#mirror [data-id="queue/row/0"]';
      const reply = '#mirror [data-id="case/reply"]';
      await page.waitForSelector(row, { timeout: 30_000 });
      await wait_for_worker(page);
      await page.evaluate((wanted) => document.querySelector(wanted).click(), row);
      await page.waitForSelector(reply);
      const where = page.url();
      await page.type(reply, "Typed over a deployment");
      await deploy();
      await newer_worker_is_there();
      await quiet_time();
      assert.equal(loads, 0);
      assert.equal(await page.$eval(reply, (field) => field.value), "Typed over a deployment");
      await page.evaluate(() => {
        document.querySelector('#mirror [data-id="case/reply/send"]').click();
      });
      await until("a page anew", () => loads === 1, 30_000);
      await page.waitForSelector(reply, { timeout: 30_000 });
      assert.equal(page.url(), where);
      await until("the reply", () => rows(foyer,
        "SELECT id FROM message WHERE body = 'Typed over a deployment'").length === 1, 30_000);
      await quiet_time();
      assert.equal(loads, 1);
    });

  test("a kiosk lets a visitor finish, and starts anew once afterwards", async () => {
    await enrol(page, foyer);
    await visits.check_in(page, "during");
    await deploy();
    await newer_worker_is_there();
    await quiet_time();
    assert.equal(loads, 0);
    await press_send(page);
    assert.equal(await receipt(page), "K1-001");
    await handed_over(page);
    await end_visit(page);
    const style = () => page.$eval("link[rel=stylesheet]", (link) => new URL(link.href).pathname);
    await until("the newer page", async () =>
      await style().catch(() => "") === newer.style, 20_000);
    await quiet_time();
    assert.ok(loads <= 2, `${loads} loads`); // the end of the visit, and the newer build
    await shown(page, "kiosk_welcome");
    assert.equal(rows(foyer,
      "SELECT id FROM check_in WHERE visitor_name = 'Vera during'").length, 1);
  });
});
