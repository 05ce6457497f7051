// The pictures of the README, taken from the product as it runs: the customer site on a phone, also
// without a network, the kiosk, and the staff portal, light and dark. Each must show what it is
// there for and may not be blank. They are written only where FOYER_SCREENSHOTS names a folder.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { demo, keep_here, sign_in, start_browser, start_foyer, submit, text_of, until,
  wait_for_worker, watched_page } from "./browser.mjs";
import { enrol, tap, visit } from "./kiosk_device.mjs";
import { look_at, small_png } from "./picture.mjs";

const folder = process.env.FOYER_SCREENSHOTS;
const phone = { width: 390, height: 780, deviceScaleFactor: 1.5, isMobile: true, hasTouch: true };
const tablet = { width: 1024, height: 768, deviceScaleFactor: 1, hasTouch: true };
const desk = { width: 1280, height: 800, deviceScaleFactor: 1 };

async function take(browser, page, name, { is_dark = false } = {}) {
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  const picture = await page.screenshot({ type: "png" });
  const seen = await look_at(browser, picture);
  const { colours, light } = seen;
  assert.ok(colours > 100, `${name}: ${colours} colours`);
  assert.ok(is_dark ? light < 90 : light > 180, `${name}: light is ${light}`);
  if (!folder) return;
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, `${name}.png`), small_png(seen));
}

const theme = (page, value) =>
  page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);

describe("pictures", () => {
  let foyer, browser;
  const data = fs.mkdtempSync(path.join(os.tmpdir(), "foyer-pictures-"));
  before(async () => {
    foyer = await start_foyer({ data });
    browser = await start_browser("chromium");
  });
  after(async () => {
    await browser?.close();
    await foyer?.stop();
    fs.rmSync(data, { recursive: true, force: true });
  });

  test("the staff portal: queue and case, light and dark", async () => {
    const context = await browser.createBrowserContext();
    const { page, assert_quiet } = await watched_page(browser, { context });
    await page.setViewport(desk);
    await theme(page, "light");
    await sign_in(page, foyer.address, demo.desk, { staff: true });
    const mirror = (id) => page.$(`#mirror [data-id="${id}"]`);
    await until("the queue", () => mirror("queue/row/0"), 30_000);
    const press = (id) => page.evaluate((wanted) => {
      document.querySelector(`#mirror [data-id="${wanted}"]`).click();
    }, id);
    const take_both = async (name) => {
      for (const value of ["light", "dark"]) {
        await theme(page, value);
        await page.mouse.move(640, value === "light" ? 795 : 790); // wakes it to draw
        await new Promise((done) => setTimeout(done, 400));
        await take(browser, page, `${name}-${value}`, { is_dark: value === "dark" });
      }
      await theme(page, "light");
    };
    assert.ok(await mirror("queue/row/3"), "several cases are in the queue");
    await take_both("portal-queue");
    await press("queue/row/0");
    await until("the case", () => mirror("case/reply"));
    await take_both("portal-case");
    assert_quiet();
    await context.close();
  });

  test("the kiosk on a tablet: welcome, receipt, board", async () => {
    const context = await browser.createBrowserContext();
    const { page, assert_quiet } = await watched_page(browser, { context });
    await page.setViewport(tablet);
    await theme(page, "light");
    await enrol(page, foyer);
    assert.match(await text_of(page), /Check in[^]*Report a problem[^]*Rate your visit/);
    await take(browser, page, "kiosk-welcome");
    assert.equal(await visit(page, "check_in", "pictured"), "K1-001");
    await take(browser, page, "kiosk-receipt");
    await tap(page, "[data-end]");
    await theme(page, "dark");
    await tap(page, 'a[href^="/kiosk/board"]');
    await until("the number", async () => /K1-001/.test(await text_of(page)));
    await take(browser, page, "kiosk-board-dark", { is_dark: true });
    assert_quiet();
    await context.close();
  });

  test("the customer site on a phone: sign-in, cases, a case, and a reply without a network",
    async () => {
      const context = await browser.createBrowserContext();
      const { page } = await watched_page(browser, { context });
      await page.setViewport(phone);
      await theme(page, "light");
      await page.goto(`${foyer.address}/sign-in`);
      assert.match(await text_of(page), /Sign in[^]*E-mail[^]*Password/);
      await take(browser, page, "customer-sign-in");
      await sign_in(page, foyer.address, demo.customer);
      assert.ok((await page.$$(".row")).length >= 2, "several cases");
      await take(browser, page, "customer-cases");
      await page.goto(await page.$eval(".row", (link) => link.href));
      assert.match(await text_of(page), /Where it stands|Status/i);
      await take(browser, page, "customer-case");
      await wait_for_worker(page);
      const case_address = page.url();
      await keep_here(page, foyer.address);
      await page.goto(case_address);
      await foyer.stop();
      foyer = undefined;
      await page.type("#body", "It also rattles when the doors close.");
      await submit(page, "form[data-draft] button");
      assert.match(await text_of(page), /rattles when the doors close/);
      await page.$eval(".tag.wait", (mark) => mark.scrollIntoView({ block: "center" }));
      await take(browser, page, "customer-offline");
      await theme(page, "dark");
      await page.goto(`${new URL(case_address).origin}/cases`);
      assert.match(await text_of(page), /1 message waits on this device/);
      await take(browser, page, "customer-offline-dark", { is_dark: true });
      await context.close();
    });
});
