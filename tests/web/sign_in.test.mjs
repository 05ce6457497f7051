// Signing in, in real browsers: it works, it refuses without saying why, and no page complains.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { browser_names, demo, leave_by, sign_in, start_browser, start_foyer, text_of,
  watched_page } from "./browser.mjs";

let foyer;
before(async () => { foyer = await start_foyer(); });
after(() => foyer?.stop());

for (const name of browser_names) {
  describe(name, () => {
    let browser;
    before(async () => { browser = await start_browser(name); });
    after(() => browser?.close());

    test("a customer signs in and is greeted by her own page", async () => {
      const context = await browser.createBrowserContext();
      const { page, assert_quiet } = await watched_page(browser, { context });
      await sign_in(page, foyer.address, demo.customer);
      assert.equal(new URL(page.url()).pathname, "/cases");
      assert.doesNotMatch(await text_of(page), /Sign in\b/);
      assert_quiet();
      await context.close();
    });

    test("a wrong password and an unknown person get the same words", async () => {
      const answers = [];
      for (const email of [demo.customer, "nobody@lindenhof.example"]) {
        const context = await browser.createBrowserContext();
        const { page } = await watched_page(browser, { context });
        await page.goto(`${foyer.address}/sign-in`);
        await page.type("#email", email);
        await page.type("#password", "a wrong password");
        await leave_by(page, () => page.keyboard.press("Enter"));
        const words = (await text_of(page)).replaceAll(email, "");
        answers.push(words);
        assert.match(words, /is not right/);
        assert.equal(new URL(page.url()).pathname, "/sign-in");
        await context.close();
      }
      assert.equal(answers[0], answers[1]);
    });

    test("without a session a case is not shown", async () => {
      const context = await browser.createBrowserContext();
      const { page } = await watched_page(browser, { context });
      const response = await page.goto(`${foyer.address}/cases`);
      const sent_to_sign_in = new URL(page.url()).pathname === "/sign-in";
      assert.ok(sent_to_sign_in || response.status() >= 400, `${page.url()} ${response.status()}`);
      await context.close();
    });
  });
}
