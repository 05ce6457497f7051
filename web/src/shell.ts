// What a service worker keeps of the site so that it opens without a network: assets by their
// content's hash, and a few pages that are the same for everybody. Not what people read or write.
const shell = "foyer.shell";
export const offline_page = "/offline";
export const portal_shell = "/staff";
export const manifest = "/manifest.webmanifest";
export const kiosk_entry = "/kiosk/";
// Of both workers: whichever starts anew leaves the other's.
export const shell_pages = [offline_page, portal_shell, manifest, kiosk_entry];

// Fetches what is missing, and the pages anew.
export async function fill_shell(assets: string[], pages: string[]): Promise<void> {
  const cache = await caches.open(shell);
  const addresses = assets.map((name) => __FOYER_ASSETS__[name]).filter((each) => each);
  const missing = [];
  for (const address of addresses) if (!await cache.match(address!)) missing.push(address!);
  await cache.addAll(missing);
  for (const page of pages)
    await cache.add(new Request(page, { credentials: "omit", cache: "reload" }));
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
export function kept_page(address: string): Promise<Response | undefined> {
  return caches.match(address, { ignoreVary: true });
}

export async function asset(request: Request): Promise<Response> {
  const cache = await caches.open(shell);
  const known = await cache.match(request.url, { ignoreVary: true });
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request.url, answer.clone());
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
