// Scenario 13 in the portal: a real export is looked at first, its columns are changed, its bad
// rows are shown with their lines, it is imported, its rows are seen, and it is taken back; files
// that are no export are refused in words.
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { browser_names, demo, root, sign_in, start_foyer, until, watched_page }
  from "./browser.mjs";
import { start_drawing_browser } from "./drawing_browser.mjs";

const require = createRequire(path.join(root, "web/package.json"));
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const exported = path.join(root, "tests/data/crm-sales/accounts.csv");

for (const name of browser_names) describe(`importing in the portal, in ${name}`, () => {
  let foyer, browser, page, assert_quiet, folder;
  const element = (id) => page.$(`#mirror [data-id="${id}"]`);
  const shows = (id) => until(id, () => element(id), 20_000);
  const press = async (id) => (await shows(id)).evaluate((pressed) => pressed.click());
  const words = () => page.$$eval("#mirror [data-id]", (all) => all.map((each) =>
    each.getAttribute("aria-label") ?? each.textContent).join("\n"));
  const says = (text) => until(text, async () => (await words()).includes(text), 20_000);
  const upload = async (file) => (await shows("import/file")).uploadFile(file);
  const file_of = (name, bytes) => {
    const file = path.join(folder, name);
    fs.writeFileSync(file, bytes);
    return file;
  };
  const accounts = async () => {
    await press("rail/accounts");
    await shows("accounts/row/0");
    return page.$eval(`#mirror [data-id="accounts"]`,
      (grid) => Number(grid.getAttribute("aria-rowcount")) - 1);
  };

  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "foyer-import-"));
    foyer = await start_foyer({ data: path.join(folder, "data") });
    browser = await start_drawing_browser(name);
    ({ page, assert_quiet } = await watched_page(browser));
    await page.setViewport({ width: 1440, height: 1200 });
    await sign_in(page, foyer.address, demo.admin, { staff: true });
    await until("the rail", () => element("rail/import"), 30_000);
  });
  after(async () => {
    await browser?.close();
    await foyer?.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  test("an export is previewed, imported, seen and taken back", async () => {
    const had = await accounts();
    await press("rail/import");
    await until("the address", () => page.url().endsWith("/staff/import"));
    // The export with two rows that cannot come in and a column of another name.
    const lines = fs.readFileSync(exported, "utf8").trim().split("\n");
    lines[0] = lines[0].replace("office_location", "where");
    const rows = [...lines, "Kunde ohne Zahl,retail,1999,1,many,Kenya,", ",retail,1999,1,1,Kenya,"];
    await upload(file_of("export.csv", `${rows.join("\n")}\n`));
    await says("Rows in the file: 87");
    await says("New: 85");
    await says("Left out: 2");
    const bad = await page.$$eval(`#mirror [data-id^="import/issues/row/"]`, (all) =>
      all.map((row) => [...row.children].map((cell) => cell.textContent).join("; ")));
    assert.deepEqual(bad, ["87; employees; this is not a whole number; Row left out",
      "88; account; the value is missing; Row left out"]);
    await page.evaluate(axe);
    assert.deepEqual(await page.evaluate(async () =>
      (await window.axe.run()).violations.map((each) => `${each.id}: ${each.nodes[0].html}`)), []);

    await says("6 of 7 columns are used.");
    await press("import/columns");
    const where = await shows("import/column/5");
    assert.match(await where.evaluate((field) => field.ariaLabel), /^where/);
    assert.equal(await where.evaluate((field) => field.value), "Leave out");
    await where.select("Country");
    await says("7 of 7 columns are used.");

    const run = await shows("import/run");
    assert.equal(await run.evaluate((button) => button.textContent), "Import 85 rows");
    await press("import/run");
    await says("Imported export.csv: 85 new, 2 left out.");
    assert.equal(await accounts(), had + 85);
    await page.type(`#mirror [data-id="accounts/search"]`, "Betatech");
    await until("the account with its country", async () => {
      const row = await element("accounts/row/0");
      const text = await row?.evaluate((each) => each.textContent);
      return text?.startsWith("Betatech") && text.includes("Kenya");
    });
    await page.evaluate(() => {
      const field = document.querySelector(`#mirror [data-id="accounts/search"]`);
      field.value = "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });

    await press("rail/import");
    await shows("import/next");
    await press("import/next");
    const undo = await until("the import in the list", async () =>
      page.$eval(`#mirror [data-id^="import/run/"][data-id$="/undo"]`, (each) => each.dataset.id)
        .catch(() => null));
    await press(undo);
    await press(await until("the question", async () => {
      const sure = undo.replace(/undo$/, "sure");
      return await element(sure) && sure;
    }));
    await says("taken back");
    assert.equal(await accounts(), had);
    assert_quiet();
  });

  test("files that are no export are refused in words", async () => {
    await press("rail/import");
    await shows("import/file");
    await upload(file_of("empty.csv", ""));
    await says("This file is empty");
    await upload(file_of("picture.csv", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 1, 2])));
    await says("picture.csv is not a text file");
    await upload(file_of("book.xlsx", "PK\x03\x04 and more"));
    await says("save it as CSV");
    await press("import/kind/Products");
    await upload(exported);
    await says("looks like accounts");
    await press("import/other");
    await says("Rows in the file: 85");
    await upload(file_of("quote.csv", "account,sector\n\"Acme,retail\n"));
    await says("never closes");
    assert_quiet();
  });

  test("a file of 30 MiB is read, and one of 65 MiB is not sent", async () => {
    const line = `Firma Nummer #,${"x".repeat(80)},1999,1,1,Kenya,\n`;
    const rows = ["account,sector,year_established,revenue,employees,office_location,parent\n"];
    for (let size = 0, at = 0; size < 30 * 1024 * 1024; at += 1) {
      rows.push(line.replace("#", at % 50));
      size += rows.at(-1).length;
    }
    await upload(file_of("large.csv", rows.join("")));
    await until("its rows", async () => /New: 50\n/.test(`${await words()}\n`), 120_000);
    assert.match(await words(), /The first 1000 are shown/);
    await upload(file_of("huge.csv", Buffer.alloc(65 * 1024 * 1024, "a")));
    await says("64 MiB is the most");
    assert_quiet();
  });

  test("offline it says that the server is needed, and goes on afterwards", async () => {
    await foyer.stop();
    await says("Imports need the server");
    assert.equal(await element("import/file"), null);
    foyer = await foyer.again();
    await shows("import/file");
    await upload(exported);
    await says("Rows in the file: 85");
  });
});
