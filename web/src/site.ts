// What scripts add to the customer site: live updates, the offline line, focus on problems.
// Everything works without it. A page asks for itself again when something changed, and is morphed.
import { Idiomorph } from "idiomorph";

const is_signed_in = document.body.hasAttribute("data-signed-in");

function show_connection(): void {
  const line = document.getElementById("connection");
  if (line) line.hidden = navigator.onLine;
}

// Keeps what is being typed: fields that differ from what the server sent are the person's.
function is_touched(element: Element): boolean {
  if (element instanceof HTMLTextAreaElement || element instanceof HTMLInputElement)
    return element.value !== element.defaultValue;
  return false;
}

let is_refreshing = false;
async function refresh(): Promise<void> {
  if (is_refreshing || document.hidden) return;
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
      },
    });
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
    if (event.code === 4401) return void location.reload(); // signed out elsewhere
    setTimeout(listen, wait_ms * (0.5 + Math.random()));
    wait_ms = Math.min(wait_ms * 2, 30000);
  };
}

addEventListener("online", show_connection);
addEventListener("offline", show_connection);
show_connection();
const problems = document.getElementById("problems");
if (problems) problems.focus();
if (is_signed_in) {
  listen();
  document.addEventListener("visibilitychange", () => void refresh());
}
