// What sites store is cleared while Foyer is open, as people and browsers do: words that were saved
// are put back with the next ones and arrive once, and who reads on from memory is told.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { browser_names, demo, keep_here, sign_in, start_browser, start_foyer, submit, text_of,
  until, wait_for_worker, watched_page } from "./browser.mjs";
import { start_drawing_browser } from "./drawing_browser.mjs";

const patience = { timeout: 240_000 };
const clear = (page, prefix) => page.evaluate(async (start) => {
  const names = (await indexedDB.databases()).map(({ name }) => name)
    .filter((name) => name.startsWith(start));
  await Promise.all(names.map((name) => new Promise((done, failed) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = done;
    request.onerror = failed;
  })));
  return names.length;
}, prefix);

for (const name of browser_names) describe(`cleared storage, ${name}`, patience, () => {
  let foyer, browser, folders;
  const temporary = (purpose) => {
    folders.push(fs.mkdtempSync(path.join(os.tmpdir(), `foyer-${purpose}-`)));
    return folders.at(-1);
  };
  beforeEach(async () => {
    folders = [];
    foyer = await start_foyer({ data: temporary("data") });
  });
  afterEach(async () => {
    await browser?.close().catch(() => undefined);
    await foyer.stop();
    for (const folder of folders)
      fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const bodies = (page) => page.$$eval(".message", (all) => all.map((each) =>
    [...each.querySelectorAll("p:not(.who)")].map((line) => line.textContent).join("\n")));

  test("a customer's words outlive it, and the browser's end after it", async () => {
    const profile = temporary("profile");
    browser = await start_browser(name, { profile });
    let { page } = await watched_page(browser);
    await sign_in(page, foyer.address, demo.customer);
    await wait_for_worker(page);
    await keep_here(page, foyer.address);
    await page.goto(`${foyer.address}/cases`);
    const address = await page.$eval("a.row", (link) => link.href);
    const { address: home, data } = foyer;
    await foyer.stop();
    const reply = async (words) => {
      await page.goto(address);
      await page.type("#body", words);
      await submit(page, "form[data-draft] button");
      assert.match(await text_of(page), /Waiting to send/);
    };
    await reply("Before it was cleared");
    assert.equal(await clear(page, "foyer.out."), 1);
    assert.equal(await clear(page, "foyer.cache."), 1);
    await reply("After it was cleared");
    const ended = new Promise((done) => browser.process().once("exit", done));
    browser.process().kill("SIGKILL");
    await ended;

    browser = await start_browser(name, { profile });
    ({ page } = await watched_page(browser));
    foyer = await start_foyer({ port: Number(new URL(home).port), data });
    await until("a sign-in, or everything sent", async () => {
      await page.goto(`${home}/waiting`);
      const text = await text_of(page).catch(() => "");
      return page.url().includes("/sign-in") || /Nothing is waiting/.test(text);
    }, 30_000);
    if (page.url().includes("/sign-in")) await sign_in(page, home, demo.customer);
    await until("everything sent", async () => {
      await page.goto(`${home}/waiting`);
      return /Nothing is waiting/.test(await text_of(page));
    }, 30_000);
    const other = await (await browser.createBrowserContext()).newPage();
    await sign_in(other, home, demo.customer);
    await other.goto(address);
    const arrived = await bodies(other);
    for (const words of ["Before it was cleared", "After it was cleared"])
      assert.equal(arrived.filter((body) => body === words).length, 1, words);
  });

  test("the portal goes on from memory and says so; a note is saved and sent", async () => {
    browser = await start_drawing_browser(name);
    const { page } = await watched_page(browser);
    await page.setViewport({ width: 1280, height: 1100 });
    await sign_in(page, foyer.address, demo.desk, { staff: true });
    const shown = (id) => until(id, () => page.$(`#mirror [data-id="${id}"]`), 60_000);
    const press = (id) => page.$eval(`#mirror [data-id="${id}"]`, (element) => element.click());
    await shown("queue/row/0");
    await press("queue/row/0");
    await shown("case/note");
    await until("rows that are kept", () => page.evaluate(async () =>
      (await indexedDB.databases()).some((each) => each.name.startsWith("foyer.cache."))));
    await clear(page, "foyer.cache.");
    const words = `Written when the rows were gone, ${Date.now()}`;
    await page.type(`#mirror [data-id="case/note"]`, words);
    await shown("case/note/save");
    await press("case/note/save");
    const told = await until("the line that says so", () =>
      page.$eval("#trouble", (line) => line.textContent).catch(() => ""), 60_000);
    assert.match(told, /kept until you close the page/);
    const mirror = () => page.evaluate(() => document.getElementById("mirror").textContent);
    await until("it is sent", async () =>
      (await mirror()).includes(words) && /All saved/.test(await mirror()), 60_000);
    await page.reload();
    await until("the note after a reload", async () =>
      (await mirror().catch(() => "")).includes(words), 60_000);
  });
});
