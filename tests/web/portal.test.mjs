// The staff portal's page: its mirror passes axe, everything works by keyboard, it rests when
// nothing happens, and it draws again after the browser took its graphics away.
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { demo, root, sign_in, start_browser, start_foyer, until, watched_page }
  from "./browser.mjs";

const require = createRequire(path.join(root, "web/package.json"));
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

describe("the staff portal", () => {
  let foyer, browser, page;
  const element = (id) => page.$(`#mirror [data-id="${id}"]`);
  const press = (id) => page.evaluate((wanted) => {
    document.querySelector(`#mirror [data-id="${wanted}"]`).click();
  }, id);
  const focused = () => page.evaluate(() => document.activeElement.dataset.id ?? "");
  const shows = (id) => until(id, () => element(id));

  before(async () => {
    foyer = await start_foyer();
    browser = await start_browser("chromium");
    ({ page } = await watched_page(browser));
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
});
