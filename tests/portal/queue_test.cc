#include <gtest/gtest.h>

#include "foyer/base/text.h"
#include "portal/desk.h"

namespace foyer::portal {
namespace {

std::vector<std::string> column(const Desk& desk, std::size_t at) {
  std::vector<std::string> cells;
  for (const Node& node : desk.semantics().nodes())
    if (node.role == "row" && node.cells.size() > at) cells.push_back(node.cells[at]);
  return cells;
}

TEST(QueueScreen, ALaptopLeavesRoomForTheSubject) {
  for (const float width : {1024.0F, 1280.0F, 1440.0F}) {
    Desk desk("ana@foyer.example", width);
    EXPECT_GT(desk.find("columnheader", "Subject")->at.width, 120) << width;
    EXPECT_EQ(desk.find("columnheader", "Account") != nullptr, width > 1400) << width;
  }
}

TEST(QueueScreen, EveryColumnSortsAndTurnsRound) {
  Desk desk("ana@foyer.example", 1440);
  for (const auto& [title, at] :
       std::vector<std::pair<std::string_view, std::size_t>>{{"Case", 0}, {"Subject", 1},
                                                             {"Account", 2}, {"State", 4},
                                                             {"Owner", 6}}) {
    desk.press(title, "columnheader");
    auto cells = column(desk, at);
    ASSERT_GT(cells.size(), 5u);
    EXPECT_TRUE(std::is_sorted(cells.begin(), cells.end())) << title;
    EXPECT_EQ(desk.find("columnheader", title)->value, "ascending");
    desk.press(title, "columnheader");
    cells = column(desk, at);
    EXPECT_TRUE(std::is_sorted(cells.rbegin(), cells.rend())) << title;
    EXPECT_EQ(desk.find("columnheader", title)->value, "descending");
  }
  EXPECT_EQ(desk.port.address, "/staff/cases?sort=-owner");
}

TEST(QueueScreen, ASecondColumnSortsAfterTheFirst) {
  Desk desk("ana@foyer.example", 1440);
  desk.press("State", "columnheader");
  desk.ui().activate("queue/sort/Case/also");
  desk.frame();
  EXPECT_EQ(desk.port.address, "/staff/cases?sort=state,number");
  const auto states = column(desk, 4), numbers = column(desk, 0);
  for (std::size_t i = 1; i < states.size(); ++i) {
    EXPECT_LE(states[i - 1], states[i]);
    if (states[i - 1] == states[i]) EXPECT_LT(numbers[i - 1], numbers[i]);
  }
}

TEST(QueueScreen, FiltersStandInTheAddressAndBackRestoresThem) {
  Desk desk("ana@foyer.example", 1440);
  desk.press("More filters");
  desk.ui().set_text("queue/state", "Held");
  desk.frame();
  EXPECT_EQ(desk.port.address, "/staff/cases?state=held");
  for (const std::string& state : column(desk, 4)) EXPECT_EQ(state, "Held");
  EXPECT_FALSE(column(desk, 4).empty());
  desk.ui().set_text("queue/owner", "Jonas Weber");
  desk.frame();
  for (const std::string& owner : column(desk, 6)) EXPECT_EQ(owner, "Jonas Weber");
  const std::string filtered = desk.port.address;
  desk.press("No filters");
  EXPECT_EQ(desk.port.address, "/staff/cases");
  desk.app.go(parse_route(filtered), true);
  desk.frame();
  EXPECT_NE(desk.find("button", "More filters (2)"), nullptr) << desk.everything();
  for (const std::string& state : column(desk, 4)) EXPECT_EQ(state, "Held");
}

TEST(QueueScreen, SearchStandsInTheAddressAndBackRestoresIt) {
  Desk desk;
  desk.write("Search cases", "lift");
  EXPECT_EQ(desk.port.address, "/staff/cases?q=lift");
  const auto found = column(desk, 0);
  desk.press("Accounts", "link");
  desk.frame();
  EXPECT_EQ(desk.find("textbox", "Search accounts")->value, "");
  desk.app.go(parse_route("/staff/cases?q=lift"), true);
  desk.frame();
  EXPECT_EQ(desk.find("textbox", "Search cases")->value, "lift");
  EXPECT_EQ(column(desk, 0), found);
  desk.press("Cases", "link");
  desk.frame();
  EXPECT_EQ(desk.find("textbox", "Search cases")->value, "");
}

TEST(QueueScreen, CopiesWhatItShowsForASpreadsheet) {
  Desk desk;
  desk.ui().activate("key/palette");
  desk.frame();
  desk.ui().set_text("palette/text", "copy this list");
  desk.frame();
  desk.ui().activate("palette/choose");
  desk.frame();
  const auto lines = split(desk.port.copied, '\n');
  ASSERT_GT(lines.size(), 3u) << desk.port.copied;
  EXPECT_EQ(lines[0], "Case\tSubject\tAccount\tPriority\tState\tPromise\tOwner");
  EXPECT_EQ(split(lines[1], '\t')[0], column(desk, 0)[0]);
  EXPECT_EQ(to_tsv(std::vector<TsvRow>{{"a\tb", "c\r\nd"}}), "a b\tc  d\n");
}

TEST(CaseScreen, IsGivenToSomebodyElse) {
  Desk desk;
  const Case row = desk.one_in(CaseState::kNew);
  desk.choose(row.id);
  desk.press("Give to...");
  EXPECT_EQ(desk.find("button", "Give it"), nullptr) << "nobody is chosen yet";
  desk.ui().set_text("case/assign/who", "Jonas Weber");
  desk.frame();
  desk.press("Give it");
  EXPECT_EQ(get(desk.port.store(), row.id)->owner_name, "Jonas Weber");
  EXPECT_EQ(desk.find("button", "Give it"), nullptr);
  desk.press("Take it");
  EXPECT_EQ(get(desk.port.store(), row.id)->owner, desk.port.actor().user);
}

TEST(CaseScreen, IsGivenToAQueue) {
  Desk desk;
  const Case row = desk.one_in(CaseState::kInProgress);
  desk.choose(row.id);
  desk.press("Give to...");
  desk.ui().set_text("case/assign/who", "Queue: service");
  desk.frame();
  desk.press("Give it");
  EXPECT_EQ(get(desk.port.store(), row.id)->queue, "service");
  EXPECT_TRUE(get(desk.port.store(), row.id)->owner.is_null());
}

TEST(CaseScreen, HoldsWithAReasonAndWords) {
  Desk desk;
  const Case row = desk.one_in(CaseState::kInProgress);
  desk.choose(row.id);
  desk.press("Hold");
  desk.ui().set_text("case/reason", "We wait for an approval");
  desk.frame();
  desk.ui().activate("case/words/done");
  desk.frame();
  EXPECT_EQ(get(desk.port.store(), row.id)->state, CaseState::kInProgress) << "without words";
  EXPECT_TRUE(desk.shows("Write something first."));
  desk.write("What are we waiting for? The customer reads this.", "The bank says yes or no");
  desk.ui().activate("case/words/done");
  desk.frame();
  const Case held = *get(desk.port.store(), row.id);
  EXPECT_EQ(held.state, CaseState::kHeld);
  EXPECT_EQ(held.wait_reason, WaitReason::kAwaitingApproval);
  EXPECT_EQ(held.wait_need, "The bank says yes or no");
}

TEST(CaseScreen, EveryReasonToWaitCanBeGiven) {
  for (std::size_t i = 1; i < kNames<WaitReason>.size(); ++i) {
    const auto reason = static_cast<WaitReason>(i);
    const bool is_pending = is_pending_reason(reason);
    Desk desk;
    const Case row = desk.one_in(CaseState::kInProgress);
    desk.choose(row.id);
    desk.press(is_pending ? "Ask the customer" : "Hold");
    const Node* select = desk.find("combobox", "Why");
    ASSERT_NE(select, nullptr) << desk.everything();
    const std::size_t at = i - (is_pending ? 1 : 4);
    ASSERT_LT(at, select->cells.size());
    desk.ui().set_text("case/reason", select->cells[at]);
    desk.ui().set_text("case/words", "words");
    desk.frame();
    desk.ui().activate("case/words/done");
    desk.frame();
    EXPECT_EQ(get(desk.port.store(), row.id)->wait_reason, reason) << i;
  }
}

TEST(AccountScreen, ShowsContractsWithLinesAndTheLedgerOfWhatIsLeft) {
  Desk desk;
  Entitlement cover;
  for (const Entitlement& row : all<Entitlement>(desk.port.store()))
    if (!row.contract.is_null()) cover = row;
  PortalRoute route;
  route.screen = Screen::kAccounts;
  route.selected = cover.account;
  desk.app.go(route);
  desk.frame();
  const ServiceContract contract = *get(desk.port.store(), cover.contract);
  EXPECT_TRUE(desk.shows(contract.number + "  " + contract.name)) << desk.everything();
  for (const auto& line : foyer::find<&ContractLine::contract>(desk.port.store(), contract.id))
    EXPECT_TRUE(desk.shows(line.name)) << line.name;
  EXPECT_TRUE(desk.shows(" left"));
  EXPECT_FALSE(desk.shows("reserved for open cases"));
  desk.press("Where this comes from");
  EXPECT_TRUE(desk.shows("reserved for open cases")) << desk.everything();
  EXPECT_NE(desk.find("heading", "Contacts"), nullptr);
  EXPECT_NE(desk.find("heading", "Cases"), nullptr);
}

TEST(Theme, IsChosenFromThePalette) {
  Desk desk;
  desk.ui().activate("key/palette");
  desk.frame();
  desk.ui().set_text("palette/text", "theme high");
  desk.frame();
  desk.ui().activate("palette/choose");
  desk.frame();
  EXPECT_EQ(desk.port.theme, ThemeChoice::kContrast);
}

}  // namespace
}  // namespace foyer::portal
