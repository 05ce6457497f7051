// The staff portal's page: its mirror passes axe, everything works by keyboard, it rests when
// nothing happens, and it draws again after the browser took its graphics away.
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { browser_names, demo, leave_by, root, sign_in, start_foyer, until,
  watched_page } from "./browser.mjs";
import { start_drawing_browser } from "./drawing_browser.mjs";

const require = createRequire(path.join(root, "web/package.json"));
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

for (const name of browser_names) describe(`the staff portal in ${name}`, () => {
  let foyer, browser, page, assert_quiet;
  const element = (id) => page.$(`#mirror [data-id="${id}"]`);
  const press = (id) => page.evaluate((wanted) => {
    document.querySelector(`#mirror [data-id="${wanted}"]`).click();
  }, id);
  const focused = () => page.evaluate(() => document.activeElement.dataset.id ?? "");
  const shows = (id) => until(id, () => element(id), 30_000);

  before(async () => {
    foyer = await start_foyer();
    browser = await start_drawing_browser(name);
    ({ page, assert_quiet } = await watched_page(browser));
    await page.setViewport({ width: 1280, height: 800 });
    await sign_in(page, foyer.address, demo.desk, { staff: true });
    await until("the queue", () => element("queue/row/0"), 30_000);
  });
  after(async () => {
    await browser?.close();
    await foyer?.stop();
  });

  test("axe finds nothing in the queue, a case and the palette", async () => {
    await page.evaluate(axe);
    const violations = () => page.evaluate(async () =>
      (await window.axe.run()).violations.map((each) => `${each.id}: ${each.nodes[0].html}`));
    assert.deepEqual(await violations(), []);
    await press("queue/row/0");
    await shows("case/reply");
    assert.deepEqual(await violations(), []);
    await page.keyboard.down("Control");
    await page.keyboard.press("k");
    await page.keyboard.up("Control");
    await shows("palette/text");
    assert.deepEqual(await violations(), []);
    await page.keyboard.press("Escape");
    await until("the palette to close", async () => !(await element("palette/text")));
  });

  test("the table is walked by keyboard, and says how many rows it has", async () => {
    await press("rail/cases");
    await shows("queue/row/0");
    const rows = await page.$eval("#mirror [role=grid]",
      (grid) => Number(grid.getAttribute("aria-rowcount")) - 1);
    assert.ok(rows > 20, `${rows} rows`);
    await page.$eval(`#mirror [data-id="queue/row/0"]`, (row) => row.focus());
    await page.keyboard.press("End");
    await until("the last row", async () => await focused() === `queue/row/${rows - 1}`);
    await page.keyboard.press("ArrowUp");
    await until("the row above", async () => await focused() === `queue/row/${rows - 2}`);
    await page.keyboard.press("Enter");
    await until("the case", () => /\/staff\/cases\/[0-9a-f-]{36}/.test(page.url()));
    await page.keyboard.press("r");
    await until("the reply's field", async () => await focused() === "case/reply");
  });

  test("columns sort, more of them with Shift, and the address keeps sorting, filters and search",
    async () => {
      await press("rail/cases");
      await shows("queue/sort/State");
      await press("queue/sort/State");
      await until("the order", () => page.url().endsWith("?sort=state"));
      await page.$eval(`#mirror [data-id="queue/sort/Case"]`, (head) => head.dispatchEvent(
        new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: true })));
      await until("both orders", () => page.url().endsWith("?sort=state,number"));
      await press("queue/filters");
      await (await shows("queue/state")).select("Held");
      await until("the filter", () => page.url().includes("state=held"));
      const length = await page.evaluate(() => history.length);
      await page.type(`#mirror [data-id="queue/search"]`, "door");
      await until("the search", () => page.url().endsWith("&q=door"));
      assert.equal(await page.evaluate(() => history.length), length, "a letter made a page");
      const rows = () => page.$$eval(`#mirror [data-id^="queue/row/"]`, (all) =>
        all.map((row) => [...row.children].map((cell) => cell.textContent).join("; ")));
      const found = await rows();
      assert.ok(found.length > 0 && found.every((row) => row.includes("; Held; ")), found.join());
      await press("rail/outbox");
      await until("the outbox", () => page.url().endsWith("/staff/outbox"));
      await page.goBack();
      await shows("queue/row/0");
      assert.deepEqual(await rows(), found);
      assert.equal(await page.$eval(`#mirror [data-id="queue/search"]`, (each) => each.value),
        "door");
      await page.reload();
      await shows("queue/row/0");
      assert.deepEqual(await rows(), found);
      await press("rail/cases");
      await until("all of them", () => page.url().endsWith("/staff/cases"));
    });

  test("the theme is chosen, and remembered", async () => {
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
    const choose = async (words) => {
      await page.evaluate(() => document.activeElement.blur());
      await page.keyboard.down("Control");
      await page.keyboard.press("k");
      await page.keyboard.up("Control");
      await shows("palette/text");
      await page.type(`#mirror [data-id="palette/text"]`, words);
      await page.keyboard.press("Enter");
      await until("the palette to close", async () => !(await element("palette/text")));
    };
    assert.equal(await theme(), "light");
    await choose("theme high");
    await until("the theme", async () => await theme() === "contrast");
    await page.reload();
    await shows("queue/row/0");
    assert.equal(await theme(), "contrast");
    await choose("theme as the system");
    await until("the theme", async () => await theme() === "light");
    if (name !== "chromium") return; // the wish of the system cannot be changed elsewhere
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
    await until("the dark theme", async () => await theme() === "dark");
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
  });

  test("what is out of sight is reached by Tab, and its panel scrolls there", async () => {
    await page.setViewport({ width: 1280, height: 560 });
    await page.goto(`${foyer.address}/staff/cases`);
    await shows("queue/row/0");
    await press("queue/row/0");
    await shows("case/note");
    const is_hidden = () => page.$eval(`#mirror [data-id="case/note"]`,
      (field) => field.dataset.outOfSight === "1");
    assert.equal(await is_hidden(), true, "the window is too high for this test");
    await page.$eval(`#mirror [data-id="case/reply"]`, (field) => field.focus());
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "case/reply/send");
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "case/note");
    await until("the field in sight", async () => !(await is_hidden()));
    assert.equal(await focused(), "case/note");
    await page.setViewport({ width: 1280, height: 800 });
  });

  test("Back returns to what was shown before", async () => {
    await press("rail/accounts");
    await shows("accounts/row/0");
    await press("rail/outbox");
    await until("the outbox", () => page.url().endsWith("/staff/outbox"));
    await page.goBack();
    await shows("accounts/row/0");
  });

  test("no frame is asked for while nothing happens", async () => {
    await page.mouse.move(5, 600);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await page.evaluate(() => {
      window.frames_asked = 0;
      const ask = window.requestAnimationFrame.bind(window);
      window.requestAnimationFrame = (frame) => {
        window.frames_asked += 1;
        return ask(frame);
      };
    });
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    assert.equal(await page.evaluate(() => window.frames_asked), 0);
    await page.mouse.move(60, 120);
    await until("a frame", () => page.evaluate(() => window.frames_asked > 0));
    assert_quiet(); // what follows makes the browser itself complain
  });

  test("it draws again after the graphics were lost, and keeps what was typed", async () => {
    await press("rail/cases");
    await shows("queue/search");
    await page.type(`#mirror [data-id="queue/search"]`, "lift");
    await page.evaluate(async () => {
      const canvas = document.getElementById("canvas");
      const lost = canvas.getContext("webgl2").getExtension("WEBGL_lose_context");
      lost.loseContext();
      await new Promise((resolve) => setTimeout(resolve, 200));
      lost.restoreContext();
      await new Promise((resolve) => setTimeout(resolve, 500));
    });
    const typed = await page.$eval(`#mirror [data-id="queue/search"]`, (field) => field.value);
    assert.equal(typed, "lift");
    const colours = await page.evaluate(() => new Promise((resolve) => {
      dispatchEvent(new Event("resize"));
      requestAnimationFrame(() => requestAnimationFrame(() => {
        dispatchEvent(new Event("resize"));
        requestAnimationFrame(() => {
          const copy = new OffscreenCanvas(300, 300).getContext("2d");
          copy.drawImage(document.getElementById("canvas"), 0, 0, 300, 300);
          const pixels = new Uint32Array(copy.getImageData(0, 0, 300, 300).data.buffer);
          resolve(new Set(pixels).size);
        });
      }));
    }));
    assert.ok(colours > 20, `only ${colours} colours are drawn`);
  });

  // Only here can the program's own file be answered with one that stops.
  if (name === "chromium") test("a program that stops leaves the words", async () => {
    const context = await browser.createBrowserContext();
    const { page: other } = await watched_page(browser, { context });
    await other.setViewport({ width: 1280, height: 1000 });
    await other.setBypassServiceWorker(true); // it would answer with the files it keeps
    await other.setRequestInterception(true);
    other.on("request", async (request) => {
      if (!/\/assets\/portal\.[0-9a-f]+\.js$/.test(request.url())) return request.continue();
      const glue = await (await fetch(request.url())).text();
      // F9 makes the program stop in the middle of a frame, as a fault in it would.
      await request.respond({ contentType: "text/javascript", body: `${glue}
        addEventListener("keydown", (event) => {
          if (event.key !== "F9") return;
          WebGL2RenderingContext.prototype.drawElements = () => {
            throw new WebAssembly.RuntimeError("unreachable");
          };
          dispatchEvent(new Event("resize"));
        });` });
    });
    await sign_in(other, foyer.address, demo.desk, { staff: true });
    const there = (id) => until(id, () => other.$(`#mirror [data-id="${id}"]`), 20_000);
    await (await there("queue/row/0")).evaluate((row) => row.click());
    await there("case/reply");
    await other.type(`#mirror [data-id="case/reply"]`, "Half a reply");
    await other.keyboard.press("F9");
    const screen = await until("the screen", () => other.$("#crash"));
    const text = await screen.evaluate((each) => each.textContent);
    assert.match(text, /The portal has stopped/);
    assert.match(text, /Half a reply/);
    assert.match(text, /RuntimeError: unreachable/);
    await other.evaluate(axe);
    assert.deepEqual(await other.evaluate(async () =>
      (await window.axe.run()).violations.map((each) => `${each.id}: ${each.nodes[0].html}`)), []);
    await leave_by(other, () => other.$eval("#crash .primary", (button) => button.click()));
    await there("case/reply");
    await context.close();
  });
});
