#include "foyer/query/memory_store.h"

#include <gtest/gtest.h>

#include "foyer/base/random.h"
#include "foyer/model/registry.h"

namespace foyer {
namespace {

Case a_case(std::uint64_t n, std::string subject, CaseState state = CaseState::kNew) {
  Case row;
  row.id = Id<Case>(derive_uuid({}, std::to_string(n)));
  row.account = Id<Account>(derive_uuid({}, "account"));
  row.subject = std::move(subject);
  row.state = state;
  row.opened_at = {1000 + static_cast<std::int64_t>(n)};
  return row;
}

TEST(MemoryStore, ReadIntoAUsedObjectShowsNothingOfTheOldRow) {
  MemoryStore store;
  Case full = a_case(1, "First", CaseState::kClosed);
  full.resolution = "Done";
  put(store, full);
  put(store, a_case(2, "Second"));
  Case row;
  ASSERT_TRUE(store.read(entity_of<Case>(), full.id, &row));
  ASSERT_TRUE(store.read(entity_of<Case>(), a_case(2, "").id, &row));
  EXPECT_EQ(row.resolution, "");
  EXPECT_EQ(row.state, CaseState::kNew);
}

TEST(MemoryStore, IndexFollowsTheRow) {
  MemoryStore store;
  put(store, a_case(1, "One"));
  EXPECT_EQ(find<&Case::state>(store, CaseState::kNew).size(), 1u);
  put(store, a_case(1, "One", CaseState::kClosed));
  EXPECT_EQ(find<&Case::state>(store, CaseState::kNew).size(), 0u);
  EXPECT_EQ(find<&Case::state>(store, CaseState::kClosed).size(), 1u);
  store.erase(entity_of<Case>(), a_case(1, "").id);
  EXPECT_EQ(find<&Case::state>(store, CaseState::kClosed).size(), 0u);
}

TEST(MemoryStore, ScanGoesBothWaysWithinItsBounds) {
  MemoryStore store;
  for (std::uint64_t n = 0; n < 5; ++n) put(store, a_case(n, "Case"));
  const Field& field = field_of<&Case::opened_at>();
  const auto up = store.scan(entity_of<Case>(), {&field, std::int64_t{1001}, std::int64_t{1003}});
  ASSERT_EQ(up.size(), 3u);
  EXPECT_EQ(up.front(), a_case(1, "").id);
  const auto down = store.scan(entity_of<Case>(), {&field, {}, std::int64_t{1003}, true, 2});
  ASSERT_EQ(down.size(), 2u);
  EXPECT_EQ(down.front(), a_case(3, "").id);
  EXPECT_TRUE(
      store.scan(entity_of<Case>(), {&field, std::int64_t{9}, std::int64_t{1}}).empty());
}

struct SearchCase {
  const char* text;
  std::size_t hits;
};
class Search : public testing::TestWithParam<SearchCase> {};
TEST_P(Search, FindsWordsAndPrefixes) {
  MemoryStore store;
  put(store, a_case(1, "Aufzug klemmt im Café"));
  put(store, a_case(2, "Aufzug steht"));
  put(store, a_case(3, "電梯故障"));
  EXPECT_EQ(store.search({GetParam().text, {}, 10}).size(), GetParam().hits) << GetParam().text;
}
INSTANTIATE_TEST_SUITE_P(All, Search,
                         testing::Values(SearchCase{"aufzug", 2}, SearchCase{"AUFZUG kle", 1},
                                         SearchCase{"cafe", 1}, SearchCase{"auf kle", 0},
                                         SearchCase{"梯故", 1}, SearchCase{"", 0},
                                         SearchCase{"nothing", 0}));

TEST(MemoryStore, RollbackRestoresRowsIndexesTextAndNumbers) {
  Random random(42);
  MemoryStore store(Numbering::kAuthority);
  for (std::uint64_t n = 0; n < 20; ++n) put(store, a_case(n, "before"));
  const std::string before = store.digest();
  for (int round = 0; round < 50; ++round) {
    store.begin();
    for (int step = 0; step < 30; ++step) {
      const std::uint64_t n = random.below(30);
      if (random.chance(1, 3)) store.erase(entity_of<Case>(), a_case(n, "").id);
      else put(store, a_case(n, "after", static_cast<CaseState>(random.below(10))));
      if (random.chance(1, 10)) store.next_number("T");
    }
    store.rollback();
    ASSERT_EQ(store.digest(), before);
    ASSERT_EQ(find<&Case::state>(store, CaseState::kNew).size(), 20u);
    ASSERT_TRUE(store.search({"after", {}, 10}).empty());
  }
  EXPECT_EQ(store.next_number("T"), "T-10001");
}

TEST(MemoryStore, InnerCommitIsUndoneByTheOuterRollback) {
  MemoryStore store;
  store.begin();
  store.begin();
  put(store, a_case(1, "inner"));
  store.commit();
  store.rollback();
  EXPECT_EQ(store.count(entity_of<Case>()), 0u);
}

}  // namespace
}  // namespace foyer
