// The cache of indexed_db.js: rows that can be fetched again. Each scope's pieces are sealed with a
// key of its own, which no script can read; dropping it makes them unreadable at once.
//   foyer.cache.3.<schema>.<user>.<slot>
//     seg    [scope, generation, n] -> {iv, data}     key   scope -> CryptoKey
//     delta  [scope, seq, n]        -> {iv, data}     head  'head' -> {iv, data}, written last
//     idx    [name, number, n]      -> {iv, data}
// Writes are one transaction each, or several in one, in their order; sealed before it opens.
addToLibrary({
  $FoyerCache__deps: ['$FoyerDisk', 'foyer_disk_piece'],
  $FoyerCache: {
    stores: ['seg', 'delta', 'idx'], // by PieceKind
    all_stores: ['seg', 'delta', 'idx', 'head', 'key'],
    batch_bytes: 4 << 20,
    batch_pieces: 128,
    // The room is looked at as often as this much has been written; rows leave the rest to words.
    look_bytes: 8 << 20,
    share_max: 0.8,

    // What of an open cache is in memory: keys by scope, the ones that are stored, writes to come.
    // `life` counts erasures: what was on its way then does not come after it.
    fresh: () => ({ keys: new Map(), stored: new Set(), queue: [], next: null, head: null,
      is_lost: false, life: 0, unseen: 0 }),
    place: (kind, key) => `${FoyerCache.stores[kind]}/${key.join('/')}`,
    // Of an index the key of the head: it goes with everything.
    key_name: (kind, scope) => kind === 2 ? 'head' : scope,
    key_of: (cache, name) => {
      if (!cache.keys.has(name)) cache.keys.set(name, FoyerDisk.make_key());
      return cache.keys.get(name);
    },

    // Everything that can be opened: the beginning asked for at once, then in pieces, the next ones
    // being read while these are opened.
    load: async (handle, disk) => {
      const cache = disk.cached;
      const database = await FoyerDisk.database(disk.cache);
      disk.cache.verified = database;
      const transaction = database.transaction(FoyerCache.all_stores);
      const firsts = FoyerCache.stores.map((store) => FoyerCache.some(transaction, store, null));
      firsts.forEach((first) => first.catch(() => undefined)); // told where it is awaited
      const keys = transaction.objectStore('key');
      const [names, values, head] = await Promise.all([keys.getAllKeys(), keys.getAll(),
        transaction.objectStore('head').get('head')].map(FoyerDisk.settled));
      names.forEach((name, n) => {
        cache.keys.set(name, Promise.resolve(values[n]));
        cache.stored.add(name);
      });
      if (!head) return;
      const plain = await FoyerDisk.unseal(await cache.keys.get('head'), 'head', head);
      cache.head = head.iv;
      FoyerDisk.give(handle, 5, plain);
      for (const [kind, store] of FoyerCache.stores.entries())
        for (let reading = firsts[kind]; reading;) {
          const [keys, pieces] = await reading;
          reading = keys.length < FoyerCache.batch_pieces ? null
            : FoyerCache.some(database.transaction(store), store, keys.at(-1));
          reading?.catch(() => undefined);
          await FoyerCache.give(handle, cache, kind, keys, pieces);
        }
    },
    some: (transaction, store, from) => {
      const range = from ? IDBKeyRange.lowerBound(from, true) : null;
      const records = transaction.objectStore(store);
      return Promise.all([records.getAllKeys(range, FoyerCache.batch_pieces),
        records.getAll(range, FoyerCache.batch_pieces)].map(FoyerDisk.settled));
    },
    // One that does not open is left out: the engine misses it and has that scope sent again.
    give: async (handle, cache, kind, keys, pieces) => {
      const plain = await Promise.all(pieces.map(async (piece, n) => {
        const key = await cache.keys.get(FoyerCache.key_name(kind, keys[n][0]));
        return FoyerDisk.unseal(key, FoyerCache.place(kind, keys[n]), piece);
      }).map((opening) => opening.catch(() => null)));
      plain.forEach((bytes, n) => {
        if (!bytes) return;
        const [scope, number, m] = keys[n];
        FoyerDisk.give(handle, 6, new TextEncoder().encode(scope));
        const room = _foyer_disk_piece(handle, kind, number, m, bytes.length);
        if (room) HEAPU8.set(bytes, room);
      });
    },

    // The write that is being put together (indexed_db_store.cc).
    next: (disk) => disk.cached.next ??= { clears: false, forgotten: [], removed: [], put: [],
      head: null, is_strict: false, bytes: 0 },
    // Sealing begins at once and ends while writes before it are being committed.
    add: (disk, kind, scope, number, n, bytes) => {
      const write = FoyerCache.next(disk);
      const name = FoyerCache.key_name(kind, scope), key = [scope, number, n];
      write.bytes += bytes.length;
      write.put.push({ kind, name, key, bytes });
    },
    end: (disk, is_strict) => {
      const cache = disk.cached;
      const write = Object.assign(FoyerCache.next(disk), { is_strict });
      cache.next = null;
      if (write.clears) cache.is_lost = false;
      if (cache.is_lost) return;
      // What is forgotten is unreadable from now on, whatever becomes of the transaction.
      if (write.clears) cache.keys.clear();
      write.forgotten.forEach((scope) => cache.keys.delete(scope));
      const seal = async (name, place, bytes) => {
        const key = await FoyerCache.key_of(cache, name);
        return { key, value: await FoyerDisk.seal(key, place, bytes) };
      };
      const pieces = write.put.map(({ kind, name, key, bytes }) =>
        seal(name, FoyerCache.place(kind, key), bytes));
      if (write.head) pieces.push(seal('head', 'head', write.head));
      write.sealed = Promise.all(pieces);
      write.sealed.catch(() => undefined); // told where it is awaited
      cache.queue.push(write);
      disk.busy = disk.busy.then(() => FoyerCache.write_some(disk));
    },

    write_some: async (disk) => {
      const cache = disk.cached;
      const batch = [];
      for (let bytes = 0; cache.queue.length > 0 && bytes < FoyerCache.batch_bytes;)
        bytes += batch[batch.push(cache.queue.shift()) - 1].bytes;
      if (batch.length === 0) return;
      const { life } = cache;
      try {
        const sealed = await Promise.all(batch.map((write) => write.sealed));
        await FoyerCache.look_at_room(cache, batch);
        const commit = () => FoyerCache.commit(disk, batch, sealed, life);
        await commit().catch(() => FoyerCache.make_room(disk).then(commit));
      } catch {
        await FoyerCache.lose(disk, batch);
      }
    },
    commit: async (disk, batch, sealed, life) => {
      const cache = disk.cached;
      const database = await FoyerDisk.database(disk.cache);
      if (!batch[0].clears) await FoyerCache.verify(disk, database);
      if (cache.life !== life) throw new Error('it has been erased');
      const durability = batch.some((write) => write.is_strict) ? 'strict' : 'relaxed';
      const stored = new Set(cache.stored);
      await FoyerDisk.write(database, FoyerCache.all_stores, durability, (store) =>
        batch.forEach((write, at) => FoyerCache.fill(store, write, sealed[at], stored)));
      disk.cache.verified = database;
      cache.stored = stored;
      batch.forEach((write, at) => {
        if (write.clears) cache.head = null;
        if (write.head) cache.head = sealed[at].at(-1).value.iv;
      });
    },
    // The parts of one write, in their order; `stored`: the keys that are there by then.
    fill: (store, write, sealed, stored) => {
      const keep_key = (name, key) => {
        if (!stored.has(name)) store('key').put(key, name);
        stored.add(name);
      };
      if (write.clears) {
        FoyerCache.all_stores.forEach((name) => store(name).clear());
        stored.clear();
      }
      for (const scope of write.forgotten) {
        store('key').delete(scope);
        stored.delete(scope);
        for (const name of ['seg', 'delta']) store(name).delete(FoyerCache.all_of(scope));
        store('idx').clear();
      }
      for (const { kind, scope, first, last } of write.removed)
        store(FoyerCache.stores[kind]).delete(
          IDBKeyRange.bound([scope, first], [scope, last, []]));
      write.put.forEach(({ kind, name, key }, n) => {
        keep_key(name, sealed[n].key);
        store(FoyerCache.stores[kind]).put(sealed[n].value, key);
      });
      if (!write.head) return;
      keep_key('head', sealed.at(-1).key);
      store('head').put(sealed.at(-1).value, 'head');
    },
    look_at_room: async (cache, batch) => {
      cache.unseen += batch.reduce((sum, write) => sum + write.bytes, 0);
      if (cache.unseen < FoyerCache.look_bytes) return;
      cache.unseen = 0;
      const { usage, quota } = await navigator.storage.estimate();
      if (usage > FoyerCache.share_max * quota) throw new Error('the cache grows no further');
    },
    all_of: (scope) => IDBKeyRange.bound([scope], [scope, []]),

    // The connection was lost and opened again: only on top of the head that was left does the next
    // write make sense.
    verify: async (disk, database) => {
      if (disk.cache.verified === database) return;
      const head = await FoyerDisk.settled(
        database.transaction('head').objectStore('head').get('head'));
      if (String(head?.iv) !== String(disk.cached.head ?? undefined))
        throw new Error('this is not the cache that was left');
      disk.cache.verified = database;
    },
    make_room: async (disk) => {
      await FoyerDisk.drop_ballast(disk);
      const database = await FoyerDisk.database(disk.cache);
      await FoyerDisk.write(database, ['idx'], 'relaxed', (store) => store('idx').clear());
    },
    // What is stored stays as it was, an older state and whole; the newer rows are in memory alone.
    // What had to be forgotten must not stay: then all goes.
    lose: async (disk, batch) => {
      const { queue } = disk.cached;
      const fresh = queue.findIndex((write) => write.clears);
      queue.splice(0, fresh < 0 ? queue.length : fresh);
      const must_go = batch.some((write) => write.clears || write.forgotten.length > 0);
      if (must_go) await FoyerCache.erase(disk).catch(() => undefined);
      disk.cached.is_lost = fresh < 0;
      if (fresh < 0) FoyerDisk.tell(disk, 'memory');
    },
    // Words need the room.
    give_up: async (disk) => {
      disk.cached.queue.splice(0);
      await FoyerCache.erase(disk);
      FoyerDisk.tell(disk, 'memory');
    },
    erase: async (disk) => {
      Object.assign(disk.cached, { keys: new Map(), stored: new Set(), head: null, is_lost: true,
        life: disk.cached.life + 1 });
      await FoyerDisk.erase(disk.cache);
    },
  },

  foyer_cache_clear__deps: ['$FoyerCache'],
  foyer_cache_clear: (handle) => {
    FoyerCache.next(FoyerDisk.open_disks[handle]).clears = true;
  },
  foyer_cache_forget__deps: ['$FoyerCache'],
  foyer_cache_forget: (handle, at, size) => {
    FoyerCache.next(FoyerDisk.open_disks[handle]).forgotten.push(UTF8ToString(at, size));
  },
  foyer_cache_remove__deps: ['$FoyerCache'],
  foyer_cache_remove: (handle, kind, at, size, first, last) => {
    FoyerCache.next(FoyerDisk.open_disks[handle]).removed.push(
      { kind, scope: UTF8ToString(at, size), first, last });
  },
  foyer_cache_put__deps: ['$FoyerCache'],
  foyer_cache_put: (handle, kind, name, name_size, number, n, at, size) => FoyerCache.add(
    FoyerDisk.open_disks[handle], kind, UTF8ToString(name, name_size), number, n,
    HEAPU8.slice(at, at + size)),
  foyer_cache_head__deps: ['$FoyerCache'],
  foyer_cache_head: (handle, at, size) => {
    FoyerCache.next(FoyerDisk.open_disks[handle]).head = HEAPU8.slice(at, at + size);
  },
  foyer_cache_end__deps: ['$FoyerCache'],
  foyer_cache_end: (handle, is_strict) =>
    FoyerCache.end(FoyerDisk.open_disks[handle], is_strict !== 0),
});
