// What devices that keep up are told, against what the tables would tell them: the same rows, the
// same cookie, at every seq, for everybody.
#include "foyer/sync/recent_changes.h"

#include <gtest/gtest.h>

#include "foyer/base/random.h"
#include "foyer/command/case_change.h"
#include "foyer/sync/server_engine.h"
#include "shared/command/desk.h"

namespace foyer {
namespace {

struct Device {
  Actor actor;
  Uuid client;
  Cookie cookie;
  std::uint64_t last_mid = 0;
  std::map<std::pair<Scope, RowKey>, std::string> rows;

  void take(const std::vector<Poke>& pokes) {
    for (const Poke& poke : pokes) {
      EXPECT_EQ(poke.base_seq, cookie.seq);
      for (const Scope& scope : poke.snapshots)
        std::erase_if(rows, [&](const auto& row) { return row.first.first == scope; });
      for (const RowChange& change : poke.changes) {
        const std::pair key{poke.scopes.at(change.scope), RowKey{change.entity, change.id}};
        if (change.op == RowOp::kPut) rows[key] = change.bytes;
        else rows.erase(key);
      }
    }
    if (pokes.empty()) return;
    EXPECT_TRUE(pokes.back().is_last);
    cookie = pokes.back().cookie;
    last_mid = pokes.back().last_mid;
  }
};

class RecentChangesTest : public testing::Test {
 protected:
  RecentChangesTest() { commit(); }

  void commit() {
    std::vector<RowKey> keys;
    for (const auto& touched : desk_.store.take_touched())
      keys.push_back({touched.entity->id, touched.id});
    recent_.add(log_.epoch(), publish_commit(desk_.store, log_, keys, log_.raise_seq()));
  }
  Device device(const Actor& actor, std::string_view name) {
    Device device{.actor = actor, .client = derive_uuid({}, name), .cookie = {}, .rows = {}};
    take_from_tables(device);
    return device;
  }
  void take_from_tables(Device& device) {
    device.take(catch_up(device.actor, device.client, device.cookie, desk_.store, log_));
  }
  std::optional<std::vector<Poke>> recent(const Device& device) const {
    const auto scopes = scopes_of_actor(device.actor);
    return recent_.since(
        {device.cookie, scopes, device.client, device.actor.user, 0, device.last_mid});
  }

  Desk desk_;
  MemoryScopeLog log_{derive_uuid({}, "epoch")};
  RecentChanges recent_{256 * 1024};
};

TEST_F(RecentChangesTest, LeadsWhereTheTablesLead) {
  Random random(5);
  std::vector<Device> live{device(desk_.customer, "a"), device(desk_.stranger, "b"),
                           device(desk_.agent, "c"), device(desk_.admin, "d")};
  std::vector<Device> reading = live;
  std::size_t told = 0;
  for (int round = 0; round < 300; ++round) {
    for (std::uint64_t left = 1 + random.below(3); left > 0; --left) {
      const std::string name = "c" + std::to_string(random.below(20));
      if (!exists(desk_.store, desk_.id<Case>(name))) {
        ASSERT_TRUE(desk_.run(desk_.customer, desk_.opening(name)));
        continue;
      }
      Case row = desk_.the_case(name);
      if (random.chance(1, 4))  // with all that hangs on it
        row.account = row.account == desk_.account ? desk_.other_account : desk_.account;
      row.wait_need.assign(random.below(900), 'w');
      put(desk_.store, row);
      if (random.chance(1, 10))
        desk_.store.erase(entity_of<Message>(), desk_.id<Message>(name + "/first"));
    }
    commit();
    for (std::size_t i = 0; i < live.size(); ++i) {
      if (random.chance(1, 2)) continue;  // does not read every time
      take_from_tables(reading[i]);
      const auto pokes = recent(live[i]);
      if (pokes) live[i].take(*pokes);
      else take_from_tables(live[i]);
      told += pokes.has_value();
      ASSERT_EQ(live[i].cookie, reading[i].cookie) << round;
      ASSERT_EQ(live[i].rows, reading[i].rows) << round;
      ASSERT_EQ(recent(live[i])->size(), 0u);
    }
    ASSERT_FALSE(HasFailure()) << round;
  }
  EXPECT_GT(told, 400u);
}

TEST_F(RecentChangesTest, WhoseRightsMayHaveChangedIsLedByTheTables) {
  Device hers = device(desk_.customer, "a");
  ASSERT_TRUE(desk_.run(desk_.customer, desk_.opening("one")));
  commit();
  ASSERT_TRUE(recent(hers).has_value());
  for (const Entity* entity : {&entity_of<User>(), &entity_of<Contact>()}) {
    take_from_tables(hers);
    if (entity == &entity_of<User>()) {
      User user = *get(desk_.store, desk_.customer.user);
      user.name += "!";
      put(desk_.store, user);
    } else {
      Contact contact = *get(desk_.store, desk_.contact);
      contact.name += "!";
      put(desk_.store, contact);
    }
    commit();
    EXPECT_FALSE(recent(hers).has_value()) << entity->name;
    put(desk_.store, desk_.the_case("one"));
    commit();
    EXPECT_FALSE(recent(hers).has_value()) << entity->name;
    take_from_tables(hers);
    put(desk_.store, desk_.the_case("one"));
    commit();
    EXPECT_TRUE(recent(hers).has_value()) << entity->name;
  }
}

// What actor_of looks at, and nothing else, decides what somebody may read.
TEST_F(RecentChangesTest, KnowsAllKindsOfRowsThatDecideAccess) {
  class Watcher final : public Reader {
   public:
    explicit Watcher(const Reader& inner) : inner_(inner) {}
    bool read(const Entity& entity, const Uuid& id, void* object) const override {
      read_.insert(&entity);
      return inner_.read(entity, id, object);
    }
    std::vector<Uuid> scan(const Entity& entity, const Scan& scan) const override {
      read_.insert(&entity);
      return inner_.scan(entity, scan);
    }
    std::vector<TextHit> search(const TextQuery& query) const override {
      return inner_.search(query);
    }
    std::size_t count(const Entity& entity) const override { return inner_.count(entity); }
    const Reader& inner_;
    mutable std::set<const Entity*> read_;
  };
  const Watcher watcher(desk_.store);
  actor_of(watcher, desk_.customer.user);
  actor_of(watcher, desk_.agent.user);
  actor_of(watcher, desk_.id<foyer::Device>("none"));
  EXPECT_GE(watcher.read_.size(), 3u);
  for (const Entity* entity : watcher.read_) {
    const RowKey key{entity->id, derive_uuid({}, "any")};
    EXPECT_TRUE(publish_commit(desk_.store, log_, {&key, 1}, 9).changes_access) << entity->name;
  }
}

TEST_F(RecentChangesTest, RefersToTheTablesWhatItDoesNotReach) {
  const Device early = device(desk_.agent, "a");
  for (int i = 0; i < 40; ++i) {
    auto opening = desk_.opening("c" + std::to_string(i));
    opening.body.assign(5'000, 'x');
    ASSERT_TRUE(desk_.run(desk_.customer, opening));
    commit();
  }
  EXPECT_FALSE(recent(early).has_value());
  Device late = device(desk_.agent, "b");
  EXPECT_TRUE(recent(late).has_value());
  Device other_epoch = late;
  other_epoch.cookie.epoch = derive_uuid({}, "other");
  EXPECT_FALSE(recent(other_epoch).has_value());
  Device fewer_scopes = late;
  fewer_scopes.cookie.scopes.pop_back();
  EXPECT_FALSE(recent(fewer_scopes).has_value());
  Device older_scope = late;
  --older_scope.cookie.scopes.back().seq;
  EXPECT_FALSE(recent(older_scope).has_value());
  Device other_schema = late;
  ++other_schema.cookie.schema;
  EXPECT_FALSE(recent(other_schema).has_value());
  // A commit that it was not told of.
  ASSERT_TRUE(desk_.run(desk_.customer, desk_.opening("unseen")));
  publish_rows(desk_.store, log_, {}, log_.raise_seq());
  put(desk_.store, desk_.the_case("c1"));
  desk_.store.take_touched();
  Case row = desk_.the_case("c1");
  row.wait_need = "changed";
  put(desk_.store, row);
  commit();
  EXPECT_FALSE(recent(late).has_value());
}

TEST_F(RecentChangesTest, ManyRowsComeInPartsUnderTheLimit) {
  RecentChanges recent(4 * 1024 * 1024);
  const Device before = device(desk_.agent, "a");
  for (int i = 0; i < 200; ++i) {
    auto opening = desk_.opening("c" + std::to_string(i));
    opening.body.assign(2'000, 'x');
    ASSERT_TRUE(desk_.run(desk_.customer, opening));
  }
  std::vector<RowKey> keys;
  for (const auto& touched : desk_.store.take_touched())
    keys.push_back({touched.entity->id, touched.id});
  recent.add(log_.epoch(), publish_commit(desk_.store, log_, keys, log_.raise_seq()));
  const auto scopes = scopes_of_actor(before.actor);
  const auto parts = *recent.since({before.cookie, scopes, before.client, before.actor.user});
  EXPECT_GT(parts.size(), 5u);
  for (const Poke& part : parts) EXPECT_LE(encode_frame(part).size(), 64u * 1024);
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) EXPECT_FALSE(parts[i].is_last);
}

TEST_F(RecentChangesTest, ADecidedNumberIsToldWithTheNextChangeAndNeverTakenBack) {
  Device hers = device(desk_.customer, "a");
  CommitChanges refusals{log_.seq()};
  refusals.clients.push_back({hers.client, {7, hers.actor.user}});
  recent_.add(log_.epoch(), refusals);
  EXPECT_TRUE(recent(hers)->empty());
  ASSERT_TRUE(desk_.run(desk_.customer, desk_.opening("one")));
  commit();
  EXPECT_EQ(recent(hers)->back().last_mid, 7u);
  hers.last_mid = 9;
  EXPECT_EQ(recent(hers)->back().last_mid, 9u);
}

TEST_F(RecentChangesTest, WhoseClientAnotherUsesOrWhoKnowsOfALaterCommitIsLedByTheTables) {
  Device hers = device(desk_.customer, "a");
  ASSERT_TRUE(desk_.run(desk_.customer, desk_.opening("one")));
  commit();
  const auto scopes = scopes_of_actor(hers.actor);
  const auto asked = [&](std::uint64_t answered_seq) {
    return recent_.since({hers.cookie, scopes, hers.client, hers.actor.user, answered_seq, 0});
  };
  EXPECT_TRUE(asked(log_.seq()).has_value());
  EXPECT_FALSE(asked(log_.seq() + 1).has_value());
  CommitChanges decided{log_.seq()};
  decided.clients.push_back({hers.client, {3, desk_.stranger.user}});
  recent_.add(log_.epoch(), decided);
  EXPECT_FALSE(asked(0).has_value());
}

}  // namespace
}  // namespace foyer
