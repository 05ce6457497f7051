// What tests of the kiosk share: a kiosk enrolled by a code that an administrator asked for, visits
// through its pages, and what the server's database holds afterwards.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { demo, sign_in, start_browser, until } from "./browser.mjs";

const query = `
import json, sqlite3, sys
database = sqlite3.connect("file:" + sys.argv[1] + "/foyer.db?mode=ro", uri=True)
database.row_factory = sqlite3.Row
print(json.dumps([dict(row) for row in database.execute(sys.argv[2])], default=lambda b: b.hex()))`;

// Rows of the server's database, while it runs or not.
export function rows(foyer, sql) {
  const text = execFileSync("/usr/bin/python3", ["-c", query, foyer.data, sql]);
  return JSON.parse(text.toString());
}
export const kiosk_row = (foyer) => rows(foyer, "SELECT * FROM device WHERE series = 'K1'")[0];

async function as_administrator(foyer, work) {
  const browser = await start_browser("chromium");
  try {
    const page = await browser.newPage();
    await sign_in(page, foyer.address, demo.admin, { staff: true });
    return await page.evaluate(work.ask, work.about);
  } finally {
    await browser.close();
  }
}
const post = async ({ address, body }) => {
  const { form_token } = await (await fetch("/staff/session.json")).json();
  const answer = await fetch(address, { method: "POST", body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", "X-Form-Token": form_token,
      "Idempotency-Key": crypto.randomUUID() } });
  return { status: answer.status, body: await answer.json().catch(() => null) };
};
export async function new_code(foyer) {
  const about = { address: "/staff/api/device-code", body: { device: kiosk_row(foyer).id } };
  const { status, body } = await as_administrator(foyer, { ask: post, about });
  assert.equal(status, 200, JSON.stringify(body));
  return body.code;
}
export async function revoke(foyer) {
  const about = { address: "/staff/api/command/device.revoke",
    body: { device: kiosk_row(foyer).id, reason: "It was stolen" } };
  const { status, body } = await as_administrator(foyer, { ask: post, about });
  assert.ok(status < 300, JSON.stringify({ status, body }));
}

export const page_name = (page) =>
  page.evaluate(() => document.body?.dataset.page ?? "").catch(() => "");
export const shown = (page, name) =>
  until(`the page ${name}`, async () => await page_name(page) === name, 30_000);

export async function enrol(page, foyer) {
  await page.goto(`${foyer.address}/kiosk/`);
  await page.waitForSelector("#code", { visible: true });
  await page.type("#code", ` ${(await new_code(foyer)).toLowerCase().replace("-", " ")}`);
  await page.keyboard.press("Enter");
  await shown(page, "kiosk_welcome");
}

export async function tap(page, selector) {
  await page.waitForSelector(selector, { visible: true });
  await page.evaluate((wanted) => document.querySelector(wanted).click(), selector);
}
const fill = (page, fields) => page.evaluate((values) => {
  for (const [name, value] of Object.entries(values)) {
    const choice = document.querySelector(`[name=${name}][value="${value}"]`);
    if (choice) choice.click();
    else document.querySelector(`[name=${name}]`).value = value;
  }
}, fields);

const send = "main .actions button";
// Each fills its forms up to the last button, which `send` is. `word` is in all that they say.
export const visits = {
  check_in: async (page, word) => {
    await tap(page, 'a[href^="/kiosk/check-in"]');
    await page.waitForSelector("[name=reason]");
    await fill(page, { reason: "question", visitor_name: `Vera ${word}`,
      visitor_contact: `${word}@example.org` });
  },
  case: async (page, word) => {
    await tap(page, 'a[href^="/kiosk/case"]');
    await page.waitForSelector("[name=subject]:not([type=hidden])");
    await fill(page, { subject: `Door ${word}`, body: `It sticks, says ${word}` });
    await tap(page, send);
    await page.waitForSelector("[name=visitor_name]:not([type=hidden])");
    await fill(page, { visitor_name: `Vera ${word}`, visitor_contact: `${word}@example.org` });
    await tap(page, send);
    await page.waitForSelector("dl");
  },
  feedback: async (page, word) => {
    await tap(page, 'a[href^="/kiosk/rate"]');
    await page.waitForSelector("[name=rating]");
    await fill(page, { rating: "4", comment: `Fine, says ${word}` });
  },
};
export const kinds = Object.keys(visits);

// The receipt's number; a rating's receipt has none to remember.
export async function receipt(page) {
  await shown(page, "kiosk_receipt");
  return page.evaluate(() => document.querySelector("[data-qr]")?.dataset.qr ?? "");
}
export async function visit(page, kind, word) {
  await visits[kind](page, word);
  await tap(page, send);
  return receipt(page);
}
export const press_send = (page) => tap(page, send);
export async function end_visit(page) {
  await tap(page, "[data-end]");
  await shown(page, "kiosk_welcome");
}

// How many submissions the device has not handed over.
export const waiting = (page) => page.evaluate(() => new Promise((done, failed) => {
  const request = indexedDB.open("foyer.kiosk");
  request.onerror = () => failed(request.error);
  request.onsuccess = () => {
    const all = request.result.transaction("outbox").objectStore("outbox").getAll();
    all.onsuccess = () => {
      request.result.close();
      done(all.result.filter((each) => each.sealed !== null).length);
    };
  };
}));
export async function handed_over(page) {
  await until("an empty outbox", async () => await waiting(page).catch(() => -1) === 0, 60_000);
}
