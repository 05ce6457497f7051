#include <gtest/gtest.h>

#include <algorithm>

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
