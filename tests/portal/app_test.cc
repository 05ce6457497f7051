#include "app.h"

#include "portal/desk.h"

namespace foyer::portal {
namespace {

TEST(App, ShowsTheQueueFirst) {
  Desk desk;
  EXPECT_TRUE(desk.shows("Cases"));
  EXPECT_NE(desk.find("textbox", "Search cases"), nullptr) << desk.everything();
  EXPECT_TRUE(desk.shows("All saved")) << desk.everything();
  int rows = 0;
  for (const Node& node : desk.semantics().nodes()) rows += node.row > 0 ? 1 : 0;
  EXPECT_GT(rows, 3) << desk.everything();
}

TEST(App, EverythingReportedHasAnIdARoleAndAPlace) {
  Desk desk;
  desk.choose(desk.one_in(CaseState::kInProgress).id);
  std::set<std::string> ids;
  for (const Node& node : desk.semantics().nodes()) {
    EXPECT_FALSE(node.id.empty()) << node.role << " " << node.name;
    EXPECT_FALSE(node.role.empty()) << node.id;
    EXPECT_TRUE(ids.insert(node.id).second) << node.id << " is reported twice";
    EXPECT_GE(node.at.width, 0) << node.id;
  }
  EXPECT_GT(ids.size(), 10u);
}

TEST(App, AReplyGoesToTheCustomerAndANoteDoesNot) {
  Desk desk;
  const Case row = desk.one_in(CaseState::kInProgress);
  desk.choose(row.id);
  desk.write("Reply to the customer", "We are on our way");
  desk.press("Send to the customer");
  desk.write("Internal note", "Bring the long ladder");
  desk.press("Save internal note");
  EXPECT_EQ(desk.port.submitted, 2);
  int replies = 0;
  int notes = 0;
  for (const auto& message : foyer::find<&Message::case_id>(desk.port.store(), row.id)) {
    if (message.body == "We are on our way") replies += message.visibility == Visibility::kPublic;
    if (message.body == "Bring the long ladder") notes += message.visibility != Visibility::kPublic;
  }
  EXPECT_EQ(replies, 1);
  EXPECT_EQ(notes, 1);
  EXPECT_TRUE(desk.shows("We are on our way")) << desk.everything();
}

TEST(App, AnEmptyReplyIsRefusedInWords) {
  Desk desk;
  desk.choose(desk.one_in(CaseState::kInProgress).id);
  desk.press("Send to the customer");
  EXPECT_EQ(desk.port.submitted, 0);
  EXPECT_TRUE(desk.shows("Write something first.")) << desk.everything();
}

TEST(App, OffersOnlyLegalMoves) {
  Desk desk;
  desk.choose(desk.one_in(CaseState::kResolved).id);
  EXPECT_EQ(desk.find("button", "Resolve"), nullptr);
  EXPECT_EQ(desk.find("button", "Start"), nullptr);
  const Case assigned = desk.one_in(CaseState::kAssigned);
  desk.choose(assigned.id);
  desk.press("Start");
  EXPECT_EQ(get(desk.port.store(), assigned.id)->state, CaseState::kInProgress);
  EXPECT_EQ(desk.find("button", "Start"), nullptr);
}

TEST(App, ACaseThatIsNotThereSaysSo) {
  Desk desk;
  desk.choose(Id<Case>(derive_uuid(Uuid(), "no such case")));
  EXPECT_TRUE(desk.shows("This case is not here")) << desk.everything();
}

TEST(App, SearchNarrowsTheQueue) {
  Desk desk;
  desk.write("Search cases", "zzzz-nothing");
  EXPECT_TRUE(desk.shows("No case here")) << desk.everything();
}

TEST(App, TheRailLeadsToAccountsAndTheOutbox) {
  Desk desk;
  const auto press_any = [&](std::string_view name) {
    for (const auto* role : {"link", "button"})
      if (desk.find(role, name) != nullptr) return desk.press(name, role);
    FAIL() << "no " << name << "\n" << desk.everything();
  };
  press_any("Accounts");
  EXPECT_EQ(desk.app.route().screen, Screen::kAccounts);
  EXPECT_EQ(desk.port.address, "/staff/accounts");
  press_any("Outbox");
  EXPECT_EQ(desk.app.route().screen, Screen::kOutbox);
}

TEST(App, SaysWhatWaitsAndWhatNeedsAttention) {
  Desk desk;
  desk.port.sync.waiting = 2;
  desk.frame();
  EXPECT_TRUE(desk.shows("2 waiting to send"));
  desk.port.sync.attention = 1;
  desk.frame();
  EXPECT_TRUE(desk.shows("1 need attention"));
  desk.port.sync = {};
  desk.frame();
  EXPECT_TRUE(desk.shows("Offline: saved here"));
}

TEST(App, TheRailOfANarrowScreenIsTheSameRail) {
  Desk desk("ana@foyer.example", 390);
  for (const std::string_view title : {"Cases", "Accounts", "Outbox"}) {
    const Node* entry = desk.find("link", title);
    ASSERT_NE(entry, nullptr) << title << "\n" << desk.everything();
    EXPECT_EQ(entry->is_current, title == "Cases");
    EXPECT_GE(entry->at.height, 24);  // WCAG 2.2, target size
    EXPECT_LE(entry->at.x + entry->at.width, 390);
  }
  desk.press("Accounts", "link");
  EXPECT_EQ(desk.app.route().screen, Screen::kAccounts);
}

TEST(App, ANarrowScreenShowsOneColumn) {
  Desk desk("ana@foyer.example", 390);
  EXPECT_NE(desk.find("textbox", "Search cases"), nullptr);
  desk.choose(desk.one_in(CaseState::kInProgress).id);
  EXPECT_EQ(desk.find("textbox", "Search cases"), nullptr);
  desk.press("Back to the list");
  EXPECT_NE(desk.find("textbox", "Search cases"), nullptr);
}

}  // namespace
}  // namespace foyer::portal
