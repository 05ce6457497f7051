// What scripts add to the customer site: live updates, distances in time, the offline line.
// Everything works without it. A page asks for itself again when something changed, and is morphed.
// Invariant: neither a morph nor a lost connection takes away what somebody has written.
import { Idiomorph } from "idiomorph";

const is_signed_in = document.body.hasAttribute("data-signed-in");
const problems = document.getElementById("problems");

function show_connection(): void {
  const line = document.getElementById("connection");
  if (line) line.hidden = navigator.onLine;
}

// Keeps what is being typed: fields that differ from what the server sent are the person's.
function is_touched(element: Element): boolean {
  if (element instanceof HTMLTextAreaElement || element instanceof HTMLInputElement)
    return element.value !== element.defaultValue;
  if (element instanceof HTMLSelectElement)
    return Array.from(element.options).some((each) => each.selected !== each.defaultSelected);
  return false;
}

const distance = new Intl.RelativeTimeFormat(document.documentElement.lang, {
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
async function refresh(): Promise<void> {
  // With a problem on it the page is the answer to a form: asking again would lose the words.
  if (is_refreshing || document.hidden || problems) return;
  is_refreshing = true;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = fresh.querySelector("main");
    const main = document.querySelector("main");
    if (!next || !main) return;
    Idiomorph.morph(main, next.innerHTML, {
      morphStyle: "innerHTML",
      ignoreActiveValue: true,
      callbacks: {
        // A form in use keeps its words and its ids: sending it stays one command.
        beforeNodeMorphed: (old: Node) =>
          !(old instanceof HTMLFormElement && Array.from(old.elements).some(is_touched)),
        // What somebody opened stays open.
        beforeAttributeUpdated: (name: string, node: Element) =>
          !(name === "open" && node instanceof HTMLDetailsElement),
      },
    });
    show_distances();
  } catch {
    show_connection();
  } finally {
    is_refreshing = false;
  }
}

let wait_ms = 1000;
function listen(): void {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(`${scheme}//${location.host}/hints`);
  socket.onopen = () => {
    wait_ms = 1000;
    void refresh();
  };
  socket.onmessage = () => void refresh();
  socket.onclose = (event) => {
    if (event.code === 4401 && !has_words()) return void location.reload(); // signed out elsewhere
    setTimeout(listen, wait_ms * (0.5 + Math.random()));
    wait_ms = Math.min(wait_ms * 2, 30_000);
  };
}

function has_words(): boolean {
  const fields = document.querySelectorAll("main form :is(input, textarea, select)");
  return problems !== null || Array.from(fields).some(is_touched);
}

addEventListener("online", show_connection);
addEventListener("offline", show_connection);
// The browser's own error page would replace the form and the words in it.
addEventListener("submit", (event) => {
  if (navigator.onLine) return;
  event.preventDefault();
  show_connection();
  document.getElementById("connection")?.scrollIntoView({ block: "nearest" });
});
show_connection();
show_distances();
setInterval(show_distances, minute_ms);
if (problems) problems.focus();
if (is_signed_in) {
  listen();
  document.addEventListener("visibilitychange", () => void refresh());
}
