// Two people, one record: whatever arrives later than it was meant is merged, noted or set aside.
#include "foyer/command/contest.h"

#include <algorithm>
#include <set>

#include "foyer/base/random.h"
#include "foyer/command/confirm_case.h"
#include "foyer/command/pend_case.h"
#include "foyer/command/resolve_case.h"
#include "foyer/command/start_case.h"
#include "shared/command/meeting.h"

namespace foyer {
namespace {

TEST(Contest, DifferentFieldsOfOneCaseBothSurvive) {
  Meeting meeting;
  const auto urgent = meeting.given(meeting.priority(Priority::kHigh));
  const auto queue =
      meeting.given(AssignCase{meeting.id<Case>("c"), {}, "second line", {}, {}});
  ASSERT_TRUE(meeting.arrives(meeting.agent, urgent));
  ASSERT_TRUE(meeting.arrives(meeting.lead, queue));
  EXPECT_EQ(meeting.the_case("c").priority, Priority::kHigh);
  EXPECT_EQ(meeting.the_case("c").queue, "second line");
  EXPECT_TRUE(meeting.conflicts().empty());
}

TEST(Contest, TheSameFieldIsNotWrittenOver) {
  Meeting meeting;
  const auto high = meeting.given(meeting.priority(Priority::kHigh));
  const auto critical = meeting.given(meeting.priority(Priority::kCritical));
  ASSERT_TRUE(meeting.arrives(meeting.agent, high));
  const Instant first = meeting.now;
  ASSERT_TRUE(meeting.arrives(meeting.lead, critical));
  EXPECT_EQ(meeting.the_case("c").priority, Priority::kHigh);
  ASSERT_EQ(meeting.conflicts().size(), 1u);
  const Conflict conflict = meeting.conflicts().front();
  EXPECT_EQ(conflict.field, "priority");
  EXPECT_EQ(conflict.row, meeting.id<Case>("c"));
  EXPECT_EQ(decode<Case>(conflict.mine.data)->priority, Priority::kCritical);
  EXPECT_EQ(decode<Case>(conflict.theirs.data)->priority, Priority::kHigh);
  EXPECT_EQ(conflict.author_name, "priya");
  EXPECT_EQ(conflict.theirs_by, "ana");
  EXPECT_EQ(conflict.theirs_at, first);
}

TEST(Contest, TheSameChangeTwiceIsNone) {
  Meeting meeting;
  const auto one = meeting.given(meeting.priority(Priority::kHigh));
  const auto two = meeting.given(meeting.priority(Priority::kHigh));
  ASSERT_TRUE(meeting.arrives(meeting.agent, one));
  ASSERT_TRUE(meeting.arrives(meeting.lead, two));
  EXPECT_TRUE(meeting.conflicts().empty());
}

TEST(Contest, WhoSaysNothingOfWhatTheySawSpeaksOfTheCaseAsItIs) {
  Meeting meeting;
  ASSERT_TRUE(meeting.run(meeting.agent, meeting.priority(Priority::kHigh)));
  ASSERT_TRUE(meeting.run(meeting.lead, meeting.priority(Priority::kLow)));
  EXPECT_EQ(meeting.the_case("c").priority, Priority::kLow);
  EXPECT_TRUE(meeting.conflicts().empty());
}

TEST(Contest, AMoveThatCameTooLateIsANoteAndAConflict) {
  Meeting meeting;
  const Id<Case> c = meeting.id<Case>("c");
  const auto pend = meeting.given(PendCase{c, meeting.id<Message>("need"),
                                           WaitReason::kAwaitingCustomer, "The serial, please",
                                           {}, {}, {}});
  const ResolveCase resolve{c, meeting.id<Message>("done"), "Done", {}, {}};
  ASSERT_TRUE(meeting.run(meeting.agent, resolve));
  ASSERT_TRUE(meeting.arrives(meeting.lead, pend));
  EXPECT_EQ(meeting.the_case("c").state, CaseState::kResolved);
  ASSERT_EQ(meeting.conflicts().size(), 1u);
  EXPECT_EQ(meeting.conflicts().front().field, "state");
  EXPECT_EQ(meeting.conflicts().front().theirs_by, "ana");
  EXPECT_EQ(decode<Case>(meeting.conflicts().front().mine.data)->state, CaseState::kPending);
  // Whether the ended case takes a note or not, the words are kept.
  EXPECT_NE(meeting.conflicts().front().arguments.data.find("The serial, please"),
            std::string::npos);
  // It cannot be done now either: nothing happens, and the words stay.
  EXPECT_EQ(meeting.decide(meeting.agent, ConflictState::kMine).error().detail, "case_state");
  EXPECT_TRUE(meeting.decide(meeting.agent, ConflictState::kTheirs));
}

TEST(Contest, ALateMoveToWhereTheCaseIsAlreadyIsDone) {
  Meeting meeting;
  const Id<Case> c = meeting.id<Case>("c");
  const auto late = meeting.given(StartCase{c, {}, {}});
  ASSERT_TRUE(meeting.run(meeting.agent, StartCase{c, {}, {}}));
  ASSERT_TRUE(meeting.arrives(meeting.lead, late));
  EXPECT_TRUE(meeting.conflicts().empty());
  EXPECT_EQ(meeting.the_case("c").state, CaseState::kInProgress);
}

TEST(Contest, WhatWasNeverLegalIsRejected) {
  Meeting meeting;
  const auto confirm = meeting.given(ConfirmCase{meeting.id<Case>("c"), {}, {}});
  EXPECT_EQ(meeting.arrives(meeting.customer, confirm).error().detail, "case_state");
  EXPECT_TRUE(meeting.conflicts().empty());
}

TEST(Contest, ACustomersLateWordIsSeenByThem) {
  Meeting meeting;
  const Id<Case> c = meeting.id<Case>("c");
  const ResolveCase resolve{c, meeting.id<Message>("m"), "Done", {}, {}};
  ASSERT_TRUE(meeting.run(meeting.agent, resolve));
  const auto confirm = meeting.given(ConfirmCase{c, {}, {}});
  Case row = meeting.the_case("c");
  row.state = CaseState::kInProgress;  // reopened in the meantime
  put(meeting.store, row);
  ASSERT_TRUE(meeting.arrives(meeting.customer, confirm));
  ASSERT_EQ(meeting.conflicts().size(), 1u);
  const Id<Conflict> id = meeting.conflicts().front().id;
  const auto theirs = get(ScopedReader(meeting.store, meeting.customer), id);
  ASSERT_TRUE(theirs);
  EXPECT_EQ(theirs->field, "state");
  EXPECT_TRUE(theirs->author_name.empty());
  EXPECT_TRUE(theirs->theirs.data.empty());
  EXPECT_FALSE(exists(ScopedReader(meeting.store, meeting.stranger), id));
}

TEST(Contest, WhatStaffChangedStaysAmongStaff) {
  Meeting meeting;
  ASSERT_NO_FATAL_FAILURE(meeting.meet());
  const ScopedReader customer(meeting.store, meeting.customer);
  EXPECT_TRUE(all<Conflict>(customer).empty());
  EXPECT_TRUE(all<ChangeNote>(customer).empty());
  EXPECT_EQ(all<Conflict>(ScopedReader(meeting.store, meeting.agent)).size(), 1u);
  EXPECT_TRUE(all<Conflict>(ScopedReader(meeting.store, meeting.admin)).empty());
}

TEST(Contest, WhatWasReplacedIsNoted) {
  Meeting meeting;
  ASSERT_TRUE(meeting.run(meeting.agent, meeting.priority(Priority::kHigh)));
  ASSERT_TRUE(meeting.run(meeting.agent, meeting.priority(Priority::kLow)));
  std::vector<Priority> replaced;
  for (const ChangeNote& note : all<ChangeNote>(meeting.store))
    if (note.field == "priority") replaced.push_back(decode<Case>(note.before.data)->priority);
  std::sort(replaced.begin(), replaced.end());
  EXPECT_EQ(replaced, (std::vector<Priority>{Priority::kNormal, Priority::kHigh}));
}

TEST(Contest, BytesThatAreNoRowAreRefused) {
  Meeting meeting;
  SetCasePriority args = meeting.priority(Priority::kHigh);
  args.seen.data = "garbage";
  EXPECT_EQ(meeting.run(meeting.agent, args).error().field, "seen");
  StartCase start{meeting.id<Case>("c"), {"garbage"}, {}};
  EXPECT_EQ(meeting.run(meeting.agent, start).error().field, "seen");
}

// Any number of people write one field, each on what they saw at some time: every value that was
// written is current, noted as replaced, or in a conflict.
TEST(Contest, NoValueIsEverLost) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Random random(seed);
    Meeting meeting;
    std::vector<Command> on_their_way;
    std::set<Priority> written;
    for (int step = 0; step < 12; ++step) {
      const auto value = static_cast<Priority>(random.below(4));
      on_their_way.push_back(meeting.given(meeting.priority(value)));
      if (random.chance(1, 2)) continue;
      while (!on_their_way.empty()) {
        const std::size_t next = random.below(on_their_way.size());
        SetCasePriority args;
        ASSERT_TRUE(decode(entity_of<SetCasePriority>(), on_their_way[next].arguments, &args));
        written.insert(args.priority);
        ASSERT_TRUE(meeting.arrives(random.chance(1, 2) ? meeting.agent : meeting.lead,
                                    on_their_way[next]));
        on_their_way.erase(on_their_way.begin() + static_cast<std::ptrdiff_t>(next));
      }
    }
    std::set<Priority> kept{meeting.the_case("c").priority};
    for (const ChangeNote& note : all<ChangeNote>(meeting.store))
      if (note.field == "priority") kept.insert(decode<Case>(note.before.data)->priority);
    for (const Conflict& each : meeting.conflicts())
      kept.insert(decode<Case>(each.mine.data)->priority);
    for (const Priority value : written)
      EXPECT_TRUE(kept.contains(value)) << "seed " << seed << ": " << name_of(value);
  }
}

}  // namespace
}  // namespace foyer
