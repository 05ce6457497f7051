// The portal without a network and with a killed browser: what it said is saved is still there, is
// sent once, and what was read leaves with the sign-out.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import { afterEach, beforeEach, describe, test } from "node:test";
import { browser_names, demo, leave_by, sign_in, start_foyer, text_of, until, wait_for_worker,
  watched_page } from "./browser.mjs";
import { start_drawing_browser } from "./drawing_browser.mjs";

const folder_for = (purpose) => fs.mkdtempSync(`${os.tmpdir()}/foyer-${purpose}-`);
// Empty while the page is being left for another one.
const mirror_text = (page) =>
  page.evaluate(() => document.getElementById("mirror")?.textContent ?? "").catch(() => "");
const press = (page, id) => page.evaluate((wanted) => {
  document.querySelector(`#mirror [data-id="${wanted}"]`).click();
}, id);

for (const name of browser_names) describe(`the staff portal without a network, ${name}`, () => {
  let foyer, browser, profile;
  beforeEach(async () => {
    foyer = await start_foyer({ data: folder_for("data") });
    profile = folder_for("profile");
    browser = await start_drawing_browser(name, { profile });
  });
  afterEach(async () => {
    await browser.close().catch(() => undefined);
    await foyer.stop();
    for (const folder of [foyer.data, profile])
      fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  async function open_portal() {
    const { page } = await watched_page(browser);
    await page.setViewport({ width: 1280, height: 1100 });
    return page;
  }
  async function queue_is_shown(page) {
    await until("the queue", () => page.$(`#mirror [data-id="queue/row/0"]`), 30_000);
  }

  test("a reply that was saved survives SIGKILL and arrives once", async () => {
    let page = await open_portal();
    await sign_in(page, foyer.address, demo.desk, { staff: true });
    await queue_is_shown(page);
    await wait_for_worker(page);
    await page.reload(); // its page is kept now
    await queue_is_shown(page);
    await press(page, "queue/row/0");
    await page.waitForSelector(`#mirror [data-id="case/reply"]`);
    const where = page.url();

    await foyer.stop();
    const words = `Written before the power went, ${Date.now()}`;
    await page.type(`#mirror [data-id="case/reply"]`, words);
    await until("the send button", () => page.$(`#mirror [data-id="case/reply/send"]`));
    await press(page, "case/reply/send");
    await until("that it is saved here", async () =>
      /1 waiting to send/.test(await mirror_text(page)));
    const ended = new Promise((done) => browser.process().on("exit", done));
    browser.process().kill("SIGKILL");
    await ended;

    browser = await start_drawing_browser(name, { profile });
    page = await open_portal();
    await page.goto(where);
    await until("the words, with the browser restarted and no server", async () =>
      (await mirror_text(page)).includes(words), 30_000);
    assert.match(await mirror_text(page), /1 waiting to send/);

    foyer = await foyer.again();
    // The kill may have taken the session with it; what waits is sent by whoever wrote it.
    await until("everything sent, or the question who it is", async () =>
      /sign-in/.test(page.url()) || /All saved/.test(await mirror_text(page)), 40_000);
    if (/sign-in/.test(page.url())) await sign_in(page, foyer.address, demo.desk, { staff: true });
    await until("everything sent", async () => /All saved/.test(await mirror_text(page)), 40_000);
    const other = await (await browser.createBrowserContext()).newPage();
    await other.setViewport({ width: 1280, height: 1100 });
    await sign_in(other, foyer.address, demo.desk, { staff: true });
    await other.goto(where);
    await until("the case on another device", async () =>
      (await mirror_text(other)).includes(words), 30_000);
    assert.equal((await mirror_text(other)).split(words).length - 1, 1);
  });

  test("signing out removes what was read, and only the server's word ends a session", async () => {
    const page = await open_portal();
    await sign_in(page, foyer.address, demo.desk, { staff: true });
    await queue_is_shown(page);
    await wait_for_worker(page);
    const databases = () => page.evaluate(async () =>
      (await indexedDB.databases()).map((each) => each.name).join(" "));
    await until("rows that are kept", async () => /foyer\.cache\.3\./.test(await databases()));
    await page.keyboard.down("Control");
    await page.keyboard.press("k");
    await page.keyboard.up("Control");
    await page.waitForSelector(`#mirror [data-id="palette/text"]`);
    await page.type(`#mirror [data-id="palette/text"]`, "sign out");
    await leave_by(page, () => page.keyboard.press("Enter"));
    assert.match(await text_of(page), /Staff sign-in/);
    await until("no rows", async () => !/foyer\.cache/.test(await databases()));
  });
});
