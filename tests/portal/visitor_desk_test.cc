#include "screen/visitor_desk.h"

#include "foyer/base/text.h"
#include "portal/desk.h"

namespace foyer::portal {
namespace {

// The demonstration's desk with a kiosk, four visitors and what they said.
class Foyer : public Desk {
 public:
  explicit Foyer(std::string_view email = "ana@foyer.example", float width = 1280)
      : Desk(email, width) {
    for (const Device& row : all<Device>(port.store()))
      port.store().erase(entity_of<Device>(), row.id);
    Site site;
    site.id = id<Site>("site");
    site.account = all<Account>(port.store(), 1).front().id;
    site.name = "Leeds";
    put(port.store(), site);
    Device kiosk;
    kiosk.id = id<Device>("k7");
    kiosk.kind = DeviceKind::kKiosk;
    kiosk.name = "Front door";
    kiosk.series = "K7";
    kiosk.site = site.id;
    put(port.store(), kiosk);
    app.rows_changed();
    frame();
  }
  template <class T>
  static Id<T> id(std::string_view name) {
    return Id<T>(derive_uuid(Uuid(), name));
  }
  void go(Screen screen, Uuid selected = {}) {
    PortalRoute route;
    route.screen = screen;
    route.selected = selected;
    app.go(route);
    frame();
  }
  CheckIn arrive(std::string_view number, std::string name, std::int64_t minutes_ago) {
    CheckIn row;
    row.id = id<CheckIn>(number);
    row.number = number;
    row.device = id<Device>("k7");
    row.site = id<Site>("site");
    row.visitor_name = std::move(name);
    row.at = DeskPort::kNow - minutes_ago * kMsPerMinute;
    put(port.store(), row);
    app.rows_changed();
    frame();
    return row;
  }
  CheckIn now_is(std::string_view number) { return *get(port.store(), id<CheckIn>(number)); }
  Id<Feedback> rate(std::string_view name, std::int64_t rating, std::string comment) {
    Feedback row;
    row.id = id<Feedback>(name);
    row.device = id<Device>("k7");
    row.number = name;
    row.rating = rating;
    row.comment = std::move(comment);
    row.at = DeskPort::kNow - kMsPerHour;
    put(port.store(), row);
    app.rows_changed();
    frame();
    return row.id;
  }
  std::vector<std::string> rows() const {
    std::vector<std::string> names;
    for (const Node& node : semantics().nodes())
      if (node.role == "row") names.push_back(node.name);
    return names;
  }
};

TEST(VisitorDesk, WhoWaitsStandsInTheRailAndInTheListAtOnce) {
  Foyer foyer;
  foyer.go(Screen::kArrivals);
  EXPECT_NE(foyer.find("link", "Visitors"), nullptr) << foyer.everything();
  EXPECT_TRUE(foyer.shows("Nobody waits"));
  foyer.arrive("K7-002", "Vera Lind", 3);
  foyer.arrive("K7-001", "", 25);
  EXPECT_NE(foyer.find("link", "Visitors (2)"), nullptr) << foyer.everything();
  ASSERT_EQ(foyer.rows().size(), 2u) << foyer.everything();
  EXPECT_NE(foyer.rows()[0].find("K7-001, No name given"), std::string::npos) << foyer.rows()[0];
  EXPECT_NE(foyer.rows()[0].find("25 min"), std::string::npos) << foyer.rows()[0];
  EXPECT_NE(foyer.rows()[1].find("Vera Lind"), std::string::npos) << foyer.rows()[1];
  EXPECT_TRUE(foyer.shows("Longest wait: 25 min")) << foyer.everything();
}

TEST(VisitorDesk, TheNextIsCalledToThePlaceThatWasUsedLast) {
  Foyer foyer;
  foyer.go(Screen::kArrivals);
  foyer.arrive("K7-001", "Abe", 9);
  foyer.arrive("K7-002", "Bea", 5);
  foyer.write("Where to call them, such as Desk 2", "Desk 2");
  foyer.press("Call the next: K7-001");
  EXPECT_EQ(foyer.now_is("K7-001").state, CheckInState::kCalled);
  EXPECT_EQ(foyer.now_is("K7-001").place, "Desk 2");
  EXPECT_EQ(foyer.app.route().selected, foyer.id<CheckIn>("K7-001"));
  EXPECT_TRUE(foyer.shows("K7-001 is called to Desk 2.")) << foyer.everything();
  foyer.press("Served");
  EXPECT_EQ(foyer.now_is("K7-001").state, CheckInState::kServed);
  EXPECT_TRUE(foyer.app.route().selected.is_null());
  EXPECT_TRUE(foyer.shows("K7-001 was served.")) << foyer.everything();
  EXPECT_FALSE(foyer.shows("K7-001 is called"));
  foyer.press("Call the next: K7-002");  // nothing is typed again
  EXPECT_EQ(foyer.now_is("K7-002").place, "Desk 2");
}

TEST(VisitorDesk, WhereSomebodyCalledToLastIsKnownAfterAReload) {
  Foyer foyer;
  CheckIn before = foyer.arrive("K7-001", "Abe", 90);
  before.state = CheckInState::kServed;
  before.place = "Window 5";
  before.called_by = foyer.port.actor().name;
  before.called_at = before.ended_at = DeskPort::kNow - kMsPerHour;
  put(foyer.port.store(), before);
  foyer.arrive("K7-002", "Bea", 5);
  App reloaded(foyer.port);
  Ui ui(Fonts{}, Theme::kLight);
  PortalRoute route;
  route.screen = Screen::kArrivals;
  reloaded.go(route);
  const Node* place = nullptr;
  for (int i = 0; i < 3; ++i) {
    ui.begin(1280, 2400, 1, 0.016F);
    reloaded.draw(ui);
    ui.end();
  }
  place = ui.semantics().find("textbox", "Where to call them, such as Desk 2");
  ASSERT_NE(place, nullptr);
  EXPECT_EQ(place->value, "Window 5");
}

TEST(VisitorDesk, WithoutAPlaceNobodyIsCalled) {
  Foyer foyer;
  foyer.go(Screen::kArrivals);
  foyer.arrive("K7-001", "Abe", 9);
  foyer.press("Call the next: K7-001");
  EXPECT_EQ(foyer.now_is("K7-001").state, CheckInState::kWaiting);
  EXPECT_TRUE(foyer.shows("Say where to call them")) << foyer.everything();
}

TEST(VisitorDesk, KeysCallServeAndSeeOff) {
  Foyer foyer;
  foyer.go(Screen::kArrivals);
  foyer.arrive("K7-001", "Abe", 9);
  foyer.arrive("K7-002", "Bea", 5);
  foyer.write("Where to call them, such as Desk 2", "Desk 1");
  const auto key = [&](std::string_view letter) {
    foyer.ui().activate("key/" + std::string(letter));
    foyer.frame();
  };
  key("n");
  EXPECT_EQ(foyer.now_is("K7-001").state, CheckInState::kCalled);
  key("s");
  EXPECT_EQ(foyer.now_is("K7-001").state, CheckInState::kServed);
  foyer.go(Screen::kArrivals, foyer.id<CheckIn>("K7-002"));
  key("a");
  EXPECT_EQ(foyer.now_is("K7-002").state, CheckInState::kCalled);
  key("l");
  EXPECT_EQ(foyer.now_is("K7-002").state, CheckInState::kLeft);
  EXPECT_TRUE(foyer.shows("Nobody waits"));
}

TEST(VisitorDesk, TheCaseThatAVisitorNamedIsOneStepAway) {
  Foyer foyer;
  const Case row = foyer.one_in(CaseState::kInProgress);
  CheckIn visit = foyer.arrive("K7-001", "Abe", 9);
  visit.about = "my case " + to_ascii_lower(row.number);
  put(foyer.port.store(), visit);
  foyer.go(Screen::kArrivals, visit.id);
  foyer.press("Open " + row.number + "  " + row.subject);
  EXPECT_EQ(foyer.app.route().screen, Screen::kCases);
  EXPECT_EQ(foyer.app.route().selected, row.id);
}

TEST(VisitorDesk, WhoSomebodyElseSawToIsNotCalledAgain) {
  Foyer foyer;
  CheckIn visit = foyer.arrive("K7-001", "Abe", 9);
  foyer.go(Screen::kArrivals, visit.id);
  foyer.write("Where to call them, such as Desk 2", "Desk 1");
  visit.state = CheckInState::kServed;
  put(foyer.port.store(), visit);  // the screen has not heard of it yet
  foyer.press("Call");
  EXPECT_TRUE(foyer.shows("Somebody else has seen to this visitor already")) << foyer.everything();
  EXPECT_EQ(foyer.now_is("K7-001").state, CheckInState::kServed);
}

TEST(VisitorDesk, WhoseVisitIsOverIsListedApart) {
  Foyer foyer;
  CheckIn visit = foyer.arrive("K7-001", "Abe", 90);
  visit.state = CheckInState::kLeft;
  put(foyer.port.store(), visit);
  foyer.go(Screen::kArrivals);
  EXPECT_TRUE(foyer.rows().empty());
  foyer.press("Over");
  EXPECT_EQ(foyer.port.address, "/staff/arrivals?show=ended");
  ASSERT_EQ(foyer.rows().size(), 1u) << foyer.everything();
  EXPECT_NE(foyer.rows()[0].find("Left unserved"), std::string::npos);
}

TEST(VisitorDesk, SaysWhenItIsOfflineAndWhenItLoads) {
  Foyer foyer;
  foyer.port.sync.is_online = foyer.port.sync.is_loaded = false;
  foyer.go(Screen::kArrivals);
  EXPECT_TRUE(foyer.shows("Loading")) << foyer.everything();
  EXPECT_TRUE(foyer.shows("Offline: who came"));
  EXPECT_FALSE(foyer.shows("Nobody waits"));
}

TEST(VisitorDesk, ANarrowListLeavesRoomForTheName) {
  Foyer foyer("ana@foyer.example", 390);
  foyer.go(Screen::kArrivals);
  foyer.arrive("K7-001", "Vera Lind", 3);
  const Node* head = foyer.find("columnheader", "Name");
  ASSERT_NE(head, nullptr) << foyer.everything();
  EXPECT_GE(head->at.width, 80);
}

TEST(VisitorDesk, RatingsStandWithTheirWordsTheirMeanAndTheirNumber) {
  Foyer foyer;
  foyer.go(Screen::kRatings);
  EXPECT_TRUE(foyer.shows("Nobody has rated yet"));
  EXPECT_FALSE(foyer.shows("Mean")) << "there is no mean of nothing";
  foyer.rate("K7-003", 5, "Quick and kind");
  foyer.rate("K7-004", 2, "An hour in the cold");
  foyer.rate("K7-005", 5, "");
  EXPECT_TRUE(foyer.shows("Mean: 4.0 of 5")) << foyer.everything();
  EXPECT_TRUE(foyer.shows("Ratings: 3"));
  EXPECT_TRUE(foyer.shows("So few ratings say little yet"));
  EXPECT_EQ(foyer.rows().size(), 3u);
  foyer.press("Low ones");
  EXPECT_EQ(foyer.port.address, "/staff/ratings?rating=low");
  ASSERT_EQ(foyer.rows().size(), 1u) << foyer.everything();
  EXPECT_NE(foyer.rows()[0].find("Poor (2 of 5)"), std::string::npos) << foyer.rows()[0];
  EXPECT_TRUE(foyer.shows("Mean: 4.0 of 5")) << "the mean is that of all";
}

TEST(VisitorDesk, ARatingLeadsToItsVisit) {
  Foyer foyer;
  const CheckIn visit = foyer.arrive("K7-001", "Abe", 9);
  const Id<Feedback> id = foyer.rate("K7-003", 1, "Nobody came");
  Feedback row = *get(foyer.port.store(), id);
  row.check_in = visit.id;
  put(foyer.port.store(), row);
  foyer.go(Screen::kRatings, id);
  EXPECT_TRUE(foyer.shows("Very poor (1 of 5)")) << foyer.everything();
  EXPECT_TRUE(foyer.shows("Nobody came"));
  foyer.press("Open the visit K7-001  Abe");
  EXPECT_EQ(foyer.app.route().screen, Screen::kArrivals);
  EXPECT_EQ(foyer.app.route().selected, visit.id);
}

TEST(VisitorDesk, WhatWasHandedOverInVainIsSettledWithANote) {
  Foyer foyer;
  foyer.go(Screen::kArrivals);
  EXPECT_FALSE(foyer.shows("Not taken")) << "there is nothing of the kind";
  ParkedSubmission parked;
  parked.id = foyer.id<ParkedSubmission>("parked");
  parked.device = foyer.id<Device>("k7");
  parked.command = "check_in.create";
  parked.number = "K7-009";
  parked.words = "Vera Lind\nvera@lind.example";
  parked.reason = "device_revoked";
  parked.received_at = DeskPort::kNow;
  put(foyer.port.store(), parked);
  foyer.app.rows_changed();
  foyer.frame();
  foyer.press("Not taken (1)");
  ASSERT_EQ(foyer.rows().size(), 1u) << foyer.everything();
  foyer.go(Screen::kUntaken, parked.id);
  EXPECT_TRUE(foyer.shows("Vera Lind\nvera@lind.example")) << foyer.everything();
  EXPECT_TRUE(foyer.shows("The kiosk had been revoked")) << foyer.everything();
  foyer.press("Settle");
  EXPECT_TRUE(foyer.shows("Say what was done")) << foyer.everything();
  foyer.write("What was done about it", "Rang Vera");
  foyer.press("Settle");
  EXPECT_EQ(get(foyer.port.store(), parked.id)->note, "Rang Vera");
  EXPECT_TRUE(foyer.shows("Check-in K7-009 is settled.")) << foyer.everything();
  EXPECT_TRUE(foyer.shows("Nothing is left"));
}

TEST(VisitorDesk, WhoDoesNotServeSeesAndDoesNotCall) {
  Foyer foyer("priya@foyer.example");
  EXPECT_NE(foyer.find("link", "Visitors"), nullptr);
  Foyer finance("helen@foyer.example");
  const CheckIn visit = finance.arrive("K7-001", "Abe", 9);
  finance.go(Screen::kArrivals, visit.id);
  EXPECT_EQ(finance.find("button", "Call"), nullptr) << finance.everything();
}

}  // namespace
}  // namespace foyer::portal
