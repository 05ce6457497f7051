// When the portal's program stops, the person is told, can copy what happened for whoever repairs
// it, gets back what was being typed, and starts again. Nothing is sent anywhere.
let is_shown = false;

function add(parent: HTMLElement, name: string, text: string): HTMLElement {
  const element = parent.appendChild(document.createElement(name));
  element.textContent = text;
  return element;
}

// What stands in fields of more than one line: replies and notes, not searches.
function typed_words(): string {
  return [...document.querySelectorAll<HTMLTextAreaElement>("#mirror textarea")]
    .map((field) => field.value.trim()).filter((value) => value !== "").join("\n\n");
}

function add_copy_button(parent: HTMLElement, label: string, text: string): void {
  const button = add(parent, "button", label);
  button.addEventListener("click", () => {
    void navigator.clipboard.writeText(text).then(
      () => { button.textContent = "Copied"; },
      () => { button.textContent = "Select the text and copy it by hand"; });
  });
}

function show(error: Error, version: string): void {
  if (is_shown) return;
  is_shown = true;
  const words = typed_words();
  const details = [`Foyer portal ${version}`, location.pathname, new Date().toISOString(),
    navigator.userAgent, `${error.name}: ${error.message}`, error.stack ?? ""].join("\n");
  for (const id of ["mirror", "canvas", "outline"]) document.getElementById(id)?.remove();
  const screen = document.createElement("main");
  screen.id = "crash";
  add(screen, "h1", "The portal has stopped");
  add(screen, "p", "Something went wrong in the program on this page. What you did before is kept: "
    + "it is on the server, or waits on this device to be sent.");
  if (words !== "") {
    add(screen, "p", "You were writing this. Copy it, so that you can paste it again:");
    add(screen, "pre", words);
    add_copy_button(screen, "Copy what I wrote", words);
  }
  const again = add(screen, "button", "Start again");
  again.className = "primary";
  again.addEventListener("click", () => location.reload());
  const more = screen.appendChild(document.createElement("details"));
  add(more, "summary", "Details for the people who repair this");
  add(more, "pre", details);
  add_copy_button(more, "Copy the details", details);
  document.body.append(screen);
  again.focus();
}

// An uncaught error leaves the program half-way through a frame: going on would show nonsense.
export function watch_for_crash(version: string, is_running: () => boolean): void {
  window.addEventListener("error", (event) => {
    if (is_running() && event.error instanceof Error) show(event.error, version);
  });
}
