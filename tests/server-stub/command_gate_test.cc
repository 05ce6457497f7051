#include "command_gate.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <future>

#include "entities.h"
#include "first_rows.h"
#include "foyer/command/open_case.h"
#include "foyer/command/save_record.h"

namespace foyer::server {
namespace {

class CommandGateTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / "foyer_command_gate_test";
    std::filesystem::remove_all(folder_);
    auto opened =
        Installation::open({.folder = folder_.string(), .entities = stored_entities()}, now_);
    ASSERT_TRUE(opened.has_value());
    installation_ = std::move(*opened);
    gate_ = std::make_unique<CommandGate>(*installation_, [this] { return now_; });
    gate_->on_change([this](const std::set<Scope>& scopes) {
      ++change_count_;
      scopes_ = scopes;
    });
    user_.id = Id<User>(derive_uuid({}, "ann"));
    user_.name = "Ann";
    user_.email = "ann@example.com";
    user_.roles = {Role::kCsr, Role::kAdmin};
    account_.id = Id<Account>(derive_uuid({}, "acme"));
    account_.name = "Acme";
    ASSERT_TRUE(installation_->writer().run_and_wait([this] {
      auto commands = first_rows({"Us", "Europe/Berlin", user_}, now_);
      commands.push_back(save_command(entity_of<Account>(), &account_));
      return run_as_installation(*gate_, commands, now_).has_value();
    }));
  }
  void TearDown() override {
    gate_.reset();
    installation_.reset();
    std::filesystem::remove_all(folder_);
  }

  Result<void> run(const Command& command, const std::string& id, Id<User> user) {
    std::promise<Result<void>> answer;
    EXPECT_TRUE(gate_->submit({command, derive_uuid({}, id), user},
                              [&](Result<void> result) { answer.set_value(result); }));
    return answer.get_future().get();
  }
  Result<void> run(const Command& command, const std::string& id) {
    return run(command, id, user_.id);
  }
  OpenCase open_case(const std::string& name) {
    OpenCase args{};
    args.case_id = Id<Case>(derive_uuid({}, name));
    args.message = Id<Message>(derive_uuid({}, name + " message"));
    args.account = account_.id;
    args.subject = "It broke";
    args.body = "This morning";
    return args;
  }
  std::size_t cases() {
    auto lease = installation_->readers().acquire();
    return lease.store().count(entity_of<Case>());
  }

  std::filesystem::path folder_;
  Instant now_{1'700'000'000'000};
  User user_{};
  Account account_{};
  std::unique_ptr<Installation> installation_;
  std::unique_ptr<CommandGate> gate_;
  std::atomic<int> change_count_{0};
  std::set<Scope> scopes_;
};

TEST_F(CommandGateTest, TheSameIdTakesEffectOnce) {
  const auto command = make_command(open_case("a"));
  EXPECT_TRUE(run(command, "one").has_value());
  EXPECT_TRUE(run(command, "one").has_value());
  EXPECT_TRUE(run(make_command(open_case("b")), "one").has_value());
  EXPECT_EQ(cases(), 1u);
  EXPECT_TRUE(run(make_command(open_case("b")), "two").has_value());
  EXPECT_EQ(cases(), 2u);
}

TEST_F(CommandGateTest, ARefusedFormMayBeCorrectedAndSentAgain) {
  auto args = open_case("a");
  args.subject.clear();
  const auto refused = run(make_command(args), "one");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().field, "subject");
  EXPECT_TRUE(run(make_command(open_case("a")), "one").has_value());
  EXPECT_EQ(cases(), 1u);
}

TEST_F(CommandGateTest, AnIdBelongsToWhoUsedItFirst) {
  EXPECT_TRUE(run(make_command(open_case("a")), "one").has_value());
  const auto other = run(make_command(open_case("b")), "one", Id<User>(derive_uuid({}, "ben")));
  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(other.error().code, ErrorCode::kConflict);
}

TEST_F(CommandGateTest, RefusalsLeaveNothingBehind) {
  const Command cases_of_refusal[] = {
      {"no.such", 1, ""},
      {"case.open", 9, ""},
      {"case.open", 1, "garbage"},
      {"case.open", 1, std::string(300'000, '\xff')},
  };
  int number = 0;
  for (const auto& command : cases_of_refusal)
    EXPECT_FALSE(run(command, "bad" + std::to_string(++number)).has_value()) << command.name;
  const auto nobody = run(make_command(open_case("a")), "x", Id<User>(derive_uuid({}, "nobody")));
  ASSERT_FALSE(nobody.has_value());
  EXPECT_EQ(nobody.error().code, ErrorCode::kUnauthenticated);
  EXPECT_EQ(cases(), 0u);
}

TEST_F(CommandGateTest, AUserSuspendedBetweenTwoCommandsIsRefusedTheSecond) {
  EXPECT_TRUE(run(make_command(open_case("a")), "one").has_value());
  auto suspended = user_;
  suspended.state = UserState::kSuspended;
  EXPECT_TRUE(run(save_command(entity_of<User>(), &suspended), "two").has_value());
  const auto late = run(make_command(open_case("b")), "three");
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().code, ErrorCode::kUnauthenticated);
}

TEST_F(CommandGateTest, ChangesAreToldWithTheirScopesAfterTheCommit) {
  EXPECT_FALSE(run({"no.such", 1, ""}, "zero").has_value());
  const int before = change_count_;
  EXPECT_TRUE(run(make_command(open_case("a")), "one").has_value());
  // The listener runs after the answer: a second command waits for it.
  EXPECT_FALSE(run({"no.such", 1, ""}, "two").has_value());
  EXPECT_EQ(change_count_, before + 1);
  EXPECT_TRUE(scopes_.contains(*parse_scope("staff:service")));
  EXPECT_TRUE(scopes_.contains(Scope{ScopeKind::kAccount, StaffArea::kNone, account_.id}));
}

TEST_F(CommandGateTest, WordsThatGatheredArePutInOrderBetweenTheCommands) {
  const auto count = [&](const char* sql) {
    std::int64_t counted = -1;
    installation_->writer().run_and_wait([&] {
      counted = installation_->database().integer_of(sql).value_or(-1);
      return true;
    });
    return counted;
  };
  ASSERT_TRUE(installation_->writer().run_and_wait([&] {
    for (int i = 0; i < 5'000; ++i) {
      Account row = account_;
      row.id = Id<Account>(derive_uuid({}, std::to_string(i)));
      row.name = "Company " + std::to_string(i);
      put(installation_->store(), row);
    }
    return true;
  }));
  EXPECT_TRUE(run(make_command(open_case("a")), "one").has_value());
  for (int wait = 0; wait < 1'000 && count("SELECT count(*) FROM search_recent") > 9; ++wait) {}
  // What was written meanwhile waits for the next time.
  EXPECT_LT(count("SELECT count(*) FROM search_recent"), 10);
  EXPECT_GE(count("SELECT count(*) FROM search_text"), 5'000);
  auto lease = installation_->readers().acquire();
  EXPECT_EQ(lease.store().search({"company", {}, SIZE_MAX}).size(), 5'000u);
}

TEST_F(CommandGateTest, TheLogIsCutAndWhoIsFurtherBehindGetsWhatIsThere) {
  const Scope service{ScopeKind::kStaff, StaffArea::kService, {}};
  const auto open = [&](const std::string& name) {
    ASSERT_TRUE(run(make_command(open_case(name)), name).has_value());
  };
  const auto withdrawn = [&] {
    auto lease = installation_->readers().acquire();
    return lease.database()
        .integer_of("SELECT count(*) FROM sync_change WHERE is_there = 0")
        .value_or(-1);
  };
  const auto floor_after_cut = [&] {
    gate_->compact_log(3);
    installation_->writer().run_and_wait([] { return true; });
    auto lease = installation_->readers().acquire();
    return SqliteScopeLog(lease.database()).floor();
  };
  const auto is_told_changes = [&](std::uint64_t behind) {
    auto lease = installation_->readers().acquire();
    const SqliteScopeLog log(lease.database());
    Cookie cookie{log.epoch(), log.seq() - behind, schema_hash(), {log.state(service)}};
    cookie.scopes[0].seq = cookie.seq;
    const auto parts = catch_up(actor_of(lease.store(), user_.id), {}, cookie, lease.store(), log);
    return std::none_of(parts.begin(), parts.end(), [&](const Poke& part) {
      return std::count(part.snapshots.begin(), part.snapshots.end(), service) > 0;
    });
  };
  open("c1");
  Account other = account_;
  other.id = Id<Account>(derive_uuid({}, "other"));
  ASSERT_TRUE(installation_->writer().run_and_wait([&] {
    put(installation_->store(), other);
    Case row = *get(installation_->store(), Id<Case>(derive_uuid({}, "c1")));
    row.account = other.id;
    put(installation_->store(), row);
    return true;
  }));
  gate_->publish_everything();
  for (const char* name : {"c2", "c3", "c4", "c5"}) open(name);
  EXPECT_GT(withdrawn(), 0);
  const auto floor = floor_after_cut();
  EXPECT_EQ(withdrawn(), 0);
  EXPECT_TRUE(is_told_changes(3));
  EXPECT_FALSE(is_told_changes(4));
  for (const char* name : {"c6", "c7"}) open(name);
  EXPECT_EQ(floor_after_cut(), floor);
  open("c8");
  EXPECT_EQ(floor_after_cut(), floor + 3);
}

TEST_F(CommandGateTest, ManyAtOnceGetOneNumberEachAndOneSequencePerCommit) {
  std::atomic<int> done{0};
  for (int i = 0; i < 200; ++i) {
    const auto name = std::to_string(i);
    ASSERT_TRUE(gate_->submit({make_command(open_case(name)), derive_uuid({}, name), user_.id},
                              [&](Result<void> result) { done += result.has_value(); }));
  }
  EXPECT_FALSE(run({"no.such", 1, ""}, "last").has_value());
  EXPECT_EQ(done, 200);
  auto lease = installation_->readers().acquire();
  std::set<std::string> numbers;
  for (const auto& row : all<Case>(lease.store())) numbers.insert(row.number);
  EXPECT_EQ(numbers.size(), 200u);
  const SqliteScopeLog log(lease.database());
  EXPECT_LE(log.seq(), installation_->writer().counters().commits);
  EXPECT_EQ(log.state({ScopeKind::kAccount, StaffArea::kNone, account_.id}).count,
            log.rows({ScopeKind::kAccount, StaffArea::kNone, account_.id}).size());
}

}  // namespace
}  // namespace foyer::server
