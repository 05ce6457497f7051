#include "foyer/view/route.h"

#include <gtest/gtest.h>

#include "foyer/base/random.h"

namespace foyer {
namespace {

TEST(Route, ParsesWhatItFormats) {
  Random random(11);
  for (int i = 0; i < 1000; ++i) {
    PortalRoute route;
    route.screen = static_cast<Screen>(random.next() % kNames<Screen>.size());
    route.filter = static_cast<QueueFilter>(random.next() % kQueueFilters);
    if (random.next() % 3 != 0) route.selected = derive_uuid(Uuid(), std::to_string(random.next()));
    EXPECT_EQ(parse_route(format(route)), route) << format(route);
  }
}

TEST(Route, NamesTheScreenTheRowAndTheFilter) {
  const Uuid id = derive_uuid(Uuid(), "a case");
  EXPECT_EQ(format({Screen::kCases, id, QueueFilter::kMine}),
            "/staff/cases/" + to_string(id) + "?show=mine");
  EXPECT_EQ(format({Screen::kOutbox, {}, QueueFilter::kOpen}), "/staff/outbox");
}

TEST(Route, WhatIsNoAddressIsTheStart) {
  for (const char* address :
       {"", "/", "/staff", "/staff/", "/staff/nowhere", "/cases/1", "?show=all",
        "/staff/cases?show=", "/staff/cases/not-an-id?show=%00&&&=", "/staff//////",
        "/staff/cases?show=mine2"})
    EXPECT_EQ(parse_route(address), PortalRoute()) << address;
}

}  // namespace
}  // namespace foyer
