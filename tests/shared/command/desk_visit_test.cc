#include "foyer/command/desk_visit.h"

#include <gtest/gtest.h>

#include "shared/command/desk.h"

namespace foyer {
namespace {

struct Queue : Desk {
  Id<CheckIn> visit = id<CheckIn>("visit");
  Id<ParkedSubmission> parked = id<ParkedSubmission>("parked");
  Actor server = server_about(id<Device>("k7"));

  Queue() {
    CheckIn row;
    row.id = visit;
    row.number = "K7-001";
    row.at = now;
    put(store, row);
  }
  CheckIn row() const { return *get(store, visit); }
  ParkSubmission parking() const {
    return {parked, server.device, "check_in.create", "K7-002", "Vera", "device_revoked", now, {}};
  }
};

TEST(DeskVisit, AVisitorIsCalledMovedAndServed) {
  Queue queue;
  ASSERT_TRUE(queue.run(queue.agent, CallCheckIn{queue.visit, "Desk 1", {}}));
  queue.now += kMsPerMinute;
  ASSERT_TRUE(queue.run(queue.lead, CallCheckIn{queue.visit, "Desk 2", {}}));
  EXPECT_EQ(queue.row().state, CheckInState::kCalled);
  EXPECT_EQ(queue.row().place, "Desk 2");
  EXPECT_EQ(queue.row().called_by, "priya");
  EXPECT_EQ(queue.row().called_at, queue.now);
  queue.now += kMsPerMinute;
  ASSERT_TRUE(queue.run(queue.agent, EndCheckIn{queue.visit, CheckInState::kServed, {}}));
  EXPECT_EQ(queue.row().state, CheckInState::kServed);
  EXPECT_EQ(queue.row().ended_at, queue.now);
}

TEST(DeskVisit, WhoLeftIsNotCalledAgain) {
  Queue queue;
  ASSERT_TRUE(queue.run(queue.agent, EndCheckIn{queue.visit, CheckInState::kLeft, {}}));
  EXPECT_EQ(queue.row().state, CheckInState::kLeft);
  EXPECT_EQ(queue.refusal(queue.agent, CallCheckIn{queue.visit, "Desk 1", {}}), "visit_over");
  EXPECT_EQ(queue.refusal(queue.agent, EndCheckIn{queue.visit, CheckInState::kServed, {}}),
            "visit_over");
}

TEST(DeskVisit, WhatWasParkedIsSettledOnceWithANote) {
  Queue queue;
  ASSERT_TRUE(queue.run(queue.server, queue.parking()));
  EXPECT_EQ(queue.refusal(queue.server, queue.parking()), "already_done");
  EXPECT_EQ(queue.refusal(queue.agent, SettleSubmission{queue.parked, "", {}}), "required");
  queue.now += kMsPerHour;
  ASSERT_TRUE(queue.run(queue.agent, SettleSubmission{queue.parked, "Called Vera", {}}));
  const auto row = *get(queue.store, queue.parked);
  EXPECT_EQ(row.words, "Vera");
  EXPECT_EQ(row.note, "Called Vera");
  EXPECT_EQ(row.settled_by, "ana");
  EXPECT_EQ(row.settled_at, queue.now);
  EXPECT_EQ(row.received_at, queue.now - kMsPerHour);
  EXPECT_EQ(queue.refusal(queue.agent, SettleSubmission{queue.parked, "x", {}}), "already_done");
}

TEST(DeskVisit, Refusals) {
  Queue queue;
  ASSERT_TRUE(queue.run(queue.server, queue.parking()));
  for (const Actor& actor : {queue.customer, queue.admin, queue.server}) {
    EXPECT_EQ(queue.refusal(actor, CallCheckIn{queue.visit, "Desk 1", {}}), "role");
    EXPECT_EQ(queue.refusal(actor, EndCheckIn{queue.visit, CheckInState::kServed, {}}), "role");
    EXPECT_EQ(queue.refusal(actor, SettleSubmission{queue.parked, "x", {}}), "role");
  }
  EXPECT_EQ(queue.refusal(queue.agent, queue.parking()), "role");
  EXPECT_EQ(queue.refusal(queue.agent, CallCheckIn{queue.id<CheckIn>("no"), "Desk 1", {}}),
            "not_found");
  EXPECT_EQ(queue.refusal(queue.agent, CallCheckIn{queue.visit, "", {}}), "required");
  for (const auto state : {CheckInState::kWaiting, CheckInState::kCalled})
    EXPECT_EQ(queue.refusal(queue.agent, EndCheckIn{queue.visit, state, {}}), "not_an_end");
}

}  // namespace
}  // namespace foyer
