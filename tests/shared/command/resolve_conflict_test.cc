#include "foyer/command/resolve_conflict.h"

#include "shared/command/meeting.h"

namespace foyer {
namespace {

TEST(ResolveConflict, DecidingRunsTheChoiceWithTheDecidersRights) {
  Meeting meeting;
  const auto high = meeting.given(meeting.priority(Priority::kHigh));
  const auto critical = meeting.given(meeting.priority(Priority::kCritical));
  ASSERT_TRUE(meeting.arrives(meeting.agent, high));
  ASSERT_TRUE(meeting.arrives(meeting.lead, critical));
  EXPECT_FALSE(meeting.decide(meeting.customer, ConflictState::kMine));
  EXPECT_FALSE(meeting.decide(meeting.admin, ConflictState::kMine));  // reads no case
  EXPECT_EQ(meeting.conflicts().front().state, ConflictState::kOpen);
  ASSERT_TRUE(meeting.decide(meeting.agent, ConflictState::kMine));
  EXPECT_EQ(meeting.the_case("c").priority, Priority::kCritical);
  EXPECT_EQ(meeting.conflicts().front().state, ConflictState::kMine);
  EXPECT_EQ(meeting.conflicts().front().resolved_by, "ana");
  EXPECT_EQ(meeting.decide(meeting.lead, ConflictState::kTheirs).error().detail,
            "already_resolved");
}

TEST(ResolveConflict, SomethingElseIsDoneToTheSameRowAlone) {
  Meeting meeting;
  ASSERT_TRUE(meeting.run(meeting.customer, meeting.opening("other")));
  const auto high = meeting.given(meeting.priority(Priority::kHigh));
  const auto critical = meeting.given(meeting.priority(Priority::kCritical));
  ASSERT_TRUE(meeting.arrives(meeting.agent, high));
  ASSERT_TRUE(meeting.arrives(meeting.lead, critical));
  SetCasePriority low = meeting.priority(Priority::kLow);
  low.case_id = meeting.id<Case>("other");
  EXPECT_EQ(meeting.decide(meeting.agent, ConflictState::kOther, encode(low)).error().detail,
            "another_row");
  EXPECT_EQ(meeting.decide(meeting.agent, ConflictState::kOther).error().detail, "required");
  EXPECT_FALSE(meeting.decide(meeting.agent, ConflictState::kOther, "garbage"));
  low.case_id = meeting.id<Case>("c");
  ASSERT_TRUE(meeting.decide(meeting.agent, ConflictState::kOther, encode(low)));
  EXPECT_EQ(meeting.the_case("c").priority, Priority::kLow);
}

}  // namespace
}  // namespace foyer
