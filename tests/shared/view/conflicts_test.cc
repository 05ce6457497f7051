#include "foyer/view/conflicts.h"

#include <gtest/gtest.h>

#include "foyer/command/assign_case.h"
#include "foyer/command/seen.h"
#include "foyer/command/set_case_priority.h"
#include "shared/command/desk.h"

namespace foyer {
namespace {

class PlainTimes final : public TimeWords {
 public:
  std::string when(Instant at) const override { return "at " + std::to_string(at.ms); }
};

TEST(Conflicts, SayWhoWroteWhatAndWhatIsThereNow) {
  Desk desk;
  ASSERT_TRUE(desk.run(desk.customer, desk.opening("c")));
  const Id<Case> c = desk.id<Case>("c");
  const auto critical = with_seen(make_command(SetCasePriority{c, Priority::kCritical, {}, {}}),
                                  desk.store);
  const auto queue = with_seen(make_command(AssignCase{c, {}, "second line", {}, {}}), desk.store);
  ASSERT_TRUE(desk.run(desk.agent, SetCasePriority{c, Priority::kHigh, {}, {}}));
  ASSERT_TRUE(desk.run(desk.agent, AssignCase{c, desk.agent.user, {}, {}, {}}));
  const Context late{desk.lead, desk.now, derive_uuid({}, "late")};
  ASSERT_TRUE(run_command(critical, desk.store, late));
  ASSERT_TRUE(run_command(queue, desk.store, {desk.lead, desk.now, derive_uuid({}, "later")}));

  const auto lines = open_conflicts(desk.store, desk.agent, {}, PlainTimes());
  ASSERT_EQ(lines.size(), 2u);
  const auto& priority = lines[0].field == "Priority" ? lines[0] : lines[1];
  const auto& owner = lines[0].field == "Priority" ? lines[1] : lines[0];
  EXPECT_EQ(priority.mine, "Critical");
  EXPECT_EQ(priority.theirs, "High");
  EXPECT_EQ(priority.mine_by, "priya, at " + std::to_string(desk.now.ms));
  EXPECT_EQ(priority.theirs_by, "ana, at " + std::to_string(desk.now.ms));
  EXPECT_NE(priority.about.find("Lift stops"), std::string::npos);
  EXPECT_EQ(priority.case_id, c);
  EXPECT_TRUE(priority.may_decide);
  EXPECT_EQ(owner.field, "Owner");
  EXPECT_EQ(owner.mine, "Queue second line");
  EXPECT_EQ(owner.theirs, "ana");
  EXPECT_EQ(count_open_conflicts(desk.store), 2u);
  EXPECT_EQ(open_conflicts(desk.store, desk.agent, c, PlainTimes()).size(), 2u);
  EXPECT_TRUE(open_conflicts(desk.store, desk.agent, desk.id<Case>("d"), PlainTimes()).empty());
  Actor reader = desk.agent;
  reader.roles = {Role::kAuditor};
  EXPECT_FALSE(open_conflicts(desk.store, reader, {}, PlainTimes())[0].may_decide);
}

}  // namespace
}  // namespace foyer
