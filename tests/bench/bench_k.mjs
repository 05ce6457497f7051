// A customer's page of one case: made by the server (session, rows from SQLite, authorisation,
// template), and made by the service worker on the person's own device. The peer, express with
// nunjucks, renders the same template with its rows in memory.
import { spawn } from "node:child_process";
import http from "node:http";
import path from "node:path";
import { signed_in } from "./foyer.mjs";
import { in_turns, median, percentile, root, temporary_folder } from "./measure.mjs";
import { demo, sign_in, start_browser, start_foyer, until } from "../web/browser.mjs";

export const title = "a customer's page of one case";
const rounds = 7, pages_a_round = 200, fetches_a_round = 100;

// The milliseconds of each of `count` requests, one after the other over one connection.
function requests(address, cookie) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const once = () => new Promise((resolve, reject) => {
    const start = process.hrtime.bigint();
    http.get(address, { agent, headers: { Cookie: cookie, Accept: "text/html" } }, (answer) => {
      let bytes = 0;
      answer.on("data", (chunk) => { bytes += chunk.length; });
      answer.on("end", () => {
        if (answer.statusCode !== 200) return reject(new Error(`${address}: ${answer.statusCode}`));
        resolve({ ms: Number(process.hrtime.bigint() - start) / 1e6, bytes });
      });
    }).on("error", reject);
  });
  return async () => {
    const spent = [];
    for (let i = 0; i < pages_a_round; ++i) spent.push((await once()).ms);
    return spent;
  };
}

async function start_express(sizes) {
  const peer = spawn(process.execPath,
    [path.join(root, "tests/bench/express_peer.mjs"), JSON.stringify(sizes)],
    { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, NODE_ENV: "production" } });
  const port = await new Promise((resolve, reject) => {
    peer.stdout.on("data", (chunk) => resolve(Number(String(chunk))));
    peer.on("exit", (code) => reject(new Error(`the peer ended with ${code}`)));
  });
  return { address: `http://127.0.0.1:${port}/cases/1`, stop: () => peer.kill() };
}

// A browser whose worker answers from a replica that is kept on the device.
async function start_worker(address) {
  const browser = await start_browser("chromium", { profile: temporary_folder("profile") });
  const page = await browser.newPage();
  page.setDefaultTimeout(180_000); // a machine that is busy otherwise is slow, not broken
  await sign_in(page, address, demo.customer);
  await until("the worker", () => page.evaluate(() =>
    navigator.serviceWorker.controller !== null), 60_000);
  await page.goto(`${address}/device`);
  await Promise.all([page.waitForNavigation(), page.click("form[data-keep] button")]);
  return { browser, page };
}

// In the page: the milliseconds of each fetch, and whether the worker made the answers.
const fetches = (page, where, count) => page.evaluate(async (address, times) => {
  const spent = [];
  let is_server = false;
  for (let i = 0; i < times; ++i) {
    const start = performance.now();
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    await answer.text();
    spent.push(performance.now() - start);
    is_server ||= answer.headers.has("Date");
  }
  return { spent, is_server };
}, where, count);

// The case with the most said about it, of the demonstration's.
async function longest_case(address, cookie) {
  const read = async (at) =>
    (await fetch(address + at, { headers: { Cookie: cookie, Accept: "text/html" } })).text();
  const list = await read("/cases?show=all");
  let longest = { where: "", html: "" };
  for (const [, where] of list.matchAll(/href="(\/cases\/[0-9a-f-]{36})"/g)) {
    const html = await read(where);
    if (html.length > longest.html.length) longest = { where, html };
  }
  return longest;
}

function row_of(rounds_ms, what, more) {
  const all = rounds_ms.flat();
  return { what, value: median(all), p95: percentile(all, 0.95), unit: "ms", ...more };
}

export async function measure() {
  const foyer = await start_foyer({ arguments: ["--log-level", "warning"] });
  const cookie = await signed_in(foyer.address, demo.customer);
  const { where, html } = await longest_case(foyer.address, cookie);
  const count = (pattern) => html.match(pattern)?.length ?? 0;
  const sizes = { messages: count(/<li class="message/g), facts: count(/<dt>/g) };
  const express = await start_express(sizes);
  const { browser, page } = await start_worker(foyer.address);
  const asset = await page.evaluate(() => document.querySelector("link[rel=icon]").href);
  const worker = async () => {
    const { spent, is_server } = await fetches(page, where, fetches_a_round);
    if (is_server) throw new Error("the worker left the page to the server");
    return spent;
  };
  try {
    const turns = await in_turns(rounds, {
      server: requests(foyer.address + where, cookie),
      health: requests(`${foyer.address}/healthz`, cookie),
      express: requests(express.address, "session=token"),
      worker,
      cached: async () => (await fetches(page, asset, fetches_a_round)).spent,
    });
    const of_all = (name, share) => percentile(turns[name].flat(), share);
    return [
      row_of(turns.server, `by the server, ${sizes.messages} messages`, {
        others: [{ name: "express + nunjucks", value: of_all("express", 0.5),
          p95: of_all("express", 0.95) }],
        limits: [{ name: "an answer without a page", value: of_all("health", 0.5) }],
        target: "p95 <= 10 ms", reached: of_all("server", 0.95) <= 10 }),
      row_of(turns.worker, "by the service worker", {
        limits: [{ name: "a cached file through it", value: of_all("cached", 0.5) }],
        target: "p95 <= 50 ms", reached: of_all("worker", 0.95) <= 50 }),
    ];
  } finally {
    await browser.close();
    express.stop();
    await foyer.stop();
  }
}
