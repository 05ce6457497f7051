#include "foyer/sync/scope_log.h"

#include <gtest/gtest.h>

#include "foyer/base/random.h"

namespace foyer {
namespace {

TEST(ScopeLog, StateIsTheCountAndChecksumOfItsRows) {
  Random random(41);
  MemoryScopeLog log(derive_uuid({}, "epoch"));
  std::map<RowKey, std::uint32_t> model;
  const Scope scope{};
  for (int i = 0; i < 2000; ++i) {
    const RowKey row{1, derive_uuid({}, std::to_string(random.below(50)))};
    if (random.chance(1, 3)) {
      log.withdraw(scope, row, log.raise_seq());
      model.erase(row);
    } else {
      const auto crc = static_cast<std::uint32_t>(random.next());
      log.publish(scope, row, crc, log.raise_seq());
      model[row] = crc;
    }
    std::uint32_t sum = 0;
    for (const auto& [key, crc] : model) sum ^= crc;
    ASSERT_EQ(log.state(scope).count, model.size());
    ASSERT_EQ(log.state(scope).crc, sum);
  }
}

TEST(ScopeLog, ChangesReachBackToTheFloor) {
  MemoryScopeLog log(derive_uuid({}, "epoch"));
  const RowKey a{1, derive_uuid({}, "a")}, b{1, derive_uuid({}, "b")};
  log.publish({}, a, 1, log.raise_seq());
  log.publish({}, b, 2, log.raise_seq());
  EXPECT_EQ(log.changed_since({}, 0)->size(), 2u);
  EXPECT_EQ(log.changed_since({}, 1)->size(), 1u);
  log.compact(1);
  EXPECT_FALSE(log.changed_since({}, 0));
  EXPECT_TRUE(log.changed_since({}, 1));
}

}  // namespace
}  // namespace foyer
