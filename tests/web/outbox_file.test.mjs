// A device that can send no more: what waits in the portal is saved to a file, the device is gone,
// and a supervisor brings the file. The customer reads the reply once, however often it is brought.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { violations_of } from "./accessibility.mjs";
import { browser_names, demo, sign_in, start_foyer, text_of, until, watched_page }
  from "./browser.mjs";
import { start_drawing_browser } from "./drawing_browser.mjs";
import { rows } from "./kiosk_device.mjs";

const supervisor = "priya@foyer.example";
const words = "The engineer comes at nine tomorrow";

for (const name of browser_names) describe(`an outbox file, ${name}`, { timeout: 240_000 }, () => {
  let foyer, browser, folder;
  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "foyer-outbox-file-"));
    foyer = await start_foyer({ data: path.join(folder, "data") });
    browser = await start_drawing_browser(name);
  });
  after(async () => {
    await browser?.close();
    await foyer?.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const says = (page, text) => until(text, () => page.evaluate((wanted) =>
    document.getElementById("mirror")?.textContent.includes(wanted), text).catch(() => false));
  const element = (page, id) =>
    page.waitForSelector(`#mirror [data-id="${id}"]`, { timeout: 30_000 });
  const press = async (page, id) => (await element(page, id)).evaluate((pressed) => {
    pressed.click();
  });
  async function portal_of(email, where) {
    const context = await browser.createBrowserContext();
    const { page } = await watched_page(browser, { context });
    await page.setViewport({ width: 1280, height: 1200 });
    await sign_in(page, foyer.address, email, { staff: true });
    await page.goto(`${foyer.address}${where}`);
    return { page, context };
  }
  // As the browser would hand it to the person.
  async function saved_file(page) {
    await page.evaluate(() => {
      const make_address = URL.createObjectURL.bind(URL);
      URL.createObjectURL = (blob) => {
        globalThis.saved_blob = blob;
        return make_address(blob);
      };
    });
    await press(page, "outbox/save");
    await says(page, "Saved to a file");
    const bytes = await page.evaluate(async () =>
      [...new Uint8Array(await globalThis.saved_blob.arrayBuffer())]);
    const file = path.join(folder, "Outbox of Ana.foyer");
    fs.writeFileSync(file, Buffer.from(bytes));
    return file;
  }
  const outbox_key = (page) => page.evaluate(async () => {
    const settled = (request) => new Promise((done, failed) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
    const database = await settled(indexedDB.open("foyer.device"));
    const store = database.transaction("device").objectStore("device");
    const names = await settled(store.getAllKeys());
    const mine = names.find((each) => String(each).startsWith("outbox "));
    const record = mine && await settled(
      database.transaction("device").objectStore("device").get(mine));
    database.close();
    if (!record) return null;
    const exported = await crypto.subtle.exportKey("raw", record.key).then(() => true, () => false);
    return { exported, usages: record.key.usages.join() };
  });
  async function bring(page, file) {
    await press(page, "outbox_file/open");
    await (await element(page, "outbox_file/file")).uploadFile(file);
  }

  test("what waited on a device that is gone arrives once", async () => {
    const [open] = rows(foyer, `SELECT "case".id, "case".number FROM "case" JOIN contact ON
      contact.id = "case".contact WHERE contact.email = '${demo.customer}'
      AND "case".state = 'in_progress'`);
    const device = await portal_of(demo.desk, `/staff/cases/${open.id}`);
    await element(device.page, "case/reply");
    const key = await until("the key of the device", () => outbox_key(device.page));
    assert.deepEqual(key, { exported: false, usages: "encrypt" });

    await foyer.stop();
    await device.page.type(`#mirror [data-id="case/reply"]`, words);
    await press(device.page, "case/reply/send");
    await says(device.page, "1 waiting to send");
    await press(device.page, "rail/outbox");
    await says(device.page, words);
    const file = await saved_file(device.page);
    assert.ok(!fs.readFileSync(file).includes(words));
    await device.context.close();

    foyer = await foyer.again();
    assert.equal(rows(foyer, `SELECT id FROM message WHERE body = '${words}'`).length, 0);
    const desk = await portal_of(supervisor, "/staff/import");
    await bring(desk.page, file);
    await says(desk.page, "1 change of Ana");
    await says(desk.page, words);
    if (name === "chromium") {
      await desk.page.setBypassCSP(true);
      assert.deepEqual(await violations_of(desk.page), []);
    }
    await press(desk.page, "outbox_file/send");
    await says(desk.page, "1 change sent in the name of Ana");
    await press(desk.page, "outbox_file/close");
    await says(desk.page, "What a device kept from Outbox of Ana.foyer");
    await says(desk.page, "1 sent");
    await bring(desk.page, file);
    await says(desk.page, "Nothing to send");
    await desk.context.close();

    const context = await browser.createBrowserContext();
    const customer = await context.newPage();
    await sign_in(customer, foyer.address, demo.customer);
    await customer.goto(`${foyer.address}/cases/${open.id}`);
    const shown = await text_of(customer);
    assert.equal(shown.split(words).length - 1, 1, shown);
    const [said] = rows(foyer, `SELECT author_name FROM message WHERE body = '${words}'`);
    assert.match(said.author_name, /^Ana/);
    await context.close();
  });
});
