#include "foyer/sync/server_engine.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "shared/command/desk.h"

namespace foyer {
namespace {

struct Server {
  Desk desk;
  MemoryScopeLog log{derive_uuid({}, "epoch")};
  Server() { publish(); }
  std::set<Scope> publish() {
    std::vector<RowKey> keys;
    for (const auto& touched : desk.store.take_touched())
      keys.push_back({touched.entity->id, touched.id});
    return publish_rows(desk.store, log, keys, log.raise_seq());
  }
};

TEST(ServerEngine, ARowThatMovesTakesItsChildrenAlong) {
  Server server;
  ASSERT_TRUE(server.desk.run(server.desk.customer, server.desk.opening("c")));
  server.publish();
  const Scope from{ScopeKind::kAccount, {}, server.desk.account};
  const Scope to{ScopeKind::kAccount, {}, server.desk.other_account};
  const auto there = server.log.state(to).count;
  const auto here = server.log.state(from).count;
  Case row = server.desk.the_case("c");
  row.account = server.desk.other_account;
  put(server.desk.store, row);
  server.publish();
  // The case, its message, its event and its two promises.
  EXPECT_EQ(server.log.state(to).count, there + 5);
  EXPECT_EQ(server.log.state(from).count, here - 5);
}

TEST(ServerEngine, CatchUpIsEmptyWhenNothingChangedAndSmallWhenLittleDid) {
  Server server;
  const Actor& actor = server.desk.agent;
  const auto all_rows = catch_up(actor, {}, {}, server.desk.store, server.log);
  const Cookie cookie = all_rows.back().cookie;
  EXPECT_TRUE(catch_up(actor, {}, cookie, server.desk.store, server.log).empty());
  ASSERT_TRUE(server.desk.run(server.desk.customer, server.desk.opening("c")));
  server.publish();
  const auto news = catch_up(actor, {}, cookie, server.desk.store, server.log);
  ASSERT_EQ(news.size(), 1u);
  EXPECT_TRUE(news[0].snapshots.empty());
  EXPECT_EQ(news[0].changes.size(), 5u);
}

TEST(ServerEngine, ManyRowsComeInPartsUnderTheLimit) {
  Server server;
  for (int i = 0; i < 200; ++i) {
    OpenCase args = server.desk.opening("c" + std::to_string(i));
    args.body.assign(2000, 'x');
    ASSERT_TRUE(server.desk.run(server.desk.customer, args));
  }
  server.publish();
  const auto parts = catch_up(server.desk.agent, {}, {}, server.desk.store, server.log);
  EXPECT_GT(parts.size(), 5u);
  for (const Poke& part : parts) EXPECT_LE(encode_frame(part).size(), 64u * 1024);
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) EXPECT_FALSE(parts[i].is_last);
}

TEST(ServerEngine, PushKeepsOrderAndOwnership) {
  MemoryScopeLog log(derive_uuid({}, "epoch"));
  const Uuid client = derive_uuid({}, "client");
  const Id<User> ana(derive_uuid({}, "ana")), eve(derive_uuid({}, "eve"));
  int runs = 0;
  const auto run = [&](const PushedCommand&, const Uuid&, Turn) {
    ++runs;
    return Decision{};
  };
  const auto push = [&](std::uint64_t mid, Id<User> user) {
    const Push push{client, {{.mid = mid, .command = {"x", 1, ""}}}};
    return decide_push(push, user, log, run).results.front();
  };
  EXPECT_EQ(push(2, ana).outcome, PushOutcome::kOutOfOrder);
  EXPECT_EQ(push(1, ana).outcome, PushOutcome::kApplied);
  EXPECT_EQ(push(1, ana).outcome, PushOutcome::kDuplicate);
  const int before = runs;
  EXPECT_EQ(push(2, eve).outcome, PushOutcome::kRejected);
  EXPECT_EQ(runs, before);
}

// A grant would never reach who may read nothing yet.
TEST(ServerEngine, WhoMayReadNothingHearsOfTheirContactAllTheSame) {
  Desk desk;
  Actor locked_out = desk.customer;
  locked_out.portal_scope = PortalScope::kNone;
  const Scope contact{ScopeKind::kContact, {}, locked_out.contact};
  const auto read = scopes_of_actor(locked_out), heard = scopes_heard_by(locked_out);
  EXPECT_EQ(std::count(read.begin(), read.end(), contact), 0);
  EXPECT_EQ(std::count(heard.begin(), heard.end(), contact), 1);
  for (const Scope& scope : read)
    EXPECT_EQ(std::count(heard.begin(), heard.end(), scope), 1) << to_string(scope);
}

}  // namespace
}  // namespace foyer
