// What browser tests share: a Foyer of their own on loopback, real Chromium and Firefox, pages
// whose console must stay empty, and signing in. FOYER_SERVER and FOYER_WEB name another build than
// build/.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const require = createRequire(path.join(root, "web/package.json"));
export const puppeteer = require("puppeteer-core");

export const demo = {
  customer: "clara@lindenhof.example",
  own_cases_only: "david@lindenhof.example",
  other_company: "sofia@seeblick.example",
  desk: "ana@foyer.example",
  admin: "admin@foyer.example",
  password: "welcome to the foyer",
};

const programs = { chromium: "/usr/bin/chromium", firefox: "/usr/bin/firefox-esr" };
export const browser_names = Object.keys(programs);

function temporary_folder(purpose) {
  return fs.mkdtempSync(path.join(os.tmpdir(), `foyer-${purpose}-`));
}

export const web_folder = process.env.FOYER_WEB ?? path.join(root, "build/web");

// Starts foyer-server with demo data; `port` 0 takes a free one, `data` is kept across starts.
export async function start_foyer(
  { port = 0, data, web = web_folder, arguments: more = [] } = {}) {
  const program = process.env.FOYER_SERVER ?? path.join(root, "build/foyer-server");
  const folder = data ?? temporary_folder("data");
  const settings = ["--listen", `127.0.0.1:${port}`, "--data", folder, "--web", web, ...more];
  const server = spawn(program, ["serve", "--demo", ...settings],
    { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const ended = new Promise((resolve) => server.on("exit", resolve));
  const address = await new Promise((resolve, reject) => {
    const give_up = () => reject(new Error(`foyer-server did not start:\n${said}`));
    const timer = setTimeout(give_up, 60_000);
    const listen = (chunk) => {
      said += chunk;
      const found = said.match(/customers: +(http:\/\/localhost:\d+)\//);
      if (!found) return;
      clearTimeout(timer);
      resolve(found[1]);
    };
    server.stdout.on("data", listen);
    server.stderr.on("data", listen);
    ended.then((code) => reject(new Error(`foyer-server ended with ${code}:\n${said}`)));
  });
  return {
    address,
    data: folder,
    log: () => said,
    async stop(signal = "SIGTERM") {
      if (server.exitCode === null && server.signalCode === null) server.kill(signal);
      const code = await ended;
      if (!data) fs.rmSync(folder, { recursive: true, force: true });
      return code;
    },
    // Once it is stopped: the same address and data, or another build of the pages.
    again: (other = {}) => start_foyer({ port: Number(new URL(address).port), data: folder, web,
      arguments: more, ...other }),
  };
}

// A browser with an empty profile; `profile` keeps one across starts; `preferences` are Firefox's.
export async function start_browser(name,
  { profile, arguments: more = [], preferences = {} } = {}) {
  const is_firefox = name === "firefox";
  const launch = () => puppeteer.launch({
    browser: is_firefox ? "firefox" : "chrome",
    executablePath: programs[name],
    headless: true,
    userDataDir: profile,
    args: is_firefox ? more : ["--no-sandbox", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
      "--enable-unsafe-swiftshader", ...more],
    extraPrefsFirefox: { "network.captive-portal-service.enabled": false,
      "network.connectivity-service.enabled": false, ...preferences },
  });
  return launched(launch);
}

// Puppeteer puts a killed Firefox's settings back while the next one already asks for them.
export function launched(launch) {
  return until("a browser", () => launch().catch((error) => {
    if (error.code !== "ENOENT") throw error;
  }), 30_000);
}

// A page that notes every error and warning of its console, every uncaught error and every report
// of the content security policy (browsers put those on the console). `assert_quiet` wants none.
export async function watched_page(browser, { context } = {}) {
  const page = await (context ?? browser).newPage();
  const complaints = [];
  page.on("console", (message) => {
    // Software WebGL speaks of its own speed when a screenshot reads pixels; no page can help it.
    if (message.text().includes("GL Driver Message")) return;
    if (["error", "warn", "warning", "assert"].includes(message.type())) {
      complaints.push(`${message.type()}: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => {
    // Firefox says so of a load that it gave up by itself, since the page was left meanwhile; of an
    // answer that the worker failed to give it speaks in other words.
    if (/ServiceWorker intercepted .* encountered an unexpected/.test(error.message)) return;
    complaints.push(`uncaught: ${error.message}`);
  });
  return {
    page,
    complaints,
    assert_quiet: () => assert.deepEqual(complaints, []),
  };
}

export async function sign_in(page, address, email, { staff = false } = {}) {
  await page.goto(`${address}${staff ? "/staff" : ""}/sign-in`);
  await page.type("#email", email);
  await page.type("#password", demo.password);
  await leave_by(page, () => page.keyboard.press("Enter"));
}

// Does what leads to another page, and waits until that is loaded. Not by the browser's own events:
// Firefox's are missed at times.
export async function leave_by(page, act) {
  await page.evaluate(() => { globalThis.is_left_behind = true; });
  await act();
  await until("another page", () => page.evaluate(() =>
    !globalThis.is_left_behind && document.readyState === "complete").catch(() => false), 30_000);
}

// Presses what leads to another page.
export async function submit(page, selector) {
  await leave_by(page, () => page.click(selector));
}

// From then on the worker answers the page's requests.
export async function wait_for_worker(page) {
  const is_controlled = () => page.evaluate(() => navigator.serviceWorker.controller !== null);
  await until("the service worker", is_controlled, 30_000);
}

// Says that the device is the customer's own.
export async function keep_here(page, address) {
  await page.goto(`${address}/device`);
  await submit(page, "form[data-keep] button");
  assert.match(await text_of(page), /are kept on this device/);
}

export async function text_of(page) {
  await page.waitForSelector("body"); // of a page that has just begun there is none yet
  return page.evaluate(() => document.body.innerText);
}

// Waits until `question(page)` gives something true; says what was waited for when it never does.
export async function until(what, question, timeout_ms = 30_000) {
  const end = Date.now() + timeout_ms;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited ${timeout_ms} ms for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
