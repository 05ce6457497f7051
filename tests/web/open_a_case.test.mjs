// Scenario 1 of the product: a customer opens a case and gets a number and a promise at once; the
// desk sees it in the open portal, answers, and she reads the answer without reloading.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { browser_names, demo, leave_by, sign_in, start_browser, start_foyer, text_of, until,
  watched_page } from "./browser.mjs";

let foyer, desk_browser;
before(async () => {
  foyer = await start_foyer();
  desk_browser = await start_browser("chromium");
});
after(async () => {
  await desk_browser?.close();
  await foyer?.stop();
});

const press = (page, id) => page.evaluate((wanted) => {
  document.querySelector(`#mirror [data-id="${wanted}"]`).click();
}, id);
const mirror_text = (page) => page.evaluate(() => document.getElementById("mirror").textContent);

for (const name of browser_names) {
  describe(`the customer's browser is ${name}`, () => {
    let browser;
    before(async () => { browser = await start_browser(name); });
    after(() => browser?.close());

    test("a case is opened, answered and read, live", async () => {
      const subject = `Door hums loudly (${name})`;
      const staff = await desk_browser.createBrowserContext();
      const { page: portal, assert_quiet: portal_is_quiet } =
        await watched_page(desk_browser, { context: staff });
      await portal.setViewport({ width: 1280, height: 800 });
      await sign_in(portal, foyer.address, demo.desk, { staff: true });
      await until("the queue", async () => /T-100/.test(await mirror_text(portal)));

      const context = await browser.createBrowserContext();
      const { page, assert_quiet } = await watched_page(browser, { context });
      await sign_in(page, foyer.address, demo.customer);
      await page.goto(`${foyer.address}/cases/new`);
      await page.type("#subject", subject);
      await page.type("#body", "Since this morning.");
      await leave_by(page, () => page.click("form[action='/cases/new'] button"));
      const confirmation = await text_of(page);
      assert.match(confirmation, /Your case number is T-\d+/);
      assert.match(confirmation, /A person will answer by/);

      await press(portal, "queue/show/Unassigned");
      await until("the case in the open portal",
        async () => (await mirror_text(portal)).includes(subject));
      const reply = `#mirror [data-id="case/reply"]`;
      // Rows move while the list becomes another one: what is pressed then may be gone.
      await until("the case", async () => {
        await portal.evaluate((wanted) => {
          [...document.querySelectorAll("#mirror [data-id^='queue/row/']")]
            .find((row) => row.textContent.includes(wanted))?.click();
        }, subject);
        return portal.waitForSelector(reply, { timeout: 2000 }).catch(() => null);
      });
      await portal.type(reply, "We are on our way.");
      await until("the send button", async () =>
        portal.$(`#mirror [data-id="case/reply/send"]`));
      await press(portal, "case/reply/send");
      await until("the answer on the customer's open page",
        async () => (await text_of(page)).includes("We are on our way."));
      assert.match(await text_of(page), /Ana Ribeiro/);
      assert_quiet();
      portal_is_quiet();
      await context.close();
      await staff.close();
    });
  });
}
