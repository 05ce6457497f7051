#include "foyer/command/resolve_conflict.h"

#include "foyer/command/contest.h"
#include "shared/command/meeting.h"

namespace foyer {
namespace {

TEST(ResolveConflict, DecidingRunsTheChoiceWithTheDecidersRights) {
  Meeting meeting;
  ASSERT_NO_FATAL_FAILURE(meeting.meet());
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
  ASSERT_NO_FATAL_FAILURE(meeting.meet());
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

TEST(ResolveConflict, ACommandOfABuildThatNobodyKnowsIsNotGuessedAt) {
  Meeting meeting;
  ASSERT_NO_FATAL_FAILURE(meeting.meet());
  Conflict conflict = meeting.conflicts().front();
  EXPECT_EQ(command_of(conflict).version, make_command(SetCasePriority{}).version);
  conflict.version = 9;
  put(meeting.store, conflict);
  const auto decided = meeting.decide(meeting.lead, ConflictState::kMine);
  ASSERT_FALSE(decided);
  EXPECT_EQ(decided.error().detail, "unknown_version");
  EXPECT_TRUE(meeting.decide(meeting.lead, ConflictState::kTheirs));
}

}  // namespace
}  // namespace foyer
