// The page that the portal's program lives in: canvas and input, the socket, what is stored,
// and the mirror, which is the screen in DOM elements: for assistive technology, for real text
// fields, and for tests.
import { read_record, write_record } from "./device_record";
import { device_room } from "./device_room";
import { follow_newer_build, look_for_newer_build } from "./newer_build";
import { get_outbox_key, save_outbox_file } from "./outbox_file";
import { Asking } from "./portal_asking";
import { watch_for_crash } from "./portal_crash";
import { choose_theme, current_theme, on_theme_change } from "./portal_theme";

declare const __FOYER_ASSETS__: Record<string, string>;
declare const __FOYER_VERSION__: string;

type Call = "_foyer_activate" | "_foyer_answer" | "_foyer_button" | "_foyer_connect"
  | "_foyer_file" | "_foyer_fills" | "_foyer_font" | "_foyer_frame"
  | "_foyer_graphics_restored" | "_foyer_open"
  | "_foyer_pointer" | "_foyer_progress" | "_foyer_room"
  | "_foyer_route" | "_foyer_saves" | "_foyer_shift"
  | "_foyer_stale" | "_foyer_text" | "_foyer_theme" | "_foyer_wheel";
interface Program extends Record<Call, (...values: number[]) => number> {
  HEAPU8: Uint8Array;
  _malloc(size: number): number;
  _free(at: number): void;
}
interface Node {
  id: string; role: string; name: string; value: string;
  x: number; y: number; w: number; h: number;
  left: number; top: number; right: number; bottom: number; panel: string; parent: string;
  row: number; rows: number; disabled: number; multiline: number; current: number; focus: number;
  cells: string[];
}
declare global {
  interface Window {
    FoyerPortal(module: object): Promise<Program>;
  }
}

const canvas = document.getElementById("canvas") as HTMLCanvasElement;
const mirror = document.getElementById("mirror") as HTMLElement;
const outline = document.getElementById("outline") as HTMLElement;
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

let is_running = false; // there is something to draw, and something to draw on
let is_frame_asked = false;
let is_save_asked = false;
let last_frame = 0;
// What is being saved is said on this thread, and so is what comes in: a frame waits for the one
// (not for long: a disk may be slow) and leaves room for the other.
const save_ms_max = 100, fill_ms = 250;
function wake(): void {
  if (is_frame_asked || is_save_asked || !is_running) return;
  is_frame_asked = true;
  const rest = program._foyer_fills() ? last_frame + fill_ms - performance.now() : 0;
  if (rest > 0) setTimeout(() => requestAnimationFrame(frame), rest);
  else requestAnimationFrame(frame);
}
function after_save(): void {
  if (is_save_asked) return;
  is_save_asked = true;
  const end = performance.now() + save_ms_max;
  const look = (): void => {
    if (program._foyer_saves() && performance.now() < end) return void setTimeout(look, 4);
    is_save_asked = false;
    stir();
  };
  setTimeout(look, 1);
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
  const answer = program._foyer_frame(width, height, scale, (now - last_frame) / 1000);
  last_frame = now;
  if (answer === 2) return after_save();
  const wants_more = answer === 1;
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

// Panels are landmarks; while a dialog is open the rest of the page rests.
const rail = document.createElement("nav");
rail.setAttribute("aria-label", "Portal");
const main = document.createElement("main");
const dialog = document.createElement("div");
dialog.setAttribute("role", "dialog");
dialog.setAttribute("aria-modal", "true");
dialog.hidden = true;
const live = document.createElement("p");
live.id = "live";
live.setAttribute("role", "status");
mirror.append(rail, main, dialog, live);

const tags: Record<string, string> = { button: "button", link: "a" };
const roles: Record<string, string> = {
  article: "article", grid: "grid", row: "row", columnheader: "columnheader", heading: "heading",
  progressbar: "progressbar", status: "status",
};
const operable = ["button", "link", "columnheader", "row"];

function activate(id: string): void {
  with_text(id, (at, size) => program._foyer_activate(at, size));
  stir();
}

// ---- files ----------------------------------------

const asking = new Asking();
const ask = (question: number, path: string, field: string, body: string): void => asking.ask(
  path, field, body,
  (part) => {
    program._foyer_progress(question, part);
    stir();
  },
  (status, body) => {
    with_bytes(body, (at, size) => program._foyer_answer(question, status, at, size));
    stir();
  });

function save_outbox(question: number, name: string, text: Uint8Array<ArrayBuffer>): void {
  void save_outbox_file(name, text).catch(() => false).then((is_saved) => {
    with_bytes(new Uint8Array(), (at, size) =>
      program._foyer_answer(question, is_saved ? 200 : 0, at, size));
    stir();
  });
}

async function pick(field: string, file: File): Promise<void> {
  asking.keep(field, file);
  const head = new Uint8Array(await file.slice(0, 4096).arrayBuffer());
  with_text(field, (id, id_size) => with_text(file.name, (name, name_size) =>
    with_bytes(head, (at, size) =>
      program._foyer_file(id, id_size, name, name_size, file.size, at, size))));
  stir();
}

// Up and down in a table: the focus moves, and the table scrolls to it.
let row_to_focus = "";
function step_row(element: HTMLElement, event: KeyboardEvent): boolean {
  const [table, row] = (element.dataset.id ?? "").split("/row/");
  const by: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
  const step = by[event.key];
  const last = Number(element.dataset.rows) - 1;
  const target = event.key === "Home" ? 0 : event.key === "End" ? last
    : step === undefined ? -1 : Math.min(last, Math.max(0, Number(row) + step));
  if (target < 0) return false;
  row_to_focus = `${table}/row/${target}`;
  activate(`${table}/reveal/${target}`);
  const already = shown.get(row_to_focus);
  if (already) {
    row_to_focus = "";
    already.focus();
  }
  return true;
}

function make_file_field(node: Node): HTMLElement {
  const field = document.createElement("input");
  field.type = "file";
  field.accept = ".csv,.tsv,.txt,.foyer,text/csv,text/plain";
  field.addEventListener("change", () => {
    const file = field.files?.[0];
    if (file) void pick(node.id, file);
    field.value = ""; // so that the same file can be chosen again
  });
  return field;
}

function make_select(node: Node): HTMLElement {
  const field = document.createElement("select");
  field.addEventListener("change", () => {
    with_text(node.id, (at, size) => with_text(field.value, (text, length) =>
      program._foyer_text(at, size, text, length)));
    stir();
  });
  return field;
}

function make(node: Node): HTMLElement {
  if (node.role === "file") return make_file_field(node);
  if (node.role === "combobox") return make_select(node);
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
  if (!operable.includes(node.role)) return element;
  element.tabIndex = 0;
  // With Shift a column sorts after the ones that sort already.
  const also = (event: MouseEvent | KeyboardEvent): string =>
    node.role === "columnheader" && event.shiftKey ? "/also" : "";
  element.addEventListener("click", (event) => {
    const is_new_tab = event.ctrlKey || event.metaKey || event.shiftKey;
    if (element instanceof HTMLAnchorElement && is_new_tab) return;
    event.preventDefault();
    activate(node.id + also(event));
  });
  element.addEventListener("keydown", (event) => {
    const is_button = element instanceof HTMLButtonElement;
    const is_pressed = !is_button && (event.key === "Enter" || event.key === " ");
    if (is_pressed) activate(node.id + also(event));
    if (is_pressed || (node.role === "row" && step_row(element, event))) event.preventDefault();
  });
  return element;
}

function set(element: HTMLElement, name: string, value: string | null): void {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

function place(element: HTMLElement, node: Node, parent: Node | undefined): void {
  element.style.left = `${node.x - (parent?.x ?? 0)}px`;
  element.style.top = `${node.y - (parent?.y ?? 0)}px`;
  element.style.width = `${node.w}px`;
  element.style.height = `${node.h}px`;
  element.dataset.outOfSight = node.top >= node.h || node.bottom >= node.h ? "1" : "";
  const is_field = ["textbox", "combobox", "file"].includes(node.role);
  const is_cut = node.left + node.top + node.right + node.bottom > 0 && is_field;
  element.style.clipPath = is_cut
    ? `inset(${node.top}px ${node.right}px ${node.bottom}px ${node.left}px)` : "";
}

function fill_row(element: HTMLElement, node: Node): void {
  element.dataset.rows = String(node.rows);
  set(element, "aria-rowindex", String(node.row + 1));
  set(element, "aria-selected", node.current ? "true" : "false");
  while (element.children.length > node.cells.length) element.lastElementChild?.remove();
  node.cells.forEach((text, at) => {
    const cell = element.children[at] ?? element.appendChild(document.createElement("div"));
    cell.setAttribute("role", "gridcell");
    if (cell.textContent !== text) cell.textContent = text;
  });
}

function fill_select(element: HTMLSelectElement, node: Node): void {
  while (element.options.length > node.cells.length) element.remove(element.options.length - 1);
  node.cells.forEach((text, at) => {
    const option = element.options[at] ?? element.appendChild(document.createElement("option"));
    if (option.textContent !== text) option.textContent = text;
  });
  if (element.value !== node.value) element.value = node.value;
}

function update(element: HTMLElement, node: Node): void {
  if (element instanceof HTMLSelectElement || node.role === "file") {
    set(element, "aria-label", node.name);
    if (element instanceof HTMLSelectElement) fill_select(element, node);
    if (node.focus) element.focus();
    return;
  }
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) {
    set(element, "aria-label", node.name);
    set(element, "placeholder", node.name);
    if (document.activeElement !== element || node.value === "")
      if (element.value !== node.value) element.value = node.value;
    if (node.focus) element.focus();
    return;
  }
  const role = roles[node.role];
  if (role) set(element, "role", role);
  if (node.role === "row") return fill_row(element, node);
  if (node.role === "grid") {
    set(element, "aria-label", node.name);
    set(element, "aria-rowcount", String(node.rows + 1));
    return;
  }
  if (node.role === "progressbar") {
    set(element, "aria-label", node.name);
    set(element, "aria-valuenow", node.value);
    return;
  }
  if (element.textContent !== node.name) element.textContent = node.name;
  if (node.role === "link") set(element, "href", link_of(node.id));
  if (node.role === "columnheader") set(element, "aria-sort", node.value || "none");
  if (node.id === "rail/sync" && live.textContent !== node.name) live.textContent = node.name;
  set(element, "aria-current", node.current ? "true" : null);
}

function link_of(id: string): string {
  const screen = id.replace("rail/", "");
  const screens = ["cases", "accounts", "arrivals", "kiosks", "conflicts", "import"];
  return `/staff/${screens.includes(screen) ? screen : "outbox"}`;
}

// Rows and heads are in their table, all else in its panel. Heads make one row.
function home_of(node: Node): HTMLElement {
  const grid = node.parent ? shown.get(node.parent) : undefined;
  if (grid && node.role === "columnheader") {
    const head = grid.querySelector<HTMLElement>(":scope > .head");
    if (head) return head;
    const made = document.createElement("div");
    made.className = "head";
    made.setAttribute("role", "row");
    made.setAttribute("aria-rowindex", "1");
    grid.prepend(made);
    return made;
  }
  return grid ?? (node.panel === "rail" ? rail : node.panel === "dialog" ? dialog : main);
}

const shown = new Map<string, HTMLElement>();
let focus_before: Element | null = null;
function open_or_close(is_open: boolean): void {
  if (dialog.hidden !== is_open) return;
  dialog.hidden = !is_open;
  rail.inert = main.inert = is_open;
  if (is_open) {
    focus_before = document.activeElement;
    dialog.setAttribute("aria-label", dialog.querySelector("[role=heading]")?.textContent ?? "");
    (dialog.querySelector("input") ?? dialog.querySelector("button"))?.focus();
  } else if (document.activeElement === document.body && focus_before instanceof HTMLElement) {
    focus_before.focus();
  }
}

// The focus may come to what is out of sight: its panel scrolls there.
mirror.addEventListener("focusin", (event) => {
  const { id, outOfSight } = (event.target as HTMLElement).dataset;
  if (id && outOfSight) activate(`${id}/reveal`);
});

// One row of a table is in the tab order: the current one, else the first in sight.
function rove(nodes: Node[]): void {
  const stops = new Map<string, string>();
  for (const node of nodes)
    if (node.role === "row" && (node.current || !stops.has(node.parent)))
      stops.set(node.parent, node.id);
  for (const node of nodes) {
    const element = node.role === "row" ? shown.get(node.id) : undefined;
    if (element) element.tabIndex = stops.get(node.parent) === node.id ? 0 : -1;
  }
}

function show_mirror(text: string): void {
  const all = JSON.parse(text) as Node[];
  const seen = new Map<string, Node>(); // the same words twice are one node
  for (const node of all) if (!seen.has(node.id)) seen.set(node.id, node);
  for (const [id, element] of shown)
    if (!seen.has(id)) {
      element.remove();
      shown.delete(id);
    }
  const next = new Map<HTMLElement, Element | null>();
  let level = 1;
  for (const node of seen.values()) {
    let element = shown.get(node.id);
    if (!element) {
      element = make(node);
      element.dataset.id = node.id;
      shown.set(node.id, element);
    }
    const home = home_of(node);
    if (!next.has(home)) next.set(home, home.querySelector(":scope > [data-id]"));
    const before = next.get(home) ?? null;
    if (element === before) next.set(home, before.nextElementSibling);
    else home.insertBefore(element, before);
    place(element, node, node.parent ? seen.get(node.parent) : undefined);
    if (node.role === "heading") set(element, "aria-level", String(Math.min(level++, 2)));
    update(element, node);
  }
  rove(all);
  open_or_close(all.some((node) => node.panel === "dialog"));
  const row = row_to_focus ? shown.get(row_to_focus) : undefined;
  if (!row) return;
  row_to_focus = "";
  row.focus();
}

// ---- time and words ----------------------------------------

const day = new Intl.DateTimeFormat(undefined,
  { weekday: "short", day: "numeric", month: "short" });
const year = new Intl.DateTimeFormat(undefined,
  { day: "numeric", month: "short", year: "numeric" });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
function when(ms: number, is_day: boolean): string {
  if (ms === 0) return "";
  const at = new Date(ms), now = new Date();
  if (is_day) return year.format(at);
  if (at.toDateString() === now.toDateString()) return `today ${clock.format(at)}`;
  if (at.getFullYear() !== now.getFullYear()) return year.format(at);
  return `${day.format(at)} ${clock.format(at)}`;
}

// ---- start ----------------------------------------

// Only what is ours is taken from the browser: Ctrl or Cmd K, and letters while nobody types.
function press_key(event: KeyboardEvent): void {
  const target = document.activeElement;
  const take = (id: string): void => {
    event.preventDefault();
    activate(id);
  };
  const is_letter = !event.shiftKey && event.key.toLowerCase() === "k";
  if ((event.ctrlKey || event.metaKey) && !event.altKey && is_letter) return take("key/palette");
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!dialog.hidden && event.key === "Escape") return take("dialog/close");
  if (target instanceof HTMLElement && target.dataset.id === "palette/text") {
    const deeds: Record<string, string> = { ArrowDown: "down", ArrowUp: "up", Enter: "choose" };
    const deed = deeds[event.key];
    if (deed) take(`palette/${deed}`);
    return;
  }
  if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) {
    if (event.key === "Escape") target.blur();
    return;
  }
  if (dialog.hidden && event.key.length === 1 && "/?1234567acehlnprsw".includes(event.key))
    take(`key/${event.key}`);
}

function listen_to_input(): void {
  window.addEventListener("pointermove", (event) => {
    program._foyer_pointer(event.clientX, event.clientY);
    stir();
  });
  const press = (event: PointerEvent, is_down: number): void => {
    program._foyer_pointer(event.clientX, event.clientY);
    program._foyer_shift(event.shiftKey ? 1 : 0);
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
  // A file dropped anywhere goes to the file field that is shown; without one it stays out.
  window.addEventListener("dragover", (event) => event.preventDefault());
  window.addEventListener("drop", (event) => {
    event.preventDefault();
    const field = mirror.querySelector<HTMLElement>("input[type=file]");
    const file = event.dataTransfer?.files[0];
    if (field?.dataset.id && file) void pick(field.dataset.id, file);
  });
  window.addEventListener("resize", stir);
  window.addEventListener("keydown", press_key);
  canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
  canvas.addEventListener("webglcontextrestored", () => {
    program._foyer_graphics_restored();
    stir();
  });
  window.addEventListener("popstate", () => {
    with_text(location.pathname + location.search, (at, size) => program._foyer_route(at, size));
    stir();
  });
  on_theme_change(show_theme);
  // Deadlines pass while nobody touches anything: once a minute the words are made anew.
  setInterval(() => {
    if (document.hidden) return;
    program._foyer_stale();
    void show_room();
  }, 60000);
}

function show_theme(): void {
  program._foyer_theme(current_theme());
  stir();
}

function say(text: string): void {
  document.getElementById("toast")?.remove();
  const line = document.createElement("p");
  line.id = "toast";
  line.setAttribute("role", "status");
  document.body.append(line);
  line.textContent = text;
  setTimeout(() => line.remove(), 5000);
}

function copy(text: string): void {
  const lines = text.split("\n").length - 2;
  navigator.clipboard.writeText(text).then(
    () => say(`Copied ${lines} ${lines === 1 ? "row" : "rows"}.`),
    () => say("This browser does not let the page copy."));
}

// Typing in a search does not make a page of history of each letter.
function navigate(path: string): void {
  const plain = (address: string): string => {
    const url = new URL(address, location.origin);
    url.searchParams.delete("q");
    return `${url.pathname}?${url.searchParams}`;
  };
  if (plain(path) === plain(location.href)) history.replaceState(null, "", path);
  else history.pushState(null, "", path);
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

function ask_to_sign_in(): void {
  location.assign(`/staff/sign-in?next=${encodeURIComponent(location.pathname)}`);
}

// Without a network the one who was here last goes on with what is kept for them.
async function who_is_here(): Promise<string | null> {
  let session: Response;
  try {
    session = await fetch("/staff/session.json");
  } catch {
    return (await read_record<{ user: string }>("staff"))?.user ?? null;
  }
  if (session.status === 401) return null;
  const { user } = await session.json() as { user: string };
  await write_record("staff", { user }).catch(() => undefined);
  return user;
}

async function sign_out(): Promise<void> {
  try {
    const session = await fetch("/staff/session.json");
    const { form_token } = await session.json() as { form_token: string };
    const form = document.createElement("form");
    form.method = "post";
    form.action = "/staff/sign-out";
    const field = form.appendChild(document.createElement("input"));
    field.type = "hidden";
    field.name = "form_token";
    field.value = form_token;
    document.body.append(form);
    form.submit();
  } catch {
    trouble("You can sign out when the network is back: only the server can end your session.");
  }
}

// What would be lost with the page, not sent or not yet durable: the address keeps what is shown,
// and what is searched for.
function has_words(): boolean {
  const fields = "#mirror :is(input:not([type=checkbox], [type=radio]), textarea)";
  return program._foyer_saves() !== 0 ||
    [...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(fields)]
    .some((field) => field.value !== "" && !is_search(field));
}
const is_search = (field: HTMLElement): boolean => /search|filter/.test(field.dataset.id ?? "");
let was_connected = false;

// All that a start needs, asked for at once: none waits for another.
interface Parts { regular: Uint8Array; semibold: Uint8Array; code: WebAssembly.Module }
async function fetch_parts(): Promise<Parts> {
  const [regular, semibold, code] = await Promise.all(
    [bytes_of("fonts/portal.otf"), bytes_of("fonts/portal-semibold.otf"),
      WebAssembly.compileStreaming(fetch(address_of("portal.wasm"))), load_program()]);
  return { regular, semibold, code };
}

function could_not_start(error: unknown): void {
  trouble(`The portal could not start. Reload the page. (${String(error)})`);
}

async function start(): Promise<void> {
  const parts = fetch_parts();
  parts.catch(() => undefined); // told where it is awaited
  const user = await who_is_here();
  if (user === null) return ask_to_sign_in();
  let opened: (is_drawn: boolean) => void;
  const is_open = new Promise<boolean>((done) => { opened = done; });
  let client = "";
  const host = {
    client: (id: string) => { client = id; },
    opened: (is_drawn: boolean) => opened(is_drawn),
    signed_out: ask_to_sign_in,
    sign_out: () => void sign_out(),
    ask,
    save_outbox,
    mirror: show_mirror,
    copy,
    choose_theme: (choice: string) => {
      choose_theme(choice);
      show_theme();
    },
    navigate,
    when,
    wake: stir,
  };
  const { regular, semibold, code } = await parts;
  program = await window.FoyerPortal({
    canvas, host,
    instantiateWasm: (imports: WebAssembly.Imports, done: (made: WebAssembly.Instance) => void) => {
      WebAssembly.instantiate(code, imports).then(done, could_not_start);
      return {};
    },
  });
  with_bytes(regular, (at, size) => program._foyer_font(0, at, size));
  with_bytes(semibold, (at, size) => program._foyer_font(1, at, size));
  with_text(user, (at, size) => program._foyer_open(at, size, current_theme()));
  if (!await is_open) return trouble("This browser cannot draw the portal: it has no WebGL 2.");
  is_running = true;
  with_text(location.pathname + location.search, (at, size) => program._foyer_route(at, size));
  listen_to_input();
  stir();
  program._foyer_connect();
  follow_newer_build(has_words);
  addEventListener("foyer-disk", () => trouble("This device has no room for the cases any more, " +
    "or has lost them: what you see is kept until you close the page. What you write is saved as " +
    "before, or you are told."));
  void get_outbox_key(user, client);
  addEventListener("foyer-connected", () => {
    void get_outbox_key(user, client);
    if (was_connected) look_for_newer_build();
    was_connected = true;
  });
  // Keeps the portal's page for when there is no network, and asks the browser to keep the rest.
  void navigator.serviceWorker?.register("/sw.js").catch(() => undefined);
  // The answer may never come (a browser may ask the person): nobody waits for it.
  void navigator.storage?.persist?.().then(show_room);
  void show_room();
}

// What the browser says about what it keeps here; asked again with the minute.
async function show_room(): Promise<void> {
  const room = await device_room();
  if (!room) return;
  program._foyer_room(room.is_lasting ? 1 : 0, room.used_bytes, room.bytes_max);
  stir();
}

watch_for_crash(__FOYER_VERSION__, () => is_running);
start().catch(could_not_start);
