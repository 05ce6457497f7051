#include "foyer/view/arrivals.h"

#include <gtest/gtest.h>

#include "foyer/base/text.h"
#include "shared/view/demo_rows.h"

namespace foyer {
namespace {

struct Lobby : DemoRows {
  Instant now = kStart;
  Actor agent = actor_named("ana@foyer.example");

  Lobby() {
    for (const Device& row : all<Device>(store)) store.erase(entity_of<Device>(), row.id);
    Site site;
    site.id = id<Site>("site");
    site.account = all<Account>(store, 1).front().id;
    site.name = "Leeds";
    put(store, site);
    for (const auto* name : {"Front door", "Back door"}) {
      Device kiosk;
      kiosk.id = id<Device>(name);
      kiosk.kind = DeviceKind::kKiosk;
      kiosk.name = name;
      kiosk.site = site.id;
      put(store, kiosk);
    }
  }
  template <class T>
  static Id<T> id(std::string_view name) {
    return Id<T>(derive_uuid(Uuid(), name));
  }
  CheckIn visit(std::string_view number, std::int64_t minutes_ago,
                CheckInState state = CheckInState::kWaiting, std::string_view door = "Front door") {
    CheckIn row;
    row.id = id<CheckIn>(number);
    row.number = number;
    row.device = id<Device>(door);
    row.site = id<Site>("site");
    row.state = state;
    row.at = now - minutes_ago * kMsPerMinute;
    put(store, row);
    return row;
  }
};

std::vector<std::string> numbers(const ArrivalList& list) {
  std::vector<std::string> texts;
  for (const ArrivalRow& row : list.rows) texts.push_back(row.number);
  return texts;
}
using Numbers = std::vector<std::string>;

TEST(Arrivals, ASpanIsSaidInItsTwoLargestUnits) {
  constexpr std::pair<std::int64_t, std::string_view> cases[] = {
      {-5, "just now"},
      {59999, "just now"},
      {kMsPerMinute, "1 min"},
      {59 * kMsPerMinute, "59 min"},
      {kMsPerHour, "1 h"},
      {65 * kMsPerMinute, "1 h 5 min"},
      {26 * kMsPerHour, "1 d 2 h"},
      {72 * kMsPerHour + 59 * kMsPerMinute, "3 d"}};
  for (const auto& [ms, words] : cases) EXPECT_EQ(span_words(ms), words) << ms;
}

TEST(Arrivals, WhoWaitsLongestIsFirstAndWhoWasCalledComesAfter) {
  Lobby lobby;
  lobby.visit("K7-004", 1);
  lobby.visit("K7-003", 12);
  CheckIn called = lobby.visit("K7-002", 40, CheckInState::kCalled);
  called.place = "Desk 2";
  called.called_at = lobby.now - 10 * kMsPerMinute;
  put(lobby.store, called);
  lobby.visit("K7-001", 50, CheckInState::kServed);
  const ArrivalList list = arrivals_here(lobby.store, {}, lobby.now);
  EXPECT_EQ(numbers(list), (Numbers{"K7-003", "K7-004", "K7-002"}));
  EXPECT_EQ(list.waiting, 2u);
  EXPECT_EQ(list.called, 1u);
  EXPECT_EQ(list.longest, "12 min");
  EXPECT_EQ(list.longest_tone, Tone::kNeed);
  EXPECT_EQ(list.rows[0].name, "No name given");
  EXPECT_EQ(list.rows[0].where, "Front door, Leeds");
  EXPECT_EQ(list.rows[2].status, "Called to Desk 2");
  EXPECT_EQ(list.rows[2].span, "30 min") << "they waited until they were called";
  EXPECT_EQ(list.rows[2].span_tone, Tone::kCalm) << "they wait no more";
  EXPECT_EQ(count_waiting(lobby.store), 2u);
}

TEST(Arrivals, AWaitIsMarkedWhenItIsLong) {
  Lobby lobby;
  lobby.visit("K7-001", 9);
  EXPECT_EQ(arrivals_here(lobby.store, {}, lobby.now).rows[0].span_tone, Tone::kCalm);
  const Instant later = lobby.now + kMsPerMinute;
  EXPECT_EQ(arrivals_here(lobby.store, {}, later).rows[0].span_tone, Tone::kNeed);
  EXPECT_EQ(arrivals_here(lobby.store, {}, later + kLongWaitMs).rows[0].span_tone, Tone::kLate);
}

TEST(Arrivals, OneKioskCanBeLookedAt) {
  Lobby lobby;
  lobby.visit("K7-001", 9);
  lobby.visit("K8-001", 8, CheckInState::kWaiting, "Back door");
  lobby.visit("K8-002", 7, CheckInState::kLeft, "Back door");
  lobby.visit("K7-002", 6, CheckInState::kServed);
  const auto door = Lobby::id<Device>("Back door");
  EXPECT_EQ(numbers(arrivals_here(lobby.store, door, lobby.now)), (Numbers{"K8-001"}));
  EXPECT_EQ(numbers(arrivals_over(lobby.store, door, lobby.now)), (Numbers{"K8-002"}));
  EXPECT_EQ(numbers(arrivals_over(lobby.store, {}, lobby.now)), (Numbers{"K7-002", "K8-002"}))
      << "the newest first";
  const auto places = arrival_places(lobby.store);
  ASSERT_EQ(places.size(), 2u);
  EXPECT_EQ(places[0].name, "Back door, Leeds");
}

TEST(Arrivals, TheLastPlaceIsTheOneThisPersonCalledTo) {
  Lobby lobby;
  EXPECT_EQ(last_place(lobby.store, lobby.agent), "");
  const auto call = [&](std::string_view number, std::string place, std::string who,
                        std::int64_t minutes_ago) {
    CheckIn row = lobby.visit(number, 60, CheckInState::kServed);
    row.place = std::move(place);
    row.called_by = std::move(who);
    row.called_at = lobby.now - minutes_ago * kMsPerMinute;
    put(lobby.store, row);
  };
  call("K7-001", "Desk 1", lobby.agent.name, 50);
  call("K7-002", "Desk 2", lobby.agent.name, 30);
  call("K7-003", "Desk 3", lobby.agent.name, 40);
  call("K7-004", "Desk 4", "Somebody else", 10);
  EXPECT_EQ(last_place(lobby.store, lobby.agent), "Desk 2");
}

TEST(Arrivals, ACaseIsFoundByItsNumberHoweverItIsWritten) {
  Lobby lobby;
  const Case row = all<Case>(lobby.store, 1).front();
  ASSERT_FALSE(row.number.empty());
  const std::string lower = " " + to_ascii_lower(row.number) + " ";
  for (const std::string& about : {row.number, lower, "about #" + row.number + ", the lift"}) {
    const auto found = case_named(lobby.store, about);
    ASSERT_TRUE(found) << about;
    EXPECT_EQ(found->id, row.id);
    EXPECT_EQ(found->title, row.number + "  " + row.subject);
  }
  for (const char* about : {"", "the lift", "T-99999999", "1"})
    EXPECT_FALSE(case_named(lobby.store, about)) << about;
}

TEST(Arrivals, AVisitSaysWhatTheDeskNeeds) {
  Lobby lobby;
  CheckIn row = lobby.visit("K7-001", 4);
  row.visitor_name = "Vera Lind";
  row.visitor_contact = "0113 496 0000";
  row.reason = VisitReason::kPickUp;
  put(lobby.store, row);
  const PlainWords words;
  const auto view = visit_view(lobby.store, lobby.agent, row.id, lobby.now, words);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->name, "Vera Lind");
  EXPECT_TRUE(view->may_serve);
  std::string facts;
  for (const CaseFact& fact : view->facts) facts += fact.label + ": " + fact.text + "\n";
  EXPECT_NE(facts.find("Reason: Picks something up"), std::string::npos) << facts;
  EXPECT_NE(facts.find("Reached by: 0113 496 0000"), std::string::npos) << facts;
  EXPECT_NE(facts.find("Waits: 4 min"), std::string::npos) << facts;
  row.state = CheckInState::kLeft;
  row.ended_at = lobby.now;
  put(lobby.store, row);
  EXPECT_FALSE(visit_view(lobby.store, lobby.agent, row.id, lobby.now, words)->may_serve);
  EXPECT_FALSE(visit_view(lobby.store, lobby.agent, Lobby::id<CheckIn>("no"), lobby.now, words));
}

TEST(Arrivals, WhoReadsServiceSeesThemAndTheDeskServes) {
  Actor actor;
  actor.user = Lobby::id<User>("somebody");
  const auto with = [&](Role role) {
    actor.roles = Roles{role};
    return std::pair(may_see_visitors(actor), may_serve_visitors(actor));
  };
  EXPECT_EQ(with(Role::kCsr), std::pair(true, true));
  EXPECT_EQ(with(Role::kFinance), std::pair(true, false));
  EXPECT_EQ(with(Role::kAdmin), std::pair(false, false));
  EXPECT_EQ(with(Role::kMarketing), std::pair(false, false));
}

}  // namespace
}  // namespace foyer
