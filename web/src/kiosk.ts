// The script of every page under /kiosk/. On the server's page it makes the device a kiosk, or
// waits until its worker answers; on the worker's pages it starts the visitor's screen
// (kiosk_page.ts).
import { read_record } from "./device_record";
import { can_be_kiosk, enrol, this_kiosk } from "./kiosk_device";
import { is_at_rest, show_entry, start_entry, start_kiosk_page } from "./kiosk_page";
import { follow_newer_build, look_for_newer_build } from "./newer_build";

const home = "/kiosk/";
const ask_every_ms = 60_000;
const look_again_ms = 5000;

// ---- the worker ----

function tell_worker(what: "exchange" | "ended"): Promise<void> {
  const worker = navigator.serviceWorker.controller;
  if (!worker) return Promise.resolve();
  return new Promise((done) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done();
    worker.postMessage(what, [channel.port2]);
  });
}
async function start_worker(): Promise<void> {
  await navigator.serviceWorker.register("/kiosk/sw.js", { scope: home });
  if (navigator.serviceWorker.controller) return;
  await new Promise((done) => {
    navigator.serviceWorker.addEventListener("controllerchange", done, { once: true });
  });
}

// News are asked for: a hint says when, a minute is the longest that they wait.
let wait_ms = 1000;
let was_connected = false;
function listen(): void {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(`${scheme}//${location.host}/kiosk/hints`);
  socket.onopen = () => {
    wait_ms = 1000;
    if (was_connected) look_for_newer_build();
    was_connected = true;
  };
  socket.onmessage = () => void tell_worker("exchange");
  socket.onclose = () => {
    setTimeout(listen, wait_ms * (0.5 + Math.random()));
    wait_ms = Math.min(wait_ms * 2, 30_000);
  };
}
function ask_by_and_by(): void {
  void tell_worker("exchange");
  setTimeout(ask_by_and_by, ask_every_ms);
}

// ---- the entry ----

// The worker answers as soon as it has rows; until then this page is what it has.
async function go_on(): Promise<void> {
  show_entry("done");
  await start_worker();
  await tell_worker("exchange");
  const answer = await fetch(home, { headers: { Accept: "text/html" } });
  const is_ready = !(await answer.text()).includes('data-page="kiosk_entry"');
  if (is_ready) return location.replace(home);
  setTimeout(() => void go_on(), look_again_ms);
}

let says_revoked = false; // on the screen already: nothing to load it anew for
async function begin(): Promise<void> {
  if (!await can_be_kiosk()) return show_entry("unfit");
  const is_revoked = await read_record("kiosk") === "revoked";
  says_revoked = is_revoked;
  if (await this_kiosk() && !is_revoked) return go_on();
  start_entry(async (code) => {
    const came_of_it = await enrol(code);
    if (came_of_it !== "done") return came_of_it;
    says_revoked = false;
    void navigator.storage.persist().catch(() => false); // may ask, for as long as it likes
    setTimeout(() => void go_on(), 0);
    return null;
  });
  // It may still hold what it could not hand over when it was revoked.
  if (is_revoked) void start_worker().then(ask_by_and_by);
  show_entry(is_revoked ? "revoked" : "asking");
}

navigator.serviceWorker?.addEventListener("message", (event) => {
  if (event.data === "revoked" && !says_revoked) location.replace(home);
});
if (document.body.dataset.page === "kiosk_entry") void begin();
else {
  start_kiosk_page({ ended: () => tell_worker("ended") });
  follow_newer_build(() => !is_at_rest(), () => location.replace(home));
  void navigator.serviceWorker.register("/kiosk/sw.js", { scope: home }).catch(() => undefined);
  listen();
  ask_by_and_by();
}
