#include "foyer/command/case_change.h"

#include <gtest/gtest.h>

#include "foyer/base/random.h"
#include "foyer/command/assign_case.h"
#include "foyer/command/cancel_case.h"
#include "foyer/command/confirm_case.h"
#include "foyer/command/hold_case.h"
#include "foyer/command/pend_case.h"
#include "foyer/command/reopen_case.h"
#include "foyer/command/reply_case.h"
#include "foyer/command/resolve_case.h"
#include "foyer/command/set_case_priority.h"
#include "foyer/command/start_case.h"
#include "foyer/command/wake_case.h"
#include "foyer/rules/sla.h"
#include "shared/command/desk.h"

namespace foyer {
namespace {

TEST(CaseChange, WaitingForTheCustomerPausesTheSolutionAndTheAnswerRestartsIt) {
  Desk desk;
  const auto id = desk.id<Case>("c");
  ASSERT_TRUE(desk.run(desk.customer, desk.opening("c")));
  desk.now += kMsPerHour;
  ASSERT_TRUE(desk.run(desk.agent, PendCase{id, desk.id<Message>("need"),
                                            WaitReason::kAwaitingCustomer, "The number?", {}, {}}));
  EXPECT_TRUE(is_paused(*desk.target("c", SlaMetric::kResolution)));
  EXPECT_EQ(desk.the_case("c").wait_need, "The number?");
  desk.now += 5 * kMsPerHour;
  ReplyCase answer{id, desk.id<Message>("answer"), "42", {}, desk.now - kMsPerHour, {}};
  ASSERT_TRUE(desk.run(desk.customer, answer));
  EXPECT_EQ(desk.the_case("c").state, CaseState::kInProgress);
  // The pause ends when the answer was said, not when it arrived.
  EXPECT_EQ(desk.target("c", SlaMetric::kResolution)->pauses[1], answer.said_at.ms);
}

TEST(CaseChange, FirstReplyNeedsAPublicWordOfAPerson) {
  Desk desk;
  ASSERT_TRUE(desk.run(desk.customer, desk.opening("c")));
  ASSERT_TRUE(desk.run(desk.customer, ReplyCase{desk.id<Case>("c"), desk.id<Message>("1"), "More",
                                                {}, {}, {}}));
  EXPECT_TRUE(desk.target("c", SlaMetric::kFirstReply)->stop.is_none());
  desk.now += kMsPerMinute;
  ASSERT_TRUE(desk.run(desk.agent, ReplyCase{desk.id<Case>("c"), desk.id<Message>("2"), "Hello",
                                             {}, {}, {}}));
  EXPECT_EQ(desk.target("c", SlaMetric::kFirstReply)->stop, desk.now);
}

TEST(CaseChange, ReopeningKeepsTheFirstResolutionAndGoesOnFromItsClock) {
  Desk desk;
  const auto id = desk.id<Case>("c");
  ASSERT_TRUE(desk.run(desk.customer, desk.opening("c")));
  desk.now += 2 * kMsPerHour;
  ASSERT_TRUE(desk.run(desk.agent, ResolveCase{id, desk.id<Message>("r"), "Done", {}}));
  const Instant first = desk.the_case("c").resolved_at;
  desk.now += 10 * kMsPerHour;
  ASSERT_TRUE(desk.run(desk.customer, ReopenCase{id, desk.id<Message>("o"), "No", {}}));
  desk.now += kMsPerHour;
  const auto calendar = get(desk.store, desk.target("c", SlaMetric::kResolution)->calendar);
  EXPECT_EQ(elapsed_ms(*desk.target("c", SlaMetric::kResolution), *calendar, desk.now),
            3 * kMsPerHour);
  ASSERT_TRUE(desk.run(desk.agent, ResolveCase{id, desk.id<Message>("r2"), "Done", {}}));
  EXPECT_EQ(desk.the_case("c").resolved_at, first);
  EXPECT_EQ(desk.the_case("c").reopen_count, 1);
}

TEST(CaseChange, PriorityKeepsStartAndPauses) {
  Desk desk;
  ASSERT_TRUE(desk.run(desk.customer, desk.opening("c")));
  const auto before = *desk.target("c", SlaMetric::kResolution);
  desk.now += kMsPerHour;
  ASSERT_TRUE(desk.run(desk.agent, SetCasePriority{desk.id<Case>("c"), Priority::kCritical, {}}));
  const auto after = *desk.target("c", SlaMetric::kResolution);
  EXPECT_EQ(after.start, before.start);
  EXPECT_EQ(after.budget_minutes, 120);
}

// Whatever people try in whatever order, what domain.md calls invariant holds.
TEST(CaseChange, InvariantsHoldAfterAnySequence) {
  Random random(21);
  for (int round = 0; round < 60; ++round) {
    Desk desk;
    const auto id = desk.id<Case>("c");
    ASSERT_TRUE(desk.run(desk.customer, desk.opening("c")));
    Instant first_resolved;
    std::string closed;
    for (int step = 0; step < 40; ++step) {
      desk.now += std::int64_t(random.below(kMsPerHour)) + 1;
      const Id<Message> message(make_uuid(desk.now, random));
      const Actor& who = random.chance(1, 3) ? desk.customer : desk.lead;
      switch (random.below(10)) {
        case 0: (void)desk.run(who, AssignCase{id, desk.agent.user, {}, {}}); break;
        case 1: (void)desk.run(who, StartCase{id, {}}); break;
        case 2: (void)desk.run(who, PendCase{id, message, WaitReason::kCustomerAsked, "n", {}, {}});
          break;
        case 3: (void)desk.run(who, HoldCase{id, WaitReason::kAwaitingParts, "p", {}, {}}); break;
        case 4: (void)desk.run(who, WakeCase{id, {}}); break;
        case 5: (void)desk.run(who, ResolveCase{id, message, "done", {}}); break;
        case 6: (void)desk.run(who, ReopenCase{id, message, "no", {}}); break;
        case 7: if (random.chance(1, 4)) (void)desk.run(who, ConfirmCase{id, {}}); break;
        case 8: if (random.chance(1, 8)) (void)desk.run(who, CancelCase{id, message, "x", {}});
          break;
        default: (void)desk.run(who, ReplyCase{id, message, "word",
                                               Id<Case>(make_uuid(desk.now, random)), {}, {}});
      }
      const Case row = desk.the_case("c");
      if (is_open(row.state)) EXPECT_NE(row.owner.is_null(), row.queue.empty());
      const bool waits = row.state == CaseState::kPending || row.state == CaseState::kHeld;
      EXPECT_EQ(row.wait_reason != WaitReason::kNone, waits) << name_of(row.state);
      if (row.state == CaseState::kPending)
        EXPECT_TRUE(is_paused(*desk.target("c", SlaMetric::kResolution)));
      if (!first_resolved.is_none()) EXPECT_EQ(row.resolved_at, first_resolved);
      first_resolved = row.resolved_at;
      if (!closed.empty()) EXPECT_EQ(encode(row), closed);
      if (is_ended(row.state)) closed = encode(row);
    }
  }
}

}  // namespace
}  // namespace foyer
