// What scripts add to the customer site: live updates, distances in time, the offline line.
// Everything works without it. A page asks for itself again when something changed, and is morphed.
// Invariant: neither a morph nor a lost connection takes away what somebody has written.
import { Idiomorph } from "idiomorph";
import { device_room } from "./device_room";
import { follow_newer_build, look_for_newer_build } from "./newer_build";

const is_signed_in = document.body.hasAttribute("data-signed-in");
const problems = document.getElementById("problems");

// A network may be there and the server not: whoever made the page, or asked last, knows.
let is_reached = document.getElementById("connection")?.hidden ?? true;
function show_connection(): void {
  const line = document.getElementById("connection");
  if (line) line.hidden = navigator.onLine && is_reached;
}

function show_unreached(): void {
  is_reached = false;
  show_connection();
  document.getElementById("connection")?.scrollIntoView({ block: "nearest" });
}

// Keeps what is being typed: fields that differ from what the server sent are the person's.
function is_touched(element: Element): boolean {
  if (element instanceof HTMLTextAreaElement || element instanceof HTMLInputElement)
    return element.value !== element.defaultValue;
  if (element instanceof HTMLSelectElement)
    return Array.from(element.options).some((each) => each.selected !== each.defaultSelected);
  return false;
}

const is_form_in_use = (node: Node): boolean =>
  node instanceof HTMLFormElement && Array.from(node.elements).some(is_touched);

// Arabic has the digits that the rest of the page has.
const language = document.documentElement.lang;
const distance = new Intl.RelativeTimeFormat(language === "ar" ? "ar-u-nu-latn" : language, {
  style: "short",
  numeric: "auto",
});
const minute_ms = 60_000;

// "today, 14:30 (in 3 hr)": only near instants, where the distance says more than the date.
function show_distances(): void {
  for (const time of document.querySelectorAll<HTMLTimeElement>(".status time")) {
    const minutes = Math.round((Date.parse(time.dateTime) - Date.now()) / minute_ms);
    const next = time.nextElementSibling;
    const old = next?.classList.contains("relative") ? next : null;
    if (Number.isNaN(minutes) || Math.abs(minutes) >= 36 * 60) {
      old?.remove();
      continue;
    }
    const text = minutes === 0 ? distance.format(0, "second")
      : Math.abs(minutes) < 60 ? distance.format(minutes, "minute")
      : distance.format(Math.round(minutes / 60), "hour");
    const span = old ?? document.createElement("span");
    span.className = "relative";
    span.textContent = ` (${text})`;
    if (!old) time.after(span);
  }
}

let is_refreshing = false;
// `is_news`: the server knows more than what is on this device.
async function refresh(is_news = true): Promise<void> {
  // With a problem on it the page is the answer to a form: asking again would lose the words.
  if (is_refreshing || document.hidden || problems) return;
  is_refreshing = true;
  try {
    const headers = { Accept: "text/html", ...(is_news ? { "X-Foyer-Fresh": "1" } : {}) };
    const answer = await fetch(location.href, { headers });
    if (answer.redirected && new URL(answer.url).pathname === "/sign-in") return signed_out();
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = fresh.querySelector("main");
    const main = document.querySelector("main");
    if (!next || !main || fresh.body.dataset.page !== document.body.dataset.page) return;
    if (fresh.body.dataset.signedIn !== document.body.dataset.signedIn) return signed_out();
    take_token(fresh);
    Idiomorph.morph(main, next.innerHTML, {
      morphStyle: "innerHTML",
      ignoreActiveValue: true,
      callbacks: {
        // A form in use keeps its words and its ids: sending it stays one command.
        beforeNodeMorphed: (old: Node) => !is_form_in_use(old),
        beforeNodeRemoved: (old: Node) => !(old instanceof Element &&
          [old, ...old.querySelectorAll("form")].some(is_form_in_use)),
        // What somebody opened stays open.
        beforeAttributeUpdated: (name: string, node: Element) =>
          !(name === "open" && node instanceof HTMLDetailsElement),
      },
    });
    is_reached = fresh.getElementById("connection")?.hidden ?? true;
    show_notice(fresh);
    show_distances();
    void show_room();
  } catch {
    is_reached = false;
  } finally {
    is_refreshing = false;
    show_connection();
  }
}

// A form that is not morphed is sent with the session that there is now, of the same person.
function take_token(fresh: Document): void {
  const tokens = "input[name=form_token]";
  const token = fresh.querySelector<HTMLInputElement>(tokens)?.value;
  for (const field of document.querySelectorAll<HTMLInputElement>(tokens))
    if (token) field.value = field.defaultValue = token;
  const line = document.getElementById("signed-out");
  if (line) line.hidden = true;
}

// Nothing is shown any more, but words that would be lost with the page.
let is_leaving = false;
function signed_out(): void {
  if (!has_words()) {
    if (!is_leaving) location.reload(); // a second time would begin anew
    is_leaving = true;
    return;
  }
  const line = document.getElementById("signed-out");
  if (!line) return;
  line.hidden = false;
  line.scrollIntoView({ block: "nearest" });
}

// What waits to be sent is said above the page.
function show_notice(fresh: Document): void {
  const old = document.querySelector("aside.waiting");
  const next = fresh.querySelector("aside.waiting");
  if (old && next) old.replaceWith(next);
  else if (next) document.getElementById("connection")?.after(next);
  else old?.remove();
}

// ---- the service worker ----

interface WorkerState { keeps: boolean; waiting: number }
interface Draft { draft: string; words?: string }
// Null: there is none, or it says nothing.
function ask_worker(question: "state" | "exchange"): Promise<WorkerState | null>;
function ask_worker(question: Draft): Promise<string | boolean | null>;
function ask_worker(question: string | Draft): Promise<unknown> {
  const worker = navigator.serviceWorker?.controller;
  if (!worker) return Promise.resolve(null);
  return new Promise((done) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = (event) => done(event.data);
    setTimeout(done, 8000, null);
    worker.postMessage(question, [channel.port2]);
  });
}

function start_worker(): void {
  if (!navigator.serviceWorker) return;
  follow_newer_build(has_words);
  navigator.serviceWorker.addEventListener("message", (event) => {
    if (event.data === "changed") void refresh(false);
    else if (event.data === "unreached") show_unreached();
    else if (is_signed_in) signed_out();
  });
  void navigator.serviceWorker.register("/sw.js").catch(() => undefined);
  void ask_worker("state").then((state) => {
    if (!state?.keeps) return;
    document.body.dataset.ownDevice = "";
    document.querySelectorAll<HTMLFormElement>("form[data-draft]").forEach(keep_drafts);
  });
}

function size_words(bytes: number): string {
  const [unit, size] = bytes < 1e9 ? ["megabyte", bytes / 1e6] : ["gigabyte", bytes / 1e9];
  return new Intl.NumberFormat(language === "ar" ? "ar-u-nu-latn" : language,
    { style: "unit", unit, maximumFractionDigits: 1 }).format(size);
}
async function show_room(): Promise<void> {
  const line = document.getElementById("room");
  const room = line && await device_room();
  if (!room) return;
  const { lasting = "", passing = "", used = "" } = line.dataset;
  const sizes = used.replace("[used]", size_words(room.used_bytes))
    .replace("[max]", size_words(room.bytes_max));
  line.textContent =
    `${room.is_lasting ? lasting : passing} ${room.bytes_max > 0 ? sizes : ""}`.trim();
  line.hidden = false;
}

// ---- drafts: on an own device what is being written outlives the page ----

const draft_ms = 300;
function keep_drafts(form: HTMLFormElement): void {
  const draft = form.getAttribute("action") ?? location.pathname; // a field may be named "action"
  let timer = 0;
  const save = (): void => {
    clearTimeout(timer);
    timer = 0;
    const fields = new FormData(form);
    fields.delete("form_token"); // of this session
    const is_empty = Array.from(form.elements).every((each) =>
      !(each instanceof HTMLTextAreaElement || each instanceof HTMLInputElement) ||
      each.type === "hidden" || each.value === "");
    const words = is_empty ? "" : new URLSearchParams(fields as unknown as [string, string][]);
    void ask_worker({ draft, words: words.toString() });
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, draft_ms);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    timer = 0;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && timer !== 0) save();
  });
  if (is_form_in_use(form)) save();
  if (problems || is_form_in_use(form)) return;
  void ask_worker({ draft }).then((words) => {
    if (typeof words === "string" && words && !is_form_in_use(form)) fill(form, words);
  });
}

// With its ids: sent twice, from two pages, it is still one command.
function fill(form: HTMLFormElement, words: string): void {
  for (const [name, value] of new URLSearchParams(words)) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement ||
        field instanceof HTMLSelectElement) field.value = value;
  }
}

let wait_ms = 1000;
let was_connected = false;
function listen(): void {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(`${scheme}//${location.host}/hints`);
  socket.onopen = () => {
    wait_ms = 1000;
    if (was_connected) look_for_newer_build();
    was_connected = true;
    void refresh();
  };
  socket.onmessage = () => void refresh();
  let was_open = false;
  socket.addEventListener("open", () => { was_open = true; });
  socket.onclose = (event) => {
    // Signed out elsewhere; what is kept on the device goes first.
    if (event.code === 4401) void ask_worker("exchange").then(signed_out);
    else if (!was_open) void refresh(); // no server, or no session: an answer tells which
    setTimeout(listen, wait_ms * (0.5 + Math.random()));
    wait_ms = Math.min(wait_ms * 2, 30_000);
  };
}

function has_words(): boolean {
  const fields = document.querySelectorAll("main form :is(input, textarea, select)");
  return problems !== null || Array.from(fields).some(is_touched);
}

addEventListener("online", () => {
  show_connection();
  void refresh();
});
addEventListener("offline", show_connection);
// The browser's own error page would replace the form and the words in it. On an own device the
// worker takes them.
addEventListener("submit", (event) => {
  // Asked from a page, since a worker cannot; the answer may never come, so nobody waits for it.
  const is_keeping = event.target instanceof HTMLFormElement && "keep" in event.target.dataset;
  if (is_keeping) void navigator.storage?.persist?.();
  if (document.getElementById("signed-out")?.hidden === false) {
    event.preventDefault();
    return signed_out();
  }
  if (navigator.onLine || "ownDevice" in document.body.dataset) return;
  event.preventDefault();
  show_unreached();
});
show_connection();
show_distances();
void show_room();
setInterval(show_distances, minute_ms);
if (problems) problems.focus();
if (document.readyState === "complete") start_worker();
else addEventListener("load", start_worker);
if (is_signed_in) {
  listen();
  document.addEventListener("visibilitychange", () => void refresh());
}
