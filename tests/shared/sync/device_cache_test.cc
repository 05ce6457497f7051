// What a device keeps, through the engine that writes it: killed at every write, damaged, revoked.
#include "foyer/sync/device_cache.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "foyer/sync/server_engine.h"
#include "shared/command/desk.h"
#include "shared/sync/memory_cache.h"

namespace foyer {
namespace {

// A server over the desk's rows, and the device of somebody at it, whose cache writes are counted.
struct Site {
  Desk desk;
  MemoryScopeLog log{derive_uuid({}, "epoch")};
  Actor actor;
  std::vector<CacheWrite> writes;
  std::unique_ptr<ClientEngine> engine;
  std::size_t sent_bytes = 0;

  Site() {
    actor = desk.agent;
    for (int n = 0; n < 40; ++n) add_article(n, std::string(6000, 'a'));
    for (int n = 0; n < 30; ++n)
      EXPECT_TRUE(desk.run(desk.customer, desk.opening("case" + std::to_string(n))));
    publish();
    restart(MemoryCache().stored());
  }
  void add_article(int n, std::string body) {
    Article article;
    article.id = Id<Article>(derive_uuid({}, "article" + std::to_string(n)));
    article.state = ArticleState::kPublished;
    article.title = "Article";
    article.body = std::move(body);
    put(desk.store, article);
  }
  void publish() {
    std::vector<RowKey> keys;
    for (const auto& touched : desk.store.take_touched())
      keys.push_back({touched.entity->id, touched.id});
    publish_rows(desk.store, log, keys, log.raise_seq());
  }
  void restart(Stored stored) {
    engine = std::make_unique<ClientEngine>(derive_uuid({}, "client"));
    engine->load(std::move(stored));
    take_writes();
  }
  void take_writes() {
    for (Effect& effect : engine->take_effects())
      if (auto* save = std::get_if<SaveCache>(&effect)) writes.push_back(std::move(save->write));
  }
  // What the server says to the engine's hello.
  std::vector<std::string> answer() {
    Welcome welcome;
    welcome.epoch = log.epoch();
    welcome.server_time = desk.now;
    welcome.actor = encode_actor(actor);
    std::vector<std::string> frames{encode_frame(welcome)};
    const auto hello = decode_frames(engine->hello());
    const Cookie& cookie = std::get<Hello>(hello->front()).cookie;
    for (const Poke& poke : catch_up(actor, engine->client(), cookie, desk.store, log))
      frames.push_back(encode_frame(poke));
    return frames;
  }
  // All of it, or the first `count` frames.
  void exchange(std::size_t count = SIZE_MAX) {
    engine->connected(desk.now);
    take_writes();
    sent_bytes = 0;
    for (const std::string& frame : answer()) {
      if (count-- == 0) break;
      sent_bytes += frame.size();
      ASSERT_TRUE(engine->received(frame, desk.now));
      take_writes();
    }
  }
  MemoryCache kept(std::size_t count = SIZE_MAX) const {
    MemoryCache cache;
    for (std::size_t n = 0; n < std::min(count, writes.size()); ++n) cache.write(writes[n]);
    return cache;
  }
  std::string truth() {
    Site other;
    other.engine = std::make_unique<ClientEngine>(derive_uuid({}, "another"));
    for (const std::string& frame : answer_from_nothing()) EXPECT_TRUE(other.receive(frame));
    return other.engine->confirmed_digest();
  }
  bool receive(const std::string& frame) { return engine->received(frame, desk.now).has_value(); }
  std::vector<std::string> answer_from_nothing() {
    std::vector<std::string> frames;
    for (const Poke& poke : catch_up(actor, Uuid(), {}, desk.store, log))
      frames.push_back(encode_frame(poke));
    return frames;
  }
};

TEST(DeviceCache, ASnapshotIsStoredAsItComes) {
  Site site;
  site.exchange();
  const auto frames = site.answer_from_nothing();
  std::size_t as_it_came = 0;
  for (const auto& [key, bytes] : site.kept().pieces) {
    EXPECT_EQ(key.kind, PieceKind::kSegment);
    EXPECT_LE(bytes.size(), kFrameBytesMax);
    as_it_came += std::find(frames.begin(), frames.end(), bytes) != frames.end();
  }
  EXPECT_GE(as_it_came, 5u);
  EXPECT_TRUE(site.writes.back().is_strict);
  for (const CacheWrite& write : site.writes) EXPECT_LE(write.put.size(), 1u);
  site.restart(site.kept().stored());
  EXPECT_TRUE(site.engine->status().is_loaded);
  EXPECT_EQ(site.engine->confirmed_digest(), site.truth());
}

// Killed between any two writes: nothing is shown that is not whole, what came whole does not come
// again, and in the end all is there.
TEST(DeviceCache, KilledInMidBootstrapItGoesOnScopeByScope) {
  Site first;
  first.exchange();
  const std::string truth = first.truth();
  const std::size_t all_bytes = first.sent_bytes;
  std::set<std::size_t> sent;
  for (std::size_t count = 0; count <= first.writes.size(); ++count) {
    Site site;
    site.restart(first.kept(count).stored());
    const bool is_whole = site.engine->status().is_loaded;
    EXPECT_EQ(is_whole, count == first.writes.size());
    EXPECT_EQ(site.engine->rows().count(entity_of<Article>()), is_whole ? 40u : 0u);
    site.writes.insert(site.writes.begin(), first.writes.begin(),
                       first.writes.begin() + static_cast<std::ptrdiff_t>(count));
    site.exchange();
    EXPECT_TRUE(site.engine->status().is_loaded) << count;
    EXPECT_EQ(site.engine->confirmed_digest(), truth) << count;
    sent.insert(site.sent_bytes);
    site.restart(site.kept().stored());
    EXPECT_EQ(site.engine->confirmed_digest(), truth) << count;
  }
  EXPECT_EQ(*sent.rbegin(), all_bytes);
  EXPECT_GE(sent.size(), 4u);
  // The articles are nearly all there is, and come first.
  EXPECT_LT(*std::next(sent.begin()), all_bytes / 2);
}

// Again and again, and the server goes on meanwhile.
TEST(DeviceCache, InterruptedTwiceWhileRowsChangeItLosesNoScopeThatCameWhole) {
  Site site;
  const std::size_t frames = site.answer().size();
  for (std::size_t count = 1; count <= frames + 1; ++count) {
    site.exchange(count);
    site.add_article(static_cast<int>(count), "changed meanwhile");
    site.publish();
    if (count % 2 == 0) site.restart(site.kept().stored());
    else site.engine->disconnected();
    site.take_writes();
  }
  site.exchange();
  EXPECT_TRUE(site.engine->status().is_loaded);
  EXPECT_EQ(site.engine->confirmed_digest(), site.truth());
  site.restart(site.kept().stored());
  EXPECT_EQ(site.engine->confirmed_digest(), site.truth());
}

TEST(DeviceCache, ADamagedSegmentCostsItsScopeAlone) {
  Site whole;
  whole.exchange();
  const std::string truth = whole.truth();
  const MemoryCache kept = whole.kept();
  for (const auto& [key, bytes] : kept.pieces)
    for (const bool is_missing : {false, true}) {
      Site site;
      MemoryCache damaged = kept;
      if (is_missing) damaged.pieces.erase(key);
      else damaged.pieces[key][bytes.size() / 2] ^= 1;
      site.restart(damaged.stored());
      EXPECT_FALSE(site.engine->status().is_loaded);
      site.exchange();
      EXPECT_EQ(site.engine->confirmed_digest(), truth);
      std::size_t of_scope = 0;
      for (const auto& [other, value] : kept.pieces)
        if (other.scope == key.scope) of_scope += value.size();
      EXPECT_LT(site.sent_bytes, of_scope + 4096);
      MemoryCache after = damaged;
      for (CacheWrite& write : site.writes) after.write(std::move(write));
      site.restart(after.stored());
      EXPECT_EQ(site.engine->confirmed_digest(), truth);
    }
}

// In one write, strict: the key of the scope, its segments, its deltas, and the head.
TEST(DeviceCache, ARevokedScopeGoesInOneStrictWriteWithItsKey) {
  Site site;
  site.actor = site.desk.lead;
  site.exchange();
  const auto area = [](const PieceKey& key) { return key.scope == "staff:sales"; };
  const auto holds = [&](const MemoryCache& cache) {
    return std::any_of(cache.pieces.begin(), cache.pieces.end(),
                       [&](const auto& piece) { return area(piece.first); });
  };
  EXPECT_TRUE(holds(site.kept()));
  site.actor.roles = Roles{Role::kCsr};
  site.desk.store.take_touched();
  site.log.raise_seq();
  const std::size_t before = site.writes.size();
  site.exchange();
  EXPECT_FALSE(holds(site.kept()));
  std::size_t forgetting = 0;
  for (std::size_t n = before; n < site.writes.size(); ++n) {
    const CacheWrite& write = site.writes[n];
    if (write.forgotten.empty()) continue;
    ++forgetting;
    EXPECT_TRUE(write.is_strict && write.head);
    EXPECT_EQ(write.forgotten, std::vector<std::string>{"staff:sales"});
  }
  EXPECT_EQ(forgetting, 1u);
}

TEST(DeviceCache, WhatNoHeadNamesIsSweptAtTheStart) {
  Site site;
  site.exchange();
  MemoryCache kept = site.kept();
  const std::size_t pieces = kept.pieces.size();
  kept.pieces[{PieceKind::kSegment, "public", 99, 0}] = "of a generation that never counted";
  kept.pieces[{PieceKind::kDelta, "public", 99, 0}] = "of a poke that never ended";
  kept.pieces[{PieceKind::kIndex, "words", 1, 0}] = "of somebody else";
  site.writes.clear();
  site.restart(kept.stored());
  EXPECT_TRUE(site.engine->status().is_loaded);
  for (CacheWrite& write : site.writes) kept.write(std::move(write));
  EXPECT_EQ(kept.pieces.size(), pieces + 1);
  // A generation is never taken twice, whatever was swept.
  site.writes.clear();
  MemoryCache damaged = kept;
  damaged.pieces[{PieceKind::kSegment, "public", 99, 0}] = "again";
  damaged.pieces.erase(std::find_if(damaged.pieces.begin(), damaged.pieces.end(),
                                    [](const auto& p) { return p.first.scope == "public"; }));
  site.restart(damaged.stored());
  site.exchange();
  for (const CacheWrite& write : site.writes)
    for (const Piece& piece : write.put) EXPECT_GT(piece.key.number, 99u);
}

// Whatever part comes twice, and whether the rest comes or not.
TEST(DeviceCache, ASnapshotThatBeginsAnewLeavesNothingOfItsFirstBeginningStored) {
  const std::size_t parts = Site().answer().size();
  for (std::size_t twice = 1; twice + 1 < parts; ++twice)
    for (const bool comes_rest : {false, true}) {
      Site site;
      site.engine->connected(site.desk.now);
      const auto frames = site.answer();
      for (std::size_t n = 0; n <= twice; ++n) ASSERT_TRUE(site.receive(frames[n]));
      for (std::size_t n = twice; comes_rest && n < frames.size(); ++n)
        (void)site.receive(frames[n]);
      if (!comes_rest) (void)site.receive(frames[twice]);
      site.engine->disconnected();
      site.take_writes();
      MemoryCache kept = site.kept();
      site.writes.clear();
      site.restart(kept.stored());
      EXPECT_TRUE(site.writes.empty()) << "part " << twice << " left something to sweep";
    }
}

TEST(DeviceCache, AHeadThatCannotBeReadIsNoHead) {
  Site site;
  site.exchange();
  const MemoryCache kept = site.kept();
  for (std::size_t at = 0; at < kept.head.size(); at += 7) {
    MemoryCache damaged = kept;
    damaged.head[at] = static_cast<char>(damaged.head[at] ^ 0x41);
    site.restart(damaged.stored());
    MemoryCache cut = kept;
    cut.head.resize(at);
    site.restart(cut.stored());
    EXPECT_FALSE(site.engine->status().is_loaded);
    EXPECT_EQ(site.engine->rows().count(entity_of<Article>()), 0u);
  }
}

}  // namespace
}  // namespace foyer
