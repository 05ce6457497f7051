// What a service worker keeps of the site so that it opens without a network: assets by their
// content's hash, and a few pages that are the same for everybody. Not what people read or write.
declare const self: ServiceWorkerGlobalScope;
// Each worker has one of its own, and trims that alone: they are not always of the same build.
const is_kiosk = new URL(self.registration.scope).pathname !== "/";
const shell = is_kiosk ? "foyer.shell.kiosk" : "foyer.shell";
export const offline_page = "/offline";
export const portal_shell = "/staff";
export const manifest = "/manifest.webmanifest";
export const kiosk_entry = "/kiosk/";
const shell_pages = is_kiosk ? [kiosk_entry] : [offline_page, portal_shell, manifest];

// What a network in between says instead of the server (a sign-in to a wireless network, say) is
// nothing to keep.
const is_asset = (answer: Response): boolean =>
  answer.ok && !(answer.headers.get("Content-Type") ?? "").includes("text/html");
const is_page = (answer: Response): boolean =>
  answer.ok && answer.headers.has("Content-Security-Policy");

// Fetches what is missing, and the pages anew.
export async function fill_shell(assets: string[], pages: string[]): Promise<void> {
  const cache = await caches.open(shell);
  const add = async (request: Request, is_ours: (answer: Response) => boolean): Promise<void> => {
    const answer = await fetch(request);
    if (!is_ours(answer)) throw new Error(`not the server's: ${request.url}`);
    await cache.put(request.url, answer);
  };
  const addresses = assets.map((name) => __FOYER_ASSETS__[name]).filter((each) => each);
  await Promise.all(addresses.map(async (address) => {
    if (!await cache.match(address!)) await add(new Request(address!), is_asset);
  }));
  for (const page of pages)
    await add(new Request(page, { credentials: "omit", cache: "reload" }), is_page);
}

// Removes what no build of now asks for.
export async function trim_shell(): Promise<void> {
  const current = new Set([...shell_pages, ...Object.values(__FOYER_ASSETS__)]);
  const cache = await caches.open(shell);
  for (const request of await cache.keys())
    if (!current.has(new URL(request.url).pathname)) await cache.delete(request);
}

export async function keep_page(address: string, answer: Response): Promise<void> {
  await (await caches.open(shell)).put(address, answer);
}
export async function kept_page(address: string): Promise<Response | undefined> {
  return (await caches.open(shell)).match(address, { ignoreVary: true });
}

export async function asset(request: Request): Promise<Response> {
  const cache = await caches.open(shell);
  const known = await cache.match(request.url, { ignoreVary: true });
  if (known) return known;
  const answer = await fetch(request);
  if (is_asset(answer)) await cache.put(request.url, answer.clone());
  return answer;
}

export async function program_code(): Promise<ArrayBuffer | undefined> {
  return (await kept_page(__FOYER_ASSETS__["worker.wasm"]!))?.arrayBuffer();
}

// Pages made in a worker bear the headers that the server gave the page `like`.
export async function page_headers(like: string): Promise<Headers> {
  const headers = new Headers((await kept_page(like))?.headers);
  ["content-length", "content-encoding", "date", "set-cookie", "server"]
    .forEach((name) => headers.delete(name));
  headers.set("Content-Type", "text/html; charset=utf-8");
  headers.set("Cache-Control", "no-store");
  return headers;
}
