#include "desk.h"
#include "foyer/command/seen.h"
#include "foyer/command/set_case_priority.h"

namespace foyer::portal {
namespace {

struct Met : Desk {
  explicit Met(std::string_view email = "ana@foyer.example", float width = 1280)
      : Desk(email, width), row(one_in(CaseState::kInProgress)) {
    const auto mine = with_seen(make_command(SetCasePriority{row.id, other(0), {}, {}}),
                                port.store());
    give(make_command(SetCasePriority{row.id, other(1), {}, {}}));
    give(mine);
    app.rows_changed();
    frame();
  }
  // A priority that the case does not have.
  Priority other(int which) const {
    std::vector<Priority> all;
    for (const Priority each : {Priority::kCritical, Priority::kHigh, Priority::kLow})
      if (each != row.priority) all.push_back(each);
    return all[static_cast<std::size_t>(which)];
  }
  void give(const Command& command) {
    const auto ana = foyer::find<&User::email>(port.store(), "ana@foyer.example", 1).front();
    const Actor actor = actor_of(port.store(), ana.id);
    ASSERT_TRUE(run_command(command, port.store(), {actor, DeskPort::kNow, port.new_id()}));
  }
  static std::string words(Priority value) { return words_of_key(name_of(value)); }
  Case now() { return *get(port.store(), row.id); }

  Case row;
};

TEST(ConflictDesk, TheRailLeadsToChangesThatMetOnlyWhileThereAreAny) {
  Desk quiet;
  EXPECT_FALSE(quiet.shows("Conflicts"));
  Met desk;
  EXPECT_TRUE(desk.shows("Conflicts (1)"));
  PortalRoute route;
  route.screen = Screen::kConflicts;
  desk.app.go(route);
  desk.frame();
  EXPECT_TRUE(desk.shows("Now: " + Met::words(desk.other(1))));
  EXPECT_TRUE(desk.shows("Set aside: " + Met::words(desk.other(0))));
  EXPECT_TRUE(desk.shows(desk.row.subject));
  desk.press("Open the case");
  EXPECT_EQ(desk.app.route().selected, desk.row.id);
}

TEST(ConflictDesk, WhatWasSetAsideIsChosenOnTheCase) {
  Met desk;
  desk.choose(desk.row.id);
  desk.press("Use " + Met::words(desk.other(0)));
  EXPECT_EQ(desk.now().priority, desk.other(0));
  EXPECT_FALSE(desk.shows("Set aside: "));
  EXPECT_TRUE(desk.shows(Met::words(desk.other(0)) + " counts."));
  EXPECT_FALSE(desk.shows("Conflicts (1)"));
}

TEST(ConflictDesk, WhatIsThereStays) {
  Met desk;
  desk.choose(desk.row.id);
  desk.press("Keep " + Met::words(desk.other(1)));
  EXPECT_EQ(desk.now().priority, desk.other(1));
  EXPECT_EQ(all<Conflict>(desk.port.store()).front().state, ConflictState::kTheirs);
}

TEST(ConflictDesk, SomethingElseIsAFormWithWhatWasSetAside) {
  Met desk;
  desk.choose(desk.row.id);
  desk.press("Something else");
  const Node* field = desk.find("combobox", "Priority");
  ASSERT_NE(field, nullptr) << desk.everything();
  desk.ui().set_text(field->id, "Normal");
  desk.frame();
  desk.press("Decide so");
  EXPECT_EQ(desk.now().priority, Priority::kNormal);
  EXPECT_EQ(all<Conflict>(desk.port.store()).front().state, ConflictState::kOther);
}

}  // namespace
}  // namespace foyer::portal
