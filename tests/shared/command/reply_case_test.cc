#include "foyer/command/reply_case.h"

#include <gtest/gtest.h>

#include "foyer/command/confirm_case.h"
#include "foyer/command/resolve_case.h"
#include "shared/command/desk.h"

namespace foyer {
namespace {

TEST(ReplyCase, OnAClosedCaseOpensALinkedOneAndLeavesTheOldUnchanged) {
  Desk desk;
  const auto id = desk.id<Case>("c");
  ASSERT_TRUE(desk.run(desk.customer, desk.opening("c")));
  ASSERT_TRUE(desk.run(desk.agent, ResolveCase{id, desk.id<Message>("r"), "Done", {}}));
  ASSERT_TRUE(desk.run(desk.customer, ConfirmCase{id, {}}));
  const std::string before = encode(desk.the_case("c"));
  const ReplyCase reply{id, desk.id<Message>("again"), "It is back", desk.id<Case>("f"), {}, {}};
  ASSERT_TRUE(desk.run(desk.customer, reply));
  EXPECT_EQ(encode(desk.the_case("c")), before);
  EXPECT_EQ(desk.the_case("f").follows, id);
  EXPECT_EQ(desk.the_case("f").state, CaseState::kNew);
  // Staff cannot write on what is closed.
  const ReplyCase late{id, desk.id<Message>("late"), "Hello", desk.id<Case>("g"), {}, {}};
  EXPECT_EQ(desk.refusal(desk.agent, late), "case_state");
}

TEST(ReplyCase, AnotherCompanysCaseIsNotThere) {
  Desk desk;
  ASSERT_TRUE(desk.run(desk.customer, desk.opening("c")));
  const std::string before = desk.store.digest();
  EXPECT_EQ(desk.refusal(desk.stranger, ReplyCase{desk.id<Case>("c"), desk.id<Message>("x"), "Hi",
                                                  {}, {}, {}}),
            "not_found");
  EXPECT_EQ(desk.store.digest(), before);
}

}  // namespace
}  // namespace foyer
