// What a device keeps in IndexedDB, in a real browser: the contract of all stores through it, then
// outbox, cache and places on their own. A test program for a page (indexed_db_store.test.mjs);
// Asyncify lets it wait for the browser where a test wants to go on with what was written.
#include "indexed_db_store.h"

#include <emscripten/emscripten.h>

#include "foyer/command/open_case.h"
#include "shared/sync/synced_store.h"

// To one record of the first database whose name begins so; the key as JSON. how: 0 changes a byte,
// 1 deletes it, 2 cuts its end off, 3 puts something else there, 4 another record, 5 nothing.
// False: there is none.
EM_ASYNC_JS(int, damage, (const char* prefix, const char* store, const char* name, int how), {
  const settled = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  const found = (await indexedDB.databases()).find((database) =>
    database.name.startsWith(UTF8ToString(prefix)));
  if (!found) return 0;
  const open = await settled(indexedDB.open(found.name));
  const records = open.transaction(UTF8ToString(store), 'readwrite').objectStore(
    UTF8ToString(store));
  const key = JSON.parse(UTF8ToString(name));
  const value = await settled(records.get(key));
  if (value !== undefined && how !== 5) {
    if (how === 0) value.data[value.data.length >> 1] ^= 1;
    if (how === 2) value.data = value.data.slice(0, value.data.length >> 1);
    const all = how === 4 ? await settled(records.getAll()) : [];
    const other = how === 3 ? 'garbage' : how === 4 ? all[1] : value;
    await settled(how === 1 ? records.delete(key) : records.put(other, key));
  }
  open.close();
  return value === undefined ? 0 : 1;
});

// How many databases there are whose name begins with `prefix`.
EM_ASYNC_JS(int, count_databases, (const char* prefix), {
  const all = await indexedDB.databases();
  return all.filter((database) => database.name.startsWith(UTF8ToString(prefix))).length;
});

// How many records of all databases hold these bytes, as text or in an array, readable.
EM_ASYNC_JS(int, count_readable, (const char* needle), {
  const settled = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  const readable = (value) => typeof value === 'string' ? value
    : value instanceof Uint8Array ? String.fromCharCode.apply(null, value)
    : value && value.data ? readable(value.data) : "";
  let found = 0;
  for (const { name } of await indexedDB.databases()) {
    const open = await settled(indexedDB.open(name));
    for (const store of open.objectStoreNames)
      for (const value of await settled(open.transaction(store).objectStore(store).getAll()))
        if (readable(value).includes(UTF8ToString(needle))) ++found;
    open.close();
  }
  return found;
});

// The next `times` values put into databases whose name begins so find no room: the transaction
// ends (how 0), or putting throws at once (how 1), as browsers do for some of the reasons.
EM_JS(void, refuse_room, (const char* prefix, int times, int how), {
  const name = UTF8ToString(prefix);
  globalThis.put_as_it_was = globalThis.put_as_it_was || IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function put(...words) {
    if (times === 0 || !this.transaction.db.name.startsWith(name))
      return put_as_it_was.apply(this, words);
    times -= 1;
    if (how === 1) throw new DOMException('refused', 'DataError');
    const request = put_as_it_was.apply(this, words);
    this.transaction.abort();
    return request;
  };
});

// What the page was told of the disk since the last question: 1 that rows are in memory alone.
EM_JS(int, told_of_memory, (), {
  if (globalThis.disk_told === undefined) {
    addEventListener('foyer-disk', () => { globalThis.disk_told = 1; });
    globalThis.disk_told = 0;
  }
  const told = disk_told;
  disk_told = 0;
  return told;
});

// As a person does who clears what sites store, with the page open.
EM_ASYNC_JS(void, clear_storage, (const char* prefix), {
  for (const { name } of await indexedDB.databases())
    if (name.startsWith(UTF8ToString(prefix)))
      await new Promise((done, failed) => {
        const request = indexedDB.deleteDatabase(name);
        request.onsuccess = done;
        request.onerror = failed;
      });
});

namespace foyer::web {
namespace {

constexpr auto kUser = "0193a1b2-0000-7000-8000-000000000001";
constexpr auto kCacheDatabase = "foyer.cache.3.";
constexpr auto kOutboxDatabase = "foyer.out.0193a1b2-0000-7000-8000-000000000001.0";

void wait_for(const bool& condition) {
  while (!condition) emscripten_sleep(1);
}

enum class Opening : std::uint8_t { kAwaited, kBegun };

// One place, open synchronously; it leaves nothing behind.
class Disk {
 public:
  explicit Disk(int slots = 1, Opening opening = Opening::kAwaited) : slots_(slots) {
    begin_opening();
    if (opening == Opening::kAwaited) finish_opening();
  }
  ~Disk() { close(Erase::kEverything); }

  void open() {
    begin_opening();
    finish_opening();
  }
  void finish_opening() { wait_for(has_answer_); }
  void close(Erase erase) {
    if (!store_) return;
    bool is_closed = false;
    store_->close(erase, [&] { is_closed = true; });
    wait_for(is_closed);
    store_.reset();
  }
  void reopen(Erase erase = Erase::kNothing) {
    close(erase);
    open();
  }
  bool save(std::uint64_t mid, std::string bytes) {
    bool is_saved = false, has_answer = false;
    store_->save_outbox(mid, std::move(bytes), [&](bool saved) {
      is_saved = saved;
      has_answer = true;
    });
    wait_for(has_answer);
    return is_saved;
  }

  bool adopt(const Uuid& client, std::vector<std::pair<std::uint64_t, std::string>> entries) {
    bool is_saved = false, has_answer = false;
    store_->adopt_client(client, std::move(entries), [&](bool saved) {
      is_saved = saved;
      has_answer = true;
    });
    wait_for(has_answer);
    return is_saved;
  }
  bool keep(const std::string& name, std::string words) {
    bool is_kept = false, has_answer = false;
    store_->keep_draft(name, std::move(words), [&](bool kept) {
      is_kept = kept;
      has_answer = true;
    });
    wait_for(has_answer);
    return is_kept;
  }

  DeviceStore& store() { return *store_; }
  const auto& drafts() { return store_->drafts(); }
  const Stored& stored() { return store_->stored(); }
  const Uuid& client() { return store_->client(); }
  bool is_open() const { return is_open_; }
  const bool& has_answer() const { return has_answer_; }

 private:
  void begin_opening() {
    has_answer_ = is_open_ = false;
    store_ = std::make_unique<IndexedDbStore>(IndexedDbStore::Place{kUser, slots_},
                                              [this](bool is_open) {
                                                is_open_ = is_open;
                                                has_answer_ = true;
                                              });
  }

  int slots_;
  std::unique_ptr<IndexedDbStore> store_;
  bool is_open_ = false, has_answer_ = false;
};

// What the test before left would be seen here.
class EmptyDisk : public Disk {
 public:
  EmptyDisk() {
    EXPECT_TRUE(is_open());
    EXPECT_TRUE(stored().head.empty() && stored().pieces.empty() && stored().outbox.empty());
  }
};
INSTANTIATE_TYPED_TEST_SUITE_P(IndexedDb, StoreContract, SyncedStore<EmptyDisk>);

std::string every_byte(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7 + i / 256);
  return bytes;
}
using Entries = std::vector<std::string>;

TEST(IndexedDbOutbox, EntriesComeBackInAnyRunAndRemovedOnesDoNot) {
  EmptyDisk disk;
  const Uuid client = disk.client();
  const Entries entries = {"one", "", every_byte(300'000), std::string(3, '\0')};
  for (std::size_t i = 0; i < entries.size(); ++i) ASSERT_TRUE(disk.save(i + 1, entries[i]));
  disk.reopen();
  EXPECT_EQ(disk.stored().outbox, entries);
  EXPECT_EQ(disk.stored().last_mid, 4u);
  disk.store().remove_outbox(2);
  disk.store().remove_outbox(9);  // there is none
  ASSERT_TRUE(disk.save(1, "one, changed"));
  disk.reopen();
  EXPECT_EQ(disk.stored().outbox, (Entries{"one, changed", entries[2], entries[3]}));
  EXPECT_EQ(disk.client(), client);
}

TEST(IndexedDbOutbox, TheHighestNumberOutlivesAnEmptiedOutbox) {
  EmptyDisk disk;
  const std::uint64_t large = (std::uint64_t{1} << 52) + 1;
  ASSERT_TRUE(disk.save(large, "entry"));
  ASSERT_TRUE(disk.save(7, "a late one"));
  disk.store().remove_outbox(large);
  disk.store().remove_outbox(7);
  disk.reopen();
  EXPECT_TRUE(disk.stored().outbox.empty());
  EXPECT_EQ(disk.stored().last_mid, large);
}

TEST(IndexedDbOutbox, AnotherIdTakesThePlaceOfTheOldOneWithItsEntriesAndNumbersAtOnce) {
  EmptyDisk disk;
  ASSERT_TRUE(disk.save(7, "old"));
  ASSERT_TRUE(disk.save(9, "older"));
  const Uuid fresh = derive_uuid(disk.client(), "copy");
  ASSERT_TRUE(disk.adopt(fresh, {{1, "one"}, {2, every_byte(70'000)}}));
  EXPECT_EQ(disk.client(), fresh);
  ASSERT_TRUE(disk.save(3, "three"));
  disk.reopen();
  EXPECT_EQ(disk.client(), fresh);
  EXPECT_EQ(disk.stored().outbox, (Entries{"one", every_byte(70'000), "three"}));
  EXPECT_EQ(disk.stored().last_mid, 3u);
  ASSERT_TRUE(disk.adopt(derive_uuid(fresh, "copy"), {}));
  disk.reopen();
  EXPECT_TRUE(disk.stored().outbox.empty());
  EXPECT_EQ(disk.stored().last_mid, 0u);
}

TEST(IndexedDbOutbox, OnlyTheFirstRunOfABrowserIsSaidToBeTheFirst) {
  EmptyDisk disk;
  EXPECT_TRUE(disk.stored().is_first_run);
  disk.reopen();
  EXPECT_FALSE(disk.stored().is_first_run);
}

// An outbox that goes on without an entry has forgotten somebody's words: rather it does not open,
// and keeps what there is.
TEST(IndexedDbOutbox, ADamagedEntryIsNeitherShownNorThrownAway) {
  EmptyDisk disk;
  ASSERT_TRUE(disk.save(1, "first"));
  ASSERT_TRUE(disk.save(2, "second"));
  disk.close(Erase::kNothing);
  ASSERT_EQ(damage(kOutboxDatabase, "outbox", "1", 0), 1);
  disk.open();
  EXPECT_FALSE(disk.is_open());
  disk.close(Erase::kNothing);
  ASSERT_EQ(damage(kOutboxDatabase, "outbox", "1", 0), 1);  // the same byte again: as it was
  disk.open();
  ASSERT_TRUE(disk.is_open());
  EXPECT_EQ(disk.stored().outbox, (Entries{"first", "second"}));
}

using Pieces = std::map<PieceKey, std::string>;

Pieces pieces_of(const Stored& stored) {
  Pieces pieces;
  for (const Piece& piece : stored.pieces) pieces[piece.key] = piece.bytes;
  return pieces;
}
PieceKey segment(std::string scope, std::uint64_t generation, std::uint32_t n) {
  return {PieceKind::kSegment, std::move(scope), generation, n};
}
PieceKey delta(std::string scope, std::uint64_t seq) {
  return {PieceKind::kDelta, std::move(scope), seq, 0};
}
// Two scopes with a segment, two deltas and an index, and a head.
CacheWrite two_scopes() {
  CacheWrite write;
  write.put = {{segment("public", 1, 0), every_byte(60'000)},
               {segment("staff:service", 2, 0), "one"},
               {segment("staff:service", 2, 1), every_byte(300)},
               {delta("staff:service", 7), "changed"},
               {delta("public", 8), ""},
               {{PieceKind::kIndex, "words", 1, 0}, "an index"}};
  write.head = "the first head";
  return write;
}

TEST(IndexedDbCache, WritesTakeEffectInTheirOrderAndComeBackWhole) {
  EmptyDisk disk;
  Pieces expected;
  CacheWrite first = two_scopes();
  for (const Piece& piece : first.put) expected[piece.key] = piece.bytes;
  disk.store().write_cache(std::move(first));
  disk.reopen();
  EXPECT_EQ(disk.stored().head, "the first head");
  EXPECT_EQ(pieces_of(disk.stored()), expected);

  CacheWrite next;
  next.removed = {{PieceKind::kSegment, "staff:service", 0, 2},
                  {PieceKind::kDelta, "staff:service", 0, 7}};
  next.put = {{segment("staff:service", 3, 0), "anew"}, {delta("staff:service", 9), "later"}};
  next.head = "the second head";
  next.is_strict = true;
  disk.store().write_cache(std::move(next));
  std::erase_if(expected, [](const auto& piece) { return piece.first.scope == "staff:service"; });
  expected[segment("staff:service", 3, 0)] = "anew";
  expected[delta("staff:service", 9)] = "later";
  disk.reopen();
  EXPECT_EQ(disk.stored().head, "the second head");
  EXPECT_EQ(pieces_of(disk.stored()), expected);

  CacheWrite fresh;
  fresh.clears = true;
  fresh.put = {{segment("public", 9, 0), "all anew"}};
  fresh.head = "the third head";
  disk.store().write_cache(std::move(fresh));
  disk.reopen();
  EXPECT_EQ(disk.stored().head, "the third head");
  EXPECT_EQ(pieces_of(disk.stored()), (Pieces{{segment("public", 9, 0), "all anew"}}));
}

// More than one batch of reading and more than one transaction of writing.
TEST(IndexedDbCache, ManyPiecesComeBackEachAtItsPlace) {
  EmptyDisk disk;
  Pieces expected;
  for (std::uint32_t n = 0; n < 300; ++n) {
    CacheWrite write;
    const std::string bytes = std::to_string(n) + every_byte(20'000 + n);
    write.put = {{segment("public", 1, n), bytes}};
    expected[segment("public", 1, n)] = bytes;
    disk.store().write_cache(std::move(write));
  }
  CacheWrite head;
  head.head = "head";
  head.is_strict = true;
  disk.store().write_cache(std::move(head));
  disk.reopen();
  EXPECT_EQ(disk.stored().head, "head");
  EXPECT_EQ(pieces_of(disk.stored()) == expected, true);
}

TEST(IndexedDbCache, NothingOnTheDiskIsReadableWithoutItsKey) {
  EmptyDisk disk;
  ASSERT_TRUE(disk.save(1, "the lift in Lindenhof stops"));
  CacheWrite write;
  write.put = {{segment("public", 1, 0), "what Clara wrote in confidence"},
               {delta("public", 2), "and Clara again"},
               {{PieceKind::kIndex, "words", 1, 0}, "Clara"}};
  write.head = "Clara is here";
  disk.store().write_cache(std::move(write));
  disk.reopen();
  ASSERT_EQ(disk.stored().outbox.size(), 1u);
  EXPECT_EQ(count_readable(to_string(disk.client()).c_str()), 1);  // the search finds what is plain
  EXPECT_EQ(count_readable("Lindenhof"), 0);
  EXPECT_EQ(count_readable("Clara"), 0);
}

TEST(IndexedDbCache, AForgottenScopeTakesItsKeyAndItsPiecesAndNothingElse) {
  EmptyDisk disk;
  disk.store().write_cache(two_scopes());
  CacheWrite write;
  write.forgotten = {"staff:service"};
  write.head = "without it";
  write.is_strict = true;
  disk.store().write_cache(std::move(write));
  disk.close(Erase::kNothing);
  EXPECT_EQ(damage(kCacheDatabase, "key", "\"staff:service\"", 3), 0);
  EXPECT_EQ(damage(kCacheDatabase, "seg", "[\"staff:service\", 2, 0]", 3), 0);
  disk.open();
  EXPECT_EQ(disk.stored().head, "without it");
  EXPECT_EQ(pieces_of(disk.stored()), (Pieces{{segment("public", 1, 0), every_byte(60'000)},
                                              {delta("public", 8), ""}}));
  // Granted again it has another key: what a copy of the disk still holds stays closed.
  CacheWrite again;
  again.put = {{segment("staff:service", 5, 0), "back"}};
  again.head = "with it";
  disk.store().write_cache(std::move(again));
  disk.reopen();
  EXPECT_EQ(pieces_of(disk.stored()).at(segment("staff:service", 5, 0)), "back");
}

TEST(IndexedDbCache, ADamagedPieceIsLeftOutAndHurtsNothingElse) {
  for (int how = 0; how < 5; ++how) {
    EmptyDisk disk;
    ASSERT_TRUE(disk.save(1, "entry"));
    disk.store().write_cache(two_scopes());
    disk.close(Erase::kNothing);
    ASSERT_EQ(damage(kCacheDatabase, "seg", "[\"public\", 1, 0]", how), 1);
    disk.open();
    ASSERT_TRUE(disk.is_open());
    EXPECT_EQ(disk.stored().head, "the first head");
    const Pieces left = pieces_of(disk.stored());
    EXPECT_EQ(left.size(), 5u) << how;
    EXPECT_FALSE(left.contains(segment("public", 1, 0))) << how;
    EXPECT_EQ(disk.stored().outbox, Entries{"entry"});
  }
}

TEST(IndexedDbCache, ADamagedHeadOrKeyLeavesAnEmptyCacheAndAnUntouchedOutbox) {
  for (const char* store : {"head", "key"})
    for (int how = 0; how < 4; ++how) {
      if (how != 1 && how != 3 && std::string_view(store) == "key") continue;  // a key has no bytes
      EmptyDisk disk;
      ASSERT_TRUE(disk.save(1, "entry"));
      disk.store().write_cache(two_scopes());
      disk.close(Erase::kNothing);
      ASSERT_EQ(damage(kCacheDatabase, store, "\"head\"", how), 1);
      disk.open();
      ASSERT_TRUE(disk.is_open());
      EXPECT_EQ(disk.stored().head, "") << store << how;
      EXPECT_EQ(disk.stored().outbox, Entries{"entry"});
      // And it goes on from there.
      disk.store().write_cache(two_scopes());
      disk.reopen();
      EXPECT_EQ(disk.stored().head, "the first head");
      EXPECT_EQ(disk.stored().pieces.size(), 6u);
    }
}

// A key in `meta` begins so: there is ballast.
bool has_ballast() { return damage(kOutboxDatabase, "meta", "\"ballast0\"", 5) == 1; }
constexpr int kAlways = -1;

// Words first: the ballast goes for them, then the rows; what cannot be saved is not said to be.
TEST(IndexedDbRoom, ForWordsTheBallastGoesThenTheRowsAndThenTheyAreRefused) {
  for (int how = 0; how < 2; ++how) {
    EmptyDisk disk;
    (void)told_of_memory();
    disk.store().write_cache(two_scopes());
    disk.reopen();
    while (!has_ballast()) emscripten_sleep(10);
    refuse_room("foyer.out.", 1, how);
    EXPECT_TRUE(disk.save(1, "first"));
    EXPECT_FALSE(has_ballast());
    EXPECT_EQ(told_of_memory(), 0);
    refuse_room("foyer.out.", 2, how);
    EXPECT_TRUE(disk.save(2, "second"));
    EXPECT_EQ(told_of_memory(), 1);
    refuse_room("foyer.out.", kAlways, how);
    EXPECT_FALSE(disk.save(3, "third"));
    refuse_room("foyer.out.", 0, how);
    disk.reopen();
    EXPECT_EQ(disk.stored().outbox, (Entries{"first", "second"}));
    EXPECT_EQ(disk.stored().last_mid, 2u);
    EXPECT_TRUE(disk.stored().head.empty() && disk.stored().pieces.empty());
    EXPECT_TRUE(disk.save(3, "third, again"));
  }
}

TEST(IndexedDbRoom, WithoutRoomForRowsIndexesGoAndThenTheOlderStateStaysWhole) {
  for (int how = 0; how < 2; ++how) {
    EmptyDisk disk;
    (void)told_of_memory();
    disk.store().write_cache(two_scopes());
    disk.reopen();
    CacheWrite next;
    next.put = {{delta("public", 9), "nine"}};
    next.head = "the second head";
    refuse_room("foyer.cache.", 1, how);
    disk.store().write_cache(next);
    disk.reopen();
    EXPECT_EQ(disk.stored().head, "the second head");
    EXPECT_EQ(disk.stored().pieces.size(), 6u);  // without the index
    EXPECT_EQ(told_of_memory(), 0);
    next.put = {{delta("public", 10), "ten"}};
    next.removed = {{PieceKind::kDelta, "public", 0, 9}};
    next.head = "the third head";
    refuse_room("foyer.cache.", kAlways, how);
    disk.store().write_cache(next);
    EXPECT_TRUE(disk.save(1, "words"));
    disk.reopen();
    refuse_room("foyer.cache.", 0, how);
    EXPECT_EQ(told_of_memory(), 1);
    EXPECT_EQ(disk.stored().head, "the second head");
    EXPECT_EQ(disk.stored().pieces.size(), 6u);
    EXPECT_EQ(disk.stored().outbox, Entries{"words"});
  }
}

// What had to be forgotten is gone although nothing can be written.
TEST(IndexedDbRoom, ARevocationNeedsNoRoom) {
  EmptyDisk disk;
  disk.store().write_cache(two_scopes());
  disk.reopen();
  CacheWrite write;
  write.forgotten = {"staff:service"};
  write.head = "without it";
  write.is_strict = true;
  refuse_room("foyer.cache.", kAlways, 0);
  disk.store().write_cache(std::move(write));
  disk.close(Erase::kNothing);
  refuse_room("foyer.cache.", 0, 0);
  EXPECT_EQ(damage(kCacheDatabase, "seg", "[\"staff:service\", 2, 0]", 5), 0);
  disk.open();
  EXPECT_TRUE(disk.stored().pieces.empty());
}

// The browser took everything while it was in use: what waits is put back with the next words, and
// is sealed with a key that is put back too.
TEST(IndexedDbLostConnection, WordsOutliveAClearedOutbox) {
  EmptyDisk disk;
  const Uuid client = disk.client();
  ASSERT_TRUE(disk.save(1, "first"));
  ASSERT_TRUE(disk.save(2, "second"));
  disk.store().remove_outbox(1);
  disk.reopen();
  clear_storage("foyer.");
  ASSERT_TRUE(disk.save(3, "third"));
  disk.reopen();
  ASSERT_TRUE(disk.is_open());
  EXPECT_EQ(disk.client(), client);
  EXPECT_EQ(disk.stored().outbox, (Entries{"second", "third"}));
  EXPECT_EQ(disk.stored().last_mid, 3u);
}

TEST(IndexedDbLostConnection, RowsAreNotWrittenOnTopOfAnotherCache) {
  EmptyDisk disk;
  (void)told_of_memory();
  disk.store().write_cache(two_scopes());
  disk.reopen();
  clear_storage("foyer.cache.");
  CacheWrite next;
  next.put = {{delta("public", 9), "nine"}};
  next.head = "a head without its segments";
  disk.store().write_cache(next);
  disk.reopen();
  EXPECT_EQ(told_of_memory(), 1);
  EXPECT_TRUE(disk.stored().head.empty());
  // A new beginning is one.
  disk.store().write_cache(two_scopes());
  disk.reopen();
  EXPECT_EQ(disk.stored().head, "the first head");
}

using Drafts = std::map<std::string, std::string, std::less<>>;

TEST(IndexedDbDrafts, WhatIsBeingWrittenComesBackUntilItIsForgotten) {
  EmptyDisk disk;
  Drafts drafts;
  for (const std::string& text : hostile_texts())
    if (!text.empty()) drafts["/cases/" + std::to_string(drafts.size())] = text;
  for (const auto& [name, words] : drafts) ASSERT_TRUE(disk.keep(name, words));
  ASSERT_TRUE(disk.save(1, "an entry"));
  disk.reopen();
  EXPECT_EQ(disk.drafts(), drafts);
  EXPECT_EQ(disk.stored().outbox, Entries{"an entry"});
  for (const auto& [name, words] : drafts) ASSERT_TRUE(disk.keep(name, ""));
  ASSERT_TRUE(disk.keep("/cases/new", "first words"));
  ASSERT_TRUE(disk.keep("/cases/new", "other words"));
  disk.reopen();
  EXPECT_EQ(disk.drafts(), (Drafts{{"/cases/new", "other words"}}));
  EXPECT_EQ(count_readable("words"), 0);
}

TEST(IndexedDbDrafts, ADamagedOneIsLeftOutAndHurtsNothingElse) {
  EmptyDisk disk;
  ASSERT_TRUE(disk.save(1, "an entry"));
  ASSERT_TRUE(disk.keep("a", "words"));
  ASSERT_TRUE(disk.keep("b", "more words"));
  disk.close(Erase::kNothing);
  ASSERT_EQ(damage(kOutboxDatabase, "meta", "\"draft.a\"", 0), 1);
  disk.open();
  ASSERT_TRUE(disk.is_open());
  EXPECT_EQ(disk.drafts(), (Drafts{{"b", "more words"}}));
  EXPECT_EQ(disk.stored().outbox, Entries{"an entry"});
}

TEST(IndexedDbDrafts, TheyGoWithASignOutAndStayWhenOnlyRowsGo) {
  EmptyDisk disk;
  const Uuid client = disk.client();
  ASSERT_TRUE(disk.save(1, "an entry"));
  ASSERT_TRUE(disk.keep("a", "words"));
  disk.reopen(Erase::kCache);
  EXPECT_EQ(disk.drafts().size(), 1u);
  disk.reopen(Erase::kCacheAndDrafts);
  EXPECT_TRUE(disk.drafts().empty());
  EXPECT_EQ(disk.stored().outbox, Entries{"an entry"});
  EXPECT_EQ(disk.client(), client);
}

TEST(IndexedDbPlace, ASecondOpenerFailsWhileTheFirstHoldsIt) {
  EmptyDisk first;
  Disk second(1);
  EXPECT_FALSE(second.is_open());
  bool was_refused = false;
  second.store().save_outbox(1, "words", [&](bool saved) { was_refused = !saved; });
  EXPECT_TRUE(was_refused);
  EXPECT_TRUE(first.save(1, "still ours"));
}

TEST(IndexedDbPlace, ASecondOpenerWaitsForTheFirstToLetGoAndFindsItsWords) {
  EmptyDisk first;
  const Uuid client = first.client();
  Disk second(1, Opening::kBegun);
  ASSERT_TRUE(first.save(1, "words"));
  emscripten_sleep(300);
  EXPECT_FALSE(second.has_answer());
  first.close(Erase::kNothing);
  second.finish_opening();
  ASSERT_TRUE(second.is_open());
  EXPECT_EQ(second.client(), client);
  EXPECT_EQ(second.stored().outbox, Entries{"words"});
}

TEST(IndexedDbPlace, WithMoreSlotsASecondOpenerHasAnOutboxOfItsOwn) {
  Disk first(2);
  ASSERT_TRUE(first.save(1, "of the first"));
  Disk second(2);
  ASSERT_TRUE(second.is_open());
  EXPECT_NE(second.client(), first.client());
  ASSERT_TRUE(second.save(1, "of the second"));
  second.reopen();
  EXPECT_EQ(second.stored().outbox, Entries{"of the second"});
  Disk third(2);
  EXPECT_FALSE(third.is_open());
}

TEST(IndexedDbPlace, ErasingTheCacheKeepsTheOutboxAndErasingAllLeavesNothing) {
  Disk disk;
  const Uuid client = disk.client();
  ASSERT_TRUE(disk.save(1, "entry"));
  disk.store().write_cache(two_scopes());
  disk.reopen(Erase::kCache);
  EXPECT_TRUE(disk.stored().head.empty() && disk.stored().pieces.empty());
  EXPECT_EQ(disk.stored().outbox, Entries{"entry"});
  EXPECT_EQ(disk.client(), client);
  EXPECT_EQ(count_databases("foyer."), 2);
  disk.close(Erase::kEverything);
  EXPECT_EQ(count_databases("foyer."), 0);
  disk.open();
  EXPECT_TRUE(disk.stored().outbox.empty());
  EXPECT_EQ(disk.stored().last_mid, 0u);
  EXPECT_NE(disk.client(), client);  // its numbers begin again, so it is another client
}

TEST(IndexedDbSync, AWaitingCommandOutlivesARestartAndIsSentOnce) {
  SyncedStore<EmptyDisk> store;
  Account account;
  account.id = Id<Account>(derive_uuid({}, "account"));
  account.name = "Acme";
  put(store.writer(), account);
  store.commit();
  OpenCase open;
  open.case_id = Id<Case>(derive_uuid({}, "case"));
  open.message = Id<Message>(derive_uuid({}, "message"));
  open.subject = "Lift stops";
  open.body = "Between floors";
  open.account = account.id;
  bool is_saved = false, has_answer = false;
  ASSERT_TRUE(store.device().submit(make_command(open), store.now(), [&](bool saved) {
    is_saved = saved;
    has_answer = true;
  }));
  wait_for(has_answer);
  ASSERT_TRUE(is_saved);
  store.reopen();  // without a network
  EXPECT_EQ(store.device().engine().status().waiting, 1u);
  EXPECT_TRUE(exists(store.reader(), open.case_id));
  EXPECT_FALSE(exists(store.writer(), open.case_id));
  EXPECT_TRUE(store.exchange());
  EXPECT_TRUE(exists(store.writer(), open.case_id));
  EXPECT_EQ(store.device().engine().status().waiting, 0u);
  store.commit();
  store.reopen();
  EXPECT_TRUE(store.disk().stored().outbox.empty());
  EXPECT_EQ(store.disk().stored().last_mid, 1u);
  EXPECT_EQ(get(store.reader(), open.case_id)->number, "T-10001");
}

}  // namespace
}  // namespace foyer::web

EM_JS(void, say_that_it_ended, (int code), { Module['ended'](code); });

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  say_that_it_ended(RUN_ALL_TESTS());
  return 0;
}
