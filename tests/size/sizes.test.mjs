// Bytes that a first visit fetches, against limits and goldens (sizes.json). Not a timing.
// A change that is meant to grow something accepts its new size: FOYER_ACCEPT_SIZES=1.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import zlib from "node:zlib";
import { demo, root, start_browser, start_foyer, sign_in } from "../web/browser.mjs";
import { judge } from "./judge.mjs";

const file = path.join(path.dirname(fileURLToPath(import.meta.url)), "sizes.json");
const table = JSON.parse(fs.readFileSync(file, "utf8"));
const web = process.env.FOYER_WEB ?? path.join(root, "build/web");
const addresses = JSON.parse(fs.readFileSync(path.join(web, "assets.json"), "utf8"));

function asset_bytes(name) {
  assert.ok(addresses[name], `there is no asset "${name}"`);
  const whole = path.join(web, addresses[name]);
  const packed = fs.existsSync(`${whole}.br`) ? `${whole}.br` : whole;
  return fs.statSync(packed).size;
}

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

// The heaviest of the pages, packed as a proxy would.
async function heaviest_page_bytes(pages) {
  const page = await browser.newPage();
  await page.setJavaScriptEnabled(false);
  await sign_in(page, foyer.address, demo.customer);
  let most = 0;
  for (const each of pages) {
    const response = await page.goto(foyer.address + each);
    assert.equal(response.status(), 200, `${each} is not a page`);
    most = Math.max(most, zlib.brotliCompressSync(Buffer.from(await response.text())).length);
  }
  await page.close();
  return most;
}

for (const [name, entry] of Object.entries(table)) {
  if (!entry.assets) continue;
  test(`${name} stays small`, async () => {
    let bytes = entry.assets.reduce((sum, asset) => sum + asset_bytes(asset), 0);
    if (entry.pages) bytes += await heaviest_page_bytes(entry.pages);
    console.log(`# ${name}: ${bytes} bytes, limit ${entry.limit}, golden ${entry.golden}`);
    if (process.env.FOYER_ACCEPT_SIZES && bytes <= entry.limit) {
      entry.golden = bytes;
      fs.writeFileSync(file, `${JSON.stringify(table, null, 2)}\n`);
    }
    assert.equal(judge(bytes, entry), "");
  });
}

test("a size above its limit or its golden is refused", () => {
  assert.equal(judge(100, { limit: 100, golden: 99 }), "");
  assert.match(judge(101, { limit: 100, golden: 101 }), /limit/);
  assert.match(judge(104, { limit: 200, golden: 100 }), /golden/);
  assert.match(judge(50, { limit: 200, golden: 0 }), /no golden/);
});
