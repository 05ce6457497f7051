// What makes a browser a kiosk: the device's key, its numbers, the outbox of sealed submissions.
// Not its pages and rows (kiosk_sw.ts). Formats: shared/foyer/sync/submission.h.
//   foyer.kiosk   device: self -> Kiosk, pending -> Pending    outbox: n -> Kept, in order
// Invariants: what a visitor said is sealed to the server before it is written anywhere; a number
// and what bears it are durable in one transaction, so that none is given out twice.
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { settled, write_record } from "./device_record";

export interface Kiosk {
  device: string; series: string;
  key: CryptoKey; // Ed25519, cannot be exported
  server_key: Uint8Array<ArrayBuffer>; key_id: number; // X25519
  next_number: number;
  drift_ms: number | null; // server minus device; null: not known yet
  contact_ms: number;      // when the server last answered, by the device's clock
}
interface Pending { keys: CryptoKeyPair }
// `sealed` null: it was handed over, and a form that comes again is answered as before.
interface Kept { n?: number; id: string; location: string; at_ms: number;
  sealed: Uint8Array<ArrayBuffer> | null }
export interface Outbox { waiting: number; oldest_ms: number }

const database_name = "foyer.kiosk";
const header_size = 37;
const batch_max = 64;
const batch_bytes_max = 1_000_000;
const remembered_ms = 3_600_000;
const timeout_ms = 20_000;
const encoder = new TextEncoder();
const info = encoder.encode("foyer kiosk submission 1");
const signed_prefix = encoder.encode("foyer kiosk submission\n");

// ---- the database ----

async function with_stores<T>(mode: IDBTransactionMode,
  use: (device: IDBObjectStore, outbox: IDBObjectStore) => Promise<T>): Promise<T> {
  const request = indexedDB.open(database_name, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("device");
    request.result.createObjectStore("outbox", { keyPath: "n", autoIncrement: true })
      .createIndex("id", "id", { unique: true });
  };
  const database = await settled(request);
  database.onversionchange = () => database.close();
  try {
    const transaction = database.transaction(["device", "outbox"], mode, { durability: "strict" });
    const finished = new Promise<void>((done, failed) => {
      transaction.oncomplete = () => done();
      transaction.onabort = transaction.onerror = () => failed(transaction.error);
    });
    finished.catch(() => undefined); // `use` may fail first
    const made = await use(transaction.objectStore("device"), transaction.objectStore("outbox"));
    await finished;
    return made;
  } finally {
    database.close();
  }
}
const record = <T>(store: IDBObjectStore, name: string): Promise<T | undefined> =>
  settled(store.get(name) as IDBRequest<T | undefined>);

// Asking makes no database: a device that was no kiosk, or is none any more, has none. Rejects when
// the database cannot be read: then it may be a kiosk, and hold what is not handed over.
async function read_kiosk(): Promise<Kiosk | null> {
  const all = await indexedDB.databases();
  if (!all.some(({ name }) => name === database_name)) return null;
  return await with_stores("readonly",
    async (device) => await record<Kiosk>(device, "self") ?? null);
}
export const this_kiosk = (): Promise<Kiosk | null> => read_kiosk().catch(() => null);
function change_kiosk(change: (kiosk: Kiosk) => void): Promise<void> {
  return with_stores("readwrite", async (device) => {
    const kiosk = await record<Kiosk>(device, "self");
    if (!kiosk) return;
    change(kiosk);
    device.put(kiosk, "self");
  });
}

// ---- bytes ----

const base64url = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))
  .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const from_base64url = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")),
    (each) => each.charCodeAt(0));
function joined(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((size, each) => size + each.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
const sign = async (key: CryptoKey, text: Uint8Array<ArrayBuffer>): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.sign("Ed25519", key, text));

async function post(address: string, body: unknown, headers = {}): Promise<Response> {
  const is_bytes = body instanceof Uint8Array;
  return fetch(address, {
    method: "POST", cache: "no-store", signal: AbortSignal.timeout(timeout_ms),
    headers: { "Content-Type": is_bytes ? "application/octet-stream" : "application/json",
      ...headers },
    body: is_bytes ? body as Uint8Array<ArrayBuffer> : JSON.stringify(body),
  });
}

// ---- becoming a kiosk ----

// False where this browser lacks the keys that a kiosk needs.
export async function can_be_kiosk(): Promise<boolean> {
  try {
    await crypto.subtle.generateKey("Ed25519", false, ["sign"]);
    await crypto.subtle.generateKey("X25519", false, ["deriveBits"]);
    return "serviceWorker" in navigator && "indexedDB" in self;
  } catch {
    return false;
  }
}

export type Enrolment = "done" | "wrong_code" | "no_network" | "too_many" | "failed";

// The key is kept before the code is used up: if the answer is lost, the same code with the same
// key is answered again. One key until then, however often and whatever somebody types: the server
// may know it already, and it would take no other one for that device.
export async function enrol(code: string): Promise<Enrolment> {
  const pending = await with_stores("readonly", (device) => record<Pending>(device, "pending"));
  const keys = pending?.keys
    ?? await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]) as CryptoKeyPair;
  await with_stores("readwrite", (device) => settled(device.put({ keys }, "pending")));
  const key = base64url(new Uint8Array(await crypto.subtle.exportKey("raw", keys.publicKey)));
  let answer: Response;
  try {
    answer = await post("/kiosk/enrol", { code, key, version: __FOYER_VERSION__ });
  } catch {
    return "no_network";
  }
  if (answer.status === 429) return "too_many";
  if (answer.status >= 500) return "failed";
  if (!answer.ok) return "wrong_code";
  const made = await answer.json() as { device: string; series: string; server_key: string;
    key_id: number; now: number };
  const kiosk: Kiosk = { device: made.device, series: made.series, key: keys.privateKey,
    server_key: from_base64url(made.server_key), key_id: made.key_id, next_number: 1,
    drift_ms: made.now - Date.now(), contact_ms: Date.now() };
  // Before: else a kiosk that is new would be taken for the one that was revoked here.
  await write_record("kiosk", null);
  await with_stores("readwrite", async (device) => {
    device.put(kiosk, "self");
    device.delete("pending");
  });
  return "done";
}

// ---- keeping what a visitor sent ----

const id_of = (submission: Uint8Array): string =>
  base64url(submission.subarray(header_size - 16, header_size));

function uuid_of(submission: Uint8Array): string {
  const hex = [...submission.subarray(header_size - 16, header_size)]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

async function seal(kiosk: Kiosk, submission: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const header = submission.slice(0, header_size);
  const text = submission.slice(header_size);
  const content = text.subarray(signed_prefix.length + header_size);
  const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(),
    aead: new Aes256Gcm() });
  const sender = await suite.createSenderContext({ info: info.slice().buffer,
    recipientPublicKey: await suite.kem.deserializePublicKey(kiosk.server_key.slice().buffer) });
  const plain = joined(await sign(kiosk.key, text), content);
  const sealed = await sender.seal(plain.buffer, header.buffer);
  return joined(header, new Uint8Array(sender.enc), new Uint8Array(sealed));
}

// Where a form that was kept before led to; null: it was not.
export function kept_before(submission: Uint8Array): Promise<string | null> {
  return with_stores("readonly", async (_, outbox) => {
    const known = await settled(outbox.index("id").get(id_of(submission)) as
      IDBRequest<Kept | undefined>);
    return known?.location ?? null;
  });
}

// True when it is durable, with `kiosk.next_number` as its number. False: another one took that
// number meanwhile. Rejects when there is no room.
export async function keep(kiosk: Kiosk, submission: Uint8Array,
  location: string): Promise<boolean> {
  const kept: Kept = { id: id_of(submission), location, at_ms: Date.now(),
    sealed: await seal(kiosk, submission) };
  return with_stores("readwrite", async (device, outbox) => {
    const now = await record<Kiosk>(device, "self");
    if (now?.device !== kiosk.device || now.next_number !== kiosk.next_number) return false;
    outbox.add(kept);
    device.put({ ...now, next_number: now.next_number + 1 }, "self");
    return true;
  });
}

const waiting_in = async (outbox: IDBObjectStore): Promise<Kept[]> =>
  (await settled(outbox.getAll() as IDBRequest<Kept[]>)).filter((each) => each.sealed !== null);

export function outbox_state(): Promise<Outbox> {
  return with_stores("readonly", async (_, outbox) => {
    const waiting = await waiting_in(outbox);
    return { waiting: waiting.length, oldest_ms: waiting[0]?.at_ms ?? 0 };
  });
}

// ---- handing over ----

export type Contact = "reached" | "unreachable" | "revoked";

interface Challenge { nonce: string; now: number }
async function challenge(kiosk: Kiosk): Promise<Challenge> {
  const asked_ms = Date.now();
  const answer = await fetch("/kiosk/challenge",
    { cache: "no-store", signal: AbortSignal.timeout(timeout_ms) });
  if (!answer.ok) throw new Error(`challenge: ${answer.status}`);
  const made = await answer.json() as Challenge;
  kiosk.drift_ms = Math.round(made.now - (asked_ms + Date.now()) / 2);
  return made;
}

async function storage_name(): Promise<string> {
  try {
    return await navigator.storage.persisted() ? "persisted" : "temporary";
  } catch {
    return "unknown";
  }
}

// Shows who this is and how it does; from then on a cookie speaks for it.
async function open_session(kiosk: Kiosk): Promise<Contact> {
  const { nonce } = await challenge(kiosk);
  const text = encoder.encode(`foyer kiosk session\n${kiosk.device}\n${nonce}`);
  const { waiting, oldest_ms } = await outbox_state();
  const answer = await post("/kiosk/session", { device: kiosk.device, nonce,
    signature: base64url(await sign(kiosk.key, text)), version: __FOYER_VERSION__, waiting,
    oldest: oldest_ms && Math.max(0, oldest_ms + (kiosk.drift_ms ?? 0)),
    storage: await storage_name(), drift_ms: kiosk.drift_ms });
  const made = await answer.json() as { server_key: string; key_id: number; code?: string };
  if (answer.status === 410 && made.code === "revoked") return "revoked";
  if (!answer.ok) return "unreachable";
  await change_kiosk((now) => {
    now.drift_ms = kiosk.drift_ms;
    now.contact_ms = Date.now();
    now.server_key = from_base64url(made.server_key);
    now.key_id = made.key_id;
  });
  return "reached";
}
export async function contact(): Promise<Contact> {
  const kiosk = await this_kiosk();
  if (!kiosk) return "unreachable";
  return open_session(kiosk).catch((): Contact => "unreachable");
}

function batch_of(waiting: Kept[]): { body: Uint8Array<ArrayBuffer>; batch: Kept[] } {
  const batch: Kept[] = [];
  const parts: Uint8Array[] = [];
  let size = 0;
  for (const kept of waiting) {
    const sealed = kept.sealed!;
    size += 4 + sealed.length;
    if (batch.length > 0 && (size > batch_bytes_max || batch.length === batch_max)) break;
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, sealed.length, true);
    parts.push(length, sealed);
    batch.push(kept);
  }
  return { body: joined(...parts), batch };
}

// Whether this is the server's word that it has all of them. What stands between here and there (a
// guest network that wants a sign-in, a proxy) answers 200 to everything.
interface Taken { id?: unknown; outcome?: unknown }
const null_id = "00000000-0000-0000-0000-000000000000"; // of an envelope that it could not read
async function are_taken(answer: Response, batch: Kept[]): Promise<boolean> {
  const said = await answer.json().catch(() => null) as { results?: Taken[] } | null;
  const results = said?.results;
  return Array.isArray(results) && results.length === batch.length &&
    results.every((each, index) =>
      ["applied", "duplicate", "parked"].includes(each?.outcome as string) &&
      [uuid_of(batch[index]!.sealed!), null_id].includes(each.id as string));
}

async function was_handed_over(batch: Kept[]): Promise<void> {
  await with_stores("readwrite", async (_, outbox) => {
    for (const kept of batch) outbox.put({ ...kept, sealed: null });
    const all = await settled(outbox.getAll() as IDBRequest<Kept[]>);
    for (const kept of all)
      if (kept.sealed === null && kept.at_ms < Date.now() - remembered_ms)
        outbox.delete(kept.n!);
  });
}

// All that waits, in the order of its numbers. A revoked device has no session: it signs instead.
async function hand_over_all(kiosk: Kiosk, is_revoked: boolean): Promise<Contact> {
  let has_session = true;
  for (;;) {
    const waiting = await with_stores("readonly", (_, outbox) => waiting_in(outbox));
    if (waiting.length === 0) return "reached";
    const { body, batch } = batch_of(waiting);
    const answer = await post("/kiosk/submit", body,
      is_revoked ? await late_headers(kiosk, body) : {});
    if (answer.ok && await are_taken(answer, batch)) await was_handed_over(batch);
    else if (answer.status === 401 && !is_revoked && has_session) {
      has_session = false;
      const again = await open_session(kiosk);
      if (again !== "reached") return again;
    } else return "unreachable";
  }
}
async function late_headers(kiosk: Kiosk, body: Uint8Array<ArrayBuffer>): Promise<object> {
  const { nonce } = await challenge(kiosk);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  const text = joined(encoder.encode(`foyer kiosk submit\n${kiosk.device}\n${nonce}\n`), digest);
  return { "Foyer-Device": kiosk.device, "Foyer-Nonce": nonce,
    "Foyer-Signature": base64url(await sign(kiosk.key, text)) };
}

// One at a time: a second call waits for the first, and then looks again.
let handing: Promise<Contact> = Promise.resolve("reached");
export function hand_over({ is_revoked = false } = {}): Promise<Contact> {
  handing = handing.then(async (): Promise<Contact> => {
    const kiosk = await read_kiosk();
    return kiosk ? hand_over_all(kiosk, is_revoked) : "reached"; // it holds nothing
  }).catch((): Contact => "unreachable");
  return handing;
}

// ---- the end ----

// Keys, numbers, outbox, rows.
export async function forget_kiosk(): Promise<void> {
  for (const { name } of await indexedDB.databases())
    if (name === database_name || name?.startsWith("foyer.out.kiosk.") ||
        (name?.startsWith("foyer.cache.") && name.includes(".kiosk.")))
      await settled(indexedDB.deleteDatabase(name));
}
