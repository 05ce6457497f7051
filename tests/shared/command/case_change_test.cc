#include "foyer/command/case_change.h"

#include <gtest/gtest.h>

#include "foyer/base/random.h"
#include "foyer/command/assign_case.h"
#include "foyer/command/cancel_case.h"
#include "foyer/command/confirm_case.h"
#include "foyer/command/hold_case.h"
#include "foyer/command/note_case.h"
#include "foyer/command/pend_case.h"
#include "foyer/command/reopen_case.h"
#include "foyer/command/reply_case.h"
#include "foyer/command/resolve_case.h"
#include "foyer/command/set_case_priority.h"
#include "foyer/command/start_case.h"
#include "foyer/command/wake_case.h"
#include "foyer/rules/next_update.h"
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

// The promise to write again, with the time it ends; none if none runs.
std::optional<SlaTarget> next_update(const Desk& desk) {
  std::optional<SlaTarget> running;
  for (auto& row : find<&SlaTarget::case_id>(desk.store, desk.id<Case>("c")))
    if (row.metric == SlaMetric::kNextUpdate && is_running(row)) {
      EXPECT_FALSE(running) << "two run";
      running = row;
    }
  return running;
}
Instant due(const Desk& desk) {
  const auto target = next_update(desk);
  if (!target) return {};
  return view_of(*target, *get(desk.store, target->calendar), desk.now).due;
}
ReplyCase word(const Desk& desk, std::string_view message, Instant said_at = {}) {
  return {desk.id<Case>("c"), desk.id<Message>(message), "word", {}, said_at, {}};
}
std::size_t target_count(const Desk& desk) {
  return find<&SlaTarget::case_id>(desk.store, desk.id<Case>("c")).size();
}

TEST(CaseChange, TheNextUpdateIsPromisedFromTheFirstReplyOn) {
  Desk desk;
  ASSERT_TRUE(desk.run(desk.customer, desk.opening("c")));
  ASSERT_TRUE(desk.run(desk.customer, word(desk, "please")));
  EXPECT_FALSE(next_update(desk));
  desk.now += kMsPerHour;
  ASSERT_TRUE(desk.run(desk.agent, word(desk, "first")));
  EXPECT_EQ(due(desk), desk.now + 4 * kMsPerHour);
  desk.now += kMsPerHour;
  ASSERT_TRUE(desk.run(desk.agent, NoteCase{desk.id<Case>("c"), desk.id<Message>("n"), "n", {}}));
  EXPECT_EQ(due(desk), desk.now + 3 * kMsPerHour) << "an internal note is no update";
  ASSERT_TRUE(desk.run(desk.agent, word(desk, "second")));
  EXPECT_EQ(due(desk), desk.now + 4 * kMsPerHour);
}

// She wrote, and was then told a later time than before: never.
TEST(CaseChange, WhatTheCustomerWritesMovesNoPromisedInstant) {
  Desk desk;
  ASSERT_TRUE(desk.run(desk.customer, desk.opening("c")));
  ASSERT_TRUE(desk.run(desk.agent, word(desk, "first")));
  const Instant promised = due(desk);
  desk.now += kMsPerHour;
  ASSERT_TRUE(desk.run(desk.customer, word(desk, "well?")));
  EXPECT_EQ(due(desk), promised);
}

TEST(CaseChange, TheAnswerThatEndsAWaitBeginsTheTimeToTheNextUpdate) {
  Desk desk;
  const auto id = desk.id<Case>("c");
  ASSERT_TRUE(desk.run(desk.customer, desk.opening("c")));
  ASSERT_TRUE(desk.run(desk.agent, PendCase{id, desk.id<Message>("need"),
                                            WaitReason::kAwaitingCustomer, "The number?", {}, {}}));
  EXPECT_TRUE(is_paused(*next_update(desk)));
  EXPECT_TRUE(due(desk).is_none());
  desk.now += 30 * kMsPerHour;
  ASSERT_TRUE(desk.run(desk.agent, word(desk, "still waiting")));
  EXPECT_TRUE(due(desk).is_none()) << "what staff write while they wait starts no clock";
  desk.now += 5 * kMsPerHour;
  const Instant said = desk.now - kMsPerHour;
  ASSERT_TRUE(desk.run(desk.customer, word(desk, "42", said)));
  EXPECT_EQ(due(desk), said + 4 * kMsPerHour);
}

TEST(CaseChange, HoldingDoesNotStopTheNextUpdateAndSolvingEndsIt) {
  Desk desk;
  const auto id = desk.id<Case>("c");
  ASSERT_TRUE(desk.run(desk.customer, desk.opening("c")));
  ASSERT_TRUE(desk.run(desk.agent, word(desk, "first")));
  const Instant promised = due(desk);
  ASSERT_TRUE(desk.run(desk.agent, HoldCase{id, WaitReason::kAwaitingParts, "A belt", {}, {}}));
  EXPECT_EQ(due(desk), promised);
  desk.now += kMsPerHour;
  ASSERT_TRUE(desk.run(desk.agent, ResolveCase{id, desk.id<Message>("r"), "Done", {}}));
  EXPECT_FALSE(next_update(desk));
  EXPECT_EQ(target_count(desk), 3u) << "the words that solve it promise no further ones";
  ASSERT_TRUE(desk.run(desk.agent, word(desk, "thanks")));
  EXPECT_FALSE(next_update(desk));
  desk.now += kMsPerHour;
  ASSERT_TRUE(desk.run(desk.customer, ReopenCase{id, desk.id<Message>("o"), "No", {}}));
  EXPECT_EQ(due(desk), desk.now + 4 * kMsPerHour);
  ASSERT_TRUE(desk.run(desk.lead, CancelCase{id, desk.id<Message>("x"), "Sorry", {}}));
  EXPECT_FALSE(next_update(desk));
}

TEST(CaseChange, AnUpdateThatCameTooLateStaysLate) {
  Desk desk;
  ASSERT_TRUE(desk.run(desk.customer, desk.opening("c")));
  ASSERT_TRUE(desk.run(desk.agent, word(desk, "first")));
  const auto promised = *next_update(desk);
  desk.now += 5 * kMsPerHour;
  ASSERT_TRUE(desk.run(desk.customer, word(desk, "well?")));
  ASSERT_TRUE(desk.run(desk.agent, word(desk, "second")));
  const auto kept = *get(desk.store, promised.id);
  EXPECT_EQ(view_of(kept, *get(desk.store, kept.calendar), desk.now).status, SlaStatus::kMetLate);
}

TEST(CaseChange, ThePriorityChangesTheUpdateThatIsStillPromised) {
  Desk desk;
  ASSERT_TRUE(desk.run(desk.customer, desk.opening("c")));
  ASSERT_TRUE(desk.run(desk.agent, word(desk, "first")));
  desk.now += kMsPerMinute;
  ASSERT_TRUE(desk.run(desk.agent, word(desk, "second")));
  const auto set = [&](Priority priority) {
    ASSERT_TRUE(desk.run(desk.agent, SetCasePriority{desk.id<Case>("c"), priority, {}}));
  };
  set(Priority::kCritical);
  EXPECT_EQ(due(desk), desk.now + 30 * kMsPerMinute);
  std::vector<std::int64_t> budgets;
  for (const auto& row : find<&SlaTarget::case_id>(desk.store, desk.id<Case>("c")))
    if (row.metric == SlaMetric::kNextUpdate && !is_running(row))
      budgets.push_back(row.budget_minutes);
  EXPECT_EQ(budgets, (std::vector<std::int64_t>{240})) << "ended ones keep theirs";
  set(Priority::kLow);  // for which none is promised
  EXPECT_FALSE(next_update(desk));
}

// Words said on devices without a network arrive in any order.
TEST(CaseChange, LateWordsGiveTheSamePromises) {
  Random random(22);
  for (int round = 0; round < 40; ++round) {
    Desk in_order, mixed;
    std::vector<std::size_t> order;
    const Instant begin = in_order.now;
    for (std::size_t i = 0; i < 8; ++i) order.push_back(i);
    for (Desk* desk : {&in_order, &mixed}) {
      ASSERT_TRUE(desk->run(desk->customer, desk->opening("c")));
      desk->now += 20 * kMsPerHour;
    }
    const auto say = [&](Desk& desk, std::size_t i) {
      const Actor& who = i % 3 == 1 ? desk.customer : desk.agent;
      const Instant at = begin + std::int64_t(i + 1) * kMsPerHour;
      ASSERT_TRUE(desk.run(who, word(desk, "m" + std::to_string(i), at)));
    };
    for (const std::size_t i : order) say(in_order, i);
    for (std::size_t n = order.size(); n > 1; --n) std::swap(order[n - 1], order[random.below(n)]);
    for (const std::size_t i : order) say(mixed, i);
    const auto promises = [](const Desk& desk) {
      std::string text;
      for (const auto& row : find<&SlaTarget::case_id>(desk.store, desk.id<Case>("c")))
        text += encode(row);
      return text;
    };
    EXPECT_EQ(promises(mixed), promises(in_order));
    EXPECT_EQ(mixed.the_case("c").first_reply_at, begin + kMsPerHour);
  }
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
      const auto update = next_update(desk);
      EXPECT_EQ(update.has_value(), is_open(row.state) && !row.first_reply_at.is_none());
      if (update) EXPECT_EQ(is_paused(*update), row.state == CaseState::kPending);
      if (!first_resolved.is_none()) EXPECT_EQ(row.resolved_at, first_resolved);
      first_resolved = row.resolved_at;
      if (!closed.empty()) EXPECT_EQ(encode(row), closed);
      if (is_ended(row.state)) closed = encode(row);
    }
  }
}

}  // namespace
}  // namespace foyer
