// IndexedDB for the C++ side (indexed_db_store.h): two databases per outbox. All values are encrypted
// with keys that no script can read, each in the database it opens, so that deleting one database
// makes what it held unreadable. Encryption comes before a transaction: none outlives an await.
//   foyer.out.<user>.<slot>      outbox: mid -> {iv, data}    meta: client, last_mid, key, ballast,
//                                draft.<name> -> {iv, data}
//   foyer.cache.2.<user>.<slot>  delta: n -> {iv, data}       head: head -> chunks that count, key
addToLibrary({
  $FoyerDisk__deps: ['malloc', 'free'],
  $FoyerDisk: {
    open_disks: {},
    chunk_bytes: 60 * 1024 - 1024,
    ballast_pieces: 18,

    settled: (request) => new Promise((done, failed) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    }),
    finished: (transaction) => new Promise((done, failed) => {
      transaction.oncomplete = () => done();
      transaction.onerror = transaction.onabort = () => failed(transaction.error);
    }),
    // Closed by the browser (a cleared site, a newer build): opened again with the next use.
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
    key: async (part, store) => {
      const database = await FoyerDisk.database(part);
      const known = await FoyerDisk.settled(
        database.transaction(store).objectStore(store).get('key'));
      if (known) return known;
      const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false,
        ['encrypt', 'decrypt']);
      const transaction = database.transaction(store, 'readwrite', { durability: 'strict' });
      transaction.objectStore(store).put(made, 'key');
      await FoyerDisk.finished(transaction);
      return made;
    },
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

    open: async (handle, user, slots) => {
      const disk = { busy: Promise.resolve(), saves: Promise.resolve(), drafts: Promise.resolve(),
        chunks: 0 };
      FoyerDisk.open_disks[handle] = disk;
      const name = `${user}.${await FoyerDisk.lock(disk, user, slots)}`;
      disk.out = { name: `foyer.out.${name}`, stores: ['outbox', 'meta'], open: null };
      disk.cache = { name: `foyer.cache.2.${name}`, stores: ['delta', 'head'], open: null };
      disk.out.key = await FoyerDisk.key(disk.out, 'meta');
      disk.cache.key = await FoyerDisk.key(disk.cache, 'head');
      indexedDB.deleteDatabase(`foyer.cache.1.${name}`);
      await FoyerDisk.load_outbox(handle, disk);
      // A cache that cannot be read is fetched again; the outbox is untouched.
      await FoyerDisk.load_cache(handle, disk).catch(() => FoyerDisk.empty_cache(disk));
    },
    load_outbox: async (handle, disk) => {
      const database = await FoyerDisk.database(disk.out);
      const transaction = database.transaction(['outbox', 'meta'], 'readwrite');
      const meta = transaction.objectStore('meta');
      const outbox = transaction.objectStore('outbox');
      const drafts = FoyerDisk.drafts();
      const [known, last_mid, keys, values, ballast, names, words] = await Promise.all([
        meta.get('client'), meta.get('last_mid'), outbox.getAllKeys(), outbox.getAll(),
        meta.get('ballast0'), meta.getAllKeys(drafts), meta.getAll(drafts)]
        .map(FoyerDisk.settled));
      const client = known ?? crypto.randomUUID();
      if (!known) meta.put(client, 'client');
      for (let n = 0; !ballast && n < FoyerDisk.ballast_pieces; ++n)
        meta.put(crypto.getRandomValues(new Uint8Array(60 * 1024)), `ballast${n}`);
      await FoyerDisk.finished(transaction);
      FoyerDisk.give(handle, 0, new TextEncoder().encode(client));
      FoyerDisk.give(handle, 1, new TextEncoder().encode(String(last_mid ?? 0)));
      for (let n = 0; n < keys.length; ++n)
        FoyerDisk.give(handle, 2, await FoyerDisk.unseal(disk.out.key, keys[n], values[n]));
      for (let n = 0; n < names.length; ++n) {
        const plain = await FoyerDisk.unseal(disk.out.key, names[n], words[n]).catch(() => null);
        if (!plain) continue;
        const text = `${names[n].slice('draft.'.length)}\0${new TextDecoder().decode(plain)}`;
        FoyerDisk.give(handle, 4, new TextEncoder().encode(text));
      }
    },
    drafts: () => IDBKeyRange.bound('draft.', 'draft/', false, true),
    load_cache: async (handle, disk) => {
      const database = await FoyerDisk.database(disk.cache);
      const transaction = database.transaction(['delta', 'head']);
      const chunks = await FoyerDisk.settled(transaction.objectStore('head').get('head')) ?? 0;
      const pieces = chunks === 0 ? [] : await FoyerDisk.settled(
        transaction.objectStore('delta').getAll(IDBKeyRange.bound(0, chunks - 1)));
      const plain = [];
      for (let n = 0; n < pieces.length; ++n)
        plain.push(await FoyerDisk.unseal(disk.cache.key, n, pieces[n]));
      if (plain.length !== chunks) throw new Error('a piece is missing');
      plain.forEach((piece) => FoyerDisk.give(handle, 3, piece));
      disk.chunks = chunks;
    },
    give: (handle, kind, bytes) => {
      const at = _malloc(Math.max(bytes.length, 1));
      HEAPU8.set(bytes, at);
      _foyer_disk_loaded(handle, kind, at, bytes.length);
      _free(at);
    },

    // In the order of the calls; a second try after giving up the ballast: room that was kept free
    // for this, since deleting rows raises the usage for a while.
    save: (disk, mid, bytes) => {
      const saved = disk.saves.then(async () => {
        const sealed = await FoyerDisk.seal(disk.out.key, mid, bytes);
        const write = async () => {
          const database = await FoyerDisk.database(disk.out);
          const transaction =
            database.transaction(['outbox', 'meta'], 'readwrite', { durability: 'strict' });
          const meta = transaction.objectStore('meta');
          transaction.objectStore('outbox').put(sealed, mid);
          meta.get('last_mid').onsuccess = (event) => {
            if (!(event.target.result >= mid)) meta.put(mid, 'last_mid');
          };
          await FoyerDisk.finished(transaction);
        };
        await write().catch(async () => {
          await FoyerDisk.drop_ballast(disk);
          await write();
        });
      });
      disk.saves = saved.catch(() => undefined);
      return saved;
    },
    // In the order of the calls; no words: none is kept any more.
    keep_draft: (disk, name, words) => {
      const kept = disk.drafts.then(async () => {
        const key = `draft.${name}`;
        const sealed = words.length > 0 ? await FoyerDisk.seal(disk.out.key, key, words) : null;
        const database = await FoyerDisk.database(disk.out);
        const transaction = database.transaction('meta', 'readwrite', { durability: 'strict' });
        const meta = transaction.objectStore('meta');
        if (sealed) meta.put(sealed, key);
        else meta.delete(key);
        await FoyerDisk.finished(transaction);
      });
      disk.drafts = kept.catch(() => undefined);
      return kept;
    },
    drop_drafts: async (disk) => {
      const database = await FoyerDisk.database(disk.out);
      const transaction = database.transaction('meta', 'readwrite');
      transaction.objectStore('meta').delete(FoyerDisk.drafts());
      await FoyerDisk.finished(transaction);
    },
    drop_ballast: async (disk) => {
      const database = await FoyerDisk.database(disk.out);
      const transaction = database.transaction('meta', 'readwrite');
      for (let n = 0; n < FoyerDisk.ballast_pieces; ++n)
        transaction.objectStore('meta').delete(`ballast${n}`);
      await FoyerDisk.finished(transaction);
    },
    // Entries leave after the cache that made them superfluous was written. Nothing is lost with a
    // removal: it would be sent again, and known as a repeat.
    remove: (disk, mid) => {
      disk.busy = disk.busy.then(async () => {
        await disk.saves;
        const database = await FoyerDisk.database(disk.out);
        const transaction = database.transaction('outbox', 'readwrite');
        transaction.objectStore('outbox').delete(mid);
        await FoyerDisk.finished(transaction);
      }).catch(() => undefined);
    },
    save_cache: (disk, frames, replaces) => {
      disk.busy = disk.busy.then(async () => {
        if (disk.is_cache_lost) return;
        const first = replaces ? 0 : disk.chunks;
        const sealed = [];
        for (let at = 0; at < frames.length; at += FoyerDisk.chunk_bytes)
          sealed.push(await FoyerDisk.seal(disk.cache.key, first + sealed.length,
            frames.subarray(at, at + FoyerDisk.chunk_bytes)));
        const database = await FoyerDisk.database(disk.cache);
        const transaction =
          database.transaction(['delta', 'head'], 'readwrite', { durability: 'relaxed' });
        const delta = transaction.objectStore('delta');
        if (replaces) delta.clear();
        sealed.forEach((piece, n) => delta.put(piece, first + n));
        transaction.objectStore('head').put(first + sealed.length, 'head');
        await FoyerDisk.finished(transaction);
        disk.chunks = first + sealed.length;
      }).catch(async () => {
        // A gap must not be read: what is stored ends here, rows stay in memory.
        disk.is_cache_lost = true;
        await FoyerDisk.empty_cache(disk).catch(() => undefined);
      });
    },
    empty_cache: async (disk) => {
      const database = await FoyerDisk.database(disk.cache);
      const transaction = database.transaction(['delta', 'head'], 'readwrite');
      transaction.objectStore('delta').clear();
      transaction.objectStore('head').put(0, 'head');
      await FoyerDisk.finished(transaction);
      disk.chunks = 0;
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

  foyer_disk_open__deps: ['$FoyerDisk', 'foyer_disk_loaded', 'foyer_disk_opened'],
  foyer_disk_open: (handle, at, size, slots) => {
    FoyerDisk.open(handle, UTF8ToString(at, size), slots).then(
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
  foyer_disk_remove__deps: ['$FoyerDisk'],
  foyer_disk_remove: (handle, mid) => FoyerDisk.remove(FoyerDisk.open_disks[handle], mid),
  foyer_disk_save_cache__deps: ['$FoyerDisk'],
  foyer_disk_save_cache: (handle, at, size, replaces) => FoyerDisk.save_cache(
    FoyerDisk.open_disks[handle], HEAPU8.slice(at, at + size), replaces !== 0),
  foyer_disk_close__deps: ['$FoyerDisk', 'foyer_disk_closed'],
  foyer_disk_close: (handle, what) => {
    FoyerDisk.close(handle, what).then(
      () => _foyer_disk_closed(handle), () => _foyer_disk_closed(handle));
  },
});
