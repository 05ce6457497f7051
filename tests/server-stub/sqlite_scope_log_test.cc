// SqliteScopeLog against MemoryScopeLog: the same publications give the same states and catch-ups.
#include "sqlite_scope_log.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "entities.h"
#include "foyer/base/random.h"
#include "sqlite_schema.h"

namespace foyer::server {
namespace {

TEST(SqliteScopeLogTest, KeepsWhatTheLogInMemoryKeeps) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "foyer_scope_log_test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const auto database = *Database::open((folder / "foyer.db").string(), OpenMode::kWriter);
  ASSERT_TRUE(migrate(*database, {.entities = stored_entities()}).has_value());
  const auto epoch = derive_uuid({}, "epoch");
  MemoryScopeLog memory(epoch);
  SqliteScopeLog sqlite(*database);
  EXPECT_TRUE(sqlite.epoch().is_null());
  ASSERT_TRUE(sqlite.start_epoch(epoch, 0));
  ASSERT_TRUE(database->begin());
  Random random(3);
  const auto scope = [&] {
    const auto kind = random.below(3);
    if (kind == 0) return Scope{};
    if (kind == 1) return Scope{ScopeKind::kStaff, StaffArea::kService, {}};
    return Scope{ScopeKind::kAccount, StaffArea::kNone,
                 derive_uuid({}, std::to_string(random.below(3)))};
  };
  const auto row = [&] {
    return RowKey{static_cast<EntityId>(1 + random.below(3)),
                  derive_uuid({}, std::to_string(random.below(20)))};
  };
  for (int round = 0; round < 2'000; ++round) {
    ASSERT_EQ(memory.raise_seq(), sqlite.raise_seq());
    const auto where = scope();
    const auto what = row();
    if (random.chance(2, 3)) {
      const auto crc = static_cast<std::uint32_t>(random.next());
      memory.publish(where, what, crc, memory.seq());
      sqlite.publish(where, what, crc, sqlite.seq());
    } else {
      memory.withdraw(where, what, memory.seq());
      sqlite.withdraw(where, what, sqlite.seq());
    }
    const auto asked = scope();
    EXPECT_EQ(memory.state(asked), sqlite.state(asked));
    EXPECT_EQ(memory.rows(asked), sqlite.rows(asked));
    EXPECT_EQ(memory.published(what), sqlite.published(what));
    const auto since = random.below(memory.seq() + 1);
    EXPECT_EQ(memory.changed_since(asked, since), sqlite.changed_since(asked, since));
    ASSERT_FALSE(testing::Test::HasFailure()) << round;
  }
  memory.compact(1'000);
  sqlite.compact(1'000);
  EXPECT_FALSE(sqlite.changed_since({}, 999));
  EXPECT_EQ(memory.changed_since({}, 1'000), sqlite.changed_since({}, 1'000));
  const auto client = derive_uuid({}, "client");
  EXPECT_EQ(sqlite.client(client).last_mid, 0u);
  sqlite.set_client(client, {7, Id<User>(epoch)});
  EXPECT_EQ(sqlite.client(client).last_mid, 7u);
  EXPECT_EQ(sqlite.client(client).user, Id<User>(epoch));
  EXPECT_TRUE(database->commit());
  EXPECT_FALSE(database->failure());
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace foyer::server
