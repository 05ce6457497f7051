// What the portal keeps on a device, in two databases: the outbox, whose format is frozen, and
// the cache,
// which can be thrown away. Invariant: save() settles only when the entry is on the disk.
//   foyer.out.<user>      outbox: mid -> bytes        meta: "client" -> id
//   foyer.cache.1.<user>  delta: n -> bytes <= 60 KB   head: "head" -> number of chunks that count
const chunk_bytes = 60 * 1024;

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}
function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((done, failed) => {
    transaction.oncomplete = () => done();
    transaction.onerror = transaction.onabort = () => failed(transaction.error);
  });
}
function open_database(name: string, stores: string[]): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () =>
    stores.forEach((store) => request.result.createObjectStore(store));
  return settled(request);
}

export class PortalStore {
  client = "";
  outbox: Uint8Array[] = [];
  cache: Uint8Array = new Uint8Array();
  private chunks = 0;
  private writing: Promise<void> = Promise.resolve();

  private constructor(private out: IDBDatabase | null, private cached: IDBDatabase | null) {}

  // One client a tab: a second tab of the same user gets an outbox of its own.
  static async open(user: string): Promise<PortalStore> {
    const slot = await PortalStore.free_slot(user);
    try {
      const store = new PortalStore(
        await open_database(`foyer.out.${user}.${slot}`, ["outbox", "meta"]),
        await open_database(`foyer.cache.1.${user}.${slot}`, ["delta", "head"]));
      await store.load();
      return store;
    } catch {
      const store = new PortalStore(null, null); // private windows, full disks: memory only
      store.client = crypto.randomUUID();
      return store;
    }
  }

  // The lowest number whose lock is free; held for as long as the tab lives.
  private static async free_slot(user: string): Promise<number> {
    for (let slot = 0; slot < 64; ++slot) {
      const is_ours = await new Promise<boolean>((answer) => {
        void navigator.locks.request(`foyer.${user}.${slot}`, { ifAvailable: true }, (lock) => {
          answer(lock !== null);
          return lock ? new Promise<void>(() => {}) : undefined;
        });
      });
      if (is_ours) return slot;
    }
    throw new Error("too many tabs");
  }

  private async load(): Promise<void> {
    const out = this.out!.transaction(["outbox", "meta"], "readwrite");
    const client = await settled(out.objectStore("meta").get("client")) as string | undefined;
    this.client = client ?? crypto.randomUUID();
    if (!client) out.objectStore("meta").put(this.client, "client");
    this.outbox = await settled(out.objectStore("outbox").getAll()) as Uint8Array[];
    const cached = this.cached!.transaction(["delta", "head"], "readonly");
    const head = await settled(cached.objectStore("head").get("head"));
    this.chunks = (head as number | undefined) ?? 0;
    const pieces = this.chunks === 0 ? [] : await settled(
      cached.objectStore("delta").getAll(IDBKeyRange.bound(0, this.chunks - 1))) as Uint8Array[];
    const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    this.cache = whole;
  }

  async save(mid: number, bytes: Uint8Array): Promise<void> {
    if (!this.out) throw new Error("nothing can be stored");
    const transaction = this.out.transaction("outbox", "readwrite", { durability: "strict" });
    transaction.objectStore("outbox").put(bytes, mid);
    await finished(transaction);
  }

  async remove(mid: number): Promise<void> {
    if (!this.out) return;
    const transaction = this.out.transaction("outbox", "readwrite");
    transaction.objectStore("outbox").delete(mid);
    await finished(transaction).catch(() => undefined); // it is sent again, and known as a repeat
  }

  // In the order of the calls; the head is swung in the same transaction as the chunks.
  save_cache(frames: Uint8Array, replaces: boolean): Promise<void> {
    this.writing = this.writing.then(() => this.write_cache(frames, replaces)).catch(() => {
      this.cached = null; // the cache stops growing; rows stay in memory
    });
    return this.writing;
  }

  private async write_cache(frames: Uint8Array, replaces: boolean): Promise<void> {
    if (!this.cached) return;
    const transaction =
      this.cached.transaction(["delta", "head"], "readwrite", { durability: "relaxed" });
    const delta = transaction.objectStore("delta");
    let next = replaces ? 0 : this.chunks;
    if (replaces) delta.clear();
    for (let at = 0; at < frames.length; at += chunk_bytes)
      delta.put(frames.slice(at, at + chunk_bytes), next++);
    transaction.objectStore("head").put(next, "head");
    await finished(transaction);
    this.chunks = next;
  }
}
