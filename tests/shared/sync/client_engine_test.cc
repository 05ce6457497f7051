#include "foyer/sync/client_engine.h"

#include <gtest/gtest.h>

#include "shared/command/desk.h"

namespace foyer {
namespace {

struct Device {
  Desk desk;
  ClientEngine engine{derive_uuid({}, "client")};
  Device() { engine.load({}, {}, encode_actor(desk.customer)); }
  std::uint64_t submit(std::string_view name) {
    const auto mid = engine.submit(make_command(desk.opening(name)), desk.now);
    EXPECT_TRUE(mid);
    return mid.value_or(0);
  }
  bool shows(std::string_view name) const { return exists(engine.rows(), desk.id<Case>(name)); }
};

TEST(ClientEngine, ACommandIsShownOnlyWhenItIsDurable) {
  Device device;
  const auto mid = device.submit("c");
  EXPECT_FALSE(device.shows("c"));
  EXPECT_EQ(device.engine.status().waiting, 0u);
  device.engine.saved(mid);
  EXPECT_TRUE(device.shows("c"));
  EXPECT_EQ(device.engine.status().waiting, 1u);
}

TEST(ClientEngine, WhatCouldNotBeSavedIsGoneAndItsNumberIsUsedAgain) {
  Device device;
  const auto mid = device.submit("c");
  device.engine.save_failed(mid);
  EXPECT_TRUE(device.engine.outbox().empty());
  EXPECT_EQ(device.submit("d"), mid);
}

TEST(ClientEngine, TheOutboxSurvivesARestart) {
  Device device;
  const auto mid = device.submit("c");
  std::string stored;
  for (const Effect& effect : device.engine.take_effects())
    if (const auto* save = std::get_if<SaveOutbox>(&effect)) stored = save->bytes;
  device.engine.saved(mid);
  ClientEngine again(device.engine.client());
  again.load({}, {stored}, encode_actor(device.desk.customer));
  EXPECT_TRUE(exists(again.rows(), device.desk.id<Case>("c")));
  EXPECT_EQ(again.status().waiting, 1u);
}

TEST(ClientEngine, ARefusalKeepsTheWordsUntilThePersonDecides) {
  Device device;
  const auto mid = device.submit("c");
  device.engine.saved(mid);
  PushResult result;
  result.client = device.engine.client();
  result.results = {{mid, PushOutcome::kRejected, {ErrorCode::kConflict, "", "case_state"}, 1}};
  ASSERT_TRUE(device.engine.received(encode_frame(result), device.desk.now));
  EXPECT_FALSE(device.shows("c"));
  EXPECT_EQ(device.engine.status().attention, 1u);
  EXPECT_EQ(device.engine.outbox().at(mid).error.detail, "case_state");
  EXPECT_TRUE(device.engine.retry(mid, device.desk.now));
  EXPECT_EQ(device.engine.status().attention, 0u);
}

TEST(ClientEngine, DamagedFramesAreRefusedAndChangeNothing) {
  Device device;
  const std::string before = device.engine.confirmed_digest();
  EXPECT_FALSE(device.engine.received("garbage", device.desk.now));
  EXPECT_FALSE(device.engine.received(encode_frame(Hello{}), device.desk.now));
  EXPECT_EQ(device.engine.confirmed_digest(), before);
  EXPECT_FALSE(decode_outbox_entry("garbage"));
}

}  // namespace
}  // namespace foyer
