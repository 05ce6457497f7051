#include "foyer/sync/sync_client.h"

#include <gtest/gtest.h>

#include "foyer/sync/server_engine.h"
#include "shared/command/desk.h"
#include "shared/sync/memory_cache.h"

namespace foyer {
namespace {

struct Silent final : SyncLink {
  void send(std::string) override {}
};

// What a device of the desk's customer has stored after its first snapshot.
Stored stored_by(Desk& desk) {
  MemoryScopeLog log(derive_uuid({}, "epoch"));
  std::vector<RowKey> keys;
  for (const auto& touched : desk.store.take_touched())
    keys.push_back({touched.entity->id, touched.id});
  publish_rows(desk.store, log, keys, log.raise_seq());
  Welcome welcome;
  welcome.server_time = desk.now;
  welcome.actor = encode_actor(desk.customer);
  ClientEngine engine(derive_uuid({}, "client"));
  EXPECT_TRUE(engine.received(encode_frame(welcome), desk.now));
  for (const Poke& poke : catch_up(desk.customer, engine.client(), {}, desk.store, log))
    EXPECT_TRUE(engine.received(encode_frame(poke), desk.now));
  MemoryCache kept;
  for (Effect& effect : engine.take_effects())
    if (auto* save = std::get_if<SaveCache>(&effect)) kept.write(std::move(save->write));
  return kept.stored();
}

struct Recorder final : DeviceStore {
  void save_outbox(std::uint64_t, std::string, std::function<void(bool)> done) override {
    done(true);
  }
  void remove_outbox(std::uint64_t) override {}
  void adopt_client(const Uuid&, std::vector<std::pair<std::uint64_t, std::string>>,
                    std::function<void(bool)> done) override {
    done(true);
  }
  void write_cache(CacheWrite write) override {
    was_emptied |= write.clears && write.put.empty() && write.is_strict;
  }
  bool was_emptied = false;
};

TEST(SyncClient, RowsAreReadableForAsLongAsTheirLease) {
  Desk desk;
  Recorder store;
  Silent link;
  SyncClient device(derive_uuid({}, "client"), store, link, {});
  device.load(stored_by(desk), desk.now + 7 * kMsPerDay, 7 * kMsPerDay);
  EXPECT_TRUE(exists(device.engine().rows(), desk.account));
  EXPECT_EQ(device.engine().actor().user, desk.customer.user);
  EXPECT_FALSE(store.was_emptied);
}

TEST(SyncClient, AnEndedLeaseLeavesNothingButTheOutbox) {
  Desk desk;
  Recorder store;
  Silent link;
  Stored stored = stored_by(desk);
  OutboxEntry entry;
  entry.mid = 1;
  entry.command = make_command(desk.opening("c"));
  stored.outbox.push_back(encode_outbox_entry(entry));
  SyncClient device(derive_uuid({}, "client"), store, link, {});
  device.load(stored, desk.now + 7 * kMsPerDay + 1, 7 * kMsPerDay);
  EXPECT_FALSE(exists(device.engine().rows(), desk.account));
  EXPECT_FALSE(device.engine().status().is_loaded);
  EXPECT_TRUE(store.was_emptied);
  EXPECT_EQ(device.engine().status().waiting, 1u);
}

TEST(SyncClient, ALeaseAlsoEndsUnderAnOpenPageThatHasNoNetwork) {
  Desk desk;
  Recorder store;
  Silent link;
  SyncClient device(derive_uuid({}, "client"), store, link, {});
  device.load(stored_by(desk), desk.now, 7 * kMsPerDay);
  device.look_at_lease(desk.now + 7 * kMsPerDay, 7 * kMsPerDay);
  EXPECT_TRUE(exists(device.engine().rows(), desk.account));
  // Connected, the server would have said so.
  Welcome welcome;
  welcome.server_time = desk.now;
  welcome.actor = encode_actor(desk.customer);
  device.connected(desk.now);
  ASSERT_TRUE(device.received(encode_frame(welcome), desk.now));
  device.look_at_lease(desk.now + 8 * kMsPerDay, 7 * kMsPerDay);
  EXPECT_TRUE(exists(device.engine().rows(), desk.account));
  device.disconnected();
  device.look_at_lease(desk.now + 7 * kMsPerDay + 1, 7 * kMsPerDay);
  EXPECT_FALSE(exists(device.engine().rows(), desk.account));
  EXPECT_TRUE(store.was_emptied);
}

TEST(SyncClient, ARevokedPersonIsToldAndTheStoreEmptied) {
  Desk desk;
  Recorder store;
  Silent link;
  int signed_out = 0;
  SyncClient device(derive_uuid({}, "client"), store, link, {{}, [&] { ++signed_out; }});
  device.load(stored_by(desk), desk.now, kMsPerDay);
  ASSERT_TRUE(device.received(encode_frame(Reset{ResetReason::kRevoked, 0}), desk.now));
  EXPECT_EQ(signed_out, 1);
  EXPECT_TRUE(store.was_emptied);
  EXPECT_FALSE(exists(device.engine().rows(), desk.account));
}

TEST(SyncClient, NoStoreRefusesCommands) {
  Desk desk;
  NoDeviceStore store;
  Silent link;
  SyncClient device(derive_uuid({}, "client"), store, link, {});
  device.load(stored_by(desk), desk.now, kMsPerDay);
  bool was_refused = false;
  ASSERT_TRUE(device.submit(make_command(desk.opening("c")), desk.now,
                            [&](bool saved) { was_refused = !saved; }));
  EXPECT_TRUE(was_refused);
  EXPECT_FALSE(exists(device.engine().rows(), desk.id<Case>("c")));
}

}  // namespace
}  // namespace foyer
