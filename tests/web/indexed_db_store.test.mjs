// The contract of all stores, and the outbox, over IndexedDB in real browsers: the test program
// indexed_db_contract, one page of it per browser, from a server on loopback that serves nothing
// else. FOYER_CONTRACT names another build than build/wasm/tests.
import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";
import { browser_names, root, start_browser, until, watched_page } from "./browser.mjs";

const folder = process.env.FOYER_CONTRACT ?? path.join(root, "build/wasm/tests");
const files = {
  "/indexed_db_contract.js": "text/javascript",
  "/indexed_db_contract.wasm": "application/wasm",
};
const start = `
  globalThis.said = [];
  IndexedDbContract({
    ended: (code) => { globalThis.code = code; },
    print: (line) => said.push(line),
    printErr: (line) => said.push(line),
    onAbort: (why) => { said.push(String(why)); globalThis.code ??= 2; },
  });`;
const page_of_it = `<!doctype html><title>IndexedDB</title><link rel="icon" href="data:,">
  <script src="/indexed_db_contract.js"></script><script src="/start.js"></script>`;

let server, address;
before(async () => {
  server = http.createServer((request, response) => {
    const answer = (type, body) => response.writeHead(200, {
      "content-type": type,
      "content-security-policy": "default-src 'none'; img-src data:; connect-src 'self'; " +
        "script-src 'self' 'wasm-unsafe-eval'",
    }).end(body);
    if (request.url === "/") answer("text/html", page_of_it);
    else if (request.url === "/start.js") answer("text/javascript", start);
    else if (files[request.url]) answer(files[request.url],
      fs.readFileSync(path.join(folder, request.url)));
    else response.writeHead(404).end();
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  address = `http://localhost:${server.address().port}/`;
});
after(() => server.close());

// The names of the tests that ran, and everything that was said.
async function run_in(page) {
  await page.goto(address);
  await until("the test program to end", () => page.evaluate("globalThis.code !== undefined"),
    120_000);
  const said = await page.evaluate("said");
  const good = said.filter((line) => line.startsWith("[       OK ]"))
    .map((line) => line.replace(/^\[ +OK \] (\S+) .*/, "$1"));
  return { code: await page.evaluate("code"), good, said: said.join("\n") };
}

for (const name of browser_names) {
  test(`IndexedDB keeps the contract of the stores in ${name}`, { timeout: 180_000 }, async (t) => {
    const browser = await start_browser(name);
    t.after(() => browser.close());
    const { page, assert_quiet } = await watched_page(browser);
    const { code, good, said } = await run_in(page);
    assert.equal(code, 0, said.slice(-6000));
    assert.match(said, new RegExp(`\\[  PASSED  \\] ${good.length} tests?\\.`));
    for (const suite of ["IndexedDb/StoreContract/0", "IndexedDbOutbox", "IndexedDbCache",
      "IndexedDbRoom", "IndexedDbLostConnection", "IndexedDbDrafts", "IndexedDbPlace",
      "IndexedDbSync"])
      assert.ok(good.some((one) => one.startsWith(`${suite}.`)), `${suite} did not run`);
    assert_quiet();
  });
}
