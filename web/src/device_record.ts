// Whose device this is, in a database of its own: small records that the service worker and the
// portal's page read before anything else is opened. No rows, no words: ids, tokens and keys.
//   outbox <user> <client>: what seals a file of that outbox (outbox_file.ts)
//   owner: the customer who keeps cases here (sw.ts)   staff: who used the portal last
//   kiosk: "revoked" from then until it is enrolled anew (kiosk_sw.ts)
export function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

async function records(mode: IDBTransactionMode): Promise<IDBObjectStore> {
  const request = indexedDB.open("foyer.device", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("device");
  const database = await settled(request);
  database.onversionchange = () => database.close();
  const transaction = database.transaction("device", mode);
  transaction.oncomplete = transaction.onabort = () => database.close();
  return transaction.objectStore("device");
}

// Null also where storage is switched off.
export async function read_record<T>(name: string): Promise<T | null> {
  try {
    return await settled((await records("readonly")).get(name)) as T ?? null;
  } catch {
    return null;
  }
}

export async function write_record(name: string, value: unknown): Promise<void> {
  const store = await records("readwrite");
  await settled((value === null ? store.delete(name) : store.put(value, name)) as IDBRequest);
}

// The caches of a user (wasm/indexed_db_cache.js), whatever build made them: begun, not awaited,
// since whoever has one open lets go of it in their own time.
export async function delete_rows_of(user: string): Promise<void> {
  for (const { name } of await indexedDB.databases())
    if (name?.startsWith("foyer.cache.") && name.includes(`.${user}.`))
      indexedDB.deleteDatabase(name);
}
