// ./foyer probe: others' attack programs against a server of their own with demo data. Fails when
// one finds what is not answered in `answered`, when the server stops answering or logs an error.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { demo, root, sign_in, start_browser, start_foyer } from "../web/browser.mjs";

const run = promisify(execFile);
const folder = fs.mkdtempSync(`${os.tmpdir()}/foyer-probe-`);
const findings = [];
const found = (program, what) => findings.push(`${program}: ${what}`);

// What wapiti says although it is as it should be, and why.
const answered = {
  "Lack of anti CSRF token": "each form has one; its name, form_token, is not on wapiti's list",
  "X-XSS-Protection is not set": "browsers removed what it switched; the policy forbids scripts",
  "Strict-Transport-Security is not set": "set with TLS, which a server on loopback has not",
};

async function signed_in(address, email, staff) {
  const browser = await start_browser("chromium");
  try {
    const page = await browser.newPage();
    await sign_in(page, address, email, { staff });
    const cookies = await page.browserContext().cookies();
    const form_token = await page.evaluate(async (site) =>
      (await (await fetch(`${site}/session.json`)).json()).form_token, staff ? "/staff" : "");
    return { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; "),
      form_token };
  } finally {
    await browser.close();
  }
}
async function first_case(address, cookie) {
  const text = await (await fetch(`${address}/cases`, { headers: { cookie } })).text();
  return text.match(/\/cases\/[0-9a-f-]{36}/)[0];
}

// ---- sqlmap: every parameter that a page or an interface reads ----

async function sqlmap(name, url, options) {
  const { stdout } = await run("sqlmap", ["-u", url, "--batch", "--disable-coloring", "--level=2",
    "--risk=2", "--technique=BEU", "--flush-session", `--output-dir=${folder}/sqlmap`,
    "--ignore-code=400,401,403,404,409,422,429", ...options],
  { maxBuffer: 64 << 20 }).catch((error) => error);
  const tested = [...stdout.matchAll(/parameter '([^']+)' does not seem to be injectable/g)];
  for (const line of stdout.matchAll(/^.*(is vulnerable|identified the following).*$/gm))
    found("sqlmap", `${name}: ${line[0]}`);
  console.log(`sqlmap    ${name}: ${tested.length} parameters, none injectable`);
  if (tested.length === 0) found("sqlmap", `${name}: nothing was tested\n${stdout.slice(-600)}`);
}
async function all_of_sqlmap(address, customer, desk) {
  const a_case = await first_case(address, customer.cookie);
  const cookie = ["--cookie", customer.cookie];
  const page = (at) => ["--csrf-token=form_token", `--csrf-url=${address}${at}`];
  await sqlmap("GET /cases", `${address}/cases?state=open&q=lift&lang=en`, cookie);
  await sqlmap("GET /articles", `${address}/articles?q=door`, cookie);
  await sqlmap("GET /sign-in", `${address}/sign-in?next=/cases`, []);
  await sqlmap("GET /welcome", `${address}/welcome?code=abcdef`, []);
  await sqlmap("POST /cases/new", `${address}/cases/new`, [...cookie, ...page("/cases/new"),
    "--data", "form_token=x&command_id=x&case_id=x&subject=a&body=b&priority=normal&product=x"]);
  await sqlmap("POST a case", address + a_case, [...cookie, ...page(a_case),
    "--data", "form_token=x&command_id=x&message_id=x&action=reply&body=b"]);
  await sqlmap("POST /kiosk/enrol", `${address}/kiosk/enrol`, ["--data",
    '{"code":"ABCDEFGH","key":"AAAA","version":"1"}']);
  const token = ["--headers", `X-Form-Token: ${desk.form_token}`, "--cookie", desk.cookie];
  await sqlmap("POST a command", `${address}/staff/api/command/case.note`, [...token,
    "--data", '{"case_id":"x","message":"x","body":"note"}']);
}

// ---- wapiti: crawls as a customer, then attacks what it found ----

async function wapiti(address, customer) {
  const report = path.join(folder, "wapiti.json");
  const without = ["sign-out*", "sessions*", "assets/*"].flatMap((each) =>
    ["-x", `${address}/${each}`]);
  await run("/usr/bin/python3", [path.join(root, "tests/outside/wapiti.py"), "-u", `${address}/`,
    "-H", `Cookie: ${customer.cookie}`, "--scope", "folder", "-d", "4", "--max-scan-time", "10",
    "-m", "backup,blindsql,cookieflags,crlf,csp,csrf,exec,file,http_headers,methods," +
      "permanentxss,redirect,shellshock,sql,ssrf,xss,xxe",
    ...without, "-f", "json", "-o", report, "--flush-session", "--no-bugreport"],
  { maxBuffer: 64 << 20, env: { ...process.env, HOME: folder } });
  const { vulnerabilities, anomalies } = JSON.parse(fs.readFileSync(report, "utf8"));
  const all = Object.values({ ...vulnerabilities, ...anomalies }).flat();
  for (const { method, path: where, info } of all)
    if (!(info in answered)) found("wapiti", `${method} ${where}: ${info}`);
  const kinds = new Set(all.map(({ info }) => info));
  console.log(`wapiti    ${all.length} findings of ${kinds.size} kinds`);
  for (const kind of kinds) console.log(`            ${kind}: ${answered[kind] ?? "NOT ANSWERED"}`);
}

// ---- slowhttptest: visitors who take their time must not keep others out ----

async function slow(address, kind, option) {
  const busy = run("slowhttptest", ["-c", "800", option, "-i", "5", "-r", "200", "-l", "20",
    "-p", "3", "-u", `${address}/sign-in`]).catch((error) => error);
  await new Promise((done) => setTimeout(done, 10_000));
  const start = performance.now();
  const answer = await fetch(`${address}/sign-in`);
  const took = Math.round(performance.now() - start);
  await busy;
  if (answer.status !== 200) found("slowhttptest", `${kind}: others got ${answer.status}`);
  console.log(`slowhttptest  800 ${kind}: another visitor was answered in ${took} ms`);
}

const foyer = await start_foyer();
try {
  const customer = await signed_in(foyer.address, demo.customer, false);
  const desk = await signed_in(foyer.address, demo.desk, true);
  await all_of_sqlmap(foyer.address, customer, desk);
  await wapiti(foyer.address, customer);
  await slow(foyer.address, "slow headers", "-H");
  await slow(foyer.address, "slow bodies", "-B");
  await slow(foyer.address, "slow readers", "-X");
  for (const line of foyer.log().split("\n"))
    if (/"level":"error"|"status":5\d\d/.test(line)) found("the server's own log", line);
  assert.equal((await fetch(`${foyer.address}/healthz`)).status, 200);
} finally {
  await foyer.stop();
  fs.rmSync(folder, { recursive: true, force: true });
}
console.log(findings.length === 0 ? "nothing found that is not answered"
  : ["FOUND", ...findings].join("\n"));
process.exitCode = findings.length === 0 ? 0 : 1;
