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
  bool forgives_slips() { return true; }

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

TEST(MemoryStore, WhatIsLentIsNotCopiedAndGivenBackByARollback) {
  MemoryStore store;
  const Case row = a_case("lent");
  const std::string here = encode(row), there = here;
  store.lend(entity_of<Case>(), row.id, here);
  EXPECT_EQ(store.bytes(entity_of<Case>(), row.id).data(), here.data());
  EXPECT_EQ(find<&Case::state>(store, CaseState::kNew).size(), 1u);
  store.begin();
  put(store, a_case("changed"));
  EXPECT_EQ(get(store, row.id)->subject, "changed");
  store.rollback();
  EXPECT_EQ(store.bytes(entity_of<Case>(), row.id).data(), here.data());
  store.lend(entity_of<Case>(), row.id, there);
  EXPECT_EQ(store.bytes(entity_of<Case>(), row.id).data(), there.data());
  EXPECT_EQ(find<&Case::state>(store, CaseState::kNew).size(), 1u);
}

TEST(MemoryStore, WhatIsWrittenAsItWasLentIsNotBorrowedAnyMore) {
  MemoryStore store;
  std::string bytes = encode(a_case("lent"));
  store.lend(entity_of<Case>(), a_case("").id, bytes);
  put(store, a_case("lent"));
  bytes.assign(bytes.size(), 'x');
  EXPECT_EQ(get(store, a_case("").id)->subject, "lent");
}

TEST(MemoryStore, ACopyIsItsOwn) {
  MemoryStore store(Numbering::kAuthority);
  std::string bytes = encode(a_case("lent"));
  store.lend(entity_of<Case>(), a_case("").id, bytes);
  (void)store.next_number("T");
  MemoryStore copy = store;
  EXPECT_EQ(copy.digest(), store.digest());
  EXPECT_EQ(copy.next_number("T"), store.next_number("T"));
  store.erase(entity_of<Case>(), a_case("").id);
  bytes.assign(bytes.size(), 'x');
  EXPECT_EQ(get(copy, a_case("").id)->subject, "lent");
}

// Rows come, change and go while the index is made, before its place and behind it.
TEST(MemoryStore, ATextIndexMadeInStepsSaysWhatOneMadeAtOnceSays) {
  MemoryStore steps, once;
  Random random(12);
  const auto change = [&](std::uint64_t ids) {
    Case row = a_case(random.chance(1, 2) ? "The lift stands" : "The door opens");
    row.id = Id<Case>(derive_uuid({}, std::to_string(random.below(ids))));
    for (MemoryStore* store : {&steps, &once}) put(*store, row);
    if (!random.chance(1, 3)) return;
    for (MemoryStore* store : {&steps, &once}) store->erase(entity_of<Case>(), row.id);
    Account account;
    account.id = Id<Account>(row.id);
    account.name = row.subject;
    for (MemoryStore* store : {&steps, &once}) put(*store, account);
  };
  for (int step = 0; step < 300; ++step) change(200);
  while (steps.prepare_search(7))
    for (int step = 0; step < 5; ++step) change(200);
  EXPECT_FALSE(steps.prepare_search(7));
  for (const char* words : {"lift", "door", "the", "opens", "stan", "lfit"}) {
    const auto a = steps.search({words, {}, SIZE_MAX}), b = once.search({words, {}, SIZE_MAX});
    ASSERT_EQ(a.size(), b.size()) << words;
    for (std::size_t i = 0; i < a.size(); ++i) {
      EXPECT_EQ(a[i].id, b[i].id) << words;
      EXPECT_EQ(a[i].entity, b[i].entity) << words;
    }
  }
  EXPECT_GT(once.search({"the", {}, SIZE_MAX}).size(), 50u);
}

// Rows change until their bytes are moved several times, within savepoints and without.
TEST(MemoryStore, RowsAndWhatARollbackNeedsSurviveThatTheirBytesAreMoved) {
  MemoryStore store;
  Random random(9);
  std::map<Uuid, std::string> model;
  const auto change = [&](std::map<Uuid, std::string>& rows) {
    const auto letter = static_cast<char>('a' + random.below(26));
    Case row = a_case(std::string(500 + random.below(500), letter));
    row.id = Id<Case>(derive_uuid({}, std::to_string(random.below(50))));
    row.state = static_cast<CaseState>(random.below(4));
    if (random.chance(1, 5)) {
      store.erase(entity_of<Case>(), row.id);
      rows.erase(row.id);
    } else {
      put(store, row);
      rows[row.id] = encode(row);
    }
  };
  (void)store.scan(entity_of<Case>(), {&field_of<&Case::state>(), {}, {}, false, 1});
  for (int round = 0; round < 40; ++round) {
    for (int step = 0; step < 40; ++step) change(model);
    auto undone = model;
    store.begin();
    for (int step = 0; step < 100; ++step) change(undone);
    store.rollback();
    if (round % 7 == 0) store.purge();
    ASSERT_EQ(store.count(entity_of<Case>()), model.size());
    for (const auto& [id, bytes] : model) ASSERT_EQ(store.bytes(entity_of<Case>(), id), bytes);
    std::size_t indexed = 0;
    for (int state = 0; state < 4; ++state)
      for (const Case& row : find<&Case::state>(store, static_cast<CaseState>(state))) {
        EXPECT_EQ(row.state, static_cast<CaseState>(state));
        ++indexed;
      }
    ASSERT_EQ(indexed, model.size());
  }
}

TEST(MemoryStore, WhoDoesNotAskForTouchedRowsKeepsNone) {
  MemoryStore store(Numbering::kNone, Touches::kForgotten);
  put(store, a_case("one"));
  EXPECT_TRUE(store.take_touched().empty());
}

}  // namespace
}  // namespace foyer
