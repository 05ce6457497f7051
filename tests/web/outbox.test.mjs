// What was refused, and changes that met, are things people see: a customer's refused words are
// written anew and arrive once; of two staff who changed the same field, one without a network,
// neither is written over, and a person chooses.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { sideways, small_targets, violations_of } from "./accessibility.mjs";
import { browser_names, demo, keep_here, sign_in, start_browser, start_foyer, submit, text_of,
  until, wait_for_worker, watched_page } from "./browser.mjs";
import { start_drawing_browser } from "./drawing_browser.mjs";
import { rows } from "./kiosk_device.mjs";

let foyer;
beforeEach(async () => {
  foyer = await start_foyer({ data: fs.mkdtempSync(`${os.tmpdir()}/foyer-outbox-`) });
});
afterEach(async () => {
  await foyer.stop();
  fs.rmSync(foyer.data, { recursive: true, force: true });
});
const unplug = () => foyer.stop();
const plug_in = async () => { foyer = await foyer.again(); };
// Empty while the page is being left for another one.
const words_of = (page) => text_of(page).catch(() => "");
// A command of the desk's, by the API.
async function as_desk(browser, name, body) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await sign_in(page, foyer.address, demo.desk, { staff: true });
  const status = await page.evaluate(async (command, sent) => {
    const { form_token } = await (await fetch("/staff/session.json")).json();
    const answer = await fetch(`/staff/api/command/${command}`, { method: "POST",
      body: JSON.stringify(sent), headers: { "Content-Type": "application/json",
        "X-Form-Token": form_token, "Idempotency-Key": crypto.randomUUID() } });
    return answer.status;
  }, name, body);
  await context.close();
  assert.ok(status < 300, `${name}: ${status}`);
}

for (const name of browser_names) describe(`refused words, ${name}`, { timeout: 240_000 }, () => {
  let browser;
  before(async () => { browser = await start_browser(name); });
  after(() => browser?.close());

  test("a refused reply is written anew on the waiting page and arrives once", async () => {
    const { page } = await watched_page(browser);
    await sign_in(page, foyer.address, demo.customer);
    await wait_for_worker(page);
    await keep_here(page, foyer.address);
    await until("what the browser promises", async () =>
      /This browser (promised|may)/.test(await words_of(page)));
    await page.goto(`${foyer.address}/cases`);
    const address = await page.$eval("a.row", (link) => link.href);
    const contact = rows(foyer, `SELECT id FROM contact WHERE email = '${demo.customer}'`)[0].id;

    await unplug();
    await page.goto(address);
    await page.type("#body", "With a mistake in it");
    await submit(page, "form[data-draft] button");
    // The desk works at another address meanwhile: hers must not be reached before.
    const hers = foyer;
    foyer = await start_foyer({ data: foyer.data });
    await as_desk(browser, "contact.set_scope", { contact, portal_scope: "none" });
    await foyer.stop();
    foyer = await hers.again();
    await until("the refusal", async () => {
      await page.goto(`${foyer.address}/waiting`);
      return /Not sent/.test(await words_of(page));
    }, 20_000);
    assert.match(await text_of(page), /With a mistake in it/);
    await as_desk(browser, "contact.set_scope", { contact, portal_scope: "account" });
    await until("the case again", async () => {
      await page.goto(`${foyer.address}/cases`);
      return page.$("a.row");
    }, 20_000);

    await unplug(); // the page works without a network
    if (name === "chromium") await page.setBypassCSP(true);
    await page.goto(`${foyer.address}/waiting`);
    for (const value of name === "chromium" ? ["light", "dark"] : []) {
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
      await until("the colours to settle", () =>
        page.evaluate(() => document.getAnimations().length === 0));
      assert.deepEqual(await violations_of(page), [], value);
    }
    assert.deepEqual(await small_targets(page), []);
    assert.equal(await sideways(page), 0);
    await submit(page, "a[href^='/waiting?edit=']");
    assert.equal(await page.$eval("#body", (field) => field.value), "With a mistake in it");
    await page.$eval("#body", (field) => { field.value = ""; });
    await submit(page, "button[value=edit]");
    assert.match(await text_of(page), /Write a message/);
    await page.type("#body", "Without a mistake");
    await submit(page, "button[value=edit]");
    assert.doesNotMatch(await text_of(page), /Not sent/);
    assert.match(await text_of(page), /Without a mistake/);
    await plug_in();
    await until("everything sent", async () => {
      await page.goto(`${foyer.address}/waiting`);
      return /Nothing is waiting/.test(await words_of(page));
    }, 20_000);
    const sent = rows(foyer, "SELECT body FROM message WHERE body LIKE '%a mistake%'");
    assert.deepEqual(sent.map(({ body }) => body), ["Without a mistake"]);
  });
});

const press = (page, id) => page.evaluate((wanted) => {
  document.querySelector(`#mirror [data-id="${wanted}"]`).click();
}, id);
const press_words = (page, words) => page.evaluate((wanted) => {
  [...document.querySelectorAll("#mirror button")].find((each) => each.textContent === wanted)
    .click();
}, words);
const mirror_text = (page) =>
  page.evaluate(() => document.getElementById("mirror")?.textContent ?? "").catch(() => "");

const patience = { timeout: 240_000 };
for (const name of browser_names) describe(`changes that met, ${name}`, patience, () => {
  let browser;
  before(async () => { browser = await start_drawing_browser(name); });
  after(() => browser?.close());

  async function open_case(page, where) {
    await page.setViewport({ width: 1280, height: 1100 });
    await page.goto(where);
    await page.waitForSelector(`#mirror [data-id="case/reply"]`, { timeout: 30_000 });
  }
  async function set_priority(page, value) {
    await page.keyboard.down("Control");
    await page.keyboard.press("k");
    await page.keyboard.up("Control");
    await page.waitForSelector(`#mirror [data-id="palette/text"]`);
    await page.type(`#mirror [data-id="palette/text"]`, "change the priority");
    await page.keyboard.press("Enter");
    await page.waitForSelector(`#mirror [data-id="form/priority"]`);
    await page.select(`#mirror [data-id="form/priority"]`, value);
    await press(page, "form/done");
    await until("the form to go", async () => !await page.$(`#mirror [data-id="form/done"]`));
  }

  test("the same field, one of the two offline: a person chooses", async () => {
    const one = rows(foyer, `SELECT id FROM "case"
      WHERE state = 'in_progress' AND priority = 'normal'`)[0];
    const where = `${foyer.address}/staff/cases/${one.id}`;
    const offline = (await watched_page(browser)).page;
    await sign_in(offline, foyer.address, demo.desk, { staff: true });
    await open_case(offline, where);
    await unplug();
    await set_priority(offline, "Critical");
    await until("that it is saved here", async () =>
      /1 waiting to send/.test(await mirror_text(offline)));
    await offline.close();

    await plug_in();
    const context = await browser.createBrowserContext();
    const other = (await watched_page(browser, { context })).page;
    await sign_in(other, foyer.address, demo.desk, { staff: true });
    await open_case(other, where);
    await set_priority(other, "High");
    await until("the change", () =>
      rows(foyer, `SELECT priority FROM "case" WHERE id = '${one.id}'`)[0].priority === "high");

    const back = (await watched_page(browser)).page;
    if (name === "chromium") await back.setBypassCSP(true);
    await open_case(back, where);
    for (const page of [back, other]) {
      await until("the conflict", async () =>
        /Set aside: Critical/.test(await mirror_text(page)), 30_000);
      assert.match(await mirror_text(page), /Now: High/);
      assert.match(await mirror_text(page), /Conflicts \(1\)/);
    }
    if (name === "chromium") assert.deepEqual(await violations_of(back), []);
    await press_words(other, "Use Critical");
    for (const page of [back, other])
      await until("that it is decided", async () =>
        !/Set aside/.test(await mirror_text(page)) &&
        !/Conflicts \(1\)/.test(await mirror_text(page)), 20_000);
    await until("the choice", () =>
      rows(foyer, `SELECT priority FROM "case" WHERE id = '${one.id}'`)[0].priority === "critical");
    const [kept] = rows(foyer, "SELECT state, resolved_by FROM conflict");
    assert.equal(kept.state, "mine");
    assert.ok(kept.resolved_by);
    await context.close();
  });
});
