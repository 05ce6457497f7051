// What a visitor's screen does: goes from page to page within one document, draws the QR code,
// warns before it clears, and clears. Not the device's keys, outbox or enrolment (its host's).
// Invariant: after a reset nothing that was typed is in the document, its history or its forms;
// the address never changes. Time is Date.now and setTimeout only.
import { Idiomorph } from "idiomorph";
import qrcode from "qrcode-generator";

export interface KioskHost {
  // The visit is over: whatever else holds it forgets it. Never later than `ended_ms_max`.
  ended(): Promise<void>;
}

const home = "/kiosk/";
const warning_seconds = 20;
const ended_ms_max = 3000;
const tick_ms = 250;
const refresh_ms = 60_000;

let host: KioskHost = { ended: () => Promise.resolve() };
let shown = home; // what is on the screen; the address stays where it was
let is_going = false;
let is_leaving = false;

const element = <T extends HTMLElement>(selector: string): T | null =>
  document.querySelector<T>(selector);
const is_own = (url: URL): boolean =>
  url.origin === location.origin && url.pathname.startsWith(home);

// ---- from page to page ----

interface Step { address: string; form?: URLSearchParams; focus?: boolean }
let last_step: Step | null = null;

async function read(step: Step): Promise<Document> {
  const answer = await fetch(step.address, {
    headers: { Accept: "text/html" },
    cache: "no-store",
    ...(step.form ? { method: "POST", body: step.form } : {}),
  });
  const text = await answer.text();
  const fresh = new DOMParser().parseFromString(text, "text/html");
  // Anything but a kiosk's page: a server that is being replaced, a proxy's own words.
  if (!fresh.body.classList.contains("kiosk")) throw new Error(`${answer.status}`);
  const arrived = new URL(answer.headers.get("Content-Location") ?? answer.url, location.href);
  shown = arrived.pathname + arrived.search;
  return fresh;
}

async function go(step: Step): Promise<void> {
  if (is_going || is_leaving) return;
  is_going = true;
  last_step = step;
  document.body.toggleAttribute("data-busy", true);
  try {
    const fresh = await read(step);
    if (is_leaving) return;
    if (fresh.body.dataset.page === "kiosk_entry") return location.replace(home);
    last_step = null; // it holds what was typed
    show(fresh);
  } catch {
    if (!is_leaving) open_dialog("#failed");
  } finally {
    is_going = false;
    document.body.toggleAttribute("data-busy", false);
    touched();
  }
}

function show(fresh: Document): void {
  document.documentElement.lang = fresh.documentElement.lang;
  document.documentElement.dir = fresh.documentElement.dir;
  document.title = fresh.title;
  document.body.replaceWith(document.adoptNode(fresh.body));
  scrollTo(0, 0);
  dress();
  focus_on_news();
}

// A problem first; else the heading, so that a reader of screens begins there.
function focus_on_news(): void {
  const target = element("#problems:not([hidden])") ?? element("main h1");
  if (!target) return;
  if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

// What a page needs beyond its markup.
function dress(): void {
  document.querySelectorAll<HTMLElement>("[data-qr]").forEach(draw_code);
  document.querySelectorAll<HTMLElement>("[data-print]")
    .forEach((each) => { each.hidden = false; });
  warned = false;
  touched_ms = Date.now();
  tick();
}

function form_of(form: HTMLFormElement, submitter: HTMLElement | null): URLSearchParams {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form, submitter))
    if (typeof value === "string") fields.append(name, value);
  return fields;
}

function on_click(event: MouseEvent): void {
  if (!(event.target instanceof Element)) return;
  const hit = event.target.closest<HTMLElement>("a, button");
  if (!hit) return;
  const { dataset } = hit;
  if ("end" in dataset || "leave" in dataset) {
    event.preventDefault();
    void reset();
  } else if ("stay" in dataset) stay();
  else if ("print" in dataset) print();
  else if ("close" in dataset) element<HTMLDialogElement>("#failed")?.close();
  else if ("again" in dataset) {
    element<HTMLDialogElement>("#failed")?.close();
    if (last_step) void go(last_step);
  } else if (hit instanceof HTMLAnchorElement) follow(event, hit);
}

function follow(event: MouseEvent, link: HTMLAnchorElement): void {
  const url = new URL(link.href);
  event.preventDefault(); // a kiosk shows nothing but itself
  if (!is_own(url)) return;
  const is_inside = url.hash !== "" && link.getAttribute("href")?.startsWith("#");
  if (!is_inside) return void go({ address: url.pathname + url.search });
  const target = document.getElementById(url.hash.slice(1));
  target?.focus();
  target?.scrollIntoView({ block: "center" });
}

function on_submit(event: SubmitEvent): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || "enrol" in form.dataset) return;
  event.preventDefault();
  const url = new URL(form.getAttribute("action") ?? shown, location.href);
  if (is_own(url)) void go({ address: url.pathname, form: form_of(form, event.submitter) });
}

// ---- what changed elsewhere ----

export async function refresh_kiosk_page(): Promise<void> {
  if (!("live" in document.body.dataset) || is_going || is_leaving || document.hidden) return;
  const page = document.body.dataset.page;
  try {
    const fresh = await read({ address: shown });
    const next = fresh.querySelector("main");
    const main = element("main");
    const is_same = fresh.body.dataset.page === page && document.body.dataset.page === page;
    if (!next || !main || is_going || is_leaving || !is_same) return;
    Idiomorph.morph(main, next.innerHTML, { morphStyle: "innerHTML" });
  } catch {
    // What is shown stays; the next change or minute asks again.
  }
}
function refresh_by_and_by(): void {
  void refresh_kiosk_page();
  setTimeout(refresh_by_and_by, refresh_ms);
}

// ---- the end of a visit ----

let touched_ms = Date.now();
let warned = false;

function touched(): void {
  if (!warned) touched_ms = Date.now();
}
function stay(): void {
  warned = false;
  touched_ms = Date.now();
  element<HTMLDialogElement>("#idle")?.close();
  tick();
}

function open_dialog(selector: string): void {
  const dialog = element<HTMLDialogElement>(selector);
  if (dialog && !dialog.open) dialog.showModal();
}

// Seconds until this page clears, and whether that is to be said; null: it does not clear.
function left(): { seconds: number; is_close: boolean } | null {
  touched_ms = Math.min(touched_ms, Date.now()); // a clock that was set back keeps nobody's words
  const gone = (Date.now() - touched_ms) / 1000;
  const end = Number(element("[data-end-seconds]")?.dataset.endSeconds ?? 0);
  if (end > 0) return { seconds: end - gone, is_close: false };
  const idle = Number(document.body.dataset.idleSeconds ?? 0);
  if (!(idle > 0)) return null;
  const seconds = idle + warning_seconds - gone;
  return { seconds, is_close: seconds <= warning_seconds };
}

function tick(): void {
  const now = left();
  if (now && !is_leaving) {
    if (now.seconds <= 0) return void reset();
    const seconds = Math.ceil(now.seconds);
    if (now.is_close) warn(seconds);
    const line = element("[data-end-words]");
    if (line) line.textContent = with_seconds(line.dataset.endWords, seconds);
  }
  show_clock();
}
const with_seconds = (words: string | undefined, seconds: number): string =>
  (words ?? "").replace("{seconds}", String(seconds));

function warn(seconds: number): void {
  warned = true;
  const dialog = element<HTMLDialogElement>("#idle");
  if (!dialog) return;
  if (!dialog.open) {
    element<HTMLDialogElement>("#failed")?.close();
    dialog.showModal();
  }
  const large = dialog.querySelector<HTMLElement>("[data-seconds]");
  if (large) large.textContent = String(seconds);
  const said = dialog.querySelector<HTMLElement>("[data-said]");
  const is_said = seconds % 10 === 0 || seconds === 5;
  if (said && is_said) said.textContent = with_seconds(said.dataset.said, seconds);
}

// Whoever comes next finds the first page, whatever happens to the host.
async function reset(): Promise<void> {
  if (is_leaving) return;
  is_leaving = true;
  last_step = null;
  document.querySelectorAll("form").forEach((form) => form.reset());
  document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input, textarea")
    .forEach((field) => { field.value = field.defaultValue = ""; });
  document.body.replaceChildren();
  document.title = "";
  getSelection()?.removeAllRanges();
  const late = new Promise<void>((done) => { setTimeout(done, ended_ms_max); });
  await Promise.race([host.ended().catch(() => undefined), late]);
  location.replace(home);
}

// ---- the clock, the code ----

function show_clock(): void {
  const clock = element("[data-clock]");
  if (!clock) return;
  const language = document.documentElement.lang;
  // English and the digits of Arabic as in the rest of the page.
  const locale = { en: "en-GB", ar: "ar-u-nu-latn" }[language] ?? language;
  const text = new Intl.DateTimeFormat(locale, {
    timeStyle: "short", timeZone: clock.dataset.clock || "UTC",
  }).format(Date.now());
  if (clock.textContent !== text) clock.textContent = text;
}

function keep_clock(): void {
  show_clock();
  setTimeout(keep_clock, 1000);
}

const quiet_modules = 4; // the margin that readers want
function draw_code(place: HTMLElement): void {
  const code = qrcode(0, "M");
  code.addData(place.dataset.qr ?? "");
  code.make();
  const count = code.getModuleCount();
  let path = "";
  for (let row = 0; row < count; ++row)
    for (let column = 0; column < count; ++column)
      if (code.isDark(row, column))
        path += `M${column + quiet_modules} ${row + quiet_modules}h1v1h-1z`;
  const space = "http://www.w3.org/2000/svg";
  const image = document.createElementNS(space, "svg");
  const size = count + 2 * quiet_modules;
  image.setAttribute("viewBox", `0 0 ${size} ${size}`);
  image.setAttribute("shape-rendering", "crispEdges");
  image.setAttribute("aria-hidden", "true");
  const dark = document.createElementNS(space, "path");
  dark.setAttribute("d", path);
  dark.setAttribute("fill", "currentColor");
  image.append(dark);
  place.replaceChildren(image);
}

// ---- setting a device up ----

export type EntryState = "starting" | "asking" | "working" | "done" | "revoked" | "unfit";
export type EntryProblem = "empty" | "wrong_code" | "no_network" | "too_many" | "failed";

// Shows one state of the entry page (kiosk_entry.html).
export function show_entry(state: EntryState): void {
  document.querySelectorAll<HTMLElement>("[data-when]").forEach((each) => {
    each.hidden = each.dataset.when !== state;
  });
  const heading = element(`[data-when="${state}"] h1`);
  if (state !== "starting") heading?.focus();
}

// Says above the code and beside it what is wrong with it; null takes that away.
export function show_entry_problem(problem: EntryProblem | null): void {
  const summary = element("#problems");
  const beside = element("#code-error");
  const field = element<HTMLInputElement>("#code");
  if (!summary || !beside || !field) return;
  summary.hidden = beside.hidden = problem === null;
  beside.closest(".field")?.classList.toggle("wrong", problem !== null);
  field.setAttribute("aria-describedby", problem ? "code-hint code-error" : "code-hint");
  field.toggleAttribute("aria-invalid", problem !== null);
  let words = "";
  summary.querySelectorAll<HTMLElement>("[data-problem]").forEach((each) => {
    each.hidden = each.dataset.problem !== problem;
    if (!each.hidden) words = each.innerText;
  });
  const told = beside.querySelector<HTMLElement>("[data-error]");
  if (told) told.textContent = words;
  const prefix = beside.querySelector("span")?.textContent ?? "";
  document.title = document.title.replace(`${prefix} `, "");
  if (problem === null) return;
  document.title = `${prefix} ${document.title}`;
  summary.focus();
}

// `enrol` is given what was typed; a problem that it answers is shown, null means done.
export function start_entry(enrol: (code: string) => Promise<EntryProblem | null>): void {
  keep_clock();
  addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !("enrol" in form.dataset)) return;
    event.preventDefault();
    void try_code(form, enrol);
  });
  addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const hit = event.target.closest("[data-ask], .problems a");
    if (!hit) return;
    event.preventDefault();
    if (hit.matches("[data-ask]")) show_entry("asking");
    element("#code")?.focus();
  });
}
async function try_code(form: HTMLFormElement,
                        enrol: (code: string) => Promise<EntryProblem | null>): Promise<void> {
  const field = form.elements.namedItem("code");
  const code = field instanceof HTMLInputElement ? field.value.trim() : "";
  if (code === "") return show_entry_problem("empty");
  show_entry_problem(null);
  show_entry("working");
  const problem = await enrol(code).catch((): EntryProblem => "failed");
  if (problem === null) return show_entry("done");
  show_entry("asking");
  show_entry_problem(problem);
}

// Nobody has begun anything here.
export function is_at_rest(): boolean {
  return !is_going && !is_leaving &&
    ["kiosk_welcome", "kiosk_board"].includes(document.body.dataset.page ?? "");
}

// ---- the start ----

function keep_ticking(): void {
  tick();
  setTimeout(keep_ticking, tick_ms);
}

// Once per document, on a page that the device's worker rendered.
export function start_kiosk_page(of: KioskHost): void {
  host = of;
  shown = location.pathname + location.search;
  addEventListener("click", on_click);
  addEventListener("submit", on_submit);
  for (const name of ["pointerdown", "keydown", "input", "wheel", "touchmove", "scroll", "focusin",
    "afterprint"])
    addEventListener(name, touched, { capture: true, passive: true });
  // Nobody's words travel to the next visitor by the clipboard, nobody gets out by a menu.
  for (const name of ["copy", "cut", "contextmenu", "dragstart"])
    addEventListener(name, (event) => event.preventDefault());
  // Escape is no answer to the question.
  addEventListener("cancel", (event) => {
    if (event.target instanceof HTMLDialogElement && event.target.id === "idle") {
      event.preventDefault();
      stay();
    }
  }, true);
  addEventListener("pageshow", (event) => {
    if (event instanceof PageTransitionEvent && event.persisted) void reset();
  });
  navigator.serviceWorker?.addEventListener("message", (event) => {
    if (event.data === "changed") void refresh_kiosk_page();
  });
  document.addEventListener("visibilitychange", () => void refresh_kiosk_page());
  dress();
  keep_ticking();
  setTimeout(refresh_by_and_by, refresh_ms);
}
