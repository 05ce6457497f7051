// The service worker of the customer site: the browser's events, and who answers them. On a device
// that is the person's own the program answers navigations and forms from its replica, with or
// without a network; elsewhere it answers reads from memory while it is warm. Whatever it cannot
// answer, or fails at, is the server's.
import { delete_rows_of, read_record, write_record } from "./device_record";
import { asset, fill_shell, keep_page, kept_page, page_headers, program_code, trim_shell,
  manifest, offline_page, portal_shell } from "./shell";
import { Deed, Farewell, WorkerProgram } from "./worker_program";
import type { Answer, Session } from "./worker_program";

declare const self: ServiceWorkerGlobalScope;
interface SyncEvent extends ExtendableEvent { readonly tag: string }

const exchange_ms_max = 5000;
const exchange_every_ms = 60_000;
const languages = ["en", "de", "fr", "ar"];
const precached = ["style/site.css", "src/site.js", "fonts/inter.woff2", "fonts/inter-medium.woff2",
  "fonts/inter-semibold.woff2", "icons/foyer.svg", "icons/foyer-192.png", "worker.js",
  "worker.wasm"];

importScripts(__FOYER_ASSETS__["worker.js"]!);

// ---- the shell ----

self.addEventListener("install", (event) => event.waitUntil((async () => {
  await fill_shell(precached, [offline_page, manifest]);
  await self.skipWaiting();
})()));

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  await trim_shell();
  await self.clients.claim();
})()));

// ---- whose device this is ----

// The session of the person whose own device this is, and the language they read.
interface Owner extends Session { language: string }
const owner = (): Promise<Owner | null> => read_record<Owner>("owner");
const set_owner = (value: Owner | null): Promise<void> => write_record("owner", value);

// ---- the site: opened once for a person, until they sign out ----

interface Site { program: WorkerProgram; session: Session; keeps: boolean; is_refused: boolean }
let opening: Promise<Site | null> | null = null;
let site: Site | null = null; // opened and loaded
let is_stale = false; // the server was told something that the replica does not have yet
let is_online = true;
let exchanged_ms = 0; // when it was last tried
let has_changed = false;
let is_changing_hands = false; // somebody is signing in or out

async function session_of_server(): Promise<Session | "nobody" | "unreachable"> {
  try {
    const answer = await fetch("/session.json", { cache: "no-store" });
    if (answer.status === 401) return "nobody";
    if (!answer.ok) return "unreachable";
    const { user, form_token, is_demo } = await answer.json() as Session;
    return { user, form_token, is_demo };
  } catch {
    return "unreachable";
  }
}

async function start(): Promise<Site | null> {
  const kept = await owner();
  if (kept) spoken ||= kept.language;
  const known = kept ?? await session_of_server();
  if (known === "nobody" || known === "unreachable") return null;
  const program = await WorkerProgram.load({
    changed: () => { has_changed = true; },
    signed_out: () => { made.is_refused = true; },
    asset: (name) => __FOYER_ASSETS__[name] ?? name,
    failed: close,
  }, await program_code());
  const made: Site = { program, session: known, keeps: kept !== null, is_refused: false };
  if (!await program.open(known, made.keeps)) return null;
  if (!program.is_loaded) await exchange(made);
  return program.is_loaded ? made : null;
}
function open_site(): Promise<Site | null> {
  if (is_changing_hands) return Promise.resolve(null);
  opening ??= start().catch(() => null).then((made) => {
    site = made;
    if (!made) opening = null;
    return made;
  });
  return opening;
}
function close(): void {
  site = null;
  opening = null;
}

// Tells the server what waits and learns what it has; then tells the pages.
async function exchange(of: Site): Promise<boolean> {
  exchanged_ms = Date.now();
  is_online = await of.program.exchange();
  if (of.is_refused && await renew(of)) is_online = await of.program.exchange();
  if (is_online) is_stale = false;
  if (!has_changed) return is_online;
  has_changed = false;
  await tell_pages("changed");
  return is_online;
}
async function tell_pages(what: "changed" | "unreached" | "signed_out"): Promise<void> {
  for (const client of await self.clients.matchAll({ type: "window" })) client.postMessage(what);
}
function within<T>(promise: Promise<T>, ms: number, otherwise: T): Promise<T> {
  return Promise.race([promise, new Promise<T>((done) => setTimeout(done, ms, otherwise))]);
}

// The server does not take the session any more. With a new one of the same person all goes on
// (true); else what may not be read without one goes, what was written stays until they are back.
async function renew(of: Site): Promise<boolean> {
  of.is_refused = false;
  const session = await session_of_server();
  if (session === "unreachable") return false;
  if (session !== "nobody" && session.user === of.session.user) {
    of.session = session;
    of.program.set_form_token(session.form_token);
    if (of.keeps) await set_owner({ ...session, language: language() });
    return true;
  }
  close();
  await of.program.erase(Farewell.over);
  if (session !== "nobody" && of.keeps) await set_owner(null);
  await tell_pages("signed_out");
  return false;
}

// ---- answers ----

const not_pages = /^\/(staff|kiosk|api|sync|hints|session\.json|healthz|readyz|assets|setup)(\/|$)/;
const of_sessions = /^\/(sign-in|sign-out|welcome|sessions)(\/|$)/;

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  const is_shell = url.pathname.startsWith("/assets/") || url.pathname === manifest;
  if (is_shell && request.method === "GET")
    return event.respondWith(asset(request));
  if (request.mode === "navigate" && /^\/staff(\/|$)/.test(url.pathname))
    return event.respondWith(staff_page(request, url));
  const wants_page = request.mode === "navigate" || request.headers.get("Accept") === "text/html";
  if (!wants_page || not_pages.test(url.pathname)) return;
  event.respondWith(of_sessions.test(url.pathname) ? pass_session(event, url)
    : answer(event, url).catch(() => pass(request)));
});

// In the language in which the server last spoke to this person, before that the browser's.
let spoken = "";
function language(): string {
  if (spoken) return spoken;
  const known = navigator.languages.map((each) => each.slice(0, 2).toLowerCase())
    .find((each) => languages.includes(each));
  return known ?? "en";
}

async function ask_server(request: Request): Promise<Response> {
  const answer = await fetch(request);
  spoken = answer.headers.get("Content-Language") ?? spoken;
  return answer;
}

async function pass(request: Request): Promise<Response> {
  try {
    return await ask_server(request);
  } catch {
    return no_network(request);
  }
}
// A page that asks for itself anew keeps what it shows, one with a form its words: no content means
// that the browser stays where it is.
async function no_network(request: Request): Promise<Response> {
  if (request.mode !== "navigate") return Response.error();
  if (request.method === "POST") {
    await tell_pages("unreached");
    return new Response(null, { status: 204 });
  }
  return await kept_page(offline_page) ?? Response.error();
}

// The portal is one page, the same for everybody: the last one that the server gave is kept for
// when there is no network. Signing out removes what the portal has read on this device.
async function staff_page(request: Request, url: URL): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(request);
  } catch {
    const known = await kept_page(portal_shell);
    return request.method === "GET" && known ? known : pass(request);
  }
  const is_shell = answer.ok && !answer.redirected && answer.headers.has("X-Foyer-Portal");
  if (is_shell) await keep_page(portal_shell, answer.clone());
  if (request.method === "POST" && url.pathname === "/staff/sign-out") await forget_staff();
  return answer;
}
async function forget_staff(): Promise<void> {
  const staff = await read_record<{ user: string }>("staff");
  if (!staff) return;
  await write_record("staff", null);
  await delete_rows_of(staff.user);
}

// Signing in and out is the server's; what is kept here follows it.
async function pass_session(event: FetchEvent, url: URL): Promise<Response> {
  if (event.request.method !== "POST") return pass(event.request);
  const leaves = url.pathname === "/sign-out";
  const kept = await owner();
  const was = site ?? (kept ? await open_site() : null);
  if (leaves && kept && was) await within(exchange(was), exchange_ms_max, false);
  is_changing_hands = true;
  try {
    close();
    return await change_hands(await ask_server(event.request), leaves, kept, was);
  } catch {
    return no_network(event.request);
  } finally {
    is_changing_hands = false;
  }
}
async function change_hands(answer: Response, leaves: boolean, kept: Session | null,
  was: Site | null): Promise<Response> {
  const now = leaves ? "nobody" : await session_of_server();
  const is_another = typeof now === "object" && now.user !== kept?.user;
  if (kept && (leaves || is_another)) {
    await was?.program.erase(leaves ? Farewell.left : Farewell.over);
    if (!was) await delete_rows_of(kept.user);
    await set_owner(null);
  }
  // Words of theirs stayed behind when somebody else signed in: the device is theirs again.
  if (typeof now === "object" && is_another && await has_words_of(now.user))
    await set_owner({ ...now, language: language() });
  return answer;
}
async function has_words_of(user: string): Promise<boolean> {
  const all = await indexedDB.databases().catch(() => []);
  return all.some(({ name }) => name === `foyer.out.${user}.0`);
}

async function to_response(made: Answer): Promise<Response> {
  if (made.status === 303) return Response.redirect(new URL(made.location, location.origin), 303);
  return new Response(made.body as Uint8Array<ArrayBuffer>,
    { status: made.status, headers: await page_headers(offline_page) });
}

async function answer(event: FetchEvent, url: URL): Promise<Response> {
  const { request } = event;
  const is_form = request.method === "POST";
  let of = site;
  if (!of) {
    const opened = open_site();
    event.waitUntil(opened);
    // Cold, and nothing is stored: the server is faster.
    if (url.pathname !== "/device" && !await owner()) return pass_form(request);
    of = await opened;
  }
  if (!of) return pass_form(request);
  const decides = url.pathname === "/device" || url.pathname === "/waiting";
  if (is_form && !of.keeps && !decides) return pass_form(request);
  const is_asked_anew = request.headers.has("X-Foyer-Fresh");
  if (is_asked_anew || is_stale) await within(exchange(of), exchange_ms_max, false);
  // The server knows nothing of what lies on this device.
  if ((is_stale && is_online && !decides) || site !== of) return pass_form(request);
  const form = is_form ? new URLSearchParams(await request.clone().text()) : null;
  const made = await of.program.answer({ method: request.method, path: url.pathname,
    query: url.searchParams, form, language: language(), is_offline: !is_online });
  if (made.deed === Deed.forget) await forget(of);
  else if (made.deed === Deed.keep && !await keep(of)) made.location += "?failed=1";
  else if (is_form && made.status === 303) event.waitUntil(send(of));
  else if (of.keeps && request.mode === "navigate" && is_due(of)) event.waitUntil(exchange(of));
  if ([200, 303, 422].includes(made.status)) return to_response(made);
  // Not here, or not yet: the server's word counts, and ours is better than none.
  try {
    const answered = await ask_server(request);
    is_stale ||= is_form;
    if (form?.get("body") && answered.type === "opaqueredirect")
      event.waitUntil(drop_draft(of, url.pathname));
    return answered;
  } catch {
    is_online = false;
    return made.status === 0 ? no_network(request) : to_response(made);
  }
}

// The server led on: to where the form's words are now, unless it was to the sign-in.
async function drop_draft(of: Site, path: string): Promise<void> {
  const session = await session_of_server();
  if (typeof session === "object" && session.user === of.session.user)
    await of.program.keep_draft(path, "");
}

// Pages ask by themselves while they have a session; what waits may not depend on that.
function is_due(of: Site): boolean {
  return of.program.waiting > 0 || Date.now() - exchanged_ms > exchange_every_ms;
}

function pass_form(request: Request): Promise<Response> {
  if (request.method === "POST") is_stale = true;
  return pass(request);
}

async function send(of: Site): Promise<void> {
  if (await exchange(of)) return;
  // Wakes this worker when the network is back, with no page open; where there is such a thing.
  const registration = self.registration as ServiceWorkerRegistration &
    { sync?: { register(tag: string): Promise<void> } };
  await registration.sync?.register("outbox").catch(() => undefined);
}

// False: storage is full or switched off.
async function keep(of: Site): Promise<boolean> {
  if (of.keeps) return true;
  close();
  try {
    await set_owner({ ...of.session, language: language() });
    if ((await open_site())?.keeps) return true;
    close();
    await set_owner(null);
  } catch {
    close();
  }
  return false;
}
async function forget(of: Site): Promise<void> {
  close();
  await set_owner(null);
  await of.program.erase(Farewell.forgotten);
}

// ---- what pages and the browser tell us ----

self.addEventListener("sync", (event) => (event as SyncEvent).waitUntil((async () => {
  const of = await open_site();
  if (of && !await exchange(of)) throw new Error("still no network");
})()));

// "exchange": the network may be back, or the session over. Answers with what a page shows.
// {draft, words?}: what is being written in a form, by its address; without words it is asked for.
interface Draft { draft: string; words?: string }
async function about_draft(of: Site, { draft, words }: Draft): Promise<string | boolean> {
  if (!of.keeps) return words === undefined ? "" : false;
  return words === undefined ? of.program.draft(draft) : of.program.keep_draft(draft, words);
}
self.addEventListener("message", (event) => event.waitUntil((async () => {
  const of = site ?? (await owner() ? await open_site() : null);
  const about = event.data as Draft | string;
  if (typeof about === "object")
    return event.ports[0]?.postMessage(of ? await about_draft(of, about) : null);
  if (of && event.data === "exchange") await within(exchange(of), exchange_ms_max, false);
  event.ports[0]?.postMessage({ keeps: of?.keeps ?? false, waiting: of?.program.waiting ?? 0 });
})()));
