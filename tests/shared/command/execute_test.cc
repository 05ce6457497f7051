#include "foyer/command/execute.h"

#include <gtest/gtest.h>

#include "foyer/command/note_case.h"
#include "shared/command/desk.h"

namespace foyer {
namespace {

// In order of precedence: each row's fault would hide those of the rows below it.
TEST(Execute, RefusalsInOrderOfPrecedence) {
  Desk desk;
  ASSERT_TRUE(desk.run(desk.customer, desk.opening("c")));
  const NoteCase sound{desk.id<Case>("c"), desk.id<Message>("n"), "note", {}};
  const auto detail = [&](const Command& command, const Actor& actor) {
    const auto done = check_command(command, desk.store, {actor, desk.now, {}});
    return done ? std::string() : done.error().detail;
  };
  Command command = make_command(sound);
  EXPECT_EQ(detail({"case.destroy", 1, ""}, Actor()), "unknown_command");
  EXPECT_EQ(detail({"case.note", 9, ""}, Actor()), "unknown_version");
  EXPECT_EQ(detail({"case.note", 1, "garbage"}, Actor()), "signed_out");
  EXPECT_EQ(detail({"case.note", 1, "garbage"}, desk.customer), "role");
  EXPECT_EQ(detail({"case.note", 1, "garbage"}, desk.agent), "arguments");
  EXPECT_EQ(detail(make_command(NoteCase{sound.case_id, sound.message, "", {}}), desk.agent),
            "required");
  EXPECT_EQ(detail(make_command(NoteCase{desk.id<Case>("none"), sound.message, "x", {}}),
                   desk.agent),
            "not_found");
  EXPECT_EQ(detail(command, desk.agent), "");
}

TEST(Execute, ARefusedCommandWritesNothing) {
  Desk desk;
  const std::string before = desk.store.digest();
  OpenCase args = desk.opening("c");
  args.subject.clear();
  EXPECT_EQ(desk.refusal(desk.customer, args), "required");
  EXPECT_EQ(desk.store.digest(), before);
}

}  // namespace
}  // namespace foyer
