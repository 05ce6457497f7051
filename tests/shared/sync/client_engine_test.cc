#include "foyer/sync/client_engine.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "foyer/command/upcast.h"
#include "foyer/sync/server_engine.h"
#include "shared/command/desk.h"
#include "shared/sync/memory_cache.h"

namespace foyer {
namespace {

struct Device {
  Desk desk;
  ClientEngine engine{derive_uuid({}, "client")};
  Device() { engine.load(welcomed(desk)); }
  static Stored welcomed(const Desk& desk) {
    Welcome welcome;
    welcome.server_time = desk.now;
    welcome.actor = encode_actor(desk.customer);
    return stored_welcome(welcome);
  }
  std::uint64_t submit(std::string_view name) {
    const auto mid = engine.submit(make_command(desk.opening(name)), desk.now);
    EXPECT_TRUE(mid);
    return mid.value_or(0);
  }
  void refuse(std::uint64_t mid) {
    PushResult result;
    result.client = engine.client();
    result.results = {{mid, PushOutcome::kRejected, {ErrorCode::kConflict, "", "case_state"}, 1}};
    ASSERT_TRUE(engine.received(encode_frame(result), desk.now));
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
  Stored left = Device::welcomed(device.desk);
  left.outbox = {stored};
  left.last_mid = mid;
  again.load(std::move(left));
  EXPECT_TRUE(exists(again.rows(), device.desk.id<Case>("c")));
  EXPECT_EQ(again.status().waiting, 1u);
}

TEST(ClientEngine, ARefusalKeepsTheWordsUntilThePersonDecides) {
  Device device;
  const auto mid = device.submit("c");
  device.engine.saved(mid);
  ASSERT_NO_FATAL_FAILURE(device.refuse(mid));
  EXPECT_FALSE(device.shows("c"));
  EXPECT_EQ(device.engine.status().attention, 1u);
  EXPECT_EQ(device.engine.outbox().at(mid).error.detail, "case_state");
  const auto full = device.engine.retry(mid, device.desk.now);
  ASSERT_TRUE(full);
  EXPECT_EQ(device.engine.status().attention, 1u);
  device.engine.save_failed(*full);  // no room: the words are still there
  EXPECT_EQ(device.engine.status().attention, 1u);
  const auto again = device.engine.retry(mid, device.desk.now);
  ASSERT_TRUE(again);
  EXPECT_EQ(*device.engine.retry(mid, device.desk.now), *again);  // pressed twice
  device.engine.saved(*again);
  EXPECT_EQ(device.engine.status().attention, 0u);
  EXPECT_EQ(device.engine.status().waiting, 1u);
}

TEST(ClientEngine, WordsWrittenAnewTakeThePlaceOfTheRefusedOnesWhenTheyAreDurable) {
  Device device;
  const auto mid = device.submit("c");
  device.engine.saved(mid);
  ASSERT_NO_FATAL_FAILURE(device.refuse(mid));
  OpenCase anew = device.desk.opening("c");
  anew.body = "Written anew";
  const auto full = device.engine.replace(mid, make_command(anew), device.desk.now);
  ASSERT_TRUE(full);
  EXPECT_TRUE(device.engine.outbox().contains(mid));
  device.engine.save_failed(*full);  // no room: the old words are still there
  EXPECT_EQ(device.engine.status().attention, 1u);
  const auto fresh = device.engine.replace(mid, make_command(anew), device.desk.now);
  ASSERT_TRUE(fresh);
  EXPECT_EQ(*device.engine.replace(mid, make_command(anew), device.desk.now), *fresh);  // twice
  device.engine.take_effects();
  device.engine.saved(*fresh);
  EXPECT_FALSE(device.engine.outbox().contains(mid));
  EXPECT_EQ(device.engine.outbox().at(*fresh).command.arguments, make_command(anew).arguments);
  int removed = 0;
  for (const Effect& effect : device.engine.take_effects())
    if (const auto* remove = std::get_if<RemoveOutbox>(&effect)) removed += remove->mid == mid;
  EXPECT_EQ(removed, 1);

  // The old one is gone, in another tab maybe: what was written is sent all the same.
  const OpenCase more = device.desk.opening("d");
  const auto late = device.engine.replace(mid, make_command(more), device.desk.now);
  ASSERT_TRUE(late);
  device.engine.saved(*late);
  EXPECT_EQ(device.engine.status().waiting, 2u);
}

TEST(ClientEngine, DamagedFramesAreRefusedAndChangeNothing) {
  Device device;
  const std::string before = device.engine.confirmed_digest();
  EXPECT_FALSE(device.engine.received("garbage", device.desk.now));
  EXPECT_FALSE(device.engine.received(encode_frame(Hello{}), device.desk.now));
  EXPECT_EQ(device.engine.confirmed_digest(), before);
  EXPECT_FALSE(decode_outbox_entry("garbage"));
}

// Pokes pile up in the store; a quarter of what they change is the most that is kept twice.
TEST(ClientEngine, WhatIsStoredIsSummedUpAndReadsTheSame) {
  Desk desk;
  MemoryScopeLog log(derive_uuid({}, "epoch"));
  ClientEngine engine(derive_uuid({}, "client"));
  engine.load(Device::welcomed(desk));
  MemoryCache kept;
  int summed_up = 0;
  Cookie sent;
  for (int round = 0; round < 100; ++round) {
    Article article;
    article.id = Id<Article>(derive_uuid({}, "article" + std::to_string(round % 7)));
    article.state = ArticleState::kPublished;
    article.title = "Round " + std::to_string(round);
    article.body = std::string(9000, static_cast<char>('a' + round % 26));
    put(desk.store, article);
    std::vector<RowKey> keys;
    for (const auto& touched : desk.store.take_touched())
      keys.push_back({touched.entity->id, touched.id});
    publish_rows(desk.store, log, keys, log.raise_seq());
    for (const Poke& poke : catch_up(desk.customer, engine.client(), sent, desk.store, log)) {
      ASSERT_TRUE(engine.received(encode_frame(poke), desk.now));
      if (poke.is_last) sent = poke.cookie;
    }
    for (const Effect& effect : engine.take_effects())
      if (const auto* save = std::get_if<SaveCache>(&effect)) {
        summed_up += round > 0 && !save->write.put.empty() &&
                     save->write.put.front().key.kind == PieceKind::kSegment &&
                     save->write.put.front().key.n == 0;
        kept.write(save->write);
      }
  }
  EXPECT_GT(summed_up, 1);
  EXPECT_LT(kept.bytes(), 500u * 1024);
  ClientEngine again(engine.client());
  again.load(kept.stored());
  EXPECT_EQ(again.confirmed_digest(), engine.confirmed_digest());
  EXPECT_EQ(again.cookie(), engine.cookie());
  EXPECT_EQ(again.actor().user, desk.customer.user);
}

// The checksum is kept change by change: it must be what a look at every row gives, whether a row
// is new, written again, or gone, and a wrong one must still cost the scope.
TEST(ClientEngine, ACookieThatDoesNotFitTheRowsOfAScopeCostsThatScopeAndNothingElseDoes) {
  ClientEngine engine(derive_uuid({}, "client"));
  const EntityId kind = entity_of<Article>().id;
  const auto bytes_of = [](int number, std::string title) {
    Article row;
    row.id = Id<Article>(derive_uuid({}, "article" + std::to_string(number)));
    row.title = std::move(title);
    return std::pair(row.id, encode(row));
  };
  std::map<Uuid, std::string> held;
  std::uint64_t seq = 0;
  const auto tell = [&](int number, std::string title, std::uint32_t wrong) {
    Poke poke;
    poke.base_seq = seq;
    poke.seq = ++seq;
    poke.is_last = true;
    poke.scopes = {Scope{}};
    auto [id, bytes] = bytes_of(number, title);
    if (title.empty()) held.erase(id);
    else held[id] = bytes;
    poke.changes = {{title.empty() ? RowOp::kRemove : RowOp::kPut, 0, kind, id,
                     title.empty() ? std::string() : bytes}};
    std::uint32_t crc = wrong;
    for (const auto& [key, row] : held) crc ^= row_crc(kind, row);
    poke.cookie = {poke.epoch, seq, 0, {{Scope{}, held.size(), crc}}};
    ASSERT_TRUE(engine.received(encode_frame(poke), {}));
  };
  tell(1, "one", 0);
  tell(2, "two", 0);
  tell(1, "one, again", 0);
  tell(1, "one, again", 0);
  tell(2, "", 0);
  tell(2, "", 0);
  tell(2, "two is back", 0);
  EXPECT_EQ(engine.cookie().seq, 7u);
  EXPECT_EQ(engine.rows().count(entity_of<Article>()), 2u);
  EXPECT_EQ(get(engine.rows(), Id<Article>(derive_uuid({}, "article1")))->title, "one, again");
  tell(3, "three", 1);
  EXPECT_EQ(engine.cookie().seq, 8u);
  EXPECT_TRUE(engine.cookie().scopes.empty());  // asked for anew
  EXPECT_EQ(engine.rows().count(entity_of<Article>()), 0u);
}

std::string welcome_of(const Actor& actor, Instant now) {
  Welcome welcome;
  welcome.server_time = now;
  welcome.actor = encode_actor(actor);
  welcome.command_set = kCommandSet;
  return encode_frame(welcome);
}

std::vector<Push> pushes_of(ClientEngine& engine) {
  std::vector<Push> pushes;
  for (const Effect& effect : engine.take_effects()) {
    const auto* frame = std::get_if<SendFrame>(&effect);
    if (frame == nullptr) continue;
    const auto messages = decode_frames(frame->bytes);
    for (const SyncMessage& message : *messages)
      if (const auto* push = std::get_if<Push>(&message)) pushes.push_back(*push);
  }
  return pushes;
}

// The number would be given again after a crash, and the server would take the new command for
// what it has refused already.
TEST(ClientEngine, ANumberThatCameToNothingIsSentOnlyWithALaterEntry) {
  Device device;
  device.engine.connected(device.desk.now);
  ASSERT_TRUE(device.engine.received(welcome_of(device.desk.customer, device.desk.now),
                                     device.desk.now));
  const auto first = device.submit("c"), second = device.submit("d");
  device.engine.take_effects();
  device.engine.save_failed(first);
  PushResult nothing;
  nothing.client = device.engine.client();
  ASSERT_TRUE(device.engine.received(encode_frame(nothing), device.desk.now));
  EXPECT_TRUE(pushes_of(device.engine).empty());
  device.engine.saved(second);
  const auto pushes = pushes_of(device.engine);
  ASSERT_EQ(pushes.size(), 1u);
  ASSERT_EQ(pushes[0].commands.size(), 2u);
  EXPECT_EQ(pushes[0].commands[0].command.name, "");
  EXPECT_EQ(pushes[0].commands[1].mid, second);
}

TEST(ClientEngine, WhatWaitsIsShownAsItsAuthorMayDoItSinceTheLastWelcome) {
  Device device;
  device.engine.saved(device.submit("c"));
  ASSERT_TRUE(device.shows("c"));
  device.engine.connected(device.desk.now);
  Actor nobody = device.desk.customer;
  nobody.roles = {};
  ASSERT_TRUE(device.engine.received(welcome_of(nobody, device.desk.now), device.desk.now));
  EXPECT_FALSE(device.shows("c"));
  EXPECT_EQ(device.engine.status().waiting, 1u);
}

struct Published {
  Desk desk;
  MemoryScopeLog log{derive_uuid({}, "epoch")};
  Published() {
    EXPECT_TRUE(desk.run(desk.agent, OpenCase{.case_id = desk.id<Case>("theirs"),
                                              .message = desk.id<Message>("words"),
                                              .subject = "Lift",
                                              .body = "words of the account",
                                              .account = desk.account}));
    std::vector<RowKey> keys;
    for (const auto& touched : desk.store.take_touched())
      keys.push_back({touched.entity->id, touched.id});
    publish_rows(desk.store, log, keys, log.raise_seq());
  }
  void catch_up_with(ClientEngine& engine, const Actor& actor) {
    for (const Poke& poke : catch_up(actor, engine.client(), engine.cookie(), desk.store, log))
      ASSERT_TRUE(engine.received(encode_frame(poke), desk.now));
  }
};

TEST(ClientEngine, RowsBeforeTheWelcomeAreRefusedForTheyWouldHaveNoLease) {
  Published server;
  ClientEngine engine(derive_uuid({}, "client"));
  engine.connected(server.desk.now);
  const auto pokes =
      catch_up(server.desk.customer, engine.client(), {}, server.desk.store, server.log);
  EXPECT_FALSE(engine.received(encode_frame(pokes.front()), server.desk.now));
  EXPECT_FALSE(engine.status().is_loaded);
}

TEST(ClientEngine, NothingOfALostScopeStaysInWhatIsStored) {
  Published server;
  ClientEngine engine(derive_uuid({}, "client"));
  engine.connected(server.desk.now);
  ASSERT_TRUE(engine.received(welcome_of(server.desk.customer, server.desk.now), server.desk.now));
  server.catch_up_with(engine, server.desk.customer);
  MemoryCache kept;
  const auto keeps_words = [&] {
    for (const Effect& effect : engine.take_effects())
      if (const auto* save = std::get_if<SaveCache>(&effect)) kept.write(save->write);
    return std::any_of(kept.pieces.begin(), kept.pieces.end(), [](const auto& piece) {
      return piece.second.find("words of the account") != std::string::npos;
    });
  };
  EXPECT_TRUE(keeps_words());
  Actor own_cases_only = server.desk.customer;
  own_cases_only.portal_scope = PortalScope::kOwn;
  server.log.raise_seq();
  server.catch_up_with(engine, own_cases_only);
  EXPECT_FALSE(keeps_words());
  ClientEngine again(engine.client());
  again.load(kept.stored());
  EXPECT_TRUE(again.status().is_loaded);
  EXPECT_EQ(again.confirmed_digest(), engine.confirmed_digest());
}

}  // namespace
}  // namespace foyer
