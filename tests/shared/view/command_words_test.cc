#include "foyer/view/command_words.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "foyer/command/assign_case.h"
#include "foyer/command/registry.h"
#include "foyer/command/save_record.h"
#include "foyer/command/set_case_priority.h"
#include "shared/command/desk.h"

namespace foyer {
namespace {

class PlainTimes final : public TimeWords {
 public:
  std::string when(Instant at) const override { return std::to_string(at.ms); }
};
const PlainTimes kTimes;

TEST(CommandWords, WhatPeopleDoHasATitleOfItsOwn) {
  for (const CommandInfo& command : commands()) {
    const std::string title = title_of_command(command.name);
    EXPECT_FALSE(title.empty());
    const bool is_for_programs = command.roles == kServerAlone || command.roles == kAtKiosk ||
                                 command.name.starts_with("import.");
    if (!is_for_programs)
      EXPECT_NE(title, words_of_key(command.name)) << command.name << " has no words of its own";
  }
  EXPECT_EQ(title_of_command("no.such_thing"), "No such thing");
}

TEST(CommandWords, ARefusalIsSaidInPlainWords) {
  EXPECT_EQ(refusal_words({ErrorCode::kInvalid, "body", "too_long"}), "Message: this is too long.");
  EXPECT_EQ(refusal_words({ErrorCode::kForbidden, "entity", "role"}), "Your role may not do this.");
  EXPECT_NE(refusal_words({ErrorCode::kConflict, "", "case_state"}).find("had changed"),
            std::string::npos);
  EXPECT_EQ(refusal_words({ErrorCode::kInternal, "", "odd"}),
            "The server did not accept it (odd).");
}

TEST(CommandWords, ArgumentsAreNamedAndIdsAreRows) {
  Desk desk;
  const Id<Case> id = desk.id<Case>("c");
  ASSERT_TRUE(desk.run(desk.customer, desk.opening("c")));
  SetCasePriority urgent{id, Priority::kCritical, {}};
  const auto lines = argument_lines(make_command(urgent), desk.store, kTimes);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].label, "Case");
  EXPECT_NE(lines[0].text.find(desk.the_case("c").subject), std::string::npos);
  EXPECT_EQ(lines[1], (ArgumentLine{"Priority", "Critical"}));
  // The first of a choice is a choice too.
  urgent.priority = Priority::kNormal;
  EXPECT_EQ(argument_lines(make_command(urgent), desk.store, kTimes).back().text, "Normal");
}

TEST(CommandWords, ARecordSaysWhatItIsToBecome) {
  Desk desk;
  Account account;
  account.id = desk.id<Account>("new");
  account.name = "Lindgren & Daughters";
  SaveRecord save{"account", {encode(account)}, {}};
  const auto lines = argument_lines(make_command(save), desk.store, kTimes);
  const ArgumentLine name{"Name", "Lindgren & Daughters"};
  EXPECT_NE(std::find(lines.begin(), lines.end(), name), lines.end());
}

TEST(CommandWords, WhatCannotBeReadSaysNothing) {
  const Desk desk;
  EXPECT_TRUE(argument_lines({"case.unheard_of", 1, "x"}, desk.store, kTimes).empty());
  EXPECT_TRUE(argument_lines({"case.reply", 1, "garbage"}, desk.store, kTimes).empty());
}

}  // namespace
}  // namespace foyer
