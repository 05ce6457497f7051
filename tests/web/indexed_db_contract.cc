// What a device keeps in IndexedDB, in a real browser: the contract of all stores through it, then
// outbox, cache and places on their own. A test program for a page (indexed_db_store.test.mjs);
// Asyncify lets it wait for the browser where a test wants to go on with what was written.
#include "indexed_db_store.h"

#include <emscripten/emscripten.h>

#include "foyer/command/open_case.h"
#include "shared/sync/synced_store.h"

// To one record. how: 0 changes a byte, 1 deletes it, 2 cuts its end off, 3 puts something else
// there, 4 the record of key 1. False: there is none.
EM_ASYNC_JS(int, damage, (const char* database, const char* store, const char* name, int how), {
  const settled = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  const open = await settled(indexedDB.open(UTF8ToString(database)));
  const records = open.transaction(UTF8ToString(store), 'readwrite').objectStore(
    UTF8ToString(store));
  const text = UTF8ToString(name);
  const key = /^[0-9]+$/.test(text) ? Number(text) : text;
  const value = await settled(records.get(key));
  if (value !== undefined) {
    if (how === 0) value.data[value.data.length >> 1] ^= 1;
    if (how === 2) value.data = value.data.slice(0, value.data.length >> 1);
    const other = how === 3 ? 'garbage' : how === 4 ? await settled(records.get(1)) : value;
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

namespace foyer::web {
namespace {

constexpr auto kUser = "0193a1b2-0000-7000-8000-000000000001";
constexpr auto kCacheDatabase = "foyer.cache.2.0193a1b2-0000-7000-8000-000000000001.0";
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
    EXPECT_TRUE(stored().cache.empty() && stored().outbox.empty());
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

TEST(IndexedDbCache, IsAllThatWasSavedInOrderUntilItIsReplaced) {
  EmptyDisk disk;
  std::string all;
  for (const std::size_t size : {0, 1, 60 * 1024 - 1025, 60 * 1024 - 1024, 60 * 1024 - 1023,
                                 200'000}) {
    all += every_byte(size);
    disk.store().save_cache(every_byte(size), false);
  }
  disk.reopen();
  EXPECT_EQ(disk.stored().cache, all);
  disk.store().save_cache("new", true);
  disk.store().save_cache(", and more", false);
  disk.reopen();
  EXPECT_EQ(disk.stored().cache, "new, and more");
}

TEST(IndexedDbCache, NothingOnTheDiskIsReadableWithoutItsKey) {
  EmptyDisk disk;
  ASSERT_TRUE(disk.save(1, "the lift in Lindenhof stops"));
  disk.store().save_cache("what Clara wrote in confidence", false);
  disk.reopen();
  ASSERT_EQ(disk.stored().outbox.size(), 1u);
  EXPECT_EQ(count_readable(to_string(disk.client()).c_str()), 1);  // the search finds what is plain
  EXPECT_EQ(count_readable("Lindenhof"), 0);
  EXPECT_EQ(count_readable("Clara"), 0);
}

TEST(IndexedDbCache, DamageLeavesAnEmptyCacheAndAnUntouchedOutbox) {
  for (int how = 0; how < 5; ++how)
    for (const char* chunk : {"0", "2", "3"}) {
      EmptyDisk disk;
      ASSERT_TRUE(disk.save(1, "entry"));
      disk.store().save_cache(every_byte(200'000), true);
      disk.close(Erase::kNothing);
      ASSERT_EQ(damage(kCacheDatabase, "delta", chunk, how), 1);
      disk.open();
      ASSERT_TRUE(disk.is_open());
      EXPECT_EQ(disk.stored().cache, "") << "chunk " << chunk << ", damage " << how;
      EXPECT_EQ(disk.stored().outbox, Entries{"entry"});
      // And it goes on from there.
      disk.store().save_cache("a fresh snapshot", true);
      disk.reopen();
      EXPECT_EQ(disk.stored().cache, "a fresh snapshot");
    }
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
  ASSERT_EQ(damage(kOutboxDatabase, "meta", "draft.a", 0), 1);
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
  disk.store().save_cache("rows", true);
  disk.reopen(Erase::kCache);
  EXPECT_EQ(disk.stored().cache, "");
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
