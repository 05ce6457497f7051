// The customer's own device in bad hands and bad luck: two tabs, double submits, a killed browser,
// somebody else's sign-in, a session ended elsewhere, no room, hostile words, a new build. What was
// said to be saved arrives once; what is refused is refused with the words still there.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { browser_names, demo, keep_here, sign_in, start_browser, start_foyer, submit, text_of,
  until, wait_for_worker, watched_page } from "./browser.mjs";
import { newer_build } from "./newer_build.mjs";

let foyer, browser, folders;
const patience = { timeout: 240_000 };
const temporary = (purpose) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `foyer-${purpose}-`));
  folders.push(folder);
  return folder;
};
beforeEach(async () => {
  folders = [];
  foyer = await start_foyer({ data: temporary("hard") });
});
afterEach(async () => {
  await foyer.stop();
  folders.forEach((folder) => fs.rmSync(folder, { recursive: true, force: true }));
});

// The network goes with the server.
const unplug = () => foyer.stop();
const plug_in = async (other) => { foyer = await foyer.again(other); };

const reply_button = "form[data-draft] button";
async function first_case(page) {
  await page.goto(`${foyer.address}/cases`);
  return page.$eval("a.row", (link) => link.href);
}
async function own_device(in_browser, who = demo.customer) {
  const context = await in_browser.createBrowserContext();
  const { page, complaints } = await watched_page(in_browser, { context });
  await sign_in(page, foyer.address, who);
  await wait_for_worker(page);
  await keep_here(page, foyer.address);
  return { context, page, complaints };
}
const databases = (page) => page.evaluate(async () =>
  (await indexedDB.databases()).map(({ name }) => name).filter((name) => /cache|out/.test(name)));

// What the server has, seen from another device.
async function on_the_server(address, look) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await sign_in(page, foyer.address, demo.customer);
  await page.goto(address);
  const seen = await look(page);
  await context.close();
  return seen;
}
const bodies = (page) => page.$$eval(".message", (all) => all.map((each) =>
  [...each.querySelectorAll("p:not(.who)")].map((line) => line.textContent).join("\n")));
const arrivals = async (address, words) => (await on_the_server(address, bodies))
  .filter((body) => body === words).length;
async function all_sent(page) {
  await until("everything sent", async () => {
    await page.goto(`${foyer.address}/waiting`);
    return /Nothing is waiting/.test(await text_of(page));
  }, 20_000);
}
// The form as it stands, sent by a script, so that it can be sent twice at once.
const form_of = (page) => page.$eval("form[data-draft]",
  (form) => new URLSearchParams(new FormData(form)).toString());
const post = (page, body, times) => page.evaluate((text, count) => Promise.all(
  Array.from({ length: count }, async () => (await fetch(location.pathname, { method: "POST",
    headers: { "Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded" },
    body: text })).status)), body, times);

for (const name of browser_names) describe(`a clumsy customer, ${name}`, patience, () => {
  before(async () => { browser = await start_browser(name); });
  after(() => browser?.close());

  test("two tabs reply at once, and one form is sent again and again", async () => {
    const { context, page } = await own_device(browser);
    const address = await first_case(page);
    const other = await context.newPage();
    await other.goto(address);
    await page.goto(address);
    await unplug();
    await page.bringToFront();
    await page.type("#body", "From the first tab");
    await other.bringToFront();
    await other.type("#body", "From the second tab");
    const again = await form_of(page);
    await Promise.all([post(page, again, 3), submit(other, reply_button)]);
    await page.goto(address);
    for (const words of ["From the first tab", "From the second tab"])
      assert.equal((await bodies(page)).filter((body) => body === words).length, 1, words);

    const during = post(page, again, 2);
    await plug_in();
    await during;
    await post(page, again, 2);
    await all_sent(page);
    await page.goto(address);
    await post(page, again, 2);
    await all_sent(page);
    for (const words of ["From the first tab", "From the second tab"])
      assert.equal(await arrivals(address, words), 1, words);
    await context.close();
  });

  test("hostile words look the same on the device and after they arrived", async () => {
    const { context, page } = await own_device(browser);
    const address = await first_case(page);
    await unplug();
    const hostile = ["<script>alert(1)</script><img src=x onerror=alert(2)>&amp;{{ t('x') }}",
      "\u202eright to left\u202c שלום العربية", "😀👩‍👩‍👧‍👦".repeat(150),
      "e\u0301\u200b",
      "😀".repeat(10_000)];
    for (const words of [...hostile, "half \ud800 a pair"]) {
      await page.goto(address);
      await page.$eval("#body", (field, text) => { field.value = text; }, words);
      await submit(page, reply_button);
    }
    await page.goto(address);
    const here = await bodies(page);
    assert.deepEqual(here.slice(-6, -1), hostile);
    assert.equal(here.at(-1), "half \ufffd a pair");
    await plug_in();
    await all_sent(page);
    assert.deepEqual(await on_the_server(address, bodies), here);
    await context.close();
  });

  test("words that are too many are refused here, with the words", async () => {
    const { context, page } = await own_device(browser);
    await page.goto(await first_case(page));
    await unplug();
    const many = "😀".repeat(10_001);
    await page.$eval("#body", (field, text) => { field.value = text; }, many);
    await submit(page, reply_button);
    assert.match(await page.title(), /^Error:/);
    assert.equal(await page.$eval("#body", (field) => field.value), many);
    await context.close();
  });

  test("killed right after \"saved on this device\": still there, and sent once", async () => {
    const profile = temporary("profile");
    let mine = await start_browser(name, { profile });
    try {
      let { page } = await watched_page(mine);
      await sign_in(page, foyer.address, demo.customer);
      await wait_for_worker(page);
      await keep_here(page, foyer.address);
      const address = await first_case(page);
      await page.goto(address);
      await unplug();
      await page.type("#body", "Written before the crash");
      await submit(page, reply_button);
      assert.match(await text_of(page), /Waiting to send/);
      const gone = new Promise((done) => mine.process().once("exit", done));
      mine.process().kill("SIGKILL");
      await gone;

      mine = await start_browser(name, { profile });
      ({ page } = await watched_page(mine));
      await page.goto(address);
      assert.ok((await bodies(page)).includes("Written before the crash"));
      await plug_in();
      // A browser forgets a cookie that it had no time to write: then she is asked to sign in.
      await until("a sign-in, or everything sent", async () => {
        // The page may be on its way to the sign-in by itself.
        await page.goto(`${foyer.address}/waiting`).catch(() => undefined);
        const text = await text_of(page).catch(() => "");
        return page.url().includes("/sign-in") || /Nothing is waiting/.test(text);
      }, 20_000);
      if (page.url().includes("/sign-in")) await sign_in(page, foyer.address, demo.customer);
      await all_sent(page);
      assert.equal(await arrivals(address, "Written before the crash"), 1);
    } finally {
      await mine.close();
    }
  });

  test("no answer from the server on a device that keeps nothing: the words stay", async () => {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    await sign_in(page, foyer.address, demo.customer);
    await wait_for_worker(page);
    await page.goto(await first_case(page));
    await unplug();
    await page.type("#body", "Typed for nobody");
    await page.click(reply_button);
    await until("the line that says so", () => page.$eval("#connection", (line) => !line.hidden));
    assert.equal(await page.$eval("#body", (field) => field.value), "Typed for nobody");
    await plug_in();
    await until("the reply to be taken", async () => {
      await page.click(reply_button);
      await new Promise((done) => setTimeout(done, 500));
      return (await bodies(page)).includes("Typed for nobody");
    });
    await context.close();
  });
});

for (const name of browser_names) describe(`a device that changes hands, ${name}`, patience, () => {
  before(async () => { browser = await start_browser(name); });
  after(() => browser?.close());

  test("the next person sees and sends nothing of hers; it waits for her", async () => {
    const { context, page } = await own_device(browser);
    const address = await first_case(page);
    const subject = await page.$eval(".subject", (words) => words.textContent);
    await page.goto(address);
    await unplug();
    await page.type("#body", "Still to be sent by Clara");
    await submit(page, reply_button);
    // Her session is over before the network is back, so that her words stay behind.
    await context.deleteCookie(...await context.cookies());
    await plug_in();
    await sign_in(page, foyer.address, demo.other_company);
    await page.goto(`${foyer.address}/cases?show=all`);
    assert.ok(!(await text_of(page)).includes(subject));
    assert.ok(!(await text_of(page)).includes("Clara"));
    await page.goto(address);
    assert.doesNotMatch(await text_of(page), /Still to be sent by Clara/);
    await page.goto(`${foyer.address}/waiting`);
    assert.doesNotMatch(await text_of(page), /Still to be sent by Clara/);
    await keep_here(page, foyer.address);
    assert.deepEqual((await databases(page)).filter((name) => /cache/.test(name)).length, 1);
    assert.equal(await arrivals(address, "Still to be sent by Clara"), 0);

    await submit(page, "form.person button");
    await sign_in(page, foyer.address, demo.customer);
    await all_sent(page);
    await page.goto(address);
    assert.ok((await bodies(page)).includes("Still to be sent by Clara"));
    assert.equal(await arrivals(address, "Still to be sent by Clara"), 1);
    await context.close();
  });

  test("signed out elsewhere with pages open: what was kept goes, typed words stay", async () => {
    const { context, page } = await own_device(browser);
    const address = await first_case(page);
    await page.goto(address);
    await page.type("#body", "Half a sentence");
    const idle = await context.newPage();
    await idle.goto(`${foyer.address}/cases`);
    assert.ok((await databases(page)).some((name) => /cache/.test(name)));

    const elsewhere = await browser.createBrowserContext();
    const other = await elsewhere.newPage();
    await sign_in(other, foyer.address, demo.customer);
    await other.goto(`${foyer.address}/sessions`);
    await other.evaluate(async () => {
      const { session } = await (await fetch("/session.json")).json();
      const others = [...document.querySelectorAll("main form")].map((form) => new FormData(form))
        .filter((form) => form.get("session") !== session);
      for (const form of others)
        await fetch("/sessions", { method: "POST", body: new URLSearchParams(form) });
    });
    await until("the rows to go", async () =>
      !(await databases(page)).some((name) => /cache/.test(name)), 15_000);
    await until("the idle page to ask for a sign-in", () => /\/sign-in/.test(idle.url()), 15_000);
    assert.equal(await page.$eval("#body", (field) => field.value), "Half a sentence");
    await page.bringToFront();
    await until("the line that says so", () => page.$eval("#signed-out", (line) => !line.hidden));
    await page.click(reply_button);
    assert.equal(await page.$eval("#body", (field) => field.value), "Half a sentence");
    // In another tab, as the line proposes.
    await sign_in(idle, foyer.address, demo.customer);
    await page.bringToFront();
    await until("the line to go", () => page.$eval("#signed-out", (line) => line.hidden), 40_000);
    await submit(page, reply_button);
    assert.equal(await arrivals(address, "Half a sentence"), 1);
    await elsewhere.close();
    await context.close();
  });
});

describe("a lost cache", patience, () => {
  before(async () => { browser = await start_browser("chromium"); });
  after(() => browser?.close());

  test("the program comes from the shell: no network, an empty cache, a worker started anew",
    async () => {
      const { context, page } = await own_device(browser);
      const address = await first_case(page);
      await page.goto(address);
      await unplug();
      const browser_session = await page.createCDPSession();
      await browser_session.send("Network.clearBrowserCache");
      await browser_session.send("ServiceWorker.enable");
      await browser_session.send("ServiceWorker.stopAllWorkers");
      await page.reload();
      assert.match(await text_of(page), /Where it stands/);
      await context.close();
    });
});

describe("no room", patience, () => {
  before(async () => { browser = await start_browser("chromium"); });
  after(() => browser?.close());
  // The browser believes for a while in the room that it has seen; a write tells when it looks.
  const has_room = (page) => page.evaluate(() => new Promise((done) => {
    const request = indexedDB.open("room", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("piece");
    request.onerror = () => done(false);
    request.onsuccess = () => {
      const transaction = request.result.transaction("piece", "readwrite");
      transaction.objectStore("piece").put(new Uint8Array(2000), 1);
      transaction.oncomplete = () => done(true);
      transaction.onabort = () => done(false);
    };
  }));
  const limit = async (page, quotaSize) => {
    const session = await page.createCDPSession();
    await session.send("Storage.overrideQuotaForOrigin", { origin: foyer.address, quotaSize });
    await until("the room to change",
      async () => await has_room(page) === (quotaSize === undefined), 60_000);
  };

  test("to keep cases: the page says so, and all goes on without", async () => {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    await sign_in(page, foyer.address, demo.customer);
    await wait_for_worker(page);
    await limit(page, 1000);
    await page.goto(`${foyer.address}/device`);
    await submit(page, "form[data-keep] button");
    assert.match(await page.$eval(".problems", (box) => box.innerText), /\w/);
    await page.goto(await first_case(page));
    await page.type("#body", "Sent at once");
    await submit(page, reply_button);
    assert.ok((await bodies(page)).includes("Sent at once"));
    await context.close();
  });

  test("for a reply: refused with its words, and taken when there is room again", async () => {
    const { context, page } = await own_device(browser);
    const address = await first_case(page);
    await page.goto(address);
    await unplug();
    await limit(page, 1);
    await page.type("#body", "Important words");
    await submit(page, reply_button);
    assert.match(await page.title(), /^Error:/);
    assert.equal(await page.$eval("#body", (field) => field.value), "Important words");
    await limit(page, undefined);
    await submit(page, reply_button);
    assert.match(await text_of(page), /Waiting to send/);
    await plug_in();
    await all_sent(page);
    assert.equal(await arrivals(address, "Important words"), 1);
    await context.close();
  });
});

describe("what is being written", patience, () => {
  before(async () => { browser = await start_browser("chromium"); });
  after(() => browser?.close());
  const typed = (page) => page.$eval("#body", (field) => field.value);
  const drafts = (page) => page.evaluate(async () => {
    const found = [];
    for (const { name } of await indexedDB.databases()) {
      if (!name.startsWith("foyer.out.")) continue;
      const settled = (request) => new Promise((done) => {
        request.onsuccess = () => done(request.result);
      });
      const database = await settled(indexedDB.open(name));
      const meta = database.transaction("meta").objectStore("meta");
      const values = await settled(meta.getAll(IDBKeyRange.bound("draft.", "draft/")));
      found.push(...values.map((value) => new TextDecoder("latin1").decode(value.data)));
      database.close();
    }
    return found;
  });
  // A second after the last key the tab is gone.
  async function write_and_die(context, address, words) {
    const page = await context.newPage();
    await page.goto(address);
    await until("the form to be watched", () => page.evaluate(
      () => "ownDevice" in document.body.dataset));
    await page.type("#body", words);
    await new Promise((done) => setTimeout(done, 1000));
    const session = await page.createCDPSession();
    session.send("Page.crash").catch(() => undefined);
    await new Promise((done) => setTimeout(done, 300));
    page.close().catch(() => undefined);
  }

  test("outlives a killed tab, encrypted, also without a network, until it is sent", async () => {
    const { context, page } = await own_device(browser);
    const address = await first_case(page);
    const words = "A long answer, half wri";
    await write_and_die(context, address, words);
    const kept = await drafts(page);
    assert.equal(kept.length, 1);
    assert.ok(!kept[0].includes("answer"), "it can be read");
    await unplug();
    await page.goto(address);
    await until("the words", async () => await typed(page) === words);
    await page.type("#body", "tten");
    await submit(page, reply_button);
    assert.ok((await bodies(page)).includes(`${words}tten`));
    assert.deepEqual(await drafts(page), []);
    await new Promise((done) => setTimeout(done, 1000));
    assert.equal(await typed(page), "");
    await plug_in();
    await all_sent(page);
    assert.equal(await arrivals(address, `${words}tten`), 1);
    await context.close();
  });

  test("goes with the sign-out, and stays when a session ends by itself", async () => {
    const { context, page } = await own_device(browser);
    const address = await first_case(page);
    await write_and_die(context, address, "Words for later");
    await context.deleteCookie(...await context.cookies());
    await page.goto(`${foyer.address}/cases`);
    await until("the sign-in", () => page.url().includes("/sign-in"));
    await sign_in(page, foyer.address, demo.customer);
    await page.goto(address);
    await until("the words", async () => await typed(page) === "Words for later");
    await page.goto(`${foyer.address}/cases`);
    await submit(page, "form.person button");
    assert.deepEqual(await databases(page), []);
    await context.close();
  });

  test("is not kept on a device that is not her own", async () => {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    await sign_in(page, foyer.address, demo.customer);
    await wait_for_worker(page);
    await page.goto(await first_case(page));
    await page.type("#body", "Words of the moment");
    await new Promise((done) => setTimeout(done, 1500));
    assert.deepEqual(await databases(page), []);
    await context.close();
  });
});

for (const name of browser_names) describe(`a newer build, ${name}`, patience, () => {
  before(async () => { browser = await start_browser(name); });
  after(() => browser?.close());

  test("an idle page is asked for once, one with words stays, and its form is taken", async () => {
    const { context, page } = await own_device(browser);
    const address = await first_case(page);
    await page.goto(address);
    await page.type("#body", "Typed over a deployment");
    const idle = await context.newPage();
    await idle.goto(`${foyer.address}/cases`);
    let loads = 0;
    idle.on("load", () => { loads += 1; });
    const { folder, style } = newer_build();
    folders.push(folder);
    await unplug();
    await plug_in({ web: folder });
    const style_of = (shown) => shown.$eval("link[rel=stylesheet]",
      (link) => new URL(link.href).pathname);
    await until("the newer page", async () =>
      await style_of(idle).catch(() => "") === style, 20_000);
    await new Promise((done) => setTimeout(done, 2000));
    assert.equal(loads, 1);
    assert.notEqual(await style_of(page), style);
    assert.equal(await page.$eval("#body", (field) => field.value), "Typed over a deployment");
    await page.bringToFront();
    await submit(page, reply_button);
    assert.equal(await style_of(page), style);
    await all_sent(page);
    assert.equal(await arrivals(address, "Typed over a deployment"), 1);
    await context.close();
  });
});
