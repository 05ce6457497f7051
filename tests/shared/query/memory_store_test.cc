// MemoryStore against the contract that all stores share, and its nested savepoints.
#include "foyer/query/memory_store.h"

#include "shared/store_contract.h"

namespace foyer {
namespace {

struct MemoryFixture {
  MemoryFixture() { store->begin(); }
  Writer& writer() { return *store; }
  void commit() {
    store->commit();
    store->begin();
  }
  void rollback() {
    store->rollback();
    store->begin();
  }
  // Nothing of it is durable: a device reads its rows anew, from their bytes.
  void reopen() {
    store->rollback();
    auto fresh = std::make_unique<MemoryStore>(Numbering::kAuthority);
    for (const Entity* entity : entities())
      for (const Uuid& id : store->scan(*entity, {})) {
        AnyRow row(*entity);
        EXPECT_TRUE(decode(*entity, store->bytes(*entity, id), row.get()));
        fresh->write(*entity, row.get());
      }
    EXPECT_EQ(fresh->digest(), store->digest());
    store = std::move(fresh);
    store->begin();
  }
  const Reader& reader() { return *store; }
  std::vector<const Entity*> entities() {
    return {foyer::entities().begin(), foyer::entities().end()};
  }
  std::uint8_t audience() { return kAllAudiences; }

  std::unique_ptr<MemoryStore> store = std::make_unique<MemoryStore>(Numbering::kAuthority);
};
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, StoreContract, MemoryFixture);

Case a_case(std::string subject) {
  Case row;
  row.id = Id<Case>(derive_uuid({}, "case"));
  row.subject = std::move(subject);
  return row;
}

TEST(MemoryStore, InnerCommitIsUndoneByTheOuterRollback) {
  MemoryStore store;
  store.begin();
  store.begin();
  put(store, a_case("inner"));
  store.commit();
  store.rollback();
  EXPECT_EQ(store.count(entity_of<Case>()), 0u);
}

TEST(MemoryStore, InnerRollbackLeavesWhatTheOuterDid) {
  MemoryStore store;
  store.begin();
  put(store, a_case("outer"));
  store.begin();
  put(store, a_case("inner"));
  store.rollback();
  store.commit();
  EXPECT_EQ(get(store, a_case("").id)->subject, "outer");
  EXPECT_EQ(store.search({"inner", {}, 10}).size(), 0u);
}

TEST(MemoryStore, DevicesCountNothing) {
  MemoryStore store;
  EXPECT_EQ(store.next_number("T"), "");
}

TEST(MemoryStore, TouchedRowsAreSaidOnceAndOnlyIfTheyChanged) {
  MemoryStore store;
  put(store, a_case("one"));
  put(store, a_case("two"));
  EXPECT_EQ(store.take_touched().size(), 1u);
  put(store, a_case("two"));
  EXPECT_TRUE(store.take_touched().empty());
}

// Asked before there were rows, after some, and at the end: the answers are the same.
TEST(MemoryStore, AnIndexMadeLateSaysWhatOneMadeEarlySays) {
  MemoryStore early, middle, late;
  const auto ask = [](const MemoryStore& store) {
    std::vector<Uuid> answers;
    for (const auto state : {CaseState::kNew, CaseState::kHeld, CaseState::kClosed})
      for (const Case& row : find<&Case::state>(store, state)) answers.push_back(row.id);
    for (const char* word : {"lift", "door", "stands", "opens"})
      for (const TextHit& hit : store.search({word, {}, 50})) answers.push_back(hit.id);
    return answers;
  };
  EXPECT_TRUE(ask(early).empty());
  for (int step = 0; step < 60; ++step) {
    if (step == 25) EXPECT_FALSE(ask(middle).empty());
    for (MemoryStore* store : {&early, &middle, &late}) {
      Case row = a_case(step % 3 == 0 ? "The lift stands" : "The door opens");
      row.id = Id<Case>(derive_uuid({}, std::to_string(step % 17)));
      row.state = step % 4 == 0 ? CaseState::kHeld : CaseState::kNew;
      const bool is_undone = step % 5 == 0;
      if (is_undone) store->begin();
      put(*store, row);
      if (step % 7 == 0) store->erase(entity_of<Case>(), row.id);
      if (is_undone) store->rollback();
    }
  }
  EXPECT_EQ(ask(early), ask(late));
  EXPECT_EQ(ask(middle), ask(late));
  EXPECT_GT(ask(late).size(), 20u);
}

}  // namespace
}  // namespace foyer
