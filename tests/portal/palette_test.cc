#include <gtest/gtest.h>

#include <algorithm>

#include "foyer/command/registry.h"
#include "portal/desk.h"

namespace foyer::portal {
namespace {

void type(Desk& desk, std::string words) {
  desk.ui().set_text("palette/text", std::move(words));
  desk.frame();
}

void key(Desk& desk, std::string_view id) {
  desk.ui().activate(id);
  desk.frame();
  desk.frame();
}

void draw_once(Desk& desk, float height) {
  desk.ui().begin(1280, height, 1, 0.016F);
  desk.app.draw(desk.ui());
  desk.ui().end();
}

TEST(Palette, FindsACommandAndDoesIt) {
  Desk desk;
  key(desk, "key/palette");
  ASSERT_NE(desk.find("textbox", "A command, a case or an account"), nullptr) << desk.everything();
  type(desk, "go acc");
  key(desk, "palette/choose");
  EXPECT_EQ(desk.app.route().screen, Screen::kAccounts);
  EXPECT_EQ(desk.find("textbox", "A command, a case or an account"), nullptr);
}

TEST(Palette, WhatIsChosenAtOnceIsChosenOfWhatWasTyped) {
  Desk desk;
  key(desk, "key/palette");
  desk.ui().set_text("palette/text", "go acc");
  key(desk, "palette/choose");
  EXPECT_EQ(desk.app.route().screen, Screen::kAccounts);
}

TEST(Palette, FindsACaseByItsNumber) {
  Desk desk;
  const Case row = all<Case>(desk.port.store(), 1).front();
  key(desk, "key/palette");
  type(desk, row.number);
  key(desk, "palette/choose");
  EXPECT_EQ(desk.app.route().selected, Uuid(row.id));
}

TEST(Palette, LeavesAsItCame) {
  Desk desk;
  for (const std::string_view way : {"dialog/close", "dialog/leave", "key/palette"}) {
    key(desk, "key/palette");
    EXPECT_NE(desk.find("heading", "Find or do"), nullptr) << way;
    key(desk, way);
    EXPECT_EQ(desk.find("heading", "Find or do"), nullptr) << way;
  }
}

// The commands that the palette offers, over cases in every state.
std::set<std::string> offered(std::string_view who) {
  std::set<std::string> names;
  std::set<CaseState> seen;
  Desk desk(who);
  std::vector<Case> cases = all<Case>(desk.port.store());
  cases.push_back({});  // no case at all
  for (const Case& row : cases) {
    if (!row.id.is_null() && !seen.insert(row.state).second) continue;
    PortalRoute route;
    route.selected = row.id;
    desk.app.go(route);
    desk.frame();
    key(desk, "key/palette");
    for (const Node& node : desk.semantics().nodes())
      if (node.id.starts_with("palette/")) names.insert(node.id.substr(8));
    key(desk, "dialog/close");
  }
  return names;
}

TEST(Palette, ReachesEveryCommandOfTheRegistry) {
  for (const std::string_view who :
       {"ana@foyer.example", "priya@foyer.example", "tomasz@foyer.example", "admin@foyer.example",
        "helen@foyer.example"}) {
    const auto names = offered(who);
    const Desk desk(who);
    for (const CommandInfo& command : commands()) {
      if (!desk.port.actor().roles.has_any_of(command.roles)) {
        EXPECT_FALSE(names.contains(std::string(command.name))) << who << ": " << command.name;
        continue;
      }
      // Rows of a file come in on the page for imports; whole rows are written by programs.
      if (command.name.starts_with("record.")) continue;
      const bool is_import = command.name.starts_with("import.");
      EXPECT_TRUE(names.contains(is_import ? "go/import" : std::string(command.name)))
          << who << " does not reach " << command.name;
    }
  }
}

TEST(Palette, ACommandWithoutAButtonIsFilledIn) {
  Desk desk;
  const Case row = [&] {
    for (const Case& each : all<Case>(desk.port.store()))
      if (each.state == CaseState::kInProgress && each.priority == Priority::kNormal) return each;
    return Case();
  }();
  ASSERT_FALSE(row.id.is_null());
  PortalRoute route;
  route.selected = row.id;
  desk.app.go(route);
  desk.frame();
  key(desk, "key/palette");
  type(desk, "change the priority");
  key(desk, "palette/choose");
  ASSERT_NE(desk.find("heading", "Change the priority"), nullptr) << desk.everything();
  desk.ui().set_text("form/priority", "Critical");
  desk.frame();
  key(desk, "form/done");
  EXPECT_EQ(get(desk.port.store(), row.id)->priority, Priority::kCritical);
  EXPECT_EQ(desk.find("heading", "Change the priority"), nullptr);
}

TEST(Palette, ACaseIsOpenedForACustomer) {
  Desk desk;
  const auto before = desk.port.store().count(entity_of<Case>());
  key(desk, "key/c");
  ASSERT_NE(desk.find("heading", "Open a case for a customer"), nullptr) << desk.everything();
  key(desk, "form/done");
  EXPECT_TRUE(desk.shows("this is needed.")) << desk.everything();
  const Node* account = desk.find("combobox", "Account (optional)");
  ASSERT_NE(account, nullptr) << desk.everything();
  ASSERT_GT(account->cells.size(), 2u);
  const std::string name = account->cells[1];
  desk.ui().set_text("form/account", name);
  desk.ui().set_text("form/subject", "The gate is stuck");
  desk.ui().set_text("form/body", "Since this morning");
  desk.frame();
  key(desk, "form/done");
  ASSERT_EQ(desk.port.store().count(entity_of<Case>()), before + 1) << desk.everything();
  const auto made = get(desk.port.store(), Id<Case>(desk.app.route().selected));
  ASSERT_TRUE(made);
  EXPECT_EQ(made->subject, "The gate is stuck");
  EXPECT_EQ(get(desk.port.store(), made->account)->name, name);
  EXPECT_TRUE(desk.shows("The gate is stuck"));
}

TEST(Palette, NothingFoundIsSaid) {
  Desk desk;
  key(desk, "key/palette");
  type(desk, "nobodywrotethis");
  EXPECT_TRUE(desk.shows("Nothing found")) << desk.everything();
  key(desk, "palette/choose");
  EXPECT_TRUE(desk.shows("Nothing found")) << desk.everything();
}

TEST(Keys, AnyKeyOfTheListActs) {
  Desk desk;
  key(desk, "key/?");
  EXPECT_NE(desk.find("heading", "Keys"), nullptr) << desk.everything();
  key(desk, "dialog/close");
  key(desk, "key/2");
  EXPECT_EQ(desk.app.route().screen, Screen::kAccounts);
  key(desk, "key/1");
  EXPECT_EQ(desk.app.route().screen, Screen::kCases);
}

TEST(Keys, ASlashAsksForTheKeyboardOnce) {
  Desk desk;
  desk.ui().activate("key//");
  draw_once(desk, 800);
  const Node* field = desk.find("textbox", "Search cases");
  ASSERT_NE(field, nullptr);
  EXPECT_TRUE(field->wants_focus);
  desk.frame();
  EXPECT_FALSE(desk.find("textbox", "Search cases")->wants_focus);
}

TEST(Queue, RevealsARowOutOfSight) {
  Desk desk;
  int rows = 0;
  for (const Node& node : desk.semantics().nodes()) rows = std::max(rows, node.row_count);
  ASSERT_GT(rows, 20);
  const auto shows_last = [&] {
    for (const Node& node : desk.semantics().nodes())
      if (node.role == "row" && node.row == rows) return true;
    return false;
  };
  draw_once(desk, 600);
  draw_once(desk, 600);
  EXPECT_FALSE(shows_last());
  desk.ui().activate("queue/reveal/" + std::to_string(rows - 1));
  for (int i = 0; i < 3; ++i) draw_once(desk, 600);
  EXPECT_TRUE(shows_last()) << desk.everything();
}

}  // namespace
}  // namespace foyer::portal
