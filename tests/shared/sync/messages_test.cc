#include "foyer/sync/messages.h"

#include <gtest/gtest.h>

#include "foyer/base/random.h"
#include "foyer/model/registry.h"

namespace foyer {
namespace {

std::vector<SyncMessage> samples() {
  Cookie cookie{derive_uuid({}, "epoch"), 7, 9, {{Scope{}, 3, 0xdeadbeef, 6}}};
  Poke poke;
  poke.epoch = cookie.epoch;
  poke.seq = 7;
  poke.is_last = true;
  poke.scopes = {Scope{}, {ScopeKind::kStaff, StaffArea::kSales, {}}};
  poke.snapshots = {Scope{}};
  poke.changes = {{RowOp::kPut, 1, 2, derive_uuid({}, "r"), "bytes"},
                  {RowOp::kRemove, 0, 3, derive_uuid({}, "s"), {}}};
  poke.cookie = cookie;
  const Uuid client = derive_uuid({}, "c"), other = derive_uuid({}, "d");
  const Command command{"case.open", 1, "args"};
  return {Hello{2, client, 5, 2, cookie, 4, 1, 1, true},
          Welcome{2, cookie.epoch, 4, {1764160000000}, "actor", 9, 8, {{cookie.epoch, 3}}, 1},
          Push{client,
               {{1, command, 6, {5}, PushKind::kCommand, 11, UINT64_MAX, other, 7},
                {2, {}, 6, {}, PushKind::kTrimmed, 0, 0, {}, 0}}},
          PushResult{derive_uuid({}, "c"),
                     {{1, PushOutcome::kRejected, {ErrorCode::kConflict, "f", "d"}, 8}}, 2},
          poke, Reset{ResetReason::kSchema, 5, {}}, Reset{ResetReason::kForked, 0, client},
          Ping{{42}}};
}

TEST(Messages, EveryKindSurvivesTheFrame) {
  std::string stream;
  for (const SyncMessage& message : samples()) stream += encode_frame(message);
  std::vector<std::string_view> frames;
  const auto read = decode_frames(stream, &frames);
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), samples().size());
  ASSERT_EQ(frames.size(), samples().size());
  for (std::size_t i = 0; i < read->size(); ++i) {
    EXPECT_EQ(encode_frame((*read)[i]), encode_frame(samples()[i]));
    EXPECT_EQ(frames[i], encode_frame(samples()[i]));
  }
}

TEST(Messages, AnyDamageIsNoticed) {
  Random random(31);
  for (const SyncMessage& message : samples()) {
    const std::string frame = encode_frame(message);
    for (std::size_t cut = 1; cut < frame.size(); ++cut)
      EXPECT_FALSE(decode_frames(frame.substr(0, cut)));
    for (int i = 0; i < 200; ++i) {
      std::string damaged = frame;
      damaged[random.below(damaged.size())] ^= static_cast<char>(1 + random.below(255));
      if (const auto read = decode_frames(damaged))
        EXPECT_NE(encode_frame(read->front()), frame);
    }
  }
}

TEST(Messages, RandomBytesNeverCrash) {
  Random random(32);
  for (int i = 0; i < 3000; ++i) {
    std::string noise(random.below(60), 0);
    for (char& c : noise) c = static_cast<char>(random.next());
    (void)decode_frames(noise);
    (void)decode_actor(noise);
  }
}

TEST(Messages, ActorSurvives) {
  Actor actor;
  actor.user = Id<User>(derive_uuid({}, "u"));
  actor.name = "Ana";
  actor.roles = {Role::kCsr, Role::kAdmin};
  EXPECT_EQ(decode_actor(encode_actor(actor)), actor);
}

}  // namespace
}  // namespace foyer
