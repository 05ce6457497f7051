// What others' programs say of the server: a peer written anew over another library, and a checker
// of content security policies. The longer ones (sqlmap, wapiti, slowhttptest) are ./foyer probe.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { demo, root, sign_in, start_browser, start_foyer } from "./browser.mjs";

const require = createRequire(path.join(root, "web/package.json"));
const { CspEvaluator } = require("csp_evaluator/dist/evaluator.js");
const { CspParser } = require("csp_evaluator/dist/parser.js");
const run = promisify(execFile);

describe("outside testers", () => {
  let foyer;
  before(async () => { foyer = await start_foyer(); });
  after(() => foyer?.stop());

  async function session() {
    const browser = await start_browser("chromium");
    try {
      const page = await browser.newPage();
      await sign_in(page, foyer.address, demo.customer);
      const cookies = await page.browserContext().cookies();
      return cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
    } finally {
      await browser.close();
    }
  }

  test("a foreign peer of websockets is understood, refused and closed as said", async () => {
    const peer = path.join(root, "tests/outside/foreign_peer.py");
    const { stdout } = await run("/usr/bin/python3",
      [peer, foyer.address.replace("http:", "ws:"), await session()]);
    const told = JSON.parse(stdout);
    const welcome = 1, poke = 4;
    for (const name of ["hello", "hello, compressed", "hello in pieces", "hello afterwards"]) {
      assert.equal(told[name][0], welcome, name);
      assert.equal(told[name].at(-1), poke, name);
      delete told[name];
    }
    assert.deepEqual(told, {
      ping: "pong",
      text: 1002, noise: 1002, "a wrong checksum": 1002, "an unknown frame": 1002,
      "a server's frame": 1002,
      "more than fits": 1009,
      "no session": 401, "a forged session": 401, "the staff's socket": 401,
      "the kiosk's socket": 401, "a foreign origin": 403, "no socket": 404,
    });
  });

  // One finding is accepted: 'self' would be a hole if visitors' files or JSONP were served here;
  // neither is, and every script bears its content's hash in its name.
  test("csp_evaluator finds nothing else in the policy of any kind of page", async () => {
    for (const address of ["/", "/sign-in", "/staff/sign-in", "/kiosk/", "/offline", "/nowhere"]) {
      const answer = await fetch(foyer.address + address, { redirect: "manual" });
      const policy = new CspParser(answer.headers.get("content-security-policy") ?? "").csp;
      const findings = new CspEvaluator(policy).evaluate()
        .filter(({ description }) => !description.startsWith("'self' can be problematic"));
      assert.deepEqual(findings.map(({ description }) => description), [], address);
    }
  });
});
