// A page has one renderer and two hosts: what the service worker answers reads as what the server
// answers, word for word, dates and money included, in every language.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { demo, sign_in, start_browser, start_foyer, submit, wait_for_worker }
  from "./browser.mjs";

describe("server and worker", () => {
  let foyer, browser;
  before(async () => {
    foyer = await start_foyer();
    browser = await start_browser("chromium");
  });
  after(async () => {
    await browser?.close();
    await foyer?.stop();
  });

  async function site_in(language) {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    await page.setExtraHTTPHeaders({ "Accept-Language": language });
    await sign_in(page, foyer.address, demo.customer);
    await wait_for_worker(page);
    await page.goto(`${foyer.address}/device`);
    await submit(page, "form[data-keep] button");
    return { page, context };
  }

  // The text of a page's main part, one line a text; where it came from; and its links.
  const read = (page, html) => page.evaluate((text) => {
    const main = new DOMParser().parseFromString(text, "text/html").querySelector("main");
    return {
      lines: main.textContent.split("\n").map((line) => line.trim()).filter((line) => line),
      rows: [...main.querySelectorAll("a.row")].map((link) => link.getAttribute("href")),
    };
  }, html);
  const from_worker = (page, path) => page.evaluate(async (where) => {
    const answer = await fetch(where, { headers: { Accept: "text/html" } });
    return { html: await answer.text(), is_server: answer.headers.has("Date") };
  }, path);

  for (const language of ["en", "de", "fr", "ar"]) {
    test(`say the same in ${language}`, async () => {
      const { page, context } = await site_in(language);
      const cookie = (await page.cookies()).map((each) => `${each.name}=${each.value}`).join("; ");
      const headers = { cookie, "Accept-Language": language, Accept: "text/html" };
      // Not /waiting: what a device still has is known to the device alone.
      const paths = ["/cases?show=all", "/contracts", "/articles", "/cases/new"];
      for (let n = 0; n < paths.length; ++n) {
        const local = await from_worker(page, paths[n]);
        assert.equal(local.is_server, false, `${paths[n]} was not answered by the worker`);
        const answer = await fetch(foyer.address + paths[n], { headers });
        const ours = await read(page, local.html);
        const theirs = await read(page, await answer.text());
        assert.deepEqual(ours.lines, theirs.lines, paths[n]);
        assert.deepEqual(ours.rows, theirs.rows, paths[n]);
        assert.ok(theirs.lines.length > 2, `${paths[n]} is empty`);
        if (n < 3) paths.push(...theirs.rows.slice(0, 4));
      }
      assert.ok(paths.length > 8, `${paths.length} pages`);
      await context.close();
    });
  }
});
