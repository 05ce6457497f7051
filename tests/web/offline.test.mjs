// Scenario 2 of the product: on a device that she calls her own a customer reads, replies and
// opens a case without a network; both are marked as waiting, and each arrives exactly once. And
// what must not be: on any other device nothing of hers is stored.
import assert from "node:assert/strict";
import fs from "node:fs";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import os from "node:os";
import { sideways, small_targets, violations_of } from "./accessibility.mjs";
import { browser_names, demo, keep_here, sign_in, start_browser, start_foyer, submit, text_of,
  until, wait_for_worker, watched_page } from "./browser.mjs";

let foyer;
beforeEach(async () => {
  foyer = await start_foyer({ data: fs.mkdtempSync(`${os.tmpdir()}/foyer-offline-`) });
});
afterEach(async () => {
  await foyer.stop();
  fs.rmSync(foyer.data, { recursive: true, force: true });
});

// The network goes with the server: the same for both browsers and for every part of them.
const unplug = () => foyer.stop();
const plug_in = async () => { foyer = await foyer.again(); };

const canary = "Quokka in the lift shaft";
async function open_case(page, subject) {
  await page.goto(`${foyer.address}/cases/new`);
  await page.type("#subject", subject);
  await page.type("#body", "The light went out.");
  await submit(page, "form[action='/cases/new'] button");
}
// What the origin has stored, as text: names of databases and caches, and every stored value.
const stored = (page) => page.evaluate(async () => {
  const texts = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys())
      texts.push(`cache ${request.url}`, await (await caches.match(request)).text());
  const settled = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  for (const { name } of await indexedDB.databases()) {
    texts.push(`database ${name}`);
    const database = await settled(indexedDB.open(name));
    for (const store of database.objectStoreNames)
      for (const value of await settled(database.transaction(store).objectStore(store).getAll())) {
        const bytes = value instanceof Uint8Array ? value : value?.data;
        texts.push(bytes ? new TextDecoder("latin1").decode(bytes) : JSON.stringify(value));
      }
    database.close();
  }
  return texts.join("\n");
});

for (const name of browser_names) {
  describe(`the customer's browser is ${name}`, () => {
    let browser;
    before(async () => { browser = await start_browser(name); });
    after(() => browser?.close());

    test("flight mode: read, reply and open a case; each arrives once", async () => {
      const { page, complaints } = await watched_page(browser);
      await sign_in(page, foyer.address, demo.customer);
      await wait_for_worker(page);
      await keep_here(page, foyer.address);
      await page.goto(`${foyer.address}/cases`);
      const case_path = await page.$eval("a.row", (link) => link.getAttribute("href"));

      await unplug();
      await page.reload();
      assert.match(await text_of(page), /Your cases/);
      await page.goto(`${foyer.address}/contracts`);
      assert.match(await text_of(page), /Your contracts/);
      await page.goto(`${foyer.address}${case_path}`);
      const words = `Written without a network (${name})`;
      await page.type("#body", words);
      await submit(page, "form[data-draft] button");
      assert.match(await text_of(page), new RegExp(`${words.replace(/[()]/g, ".")}`));
      assert.match(await text_of(page), /Waiting to send/);

      const subject = `Opened in a tunnel (${name})`;
      await open_case(page, subject);
      const saved = await text_of(page);
      assert.match(saved, /Your case is saved on this device/);
      assert.match(saved, /Number follows/);
      assert.doesNotMatch(saved, /A person will answer by/);
      await page.goto(`${foyer.address}/waiting`);
      assert.equal((await text_of(page)).match(/Waiting to send\n/g)?.length >= 2, true);
      await page.goto(`${foyer.address}/nowhere`);
      assert.match(await text_of(page), /There is no network/);
      assert.equal(await page.evaluate(async () =>
        (await (await fetch("/manifest.webmanifest")).json()).name), "Foyer");
      // Browsers note every request that found no server, or that a page took with it when it was
      // left (half a manifest is a damaged one); nothing else may be wrong.
      const of_the_network = new RegExp(["WebSocket", "Failed to load", "can’t establish",
        "Manifest", "while the page was loading"].join("|"));
      assert.deepEqual(complaints.filter((each) => !of_the_network.test(each)), []);

      await plug_in();
      await page.goto(`${foyer.address}/waiting`);
      await until("everything sent", async () =>
        /Nothing is waiting/.test(await text_of(page)), 20_000);

      // As another device sees it.
      const context = await browser.createBrowserContext();
      const { page: other } = await watched_page(browser, { context });
      await sign_in(other, foyer.address, demo.customer);
      await other.goto(`${foyer.address}/cases?show=all&q=tunnel`);
      const found = await other.$$eval(".subject", (all) => all.map((each) => each.textContent));
      assert.equal(found.filter((each) => each === subject).length, 1);
      await other.goto(`${foyer.address}${case_path}`);
      const arrived = (await text_of(other)).split(words).length - 1;
      assert.equal(arrived, 1);
      await context.close();
      await page.close();
    });
  });
}

describe("without a network", () => {
  let browser;
  before(async () => { browser = await start_browser("chromium"); });
  after(() => browser?.close());

  test("every page can be read and used: no violation, no sideways scroll", async () => {
    const page = await browser.newPage();
    await page.setBypassCSP(true); // for axe alone
    await page.setViewport({ width: 320, height: 640 });
    await sign_in(page, foyer.address, demo.customer);
    await wait_for_worker(page);
    await keep_here(page, foyer.address);
    await unplug();
    await open_case(page, canary);
    const states = [page.url(), "/cases", "/waiting", "/device", "/contracts", "/nowhere"];
    for (const state of states) {
      await page.goto(new URL(state, foyer.address).href);
      for (const value of ["light", "dark"]) {
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value },
          { name: "prefers-reduced-motion", value: "reduce" }]);
        assert.deepEqual(await violations_of(page), [], `${state}, ${value}`);
      }
      assert.equal(await sideways(page), 0, state);
      assert.deepEqual(await small_targets(page), [], state);
    }
    await page.close();
  });
});

describe("what is stored", () => {
  let browser;
  before(async () => { browser = await start_browser("chromium"); });
  after(() => browser?.close());

  test("on a device that is not her own: the shell, nothing of hers", async () => {
    const context = await browser.createBrowserContext();
    const { page, assert_quiet } = await watched_page(browser, { context });
    await sign_in(page, foyer.address, demo.customer);
    await wait_for_worker(page);
    await open_case(page, canary);
    await page.goto(`${foyer.address}/cases`);
    await page.reload();
    assert.ok((await text_of(page)).includes(canary));
    const all = await stored(page);
    assert.match(all, /cache http.*site/);
    for (const hers of [canary, "Clara Winter", "lindenhof", "Lindenhof", "database foyer.out",
      "database foyer.cache"])
      assert.ok(!all.includes(hers), `${hers} is stored`);
    assert_quiet();
    await context.close();
  });

  test("on her own device it is encrypted, and leaves with the sign-out", async () => {
    const context = await browser.createBrowserContext();
    const { page, assert_quiet } = await watched_page(browser, { context });
    await sign_in(page, foyer.address, demo.customer);
    await wait_for_worker(page);
    await keep_here(page, foyer.address);
    await open_case(page, canary);
    await page.goto(`${foyer.address}/cases`);
    assert.ok((await text_of(page)).includes(canary));
    const kept = await stored(page);
    assert.match(kept, /database foyer\.cache\.3\./);
    for (const hers of [canary, "lindenhof", "Lindenhof"])
      assert.ok(!kept.includes(hers), `${hers} is stored in clear`);
    await submit(page, "form.person button");
    const left = await stored(page);
    assert.doesNotMatch(left, /database foyer\.(cache|out)/);
    assert_quiet();
    await context.close();
  });

  test("forgetting the device leaves the shell", async () => {
    const context = await browser.createBrowserContext();
    const { page, assert_quiet } = await watched_page(browser, { context });
    await sign_in(page, foyer.address, demo.customer);
    await wait_for_worker(page);
    await keep_here(page, foyer.address);
    await submit(page, "button[value=forget]");
    assert.match(await text_of(page), /Nothing of yours is stored/);
    assert.doesNotMatch(await stored(page), /database foyer\.(cache|out)/);
    assert_quiet();
    await context.close();
  });
});
