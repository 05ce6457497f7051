#include "foyer/view/route.h"

#include <gtest/gtest.h>

#include "foyer/base/random.h"
#include "foyer/base/text.h"

namespace foyer {
namespace {

constexpr std::uint32_t kLetters[] = {'a', ' ', '&', '=', '?', '#', '%', '+', '/', '"', 0xe9,
                                      0x6587, 0x1f600};

TEST(Route, ParsesWhatItFormats) {
  Random random(11);
  for (int i = 0; i < 1000; ++i) {
    PortalRoute route;
    route.screen = static_cast<Screen>(random.next() % kNames<Screen>.size());
    route.query.filter = static_cast<QueueFilter>(random.next() % kQueueFilters);
    route.ratings = static_cast<RatingFilter>(random.next() % kNames<RatingFilter>.size());
    if (random.next() % 2 == 0)
      route.query.state = static_cast<CaseState>(random.next() % kNames<CaseState>.size());
    if (random.next() % 2 == 0)
      route.query.priority = static_cast<Priority>(random.next() % kNames<Priority>.size());
    if (random.next() % 2 == 0)
      route.query.owner = Id<User>(derive_uuid(Uuid(), std::to_string(random.next())));
    for (std::uint64_t presses = random.next() % 6; presses > 0; --presses)
      press_sort(route.query.sorts,
                 static_cast<QueueOrder>(random.next() % kNames<QueueOrder>.size()),
                 random.next() % 2 == 0);
    for (std::uint64_t letters = random.next() % 9; letters > 0; --letters)
      append_code_point(route.query.text, kLetters[random.next() % std::size(kLetters)]);
    if (random.next() % 3 != 0) route.selected = derive_uuid(Uuid(), std::to_string(random.next()));
    EXPECT_EQ(parse_route(format(route)), route) << format(route);
  }
}

TEST(Route, NamesTheScreenTheRowAndTheFilter) {
  const Uuid id = derive_uuid(Uuid(), "a case");
  EXPECT_EQ(format({Screen::kCases, id, QueueFilter::kMine}),
            "/staff/cases/" + to_string(id) + "?show=mine");
  PortalRoute route;
  route.query.sorts = {{QueueOrder::kPriority, false}, {QueueOrder::kNumber, true}};
  route.query.state = CaseState::kHeld;
  route.query.text = "lift & door";
  EXPECT_EQ(format(route), "/staff/cases?state=held&sort=priority,-number&q=lift%20%26%20door");
  EXPECT_EQ(format({Screen::kOutbox, {}, QueueFilter::kOpen}), "/staff/outbox");
}

TEST(Route, WhatIsNoAddressIsTheStart) {
  for (const char* address :
       {"", "/", "/staff", "/staff/", "/staff/nowhere", "/cases/1", "?show=all",
        "/staff/cases?show=", "/staff/cases/not-an-id?show=%00&&&=", "/staff//////",
        "/staff/cases?show=mine2", "/staff/cases?q=%", "/staff/cases?q=%ff",
        "/staff/cases?sort=nothing,-,,&state=x&priority=&owner=1"})
    EXPECT_EQ(parse_route(address), PortalRoute()) << address;
}

TEST(Route, AnOrderCountsOnce) {
  EXPECT_EQ(parse_route("/staff/cases?sort=number,-number,state").query.sorts,
            (std::vector<QueueSort>{{QueueOrder::kNumber, false}, {QueueOrder::kState, false}}));
}

}  // namespace
}  // namespace foyer
