// The page that the portal's program lives in: canvas and input, the socket, what is stored,
// and the mirror, which is the screen in DOM elements, for assistive technology, for real text fields,
// and for tests.
import { PortalStore } from "./portal_store";

declare const __FOYER_ASSETS__: Record<string, string>;

type Call = "_foyer_activate" | "_foyer_button" | "_foyer_connected" | "_foyer_disconnected"
  | "_foyer_font" | "_foyer_frame" | "_foyer_load_outbox" | "_foyer_pointer" | "_foyer_received"
  | "_foyer_route" | "_foyer_saved" | "_foyer_stale" | "_foyer_start" | "_foyer_text"
  | "_foyer_theme" | "_foyer_wheel";
interface Program extends Record<Call, (...values: number[]) => number> {
  HEAPU8: Uint8Array;
  _malloc(size: number): number;
  _free(at: number): void;
}
interface Node {
  id: string; role: string; name: string; value: string;
  x: number; y: number; w: number; h: number;
  row: number; rows: number; disabled: number; multiline: number; current: number;
}
declare global {
  interface Window {
    FoyerPortal(module: object): Promise<Program>;
  }
}

const canvas = document.getElementById("canvas") as HTMLCanvasElement;
const mirror = document.getElementById("mirror") as HTMLElement;
const outline = document.getElementById("outline") as HTMLElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const encoder = new TextEncoder();
let program: Program;

function with_bytes<T>(bytes: Uint8Array, use: (at: number, size: number) => T): T {
  const at = program._malloc(Math.max(bytes.length, 1));
  program.HEAPU8.set(bytes, at);
  try {
    return use(at, bytes.length);
  } finally {
    program._free(at);
  }
}
const with_text = <T>(text: string, use: (at: number, size: number) => T): T =>
  with_bytes(encoder.encode(text), use);

function trouble(text: string): void {
  const line = document.createElement("p");
  line.id = "trouble";
  line.setAttribute("role", "alert");
  line.textContent = text;
  document.body.append(line);
}

// ---- frames: only when something woke us ----------------------------------------

let is_frame_asked = false;
let last_frame = 0;
function wake(): void {
  if (is_frame_asked || !program) return;
  is_frame_asked = true;
  requestAnimationFrame(frame);
}
let settle = 0; // hover and layout settle within a frame or two after an event
function frame(now: number): void {
  is_frame_asked = false;
  const scale = devicePixelRatio || 1;
  const width = innerWidth, height = innerHeight;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  const wants_more = program._foyer_frame(width, height, scale, (now - last_frame) / 1000);
  last_frame = now;
  outline.hidden = true;
  if (wants_more) settle = 2;
  if (settle > 0) {
    settle -= 1;
    wake();
  }
}
function stir(): void {
  settle = 2;
  wake();
}

// ---- the mirror ----------------------------------------

const tags: Record<string, string> = {
  button: "button", link: "a", heading: "h2", columnheader: "button",
};
function make(node: Node): HTMLElement {
  if (node.role === "textbox") {
    const field = document.createElement(node.multiline ? "textarea" : "input");
    field.addEventListener("input", () => {
      with_text(node.id, (at, size) => with_text(field.value, (text, length) =>
        program._foyer_text(at, size, text, length)));
      stir();
    });
    return field;
  }
  const element = document.createElement(tags[node.role] ?? "div");
  const press = (): void => {
    with_text(node.id, (at, size) => program._foyer_activate(at, size));
    stir();
  };
  if (["button", "link", "columnheader", "row"].includes(node.role)) {
    element.tabIndex = 0;
    element.addEventListener("click", (event) => {
      event.preventDefault();
      press();
    });
    element.addEventListener("keydown", (event) => {
      const is_button = element instanceof HTMLButtonElement;
      if (!is_button && (event.key === "Enter" || event.key === " ")) {
        event.preventDefault();
        press();
      }
    });
  }
  return element;
}

const roles: Record<string, string> = { article: "article", grid: "group", row: "button" };
function update(element: HTMLElement, node: Node): void {
  const set = (name: string, value: string | null): void => {
    if (value === null) element.removeAttribute(name);
    else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  };
  element.style.left = `${node.x}px`;
  element.style.top = `${node.y}px`;
  element.style.width = `${node.w}px`;
  element.style.height = `${node.h}px`;
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) {
    set("aria-label", node.name);
    set("placeholder", node.name);
    if (document.activeElement !== element || node.value === "")
      if (element.value !== node.value) element.value = node.value;
    return;
  }
  if (element.textContent !== node.name) element.textContent = node.name;
  if (node.role === "link") set("href", `/staff/${node.id.replace("rail/", "")}`);
  const role = roles[node.role];
  if (role) set("role", role);
  if (node.role === "row") set("aria-description", `Row ${node.row} of ${node.rows}`);
  if (node.role === "grid") set("aria-label", node.name);
  set("aria-current", node.current ? "true" : null);
}

const shown = new Map<string, HTMLElement>();
function show_mirror(text: string): void {
  const nodes = JSON.parse(text) as Node[];
  const seen = new Set<string>();
  let before: ChildNode | null = mirror.firstChild;
  for (const node of nodes) {
    if (seen.has(node.id)) continue; // the same words twice are one node
    seen.add(node.id);
    let element = shown.get(node.id);
    if (!element) {
      element = make(node);
      element.dataset.id = node.id;
      shown.set(node.id, element);
    }
    update(element, node);
    if (element === before) before = before.nextSibling;
    else mirror.insertBefore(element, before);
  }
  for (const [id, element] of shown)
    if (!seen.has(id)) {
      element.remove();
      shown.delete(id);
    }
}

// ---- time and words ----------------------------------------

const day = new Intl.DateTimeFormat(undefined,
  { weekday: "short", day: "numeric", month: "short" });
const year = new Intl.DateTimeFormat(undefined,
  { day: "numeric", month: "short", year: "numeric" });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
function when(ms: number): string {
  if (ms === 0) return "";
  const at = new Date(ms), now = new Date();
  if (at.toDateString() === now.toDateString()) return `today ${clock.format(at)}`;
  if (at.getFullYear() !== now.getFullYear()) return year.format(at);
  return `${day.format(at)} ${clock.format(at)}`;
}

// ---- the socket ----------------------------------------

let socket: WebSocket | null = null;
let wait_ms = 500;
function connect(): void {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const opened = new WebSocket(`${scheme}//${location.host}/staff/sync`);
  opened.binaryType = "arraybuffer";
  opened.onopen = () => {
    wait_ms = 500;
    socket = opened;
    program._foyer_connected();
  };
  opened.onmessage = (event) => {
    const is_sound = with_bytes(new Uint8Array(event.data as ArrayBuffer),
      (at, size) => program._foyer_received(at, size));
    if (!is_sound) opened.close();
    stir();
  };
  opened.onclose = (event) => {
    if (socket === opened) {
      socket = null;
      program._foyer_disconnected();
    }
    if (event.code === 4401) return void location.assign("/staff/sign-in");
    setTimeout(connect, wait_ms * (0.5 + Math.random()));
    wait_ms = Math.min(wait_ms * 2, 15000);
  };
}

// ---- start ----------------------------------------

function listen_to_input(): void {
  window.addEventListener("pointermove", (event) => {
    program._foyer_pointer(event.clientX, event.clientY);
    stir();
  });
  const press = (event: PointerEvent, is_down: number): void => {
    program._foyer_pointer(event.clientX, event.clientY);
    if (event.button === 0) program._foyer_button(0, is_down);
    stir();
  };
  canvas.addEventListener("pointerdown", (event) => {
    (document.activeElement as HTMLElement | null)?.blur();
    press(event, 1);
  });
  window.addEventListener("pointerup", (event) => press(event, 0));
  window.addEventListener("wheel", (event) => {
    if (event.ctrlKey) return; // zoom is the browser's
    program._foyer_wheel(-event.deltaX / 60, -event.deltaY / 60);
    stir();
  }, { passive: true });
  window.addEventListener("resize", stir);
  window.addEventListener("keydown", (event) => {
    const is_typing = document.activeElement instanceof HTMLInputElement ||
      document.activeElement instanceof HTMLTextAreaElement;
    if (is_typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const fields: Record<string, string> = { "/": "queue/search", r: "case/reply", n: "case/note" };
    const field = shown.get(fields[event.key] ?? "");
    if (!field) return;
    event.preventDefault();
    field.focus();
  });
  window.addEventListener("popstate", () => {
    with_text(location.pathname + location.search, (at, size) => program._foyer_route(at, size));
    stir();
  });
  dark.addEventListener("change", () => {
    program._foyer_theme(dark.matches ? 1 : 0);
    stir();
  });
  // Deadlines pass while nobody touches anything: once a minute the words are made anew.
  setInterval(() => {
    if (document.hidden) return;
    program._foyer_stale();
    stir();
  }, 60000);
}

function address_of(name: string): string {
  const address = __FOYER_ASSETS__[name];
  if (!address) throw new Error(`there is no ${name}`);
  return address;
}

async function bytes_of(name: string): Promise<Uint8Array> {
  const answer = await fetch(address_of(name));
  return new Uint8Array(await answer.arrayBuffer());
}

async function load_program(): Promise<void> {
  const script = document.createElement("script");
  script.src = address_of("portal.js");
  await new Promise((done, failed) => {
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });
}

async function start(): Promise<void> {
  const session = await fetch("/staff/session.json");
  if (session.status === 401) return location.assign("/staff/sign-in");
  const who = (await session.json()) as { user: string };
  const store = await PortalStore.open(who.user);
  const saved = (mid: number, is_saved: boolean): void => {
    program._foyer_saved(mid, is_saved ? 1 : 0);
    stir();
  };
  const host = {
    send: (bytes: Uint8Array) => socket?.send(bytes as Uint8Array<ArrayBuffer>),
    save_outbox: (mid: number, bytes: Uint8Array) =>
      void store.save(mid, bytes).then(() => saved(mid, true), () => saved(mid, false)),
    remove_outbox: (mid: number) => void store.remove(mid),
    save_cache: (frames: Uint8Array, replaces: boolean) => void store.save_cache(frames, replaces),
    mirror: show_mirror,
    navigate: (path: string) => history.pushState(null, "", path),
    when,
    wake: stir,
  };
  const [regular, semibold] = await Promise.all(
    [bytes_of("fonts/portal.otf"), bytes_of("fonts/portal-semibold.otf"), load_program()]);
  program = await window.FoyerPortal({
    canvas, host, locateFile: () => address_of("portal.wasm"),
  });
  with_bytes(regular, (at, size) => program._foyer_font(0, at, size));
  with_bytes(semibold, (at, size) => program._foyer_font(1, at, size));
  for (const entry of store.outbox)
    with_bytes(entry, (at, size) => program._foyer_load_outbox(at, size));
  const is_drawn = with_text(store.client + "\0", (client) => with_bytes(store.cache, (at, size) =>
    program._foyer_start(client, at, size, dark.matches ? 1 : 0)));
  if (!is_drawn) return trouble("This browser cannot draw the portal: it has no WebGL 2.");
  with_text(location.pathname + location.search, (at, size) => program._foyer_route(at, size));
  listen_to_input();
  stir();
  connect();
}

start().catch((error: unknown) =>
  trouble(`The portal could not start. Reload the page. (${String(error)})`));
