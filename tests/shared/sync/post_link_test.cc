#include "foyer/sync/post_link.h"

#include <gtest/gtest.h>

#include <map>

#include "foyer/command/reply_case.h"
#include "foyer/sync/server_engine.h"
#include "shared/command/desk.h"
#include "shared/sync/memory_cache.h"

namespace foyer {
namespace {

// A store in memory that a test can read, and break.
class KeptStore final : public DeviceStore {
 public:
  void save_outbox(std::uint64_t mid, std::string bytes, std::function<void(bool)> done) override {
    if (is_full) return done(false);
    outbox[mid] = std::move(bytes);
    last_mid = std::max(last_mid, mid);
    done(true);
  }
  void remove_outbox(std::uint64_t mid) override { outbox.erase(mid); }
  void adopt_client(const Uuid& fresh,
                    std::vector<std::pair<std::uint64_t, std::string>> entries,
                    std::function<void(bool)> done) override {
    client = fresh;
    last_mid = entries.size();
    outbox.clear();
    outbox.insert(entries.begin(), entries.end());
    done(true);
  }
  void write_cache(CacheWrite write) override { cache.write(std::move(write)); }
  Stored stored() const {
    Stored all = cache.stored();
    all.last_mid = last_mid;
    for (const auto& [mid, bytes] : outbox) all.outbox.push_back(bytes);
    return all;
  }
  bool is_full = false;
  Uuid client = derive_uuid({}, "client");
  std::map<std::uint64_t, std::string> outbox;
  std::uint64_t last_mid = 0;
  MemoryCache cache;
};

// A server over the desk's rows that answers posts, and a device of its customer.
struct Wire {
  Desk desk;
  MemoryScopeLog log{derive_uuid({}, "epoch")};
  std::map<Uuid, Result<void>> results;
  KeptStore store;
  std::vector<std::string> posted;
  int signed_out = 0;
  PostLink link{[this](std::string body) { posted.push_back(std::move(body)); }};
  std::unique_ptr<SyncClient> device;

  Wire() {
    publish();
    restart();
  }
  void restart() {
    device = std::make_unique<SyncClient>(store.client, store, link,
                                      SyncClient::Listener{{}, [this] { ++signed_out; }});
    link.attach(*device);
    device->load(store.stored(), desk.now, 7 * kMsPerDay);
  }
  void publish() {
    std::vector<RowKey> keys;
    for (const auto& touched : desk.store.take_touched())
      keys.push_back({touched.entity->id, touched.id});
    if (!keys.empty()) publish_rows(desk.store, log, keys, log.raise_seq());
  }
  Result<void> run(const Command& command, const Uuid& id) {
    if (const auto known = results.find(id); known != results.end()) return known->second;
    const auto result = run_command(command, desk.store, {desk.customer, desk.now, id});
    publish();
    results.emplace(id, result);
    return result;
  }
  std::string answer(std::string_view body) {
    const auto messages = decode_frames(body);
    EXPECT_TRUE(messages && messages->size() <= 2);
    const Hello& hello = std::get<Hello>(messages->front());
    std::string decided;
    if (messages->size() == 2)
      decided = encode_frame(decide_push(
          std::get<Push>(messages->back()), desk.customer.user, log,
          [this](const PushedCommand& pushed, const Uuid& id, Turn) {
            return decision_of(run(pushed.command, id));
          }));
    std::string frames =
        encode_frame(welcome_of(desk.customer, hello.client, log, std::nullopt, desk.now)) +
        decided;
    auto pokes = catch_up(desk.customer, hello.client, hello.cookie, desk.store, log);
    if (!pokes.empty() && corrupts) pokes.back().cookie.scopes.front().crc ^= 1;
    for (const Poke& poke : pokes) frames += encode_frame(poke);
    return frames;
  }
  // Answers what was posted until nothing is; the number of requests.
  int serve() {
    int requests = 0;
    while (link.is_busy()) {
      const std::string body = std::move(posted.front());
      posted.erase(posted.begin());
      link.answered(answer(body), desk.now);
      ++requests;
    }
    return requests;
  }
  bool corrupts = false;  // the checksum of a poke's first scope is wrong
  bool exchange() {
    bool is_current = false;
    link.exchange(desk.now, [&](bool current) { is_current = current; });
    serve();
    return is_current;
  }
  bool has_case(std::string_view name) { return exists(desk.store, desk.id<Case>(name)); }
};

TEST(PostLink, ASnapshotComesWithTheFirstExchange) {
  Wire wire;
  EXPECT_TRUE(wire.exchange());
  EXPECT_TRUE(exists(wire.device->engine().rows(), wire.desk.account));
  EXPECT_FALSE(exists(wire.device->engine().rows(), wire.desk.other_account));
  EXPECT_EQ(wire.device->engine().actor().user, wire.desk.customer.user);
}

TEST(PostLink, AScopeThatCameDamagedAgainIsAskedForWithTheFirstExchangeAfterAMinute) {
  Wire wire;
  wire.corrupts = true;
  wire.exchange();
  EXPECT_EQ(wire.device->engine().status().problem, "reset_loop");
  wire.corrupts = false;
  wire.exchange();
  EXPECT_EQ(wire.device->engine().status().problem, "reset_loop");
  wire.desk.now = wire.desk.now + kResetPauseMs;
  wire.exchange();
  EXPECT_EQ(wire.device->engine().status().problem, "");
  EXPECT_TRUE(exists(wire.device->engine().rows(), wire.desk.account));
}

TEST(PostLink, ACommandTravelsOnceAndLeavesTheOutboxWithItsRows) {
  Wire wire;
  ASSERT_TRUE(wire.exchange());
  bool is_saved = false;
  ASSERT_TRUE(wire.device->submit(make_command(wire.desk.opening("c")), wire.desk.now,
                                  [&](bool saved) { is_saved = saved; }));
  EXPECT_TRUE(is_saved);
  wire.link.exchange(wire.desk.now, {[](bool) {}});
  EXPECT_LE(wire.serve(), 2);
  EXPECT_TRUE(wire.has_case("c"));
  EXPECT_EQ(wire.results.size(), 1u);
  EXPECT_TRUE(wire.store.outbox.empty());
  EXPECT_EQ(wire.device->engine().status().waiting, 0u);
}

TEST(PostLink, ALostAnswerIsAskedForAgainAndNothingIsDoneTwice) {
  Wire wire;
  ASSERT_TRUE(wire.exchange());
  ASSERT_TRUE(wire.device->submit(make_command(wire.desk.opening("c")), wire.desk.now));
  bool was_told = false;
  wire.link.exchange(wire.desk.now, [&](bool current) { was_told = !current; });
  (void)wire.answer(wire.posted.back());  // decided, but the answer is lost
  wire.posted.clear();
  wire.link.failed();
  EXPECT_TRUE(was_told);
  EXPECT_EQ(wire.device->engine().status().waiting, 1u);
  wire.restart();
  EXPECT_TRUE(wire.exchange());
  EXPECT_EQ(wire.results.size(), 1u);
  EXPECT_TRUE(wire.store.outbox.empty());
}

// The worker of a browser lives for seconds: with an empty outbox it must not count from 1 again.
TEST(PostLink, ANumberIsNotUsedTwiceAfterARestartWithoutANetwork) {
  Wire wire;
  ASSERT_TRUE(wire.exchange());
  ASSERT_TRUE(wire.device->submit(make_command(wire.desk.opening("first")), wire.desk.now));
  ASSERT_TRUE(wire.exchange());
  ASSERT_TRUE(wire.store.outbox.empty());
  wire.restart();
  ASSERT_TRUE(wire.device->submit(make_command(wire.desk.opening("second")), wire.desk.now));
  ASSERT_TRUE(wire.exchange());
  EXPECT_TRUE(wire.has_case("second"));
}

TEST(PostLink, WhoAsksDuringAnExchangeWaitsForTheNext) {
  Wire wire;
  wire.link.exchange(wire.desk.now, [](bool) {});
  const std::string early = wire.answer(wire.posted.front());
  wire.posted.clear();
  ASSERT_TRUE(wire.desk.run(wire.desk.customer, wire.desk.opening("late")));
  wire.publish();
  bool sees_it = false;
  wire.link.exchange(wire.desk.now, [&](bool) {
    sees_it = exists(wire.device->engine().rows(), wire.desk.id<Case>("late"));
  });
  wire.link.answered(early, wire.desk.now);
  EXPECT_FALSE(sees_it);
  wire.serve();
  EXPECT_TRUE(sees_it);
}

TEST(PostLink, AFullDiskIsSaidAndNothingIsSent) {
  Wire wire;
  ASSERT_TRUE(wire.exchange());
  wire.store.is_full = true;
  bool was_refused = false;
  ASSERT_TRUE(wire.device->submit(make_command(wire.desk.opening("c")), wire.desk.now,
                                  [&](bool saved) { was_refused = !saved; }));
  EXPECT_TRUE(was_refused);
  ASSERT_TRUE(wire.exchange());
  EXPECT_FALSE(wire.has_case("c"));
}

TEST(PostLink, GarbageEndsTheExchangeAndTheDeviceGoesOn) {
  Wire wire;
  bool was_told = false;
  wire.link.exchange(wire.desk.now, [&](bool current) { was_told = !current; });
  wire.posted.clear();
  wire.link.answered("garbage", wire.desk.now);
  EXPECT_TRUE(was_told);
  EXPECT_TRUE(wire.exchange());
}

}  // namespace
}  // namespace foyer
