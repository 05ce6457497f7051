// The customer site's pages in real browsers: axe finds nothing in any state, language or theme,
// no page scrolls sideways at 320 px, targets are large, words survive a refusal and an update, and
// everything works with scripts off.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { sideways, small_targets, violations_of } from "./accessibility.mjs";
import { browser_names, demo, leave_by, root, sign_in, start_browser, start_foyer, text_of,
  until } from "./browser.mjs";

const words = (language) => JSON.parse(
  fs.readFileSync(path.join(root, `web/locales/${language}.json`), "utf8"));
const translations = ["ar", "de", "fr"];

let foyer, welcome;
before(async () => {
  foyer = await start_foyer();
  welcome = await invitation();
});
after(() => foyer?.stop());

const submit = (page) =>
  leave_by(page, () => page.click("main form[method=post] button"));

// A customer's link to choose a password, asked for by an administrator.
async function invitation() {
  const browser = await start_browser("chromium");
  const page = await browser.newPage();
  await sign_in(page, foyer.address, demo.own_cases_only);
  const { user } = await page.evaluate(async () => (await fetch("/session.json")).json());
  await sign_in(page, foyer.address, demo.admin, { staff: true });
  const link = await page.evaluate(async (who) => {
    const { form_token } = await (await fetch("/staff/session.json")).json();
    const answer = await fetch(`/staff/api/invitation?user=${who}`,
      { method: "POST", headers: { "X-Form-Token": form_token } });
    return (await answer.json()).path;
  }, user);
  await browser.close();
  return link;
}

// Each state of each page, in the order a person meets them.
async function visit_each_state(page, look) {
  const go = async (where) => page.goto(foyer.address + where);
  await go(welcome);
  await look("welcome");
  await page.type("#password", "short");
  await submit(page);
  await look("welcome refused");
  await go("/sign-in");
  await look("sign-in");
  await page.type("#email", demo.customer);
  await page.type("#password", "not the password");
  await submit(page);
  await look("sign-in refused");
  await sign_in(page, foyer.address, demo.customer);
  await look("cases");
  await page.$eval("#signed-out", (line) => { line.hidden = false; });
  await look("signed out elsewhere");
  for (const where of ["/cases?show=ended", "/cases?q=zzzzqq", "/cases/new"]) {
    await go(where);
    await look(where);
  }
  await submit(page);
  await look("new case refused");
  await page.type("#subject", "Door does not close");
  await page.type("#body", "It stays open since nine.");
  await submit(page);
  assert.equal(new URL(page.url()).searchParams.get("opened"), "1");
  await look("case opened");
  for (const where of ["/device", "/waiting", "/sessions"]) {
    await go(where);
    await look(where);
  }
  for (const list of ["/contracts", "/articles"]) {
    await go(list);
    await look(list);
    await page.goto(await page.$eval(".row", (link) => link.href));
    await page.$$eval("details", (all) => all.forEach((each) => { each.open = true; }));
    await look(`one of ${list}`);
  }
  await go("/nothing-here");
  await look("not found");
}

describe("customer pages", () => {
  let browser;
  before(async () => { browser = await start_browser("chromium"); });
  after(() => browser?.close());

  async function page_in(language) {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    await page.setBypassCSP(true); // for axe alone: the site needs no exception
    await page.setExtraHTTPHeaders({ "Accept-Language": language });
    await page.setViewport({ width: 320, height: 640 });
    return { page, context };
  }

  for (const language of ["en", ...translations]) {
    test(`no violation, no sideways scroll, no small target in ${language}`, async () => {
      const { page, context } = await page_in(language);
      await visit_each_state(page, async (state) => {
        assert.equal(await page.$eval("html", (html) => html.lang), language, state);
        for (const value of ["light", "dark"]) {
          await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value },
            { name: "prefers-reduced-motion", value: "reduce" }]);
          assert.deepEqual(await violations_of(page), [], `${state}, ${value}`);
        }
        assert.equal(await sideways(page), 0, state);
        assert.deepEqual(await small_targets(page), [], state);
      });
      await context.close();
    });
  }

  test("a refused form says so in the title, in a list and beside the field, and keeps words",
    async () => {
      const { page, context } = await page_in("en");
      await sign_in(page, foyer.address, demo.customer);
      await page.goto(`${foyer.address}/cases/new`);
      await page.type("#body", "Words to keep");
      await submit(page);
      await page.evaluate(() => new Promise((done) => { // by then news had its time to arrive
        new WebSocket(`ws://${location.host}/hints`).onopen = () => fetch(location.href).then(done);
      }));
      assert.match(await page.title(), /^Error: Open a case/);
      assert.equal(await page.evaluate(() => document.activeElement.id), "problems");
      assert.equal(await page.$eval("#problems a", (link) => link.getAttribute("href")),
        "#subject");
      assert.equal(await page.$eval("#subject", (field) => field.ariaInvalid), "true");
      assert.equal(await page.$eval("#subject-error",
        (line) => line.textContent.trim().replace(/\s+/g, " ")),
      `Error: ${words("en")["error.subject.required"]}`);
      assert.equal(await page.$eval("#body", (field) => field.value), "Words to keep");
      await context.close();
    });

  test("an answer appears without reloading, and what is being typed stays", async () => {
    const { page, context } = await page_in("en");
    await sign_in(page, foyer.address, demo.customer);
    await page.goto(await page.$eval(".row", (link) => link.href));
    const other = await context.newPage();
    await other.goto(page.url());
    await page.bringToFront();
    await page.type("#body", "Half a sen");
    const said = "The light in the cabin flickers too.";
    await other.$eval("#body", (field, text) => { field.value = text; }, said);
    await leave_by(other, () =>
      other.$eval("main form:last-of-type button", (button) => button.click()));
    await page.bringToFront();
    await until("the new message", async () => (await text_of(page)).includes(said));
    assert.equal(await page.$eval("#body", (field) => field.value), "Half a sen");
    assert.equal(await page.evaluate(() => document.activeElement.id), "body");
    await context.close();
  });

  test("without a network the form stays, with its words, and says why", async () => {
    const { page, context } = await page_in("en");
    await sign_in(page, foyer.address, demo.customer);
    await page.goto(`${foyer.address}/cases/new`);
    await page.type("#body", "Written in a tunnel");
    await page.setOfflineMode(true);
    await page.click("main form button");
    await until("the offline line", () => page.$eval("#connection", (line) => !line.hidden));
    assert.equal(await page.$eval("#body", (field) => field.value), "Written in a tunnel");
    await page.setOfflineMode(false);
    await until("the line to go", () => page.$eval("#connection", (line) => line.hidden));
    await context.close();
  });
});

// Chromium switches scripts off for a page, Firefox for a profile. Both still let a test look at
// the page, but what waits inside it (a click, $$eval) never ends: links and buttons by keyboard.
async function page_without_scripts(name) {
  const browser = await start_browser(name, { preferences: { "javascript.enabled": false } });
  const page = await browser.newPage();
  if (name === "chromium") await page.setJavaScriptEnabled(false);
  return { browser, page };
}
const follow = async (page, selector) => {
  await page.focus(selector);
  await leave_by(page, () => page.keyboard.press("Enter"));
};

for (const name of browser_names) {
  const title = `without scripts in ${name}: sign in, open a case, reply, read a contract`;
  test(title, async (context) => {
    const { browser, page } = await page_without_scripts(name);
    context.after(() => browser.close());
    await sign_in(page, foyer.address, demo.customer);
    await follow(page, "a[href='/cases/new']");
    await page.type("#subject", "Gate is loud");
    await page.type("#body", "It squeaks in the morning.");
    await follow(page, "form[action='/cases/new'] button");
    assert.match(await page.$eval(".done", (box) => box.innerText), /T-\d+/);
    assert.ok(await page.$(".status time"), "a promise is shown");
    assert.equal(await page.$(".relative"), null, "scripts are on");
    await page.type("#body", "And in the evening.");
    await follow(page, "form[data-draft] button");
    const thread = await page.evaluate(
      () => [...document.querySelectorAll(".message")].map((each) => each.innerText));
    assert.equal(thread.length, 2);
    assert.match(thread[1], /And in the evening\./);
    await follow(page, ".tabs a[href='/contracts']");
    await follow(page, ".row");
    assert.match(await page.$eval(".balance summary", (line) => line.innerText), /\d+ of \d+/);
  });
}

test("a form of an earlier session comes back with its words, and can be sent", async (context) => {
  const { browser, page } = await page_without_scripts("chromium");
  context.after(() => browser.close());
  await sign_in(page, foyer.address, demo.customer);
  await page.goto(`${foyer.address}/cases/new`);
  await page.type("#subject", "Doorbell rings by itself");
  await page.type("#body", "Twice a night.");
  const other = await browser.newPage();
  await browser.deleteCookie(...await browser.cookies());
  await sign_in(other, foyer.address, demo.customer);
  await page.bringToFront();
  await follow(page, "form[action='/cases/new'] button");
  assert.match(await page.title(), /^Error: /);
  assert.match(await text_of(page), new RegExp(words("en")["error.form_token"].slice(0, 30)));
  assert.equal(await page.$eval("#body", (field) => field.value), "Twice a night.");
  await follow(page, "form[action='/cases/new'] button");
  assert.match(await page.$eval(".done", (box) => box.innerText), /T-\d+/);
});

test("every language says everything, with the same arguments", () => {
  const english = words("en");
  const arguments_of = (text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
  for (const language of translations) {
    const texts = words(language);
    for (const [key, text] of Object.entries(english)) {
      assert.ok(texts[key]?.trim(), `${language}: ${key} is missing`);
      if (key.startsWith("unit.")) continue; // "one case" needs no number
      assert.deepEqual(arguments_of(texts[key]), arguments_of(text), `${language}: ${key}`);
    }
    const plural = /\.(zero|one|two|few|many|other)$/;
    const extra = Object.keys(texts).filter((key) => !(key in english) && !plural.test(key));
    assert.deepEqual(extra, [], `${language} has keys that nobody asks for`);
  }
});
