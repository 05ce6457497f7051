// The script of the walk-up screen in both browsers, over pages made here and a clock that only
// moves when a test says so: pages within one document, the warning, the reset, the QR code,
// setting up. Not the device (its worker, keys and outbox): here a server answers in its place.
import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { browser_names, leave_by, root, start_browser, until, watched_page } from "./browser.mjs";

const require = createRequire(path.join(root, "web/package.json"));
const esbuild = require("esbuild");
const marker = "Zanzibar-4711";

// What the device's script does with a page, without the device.
const host_script = `
import * as page from "./kiosk_page";
Object.assign(globalThis, { page });
if (document.body.dataset.page === "kiosk_entry") {
  page.start_entry(async (code) => {
    globalThis.tried = code;
    return code === "GOOD" ? null : code === "NET" ? "no_network" : "wrong_code";
  });
  page.show_entry("asking");
} else {
  page.start_kiosk_page({
    async ended() {
      localStorage.ended = Number(localStorage.ended ?? 0) + 1;
      if (globalThis.hangs) await new Promise(() => {});
    },
  });
}`;

async function bundled() {
  const made = await esbuild.build({
    stdin: { contents: host_script, resolveDir: path.join(root, "web/src"), loader: "ts" },
    bundle: true, write: false, format: "esm", target: ["chrome120", "firefox115"],
  });
  return made.outputFiles[0].text;
}

// The dialogs are those of the product.
const layout = fs.readFileSync(path.join(root, "web/pages/kiosk_layout.html"), "utf8");
const dialogs = layout.slice(layout.indexOf("<dialog"), layout.lastIndexOf("</dialog>") + 9)
  .replaceAll(/\{\{ t\("([a-z_.]+)"\) \}\}/g, (whole, key) =>
    (key === "kiosk.idle.left" ? "Seconds left: {seconds}" : key));

const framed = (name, main, { idle = 60, live = false } = {}) => `<!doctype html>
<html lang="en" dir="ltr"><head><meta charset="utf-8"><title>${name}</title>
<link rel="icon" href="data:,"><script src="/kiosk.js" type="module"></script></head>
<body class="kiosk" data-page="${name}" data-home="/kiosk/" data-idle-seconds="${idle}"
${live ? "data-live" : ""}><time data-clock="UTC"></time><main>${main}</main>${dialogs}</body>
</html>`;

const form_page = (words = "") => framed("kiosk_check_in", `
${words ? '<div id="problems" tabindex="-1"><a href="#name">Wrong</a></div>' : ""}
<h1>Check in</h1><form method="post" action="/kiosk/check-in">
<input type="hidden" name="lang" value="en"><input id="name" name="name" value="${words}">
<textarea id="body" name="body"></textarea>
<button id="send" name="go" value="on">Send</button></form>
<a id="start" href="/kiosk/" data-end>Start over</a>
<a id="away" href="https://example.org/">Away</a>`);

const entry_page = () => {
  const entry = fs.readFileSync(path.join(root, "web/pages/kiosk_entry.html"), "utf8");
  const main = entry.slice(entry.indexOf("<div class=\"entry\">"), entry.lastIndexOf("{% endblock"))
    .replace(/\{% for problem in problems %\}(.*)\{% endfor %\}/, (whole, line) =>
      ["empty", "wrong_code", "no_network", "too_many", "failed"].map((kind) =>
        line.replaceAll("{{ problem.kind }}", kind)
          .replaceAll("{{ problem.text }}", `says ${kind}`)).join(""))
    .replaceAll(/\{\{ t\("([a-z_.]+)"\) \}\}/g, "$1");
  return framed("kiosk_entry", main, { idle: 0 });
};

function answers(script) {
  const told = { posts: [], is_down: false, board: ["K7-001"] };
  const pages = {
    "/kiosk/": () => framed("kiosk_welcome", '<h1>Welcome</h1><a id="go" href="/kiosk/check-in' +
      '?lang=en">Check in</a><a id="board" href="/kiosk/board?lang=en">Board</a>', { idle: 0 }),
    "/kiosk/check-in": () => form_page(),
    "/kiosk/board": () => framed("kiosk_board", `<h1>Board</h1><ul>${
      told.board.map((each) => `<li>${each}</li>`).join("")}</ul>`, { live: true }),
    "/kiosk/receipt": () => framed("kiosk_receipt", '<h1>Done</h1><div data-qr="K7-031"></div>' +
      '<a id="done" href="/kiosk/" data-end data-end-seconds="45">Done</a>' +
      '<button type="button" data-print hidden>Print</button>' +
      '<p data-end-words="in {seconds} s"></p>'),
    "/kiosk": entry_page,
  };
  const server = http.createServer(async (request, response) => {
    const url = new URL(request.url, "http://localhost");
    let body = "";
    for await (const chunk of request) body += chunk;
    const send = (type, text) => {
      response.writeHead(200, { "Content-Type": type, "Cache-Control": "no-store" });
      response.end(text);
    };
    if (url.pathname === "/kiosk.js") return send("text/javascript", script);
    if (told.is_down && url.pathname !== "/kiosk/") {
      response.writeHead(500, { "Content-Type": "text/html" });
      return response.end("<p>a proxy's own words</p>");
    }
    if (request.method === "POST") {
      told.posts.push({ path: url.pathname, form: new URLSearchParams(body) });
      const name = new URLSearchParams(body).get("name");
      if (name === "wrong") return send("text/html", form_page("wrong"));
      response.writeHead(303, { Location: "/kiosk/receipt?number=K7-031&kind=check_in" });
      return response.end();
    }
    const page = pages[url.pathname];
    if (page) return send("text/html", page());
    response.writeHead(404).end();
  });
  return { server, told };
}

// Time stands still but for `pass(ms)`, which runs what is due, in order.
function stopped_clock() {
  let now = 1_700_000_000_000;
  let count = 0;
  let back = 0;
  const waiting = new Map();
  Date.now = () => now - back;
  globalThis.set_back = (ms) => { back += ms; };
  globalThis.setTimeout = (run, ms = 0, ...rest) => {
    waiting.set(++count, { at: now + ms, run: () => run(...rest) });
    return count;
  };
  globalThis.clearTimeout = (id) => waiting.delete(id);
  globalThis.pass = (ms) => {
    const end = now + ms;
    for (;;) {
      const [id, next] = [...waiting].sort((a, b) => a[1].at - b[1].at)[0] ?? [];
      if (!next || next.at > end) break;
      waiting.delete(id);
      now = Math.max(now, next.at);
      next.run();
    }
    now = end;
  };
}

for (const name of browser_names) {
  describe(`the walk-up screen in ${name}`, () => {
    let browser, server, told, address;
    before(async () => {
      ({ server, told } = answers(await bundled()));
      await new Promise((done) => server.listen(0, "127.0.0.1", done));
      address = `http://localhost:${server.address().port}`;
      browser = await start_browser(name);
    });
    after(async () => {
      await browser?.close();
      server?.close();
    });

    async function at(where) {
      told.posts.length = 0;
      told.is_down = false;
      const watched = await watched_page(browser);
      await watched.page.evaluateOnNewDocument(stopped_clock);
      await watched.page.goto(address + where);
      await watched.page.evaluate(() => localStorage.removeItem("ended"));
      return watched;
    }
    // A page that is being left answers nothing.
    const shows = (page, what) => until(`${what} to be shown`, () => page.evaluate(
      (each) => document.body?.dataset.page === each, what).catch(() => false));
    const pass = (page, ms) => page.evaluate((each) => globalThis.pass(each), ms);
    const pass_the_end = (page, ms) => pass(page, ms).catch(() => undefined);
    const is_warned = (page) => page.$eval("#idle", (dialog) => dialog.open);
    const ended = (page) => page.evaluate(() => Number(localStorage.ended ?? 0));
    async function typing(page) {
      await page.click("#go");
      await shows(page, "kiosk_check_in");
      await page.type("#name", marker);
    }

    test("goes from page to page in one document, without an address or a history", async () => {
      const { page, assert_quiet } = await at("/kiosk/");
      const steps = await page.evaluate(() => history.length);
      await typing(page);
      assert.equal(await page.evaluate(() => document.activeElement.id), "name");
      await page.type("#body", "line one\nline two");
      await page.click("#send");
      await shows(page, "kiosk_receipt");
      assert.equal(page.url(), `${address}/kiosk/`);
      assert.equal(await page.evaluate(() => history.length), steps);
      assert.equal(told.posts.length, 1);
      assert.equal(told.posts[0].path, "/kiosk/check-in");
      const { name: typed, body, go, lang } = Object.fromEntries(told.posts[0].form);
      assert.deepEqual([typed, body.replaceAll("\r", ""), go, lang],
        [marker, "line one\nline two", "on", "en"]);
      assert.equal(await page.evaluate(() => document.activeElement.tagName), "H1");
      assert_quiet();
      await page.close();
    });

    test("leads to a problem, never away, and keeps words when nobody answers", async () => {
      const { page } = await at("/kiosk/");
      await page.click("#go");
      await shows(page, "kiosk_check_in");
      await page.type("#name", "wrong");
      await page.click("#send");
      await until("the problem", () => page.$("#problems"));
      assert.equal(await page.evaluate(() => document.activeElement.id), "problems");
      await page.click("#problems a");
      assert.equal(await page.evaluate(() => document.activeElement.id), "name");
      await page.click("#away");
      assert.equal(page.url(), `${address}/kiosk/`);
      told.is_down = true;
      await page.type("#body", marker);
      await page.click("#send");
      await until("the failure", () => page.$eval("#failed", (dialog) => dialog.open));
      assert.equal(await page.$eval("#body", (field) => field.value), marker);
      told.is_down = false;
      await page.click("[data-again]");
      await until("the second try", () => told.posts.length === 2);
      assert.equal(told.posts[1].form.get("body"), marker);
      await page.close();
    });

    test("warns for twenty seconds, stays as often as it is asked to, then clears", async () => {
      const { page, assert_quiet } = await at("/kiosk/");
      await typing(page);
      for (let i = 0; i < 12; ++i) {
        await pass(page, 59_000);
        assert.equal(await is_warned(page), false, `round ${i}`);
        await pass(page, 2_000);
        assert.equal(await is_warned(page), true, `round ${i}`);
        assert.match(await page.$eval("[data-said]", (each) => each.textContent), /20/);
        await pass(page, 18_000);
        assert.equal(await page.$eval("[data-seconds]", (each) => each.textContent), "1");
        if (i % 2) await page.click("[data-stay]");
        else await page.keyboard.press("Escape");
        await until("the warning to go", async () => !await is_warned(page));
        assert.equal(await page.evaluate(() => document.activeElement.id), "name");
      }
      assert.equal(await page.$eval("#name", (field) => field.value), marker);
      assert.equal(await ended(page), 0);
      await pass_the_end(page, 81_000);
      await shows(page, "kiosk_welcome");
      assert.equal(await ended(page), 1);
      assert_quiet();
      await page.close();
    });

    test("a clock that is set back does not keep a visitor's words on the screen", async () => {
      const { page } = await at("/kiosk/");
      await typing(page);
      await page.evaluate(() => globalThis.set_back(3_600_000));
      await pass(page, 61_000);
      assert.equal(await is_warned(page), true);
      await page.evaluate(() => globalThis.set_back(3_600_000));
      await pass_the_end(page, 81_000);
      await shows(page, "kiosk_welcome");
      assert.equal(await ended(page), 1);
      await page.close();
    });

    test("a touch, a key or a scroll counts as somebody being there", async () => {
      const { page } = await at("/kiosk/");
      await typing(page);
      const doings = [() => page.keyboard.press("a"), () => page.mouse.click(5, 5),
        () => page.evaluate(() => dispatchEvent(new Event("scroll")))];
      for (const doing of doings) {
        await pass(page, 50_000);
        assert.equal(await is_warned(page), false);
        await doing();
      }
      await pass(page, 50_000);
      assert.equal(await is_warned(page), false);
      await pass(page, 11_000);
      assert.equal(await is_warned(page), true);
      await page.close();
    });

    test("after a reset nothing that was typed is left in the browser", async () => {
      const { page } = await at("/kiosk/");
      const steps = await page.evaluate(() => history.length);
      for (const leave of ["#start", "[data-leave]"]) {
        await typing(page);
        if (leave === "[data-leave]") await pass(page, 65_000);
        await leave_by(page, () => page.click(leave));
        await shows(page, "kiosk_welcome");
        const left = await page.evaluate(() => [document.documentElement.outerHTML,
          ...[...document.querySelectorAll("input, textarea")].map((each) => each.value),
          JSON.stringify(history.state), location.href, JSON.stringify(localStorage),
          JSON.stringify(sessionStorage)].join("\n"));
        assert.ok(!left.includes(marker));
        assert.equal(await page.evaluate(() => history.length), steps);
        await page.click("#go");
        await shows(page, "kiosk_check_in");
        assert.equal(await page.$eval("#name", (field) => field.value), "");
        await leave_by(page, () => page.click("#start"));
      }
      assert.equal(await ended(page), 4);
      await page.close();
    });

    test("words are gone at once, and the next visitor is not kept waiting by a host", async () => {
      const { page } = await at("/kiosk/");
      await typing(page);
      await page.evaluate(() => { globalThis.hangs = true; });
      await page.click("#start");
      await until("an empty screen", () => page.evaluate(() => document.body.innerHTML === ""));
      assert.equal(await ended(page), 1);
      await pass_the_end(page, 3_100);
      await shows(page, "kiosk_welcome");
      await page.close();
    });

    test("a screen at rest never clears, a receipt counts down and a touch keeps it", async () => {
      const { page } = await at("/kiosk/");
      await pass(page, 3_600_000);
      assert.equal(await is_warned(page), false);
      assert.equal(await ended(page), 0);
      await typing(page);
      await page.click("#send");
      await shows(page, "kiosk_receipt");
      await pass(page, 40_000);
      assert.equal(await page.$eval("[data-end-words]", (each) => each.textContent), "in 5 s");
      await page.mouse.click(5, 5);
      await pass(page, 44_000);
      assert.equal(await page.evaluate(() => document.body.dataset.page), "kiosk_receipt");
      assert.equal(await page.$eval("[data-print]", (each) => each.hidden), false);
      await pass_the_end(page, 2_000);
      await shows(page, "kiosk_welcome");
      await page.close();
    });

    test("draws a QR code with its three corners and a quiet margin", async () => {
      const { page } = await at("/kiosk/receipt");
      const dark = new Set(await page.$eval("[data-qr] path", (each) =>
        each.getAttribute("d").match(/M\d+ \d+/g)));
      const size = await page.$eval("[data-qr] svg", (each) => each.viewBox.baseVal.width);
      const count = size - 8;
      assert.equal((count - 17) % 4, 0);
      for (const [x, y] of [[4, 4], [4 + count - 7, 4], [4, 4 + count - 7]])
        for (let i = 0; i < 7; ++i) {
          assert.ok(dark.has(`M${x + i} ${y}`) && dark.has(`M${x} ${y + i}`));
          if (i > 0 && i < 6) assert.ok(!dark.has(`M${x + i} ${y + 1}`));
        }
      for (const each of dark) {
        const [x, y] = each.slice(1).split(" ").map(Number);
        assert.ok(x >= 4 && y >= 4 && x < size - 4 && y < size - 4);
      }
      await page.close();
    });

    test("a board shows what changed, a form is left alone", async () => {
      const { page } = await at("/kiosk/");
      await page.click("#board");
      await shows(page, "kiosk_board");
      told.board = ["K7-002", "K7-003"];
      await page.evaluate(() => globalThis.page.refresh_kiosk_page());
      assert.equal(await page.$eval("ul", (each) => each.innerText.replaceAll(/\s+/g, " ")),
        "K7-002 K7-003");
      for (const number of ["K7-009", "K7-010"]) {
        told.board = [number];
        for (const ms of [30_000, 31_000]) {
          await pass(page, ms);
          await page.keyboard.press("Shift"); // somebody is still there
        }
        await until("the next minute's board",
          () => page.$eval("ul", (each, one) => each.innerText.includes(one), number));
      }
      await leave_by(page, () => page.evaluate(() => location.reload()));
      await typing(page);
      await page.evaluate(() => globalThis.page.refresh_kiosk_page());
      assert.equal(await page.$eval("#name", (field) => field.value), marker);
      await page.close();
    });

    test("a code is asked for until it is right, and what was wrong is said", async () => {
      const { page, assert_quiet } = await at("/kiosk");
      const shown = () => page.$$eval("[data-when]", (all) =>
        all.filter((each) => !each.hidden).map((each) => each.dataset.when).join());
      const send = async (code) => {
        await page.$eval("#code", (field) => { field.value = ""; });
        if (code) await page.type("#code", code);
        await page.click("[data-enrol] button");
        await until("an answer", async () => await shown() !== "working");
      };
      assert.equal(await shown(), "asking");
      for (const [code, kind] of [["", "empty"], ["7KQ4", "wrong_code"], ["NET", "no_network"]]) {
        await send(code);
        assert.equal(await shown(), "asking");
        assert.equal(await page.$eval("#problems ul", (each) => each.innerText.trim()),
          `says ${kind}`);
        assert.equal(await page.$eval("[data-error]", (each) => each.textContent), `says ${kind}`);
        assert.equal(await page.evaluate(() => document.activeElement.id), "problems");
        assert.match(await page.title(), /^form.error_prefix kiosk_entry$/);
      }
      await page.click("#problems li:not([hidden]) a");
      assert.equal(await page.evaluate(() => document.activeElement.id), "code");
      await send("  GOOD ");
      assert.equal(await page.evaluate(() => globalThis.tried), "GOOD");
      assert.equal(await shown(), "done");
      await page.evaluate(() => globalThis.page.show_entry("revoked"));
      await page.click("[data-ask]");
      assert.equal(await shown(), "asking");
      assert_quiet();
      await page.close();
    });
  });
}
