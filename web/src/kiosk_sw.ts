// The service worker of a kiosk, for /kiosk/ alone: its pages from the device's replica, its forms
// into the sealed outbox, with or without a network. Before the device is enrolled, and after it
// was revoked, the server's page is shown (kiosk.ts).
// Invariant: between two visits nothing that a visitor sent is in this worker's memory: its
// program is thrown away at the end of each.
import { contact, forget_kiosk, hand_over, keep, kept_before, outbox_state, this_kiosk }
  from "./kiosk_device";
import type { Contact } from "./kiosk_device";
import { read_record, write_record } from "./device_record";
import { Deed, KioskProgram, Storage } from "./kiosk_program";
import type { KioskAnswer, KioskState } from "./kiosk_program";
import { asset, fill_shell, kept_page, kiosk_entry, page_headers, program_code, trim_shell }
  from "./shell";
import type { Question } from "./worker_program";

declare const self: ServiceWorkerGlobalScope;
interface SyncEvent extends ExtendableEvent { readonly tag: string }

const exchange_every_ms = 60_000;
const report_every_ms = 300_000;
const exchange_ms_max = 5000;
const tries_max = 5;
const precached = ["style/site.css", "style/kiosk.css", "src/kiosk.js", "fonts/inter.woff2",
  "fonts/inter-medium.woff2", "fonts/inter-semibold.woff2", "fonts/arabic.woff2",
  "fonts/arabic-bold.woff2", "icons/foyer.svg", "icons/foyer-192.png", "worker.js", "worker.wasm"];

importScripts(__FOYER_ASSETS__["worker.js"]!);

self.addEventListener("install", (event) => event.waitUntil((async () => {
  await fill_shell(precached, [kiosk_entry]);
  await self.skipWaiting();
})()));
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  await trim_shell();
  await self.clients.claim();
})()));

// ---- the program: opened for a visit ----

let opening: Promise<KioskProgram | null> | null = null;
let is_online = true;
let exchanged_ms = 0;
let reported_ms = 0;
let is_refused = false;

const is_revoked = async (): Promise<boolean> => await read_record("kiosk") === "revoked";

async function open_program(): Promise<KioskProgram | null> {
  const kiosk = await this_kiosk();
  if (!kiosk || await is_revoked()) return null;
  const program = await KioskProgram.load({
    changed: () => { has_changed = true; },
    signed_out: () => { is_refused = true; },
    asset: (name) => __FOYER_ASSETS__[name] ?? name,
    failed: () => { opening = null; },
  }, await program_code());
  return await program.open(kiosk.device, kiosk.key_id) ? program : null;
}
function the_program(): Promise<KioskProgram | null> {
  opening ??= open_program().catch(() => null).then((program) => {
    if (!program) opening = null;
    return program;
  });
  return opening;
}
// After the form that is being taken, if there is one: it may be another tab's.
async function end_visit(): Promise<void> {
  await answering;
  const program = await opening;
  opening = null;
  await program?.close(false);
}

// ---- the server ----

let has_changed = false;
async function tell_pages(): Promise<void> {
  for (const client of await self.clients.matchAll({ type: "window" }))
    client.postMessage("changed");
}

// Hands over what waits, then learns what is new. One at a time.
let contacting: Promise<void> | null = null;
function meet_server(): Promise<void> {
  contacting ??= meet().catch(() => { is_online = false; })
    .finally(() => { contacting = null; });
  return contacting;
}
async function meet(): Promise<void> {
  exchanged_ms = Date.now();
  if (await is_revoked()) return leave();
  let reached: Contact = "reached";
  if (Date.now() - reported_ms > report_every_ms) {
    reached = await contact();
    if (reached === "reached") reported_ms = Date.now();
  }
  if (reached === "reached") reached = await hand_over();
  if (reached === "revoked") return forget();
  is_online = reached === "reached" && await exchange();
  if (has_changed) await tell_pages();
  has_changed = false;
}
async function exchange(): Promise<boolean> {
  const program = await the_program();
  if (!program) return false;
  if (await program.exchange()) return true;
  if (!is_refused) return false;
  is_refused = false;
  const again = await contact();
  if (again === "revoked") await forget();
  return again === "reached" && await program.exchange();
}

// What visitors sent is the company's: it is handed over first, and staff see it. Without that the
// device keeps it, sealed, and tries again; it is no kiosk any more meanwhile.
async function forget(): Promise<void> {
  await write_record("kiosk", "revoked");
  await leave();
}
async function leave(): Promise<void> {
  const program = await opening;
  opening = null;
  await program?.close(true);
  const is_empty = await hand_over({ is_revoked: true }) === "reached";
  if (is_empty && await is_revoked()) await forget_kiosk(); // else it was enrolled anew meanwhile
  for (const client of await self.clients.matchAll({ type: "window" }))
    client.postMessage("revoked");
}
function within(promise: Promise<void>, ms: number): Promise<void> {
  return Promise.race([promise, new Promise<void>((done) => setTimeout(done, ms))]);
}

// ---- answers ----

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (url.pathname.startsWith("/assets/") && request.method === "GET")
    return event.respondWith(asset(request));
  if (!url.pathname.startsWith(kiosk_entry)) return;
  const is_navigation = request.mode === "navigate";
  if (is_navigation && request.method === "GET")
    return event.respondWith(page(event, url).catch(() => entry(request)));
  // Forms come from the kiosk's own script; another page's form does not reach a kiosk.
  const is_from_page = request.mode !== "navigate" &&
    request.headers.get("Accept") === "text/html";
  if (is_from_page) event.respondWith(page(event, url));
});

async function entry(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch {
    return await kept_page(kiosk_entry) ?? Response.error();
  }
}

async function page(event: FetchEvent, url: URL): Promise<Response> {
  const { request } = event;
  const form = request.method === "POST" ? new URLSearchParams(await request.text()) : null;
  const program = await the_program();
  if (!program) return entry(request.mode === "navigate" ? request : new Request(kiosk_entry));
  const question: Question = { method: request.method, path: url.pathname,
    query: url.searchParams, form, language: "", is_offline: !is_online };
  let made = await answered(program, question);
  if (made.status === 0) { // nothing has been learned yet
    await within(meet_server(), exchange_ms_max);
    made = await answered(program, question);
  } else if (form || Date.now() - exchanged_ms > exchange_every_ms) {
    event.waitUntil(meet_or_wait());
  }
  if (made.status === 0) return entry(new Request(kiosk_entry));
  const headers = await page_headers(kiosk_entry);
  if (made.status === 303) { // the page follows within its document: it is given what it asked for
    const { location: next } = made;
    headers.set("Content-Location", next);
    const { pathname, searchParams } = new URL(next, location.origin);
    made = await answered(program, { ...question, method: "GET", path: pathname,
      query: searchParams, form: null });
  }
  return new Response(made.body as Uint8Array<ArrayBuffer>, { status: made.status, headers });
}

// One form after the other: each takes the number that the one before left.
let answering: Promise<unknown> = Promise.resolve();
function answered(program: KioskProgram, question: Question): Promise<KioskAnswer> {
  const made = answering.then(() => answer(program, question));
  answering = made.then(() => undefined, () => undefined); // keeps nothing of what was answered
  return made;
}
async function answer(program: KioskProgram, question: Question): Promise<KioskAnswer> {
  for (let tried = 0; tried < tries_max; ++tried) {
    const kiosk = await this_kiosk();
    if (!kiosk) break;
    const state = await state_of(kiosk);
    const made = await program.answer(question, state);
    if (made.deed === Deed.shown) return made;
    const before = await kept_before(made.body);
    if (before !== null) return { ...made, location: before };
    try {
      if (await keep(kiosk, made.body, made.location)) return made;
    } catch {
      return { ...await program.answer(question, state, true), status: 507 };
    }
  }
  throw new Error("no number could be taken");
}

async function state_of(kiosk: { next_number: number; contact_ms: number;
  drift_ms: number | null }): Promise<KioskState> {
  const is_kept = await navigator.storage.persisted().catch(() => null);
  const storage = is_kept === null ? Storage.unknown
    : is_kept ? Storage.persisted : Storage.temporary;
  return { next_number: kiosk.next_number, contact_ms: kiosk.contact_ms,
    drift_ms: kiosk.drift_ms, storage, version: __FOYER_VERSION__, ...await outbox_state() };
}

// With no network the browser wakes this worker when there is one again, where it can.
async function meet_or_wait(): Promise<void> {
  await meet_server();
  if ((await outbox_state()).waiting === 0) return;
  const registration = self.registration as ServiceWorkerRegistration &
    { sync?: { register(tag: string): Promise<void> } };
  await registration.sync?.register("outbox").catch(() => undefined);
}

self.addEventListener("sync", (event) => (event as SyncEvent).waitUntil((async () => {
  await meet_server();
  if ((await outbox_state()).waiting > 0) throw new Error("still no network");
})()));

// From the page: "exchange" when there may be news or a network, "ended" after a visit.
self.addEventListener("message", (event) => event.waitUntil((async () => {
  if (event.data === "exchange") await meet_server();
  if (event.data === "ended") await end_visit();
  event.ports[0]?.postMessage(true);
})()));
