// IndexedDB for the C++ side (indexed_db_store.h): two databases per outbox, of which this is the
// outbox and the opening and closing of both; indexed_db_cache.js is the other. All values are
// encrypted with keys that no script can read, each in the database it opens. Encryption comes
// before a transaction: none outlives an await.
//   foyer.out.<user>.<slot>   outbox: mid -> {iv, data}    meta: client, last_mid, key, ballast<n>,
//                             draft.<name> -> {iv, data}
addToLibrary({
  $FoyerDisk__deps: ['malloc', 'free', 'foyer_disk_loaded'],
  $FoyerDisk: {
    open_disks: {},
    chunk_bytes: 60 * 1024 - 1024,
    ballast_pieces: 18,
    later_ms: 1500,

    settled: (request) => new Promise((done, failed) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    }),
    finished: (transaction) => new Promise((done, failed) => {
      transaction.oncomplete = () => done();
      transaction.onerror = transaction.onabort = () => failed(transaction.error);
    }),
    // One transaction, in which `fill` puts and deletes: all of it or nothing.
    write: async (database, stores, durability, fill) => {
      const transaction = database.transaction(stores, 'readwrite', { durability });
      const end = FoyerDisk.finished(transaction);
      try {
        fill((name) => transaction.objectStore(name));
      } catch (error) {
        end.catch(() => undefined);
        transaction.abort();
        throw error;
      }
      await end;
    },
    // Closed by the browser (a cleared site, a crash of its storage): opened again with the next
    // use, and looked at before anything is written (restore, FoyerCache.verify).
    database: async (part) => {
      if (part.open) return part.open;
      const request = indexedDB.open(part.name, 1);
      request.onupgradeneeded = () =>
        part.stores.forEach((store) => request.result.createObjectStore(store));
      const open = await FoyerDisk.settled(request);
      open.onclose = () => { part.open = null; };
      open.onversionchange = () => {
        open.close();
        part.open = null;
      };
      part.open = open;
      return open;
    },

    // The lowest slot whose lock is free; with one slot, after the run before has let go of it.
    lock: async (disk, user, slots) => {
      const held = new Promise((release) => { disk.release = release; });
      for (let slot = 0; slot < slots; ++slot) {
        const options = slots === 1 ? { signal: AbortSignal.timeout(3000) } : { ifAvailable: true };
        const is_ours = await new Promise((answer) => {
          navigator.locks.request(`foyer.${user}.${slot}`, options, (lock) => {
            answer(lock !== null);
            return lock === null ? undefined : held;
          }).catch(() => answer(false));
        });
        if (is_ours) return slot;
      }
      throw new Error('every slot is taken');
    },
    make_key: () => crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false,
      ['encrypt', 'decrypt']),
    // `place` is sealed in: a value moved to another key does not open.
    seal: async (key, place, bytes) => {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const additionalData = new TextEncoder().encode(String(place));
      const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, bytes);
      return { iv, data: new Uint8Array(data) };
    },
    unseal: async (key, place, value) => {
      if (value instanceof Uint8Array) return value; // of a build that did not encrypt
      const additionalData = new TextEncoder().encode(String(place));
      const bytes = await crypto.subtle.decrypt(
        { name: 'AES-GCM', iv: value.iv, additionalData }, key, value.data);
      return new Uint8Array(bytes);
    },

    open: async (handle, user, schema, slots) => {
      const disk = { busy: Promise.resolve(), saves: Promise.resolve(), drafts: Promise.resolve(),
        cached: FoyerCache.fresh(), entries: new Map(), client: null, last_mid: 0 };
      FoyerDisk.open_disks[handle] = disk;
      disk.slot = await FoyerDisk.lock(disk, user, slots);
      const name = `${user}.${disk.slot}`;
      disk.out = { name: `foyer.out.${name}`, stores: ['outbox', 'meta'], open: null };
      disk.cache = { name: `foyer.cache.3.${schema}.${name}`, stores: FoyerCache.all_stores,
        open: null };
      // A cache that cannot be read is fetched again; the outbox is untouched.
      const reading = FoyerCache.load(handle, disk).catch(async () => {
        const is_half_told = disk.cached.head !== null;
        await FoyerCache.erase(disk).catch(() => undefined);
        disk.cached.is_lost = is_half_told;
      });
      await FoyerDisk.load_outbox(handle, disk).finally(() => reading);
      // Once what somebody waits for has been done.
      disk.later = setTimeout(() => {
        FoyerDisk.keep_ballast(disk).catch(() => undefined);
        FoyerDisk.sweep(disk, name).catch(() => undefined);
      }, FoyerDisk.later_ms);
    },
    // Caches of other formats and schemas: their rows come again.
    sweep: async (disk, name) => {
      for (const other of await indexedDB.databases())
        if (/^foyer\.cache\./.test(other.name) && other.name.endsWith(`.${name}`) &&
            other.name !== disk.cache.name)
          indexedDB.deleteDatabase(other.name);
    },
    load_outbox: async (handle, disk) => {
      const database = await FoyerDisk.database(disk.out);
      const transaction = database.transaction(['outbox', 'meta']);
      const meta = transaction.objectStore('meta');
      const outbox = transaction.objectStore('outbox');
      const drafts = FoyerDisk.drafts();
      const [client, key, last_mid, mids, values, names, words] = await Promise.all([
        meta.get('client'), meta.get('key'), meta.get('last_mid'), outbox.getAllKeys(),
        outbox.getAll(), meta.getAllKeys(drafts), meta.getAll(drafts)].map(FoyerDisk.settled));
      disk.client = client ?? crypto.randomUUID();
      disk.out.key = key ?? await FoyerDisk.make_key();
      disk.last_mid = last_mid ?? 0;
      mids.forEach((mid, n) => disk.entries.set(mid, values[n]));
      if (client && key) disk.out.verified = database;
      else await FoyerDisk.restore(disk, database);
      FoyerDisk.give(handle, 0, new TextEncoder().encode(disk.client));
      // The first slot is taken first: if it is new, this browser has kept nothing at all.
      if (!client && disk.slot === 0) FoyerDisk.give(handle, 3, new Uint8Array());
      FoyerDisk.give(handle, 1, new TextEncoder().encode(String(disk.last_mid)));
      const plain = await Promise.all(mids.map((mid, n) =>
        FoyerDisk.unseal(disk.out.key, mid, values[n])));
      plain.forEach((bytes) => FoyerDisk.give(handle, 2, bytes));
      for (let n = 0; n < names.length; ++n) {
        const draft = await FoyerDisk.unseal(disk.out.key, names[n], words[n]).catch(() => null);
        if (!draft) continue;
        const text = `${names[n].slice('draft.'.length)}\0${new TextDecoder().decode(draft)}`;
        FoyerDisk.give(handle, 4, new TextEncoder().encode(text));
      }
    },
    // Who we are and all that waits, into a database that has been emptied under us, or is new.
    restore: async (disk, database) => {
      const known = await FoyerDisk.settled(
        database.transaction('meta').objectStore('meta').get('client'));
      if (known !== undefined && known !== disk.client)
        throw new Error('somebody else has begun here');
      await FoyerDisk.write(database, ['outbox', 'meta'], 'strict', (store) => {
        store('meta').put(disk.client, 'client');
        store('meta').put(disk.out.key, 'key');
        store('meta').put(disk.last_mid, 'last_mid');
        for (const [mid, sealed] of disk.entries) store('outbox').put(sealed, mid);
      });
      disk.out.verified = database;
    },
    // The database of the outbox, holding what it must.
    outbox: async (disk) => {
      const database = await FoyerDisk.database(disk.out);
      if (disk.out.verified !== database) await FoyerDisk.restore(disk, database);
      return database;
    },
    // Room that is kept free for words: given up before anything else is.
    keep_ballast: async (disk) => {
      const database = await FoyerDisk.outbox(disk);
      const known = await FoyerDisk.settled(
        database.transaction('meta').objectStore('meta').count('ballast0'));
      if (known) return;
      await FoyerDisk.write(database, ['meta'], 'relaxed', (store) => {
        for (let n = 0; n < FoyerDisk.ballast_pieces; ++n)
          store('meta').put(crypto.getRandomValues(new Uint8Array(60 * 1024)), `ballast${n}`);
      });
    },
    drafts: () => IDBKeyRange.bound('draft.', 'draft/', false, true),
    give: (handle, kind, bytes) => {
      const at = _malloc(Math.max(bytes.length, 1));
      HEAPU8.set(bytes, at);
      _foyer_disk_loaded(handle, kind, at, bytes.length);
      _free(at);
    },

    // In the order of the calls. Without room: the ballast goes first, since deleting rows raises
    // the usage for a while; then rows, which come again. Words are refused last, and visibly.
    save: (disk, mid, bytes) => {
      const sealing = FoyerDisk.seal(disk.out.key, mid, bytes);
      const saved = disk.saves.then(async () => {
        const sealed = await sealing;
        const last_mid = Math.max(disk.last_mid, mid);
        const write = async () => {
          const database = await FoyerDisk.outbox(disk);
          await FoyerDisk.write(database, ['outbox', 'meta'], 'strict', (store) => {
            store('outbox').put(sealed, mid);
            store('meta').put(last_mid, 'last_mid');
          });
        };
        await write().catch(() => FoyerDisk.drop_ballast(disk).then(write))
          .catch(() => FoyerCache.give_up(disk).then(write));
        disk.last_mid = last_mid;
        disk.entries.set(mid, sealed);
      });
      disk.saves = saved.catch(() => undefined);
      return saved;
    },
    // After all that was asked for before; the caller asks for nothing until this is done.
    adopt: (disk, client, entries) => {
      const adopted = disk.busy.then(() => disk.saves).then(async () => {
        const sealed = await Promise.all(entries.map(async ([mid, bytes]) =>
          [mid, await FoyerDisk.seal(disk.out.key, mid, bytes)]));
        const last_mid = entries.at(-1)?.[0] ?? 0;
        const database = await FoyerDisk.outbox(disk);
        await FoyerDisk.write(database, ['outbox', 'meta'], 'strict', (store) => {
          store('outbox').clear();
          for (const [mid, value] of sealed) store('outbox').put(value, mid);
          store('meta').put(client, 'client');
          store('meta').put(last_mid, 'last_mid');
        });
        Object.assign(disk, { client, last_mid, entries: new Map(sealed) });
      });
      disk.busy = adopted.catch(() => undefined);
      return adopted;
    },
    // In the order of the calls; no words: none is kept any more.
    keep_draft: (disk, name, words) => {
      const kept = disk.drafts.then(async () => {
        const key = `draft.${name}`;
        const sealed = words.length > 0 ? await FoyerDisk.seal(disk.out.key, key, words) : null;
        const database = await FoyerDisk.outbox(disk);
        await FoyerDisk.write(database, ['meta'], 'strict', (store) => {
          if (sealed) store('meta').put(sealed, key);
          else store('meta').delete(key);
        });
      });
      disk.drafts = kept.catch(() => undefined);
      return kept;
    },
    drop_drafts: async (disk) => {
      const database = await FoyerDisk.database(disk.out);
      await FoyerDisk.write(database, ['meta'], 'relaxed', (store) =>
        store('meta').delete(FoyerDisk.drafts()));
    },
    drop_ballast: async (disk) => {
      const database = await FoyerDisk.database(disk.out);
      await FoyerDisk.write(database, ['meta'], 'relaxed', (store) => {
        for (let n = 0; n < FoyerDisk.ballast_pieces; ++n) store('meta').delete(`ballast${n}`);
      });
    },
    // Entries leave after the cache that made them superfluous was written. Nothing is lost with a
    // removal: it would be sent again, and known as a repeat.
    remove: (disk, mid) => {
      disk.busy = disk.busy.then(async () => {
        await disk.saves;
        disk.entries.delete(mid);
        const database = await FoyerDisk.outbox(disk);
        await FoyerDisk.write(database, ['outbox'], 'relaxed', (store) =>
          store('outbox').delete(mid));
      }).catch(() => undefined);
    },
    // To the page around us, where there is one: 'memory', rows are not kept any more.
    tell: (disk, trouble) => {
      if (disk.told === trouble) return;
      disk.told = trouble;
      globalThis.dispatchEvent?.(new CustomEvent('foyer-disk', { detail: trouble }));
    },

    erase: async (part) => {
      part.open?.close();
      part.open = null;
      await FoyerDisk.settled(indexedDB.deleteDatabase(part.name));
    },
    // what: 0 closes, 1 also deletes the cache with its key, 2 also the drafts, 3 also the outbox.
    close: async (handle, what) => {
      const disk = FoyerDisk.open_disks[handle];
      delete FoyerDisk.open_disks[handle];
      if (!disk) return;
      clearTimeout(disk.later);
      await disk.busy;
      await disk.saves;
      await disk.drafts;
      if (disk.cache && what >= 1) await FoyerDisk.erase(disk.cache);
      if (disk.out && what === 2) await FoyerDisk.drop_drafts(disk).catch(() => undefined);
      if (disk.out && what >= 3) await FoyerDisk.erase(disk.out);
      disk.out?.open?.close();
      disk.cache?.open?.close();
      disk.release?.();
    },
  },

  foyer_disk_open__deps: ['$FoyerDisk', '$FoyerCache', 'foyer_disk_opened'],
  foyer_disk_open: (handle, at, size, schema, schema_size, slots) => {
    const words = [UTF8ToString(at, size), UTF8ToString(schema, schema_size)];
    FoyerDisk.open(handle, ...words, slots).then(
      () => _foyer_disk_opened(handle, 1),
      () => FoyerDisk.close(handle, 0).then(() => _foyer_disk_opened(handle, 0)));
  },
  foyer_disk_save__deps: ['$FoyerDisk', 'foyer_disk_saved'],
  foyer_disk_save: (handle, ticket, mid, at, size) => {
    FoyerDisk.save(FoyerDisk.open_disks[handle], mid, HEAPU8.slice(at, at + size)).then(
      () => _foyer_disk_saved(handle, ticket, 1), () => _foyer_disk_saved(handle, ticket, 0));
  },
  foyer_disk_keep_draft__deps: ['$FoyerDisk', 'foyer_disk_saved'],
  foyer_disk_keep_draft: (handle, ticket, name, name_size, at, size) => {
    FoyerDisk.keep_draft(FoyerDisk.open_disks[handle], UTF8ToString(name, name_size),
      HEAPU8.slice(at, at + size)).then(
      () => _foyer_disk_saved(handle, ticket, 1), () => _foyer_disk_saved(handle, ticket, 0));
  },
  foyer_disk_adopt__deps: ['$FoyerDisk', 'foyer_disk_saved'],
  // `at`: mid:f64le size:f64le bytes, for each entry.
  foyer_disk_adopt: (handle, ticket, client, client_size, at, size) => {
    const packed = HEAPU8.slice(at, at + size);
    const view = new DataView(packed.buffer);
    const entries = [];
    for (let from = 0; from < size;) {
      const bytes = packed.slice(from + 16, from + 16 + view.getFloat64(from + 8, true));
      entries.push([view.getFloat64(from, true), bytes]);
      from += 16 + bytes.length;
    }
    FoyerDisk.adopt(FoyerDisk.open_disks[handle], UTF8ToString(client, client_size), entries).then(
      () => _foyer_disk_saved(handle, ticket, 1), () => _foyer_disk_saved(handle, ticket, 0));
  },
  foyer_disk_remove__deps: ['$FoyerDisk'],
  foyer_disk_remove: (handle, mid) => FoyerDisk.remove(FoyerDisk.open_disks[handle], mid),
  foyer_disk_close__deps: ['$FoyerDisk', 'foyer_disk_closed'],
  foyer_disk_close: (handle, what) => {
    FoyerDisk.close(handle, what).then(
      () => _foyer_disk_closed(handle), () => _foyer_disk_closed(handle));
  },
});
