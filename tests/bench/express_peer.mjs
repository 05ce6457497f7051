// The peer of measurement k, a process of its own: express and nunjucks with Foyer's own templates
// of a case, precompiled and cached, sessions and rows ready in memory: no database, no rules, no
// authorisation. Prints the port that it took.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { root } from "./measure.mjs";

const require = createRequire(path.join(root, "tests/bench/peers/package.json"));
const express = require("express");
const nunjucks = require("nunjucks");

const pages = path.join(root, "web/pages");
const words = JSON.parse(fs.readFileSync(path.join(root, "web/locales/en.json"), "utf8"));
const Loader = nunjucks.Loader.extend({
  getSource: (name) => ({
    // The one word in which Inja and Nunjucks differ here.
    src: fs.readFileSync(path.join(pages, `${name}.html`), "utf8").replaceAll("else if", "elif"),
    path: name,
    noCache: false,
  }),
});
const templates = new nunjucks.Environment(new Loader(), { autoescape: true });
templates.addGlobal("t", (key) => words[key] ?? key);
templates.addGlobal("asset", (name) => `/assets/${name}`);

const sizes = JSON.parse(process.argv[2]); // how many messages and facts the page has, and its text
const sessions = new Map([["token", { user: "clara", form_token: "x".repeat(43) }]]);
const at = "2026-11-27T08:30:00Z";
const messages = Array.from({ length: sizes.messages }, (_, i) => ({
  id: String(i), side: i % 2 === 0 ? "ours" : "theirs", who: "Clara Lind", iso: at,
  at: "today at 09:30", paragraphs: ["The lift stands still. <Again>, since this morning."],
}));
const facts = Array.from({ length: sizes.facts }, (_, i) => ({
  label: `Fact ${i}`, text: "Friday, 27 November 2026 at 09:30", iso: at, tag: "kept", tone: "good",
}));
const cases = new Map([["1", { number: "T-10001", state: "In progress", tone: "busy",
  title: "The lift stands still", now: "Ana is working on it.", messages, facts }]]);

const field = { name: "body", label: "Your words", kind: "text", value: "", hint: "Plain words.",
  error: null, required: true, described_by: "body-hint", options: [] };
const page = { language: "en", direction: "ltr", name: "case", company: "Foyer", zone: "Berlin",
  help_line: "0800 1234", signed_in: true, person: "Clara Lind", demo: true, offline: false,
  own_device: false, waiting: null, has_errors: false, errors: [], navigation: [
    { href: "/cases", text: "Cases", current: true }, { href: "/contracts", text: "Contracts" },
    { href: "/articles", text: "Articles" }] };

const app = express();
app.get("/cases/:id", (request, response) => {
  const token = /session=([^;]+)/.exec(request.headers.cookie ?? "")?.[1];
  const session = sessions.get(token);
  const row = cases.get(request.params.id);
  if (!session || !row) return response.status(404).end();
  response.set("Cache-Control", "no-store");
  response.send(templates.render("case", { ...row, id: request.params.id, confirm: null,
    opened: null, errors: [], ids: { command: "1", message: "2", row: "3", confirm: "4" },
    reply: { title: "Reply", action: "reply", button: "Send", fields: [field] },
    page: { ...page, title: row.title, form_token: session.form_token, user: session.user } }));
});
const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
