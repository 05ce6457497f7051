#include "foyer/command/demo_data.h"

#include <gtest/gtest.h>

#include <map>

#include "foyer/command/execute.h"
#include "foyer/model/registry.h"
#include "foyer/query/memory_store.h"

namespace foyer {
namespace {

constexpr Instant kStart{1764160000000};

MemoryStore told() {
  MemoryStore store(Numbering::kAuthority);
  std::uint64_t index = 0;
  for (const DemoStep& step : demo_steps({kStart, {0, 60}})) {
    Context context;
    context.now = step.at;
    context.command = derive_uuid(Uuid(), std::to_string(index++));
    context.actor = installation_actor();
    if (!step.actor_email.empty())
      context.actor = actor_of(store, find<&User::email>(store, step.actor_email, 1).front().id);
    const auto done = run_command(step.command, store, context);
    EXPECT_TRUE(done) << step.command.name << ": " << done.error().field << " "
                      << done.error().detail;
  }
  return store;
}

TEST(DemoData, EveryStepIsAccepted) {
  const MemoryStore store = told();
  EXPECT_EQ(store.count(entity_of<Case>()), 60u);
  EXPECT_EQ(store.count(entity_of<Account>()), 12u);
}

TEST(DemoData, SameStartGivesTheSameRows) { EXPECT_EQ(told().digest(), told().digest()); }

TEST(DemoData, ShowsCasesInEveryStageOfWork) {
  const MemoryStore store = told();
  std::map<CaseState, int> seen;
  for (const Case& row : all<Case>(store)) ++seen[row.state];
  for (const CaseState state : {CaseState::kNew, CaseState::kAssigned, CaseState::kInProgress,
                                CaseState::kPending, CaseState::kHeld, CaseState::kResolved})
    EXPECT_GT(seen[state], 0) << name_of(state);
}

TEST(DemoData, AKioskWaitsToBecomeOneWithEveryFormAndLanguage) {
  const MemoryStore store = told();
  const auto devices = all<Device>(store);
  ASSERT_EQ(devices.size(), 1u);
  EXPECT_EQ(devices[0].kind, DeviceKind::kKiosk);
  EXPECT_TRUE(devices[0].enrolled_at.is_none());
  for (std::size_t i = 0; i < kNames<KioskForm>.size(); ++i)
    EXPECT_TRUE(devices[0].forms.has(static_cast<KioskForm>(i))) << kNames<KioskForm>[i];
  EXPECT_EQ(devices[0].languages, (std::vector<std::string>{"en", "de", "fr", "ar"}));
}

TEST(DemoData, EverySignInIsAUserWithAScope) {
  const MemoryStore store = told();
  for (const DemoSignIn& person : demo_sign_ins()) {
    const auto users = find<&User::email>(store, person.email);
    ASSERT_EQ(users.size(), 1u) << person.email;
    EXPECT_GT(scopes_of_actor(actor_of(store, users[0].id)).size(), 1u) << person.email;
  }
}

}  // namespace
}  // namespace foyer
