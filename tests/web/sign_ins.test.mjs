// The pages about signing in, in a real browser: where one is signed in, the first password, and
// what both look like in other languages and directions.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sideways, small_targets, violations_of } from "./accessibility.mjs";
import { demo, leave_by, sign_in, start_browser, start_foyer, text_of,
  watched_page } from "./browser.mjs";

let foyer;
let browser;
before(async () => {
  foyer = await start_foyer();
  browser = await start_browser("chromium");
});
after(async () => {
  await browser?.close();
  await foyer?.stop();
});

// A visitor of their own, who reads `language`, on a narrow screen.
async function visitor(language) {
  const context = await browser.createBrowserContext();
  const watched = await watched_page(browser, { context });
  await watched.page.setExtraHTTPHeaders({ "Accept-Language": language });
  await watched.page.setViewport({ width: 360, height: 740 });
  await watched.page.setBypassCSP(true);
  return watched;
}

async function assert_usable(page) {
  assert.deepEqual(await violations_of(page), []);
  assert.deepEqual(await small_targets(page), []);
  assert.ok(await sideways(page) <= 0, "scrolls sideways");
}

test("a customer sees where she is signed in and ends the other sign-in", async () => {
  const here = await visitor("de");
  const there = await visitor("en");
  await sign_in(here.page, foyer.address, demo.customer);
  await sign_in(there.page, foyer.address, demo.customer);
  await leave_by(here.page, () => here.page.click("footer a[href='/sessions']"));
  assert.match(await text_of(here.page), /Wo Sie angemeldet sind/);
  assert.match(await text_of(here.page), /Chrome unter Linux/);
  assert.equal(await here.page.$$eval("main li", (rows) => rows.length), 2);
  await assert_usable(here.page);
  const other = await here.page.$("main li:not(:has(.tag)) button");
  await leave_by(here.page, () => other.click());
  assert.equal(await here.page.$$eval("main li", (rows) => rows.length), 1);
  await there.page.goto(`${foyer.address}/cases`);
  assert.match(there.page.url(), /\/sign-in/);
  here.assert_quiet();
  there.assert_quiet();
});

test("an invited person chooses a password in her own language", async () => {
  const customer = await visitor("en");
  await sign_in(customer.page, foyer.address, demo.own_cases_only);
  const { user } = await customer.page.evaluate(async () => (await fetch("/session.json")).json());
  const admin = await visitor("en");
  await sign_in(admin.page, foyer.address, demo.admin, { staff: true });
  const { path } = await admin.page.evaluate(async (id) => {
    const { form_token } = await (await fetch("/staff/session.json")).json();
    const answer = await fetch(`/staff/api/invitation?user=${id}`,
      { method: "POST", headers: { "X-Form-Token": form_token } });
    return answer.json();
  }, user);
  const { page, complaints } = await visitor("ar");
  await page.goto(`${foyer.address}${path}`);
  assert.equal(await page.$eval("html", (html) => html.dir), "rtl");
  assert.match(await text_of(page), /david@lindenhof\.example/);
  await assert_usable(page);
  const send = async (password) => {
    await page.type("#password", password);
    await leave_by(page, () => page.keyboard.press("Enter"));
  };
  await send("short");
  assert.ok(await page.$("#password[aria-invalid=true]"));
  await assert_usable(page);
  await send("a rather long new sentence");
  assert.match(page.url(), /\/cases$/);
  await customer.page.goto(`${foyer.address}/cases`);
  assert.match(customer.page.url(), /\/sign-in/, "the old sign-in has ended");
  // A refused form is no page to the browser but an error of loading.
  assert.deepEqual(complaints.filter((each) => !each.includes("status of 422")), []);
  customer.assert_quiet();
});

test("all numbers of an Arabic page have the same digits", async () => {
  const { page, assert_quiet } = await visitor("ar");
  await sign_in(page, foyer.address, demo.customer);
  await page.goto(`${foyer.address}/contracts`);
  await leave_by(page, () => page.click("main a[href^='/contracts/']"));
  await page.$$eval("details", (all) => all.forEach((each) => { each.open = true; }));
  const text = await text_of(page);
  assert.match(text, /\d/);
  assert.doesNotMatch(text, /[٠-٩۰-۹]/);
  assert_quiet();
});
