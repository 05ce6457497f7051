// A page that stays open across a deployment. When a connection comes back the server may be
// another one: then the worker is asked whether it is still the newest. A newer one takes over at
// once, and the page is asked for anew, once, as soon as nobody would lose words by it.
const look_again_ms = 1000;

export function look_for_newer_build(): void {
  void navigator.serviceWorker?.getRegistration().then((known) => known?.update())
    .catch(() => undefined);
}

export function follow_newer_build(has_words: () => boolean,
  again: () => void = () => location.reload()): void {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  let was_controlled = workers.controller !== null;
  let is_newer = false;
  const leave = (): void => {
    if (has_words()) setTimeout(leave, look_again_ms);
    else again();
  };
  workers.addEventListener("controllerchange", () => {
    const took_over = was_controlled && !is_newer;
    was_controlled = true;
    if (!took_over) return;
    is_newer = true;
    leave();
  });
}
