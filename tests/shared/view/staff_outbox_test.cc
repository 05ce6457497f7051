#include "foyer/view/staff_outbox.h"

#include <gtest/gtest.h>

#include "foyer/command/reply_case.h"
#include "shared/command/desk.h"

namespace foyer {
namespace {

class PlainTimes final : public TimeWords {
 public:
  std::string when(Instant at) const override { return std::to_string(at.ms); }
};

TEST(StaffOutbox, ShowsWhatWaitsAndWhatWasRefusedWithWordsAndReason) {
  Desk desk;
  const Id<Case> id = desk.id<Case>("c");
  ASSERT_TRUE(desk.run(desk.customer, desk.opening("c")));
  const ReplyCase reply{id, desk.id<Message>("m"), "A word\nand another", {}, {}, {}};
  OutboxEntry waits{1, make_command(desk.opening("new")), 0, desk.now, OutboxState::kWaiting,
                    {}, 0};
  OutboxEntry refused{2, make_command(reply), 0, desk.now, OutboxState::kAttention,
                      {ErrorCode::kConflict, "", "case_state"}, 0};
  OutboxEntry unsaved{3, make_command(reply), 0, desk.now, OutboxState::kSaving, {}, 0};
  const auto all = staff_outbox({{1, waits}, {2, refused}, {3, unsaved}}, desk.store, PlainTimes());
  ASSERT_EQ(all.waiting.size(), 1u);
  ASSERT_EQ(all.refused.size(), 1u);
  const StaffOutboxLine& line = all.refused[0];
  EXPECT_EQ(line.title, "Reply to the customer");
  EXPECT_EQ(line.case_id, id);
  EXPECT_NE(line.about.find(desk.the_case("c").subject), std::string::npos);
  EXPECT_EQ(line.words, (std::vector<ArgumentLine>{{"Message", "A word\nand another"}}));
  EXPECT_EQ(line.since, std::to_string(desk.now.ms));
  EXPECT_NE(line.reason.find("had changed"), std::string::npos);
  EXPECT_EQ(all.waiting[0].mid, 1u);
  EXPECT_TRUE(all.waiting[0].about.empty());  // a case that waits itself is named by its words
}

}  // namespace
}  // namespace foyer
