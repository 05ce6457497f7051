// Replica against a plain model: what each scope published, row by row, and nothing else.
#include "foyer/sync/replica.h"

#include <gtest/gtest.h>

#include "foyer/base/random.h"
#include "foyer/model/registry.h"
#include "foyer/schema/binary.h"

namespace foyer {
namespace {

const Scope kService{ScopeKind::kStaff, StaffArea::kService, {}};
const Scope kSales{ScopeKind::kStaff, StaffArea::kSales, {}};
const Scope kPerson{ScopeKind::kPerson, StaffArea::kNone, derive_uuid({}, "person")};

Uuid id_of(std::uint64_t number) { return derive_uuid({}, std::to_string(number)); }

RowChange put_of(const Case& row, std::uint32_t scope = 0) {
  return {RowOp::kPut, scope, entity_of<Case>().id, row.id, encode(row)};
}
RowChange removal_of(const Uuid& id, std::uint32_t scope = 0) {
  return {RowOp::kRemove, scope, entity_of<Case>().id, id, {}};
}
Case a_case(std::uint64_t number, std::string subject) {
  Case row;
  row.id = Id<Case>(id_of(number));
  row.subject = std::move(subject);
  return row;
}

// Keeps copies as they came, and looks at all of them for each answer.
struct Model {
  std::map<Scope, std::map<RowKey, std::string>> copies;

  void take(const Poke& part) {
    for (const Scope& scope : part.snapshots) copies.erase(scope);
    for (const RowChange& change : part.changes) {
      auto& rows = copies[part.scopes[change.scope]];
      if (change.op == RowOp::kPut) rows[{change.entity, change.id}] = change.bytes;
      else rows.erase({change.entity, change.id});
    }
  }
  Cookie cookie() const {
    Cookie cookie;
    for (const auto& [scope, rows] : copies) {
      std::uint32_t crc = 0;
      for (const auto& [row, bytes] : rows) crc ^= row_crc(row.entity, bytes);
      cookie.scopes.push_back({scope, rows.size(), crc});
    }
    return cookie;
  }
  // The digest of what people should see.
  std::string digest() const {
    std::map<RowKey, std::vector<std::string>> united;
    for (const auto& [scope, rows] : copies)
      for (const auto& [row, bytes] : rows) united[row].push_back(bytes);
    MemoryStore store;
    for (const auto& [row, list] : united) {
      AnyRow object(*find_entity(row.entity));
      for (const std::string& bytes : list)
        EXPECT_TRUE(decode(object.entity(), bytes, object.get()));
      store.write(object.entity(), object.get());
    }
    return store.digest();
  }
};

// A row of either of two entities, with the fields of one kind of scope or another.
RowChange random_change(Random& random) {
  const std::uint64_t number = random.below(40);
  const auto scope = static_cast<std::uint32_t>(random.below(3));
  if (random.chance(1, 3)) {
    if (random.chance(1, 3)) return removal_of(id_of(number), scope);
    Account account;
    account.id = Id<Account>(id_of(number));
    account.name = "account " + std::to_string(random.below(9));
    return {RowOp::kPut, scope, entity_of<Account>().id, account.id, encode(account)};
  }
  if (random.chance(1, 3)) return removal_of(id_of(number), scope);
  Case row = a_case(number, "subject " + std::to_string(random.below(9)));
  if (scope == 1) row.subject.clear(), row.queue = "queue " + std::to_string(random.below(9));
  if (scope == 2) row.resolution = std::string(random.below(300), 'r');
  return put_of(row, scope);
}

TEST(Replica, AThousandRandomPokesLeaveWhatThePlainModelHas) {
  Random random(7);
  Replica replica;
  Model model;
  MemoryStore shown;
  const std::vector<Scope> scopes{kService, kSales, kPerson};
  for (int step = 0; step < 1000; ++step) {
    Poke part;
    part.scopes = scopes;
    if (random.chance(1, 40)) part.snapshots = {scopes[random.below(3)]};
    for (std::uint64_t i = 0; i <= random.below(12); ++i)
      part.changes.push_back(random_change(random));
    ASSERT_TRUE(replica.take(part));
    model.take(part);
    if (random.chance(1, 60)) model.copies.erase(scopes[random.below(3)]);
    Cookie cookie = model.cookie();
    replica.keep_only(cookie);
    replica.show_changes(shown);
    ASSERT_TRUE(replica.certified(cookie)) << step;
    ASSERT_EQ(shown.digest(), model.digest()) << step;
    ASSERT_EQ(replica.digest(), shown.digest()) << step;
    if (cookie.scopes.empty()) continue;
    cookie.scopes.front().crc ^= 1;
    EXPECT_FALSE(replica.certified(cookie));
    cookie.scopes.front().crc ^= 1;
    ++cookie.scopes.back().count;
    EXPECT_FALSE(replica.certified(cookie));
  }
}

TEST(Replica, ItsSegmentsMakeAnotherOfTheSameRows) {
  Random random(8);
  Replica replica;
  Poke part;
  part.scopes = {kService, kSales, kPerson};
  for (int i = 0; i < 400; ++i) part.changes.push_back(random_change(random));
  // More than one frame holds.
  for (std::uint64_t n = 100; n < 160; ++n)
    part.changes.push_back(put_of(a_case(n, std::string(2000, 's'))));
  ASSERT_TRUE(replica.take(part));
  Model model;
  model.take(part);
  Cookie cookie = model.cookie();
  cookie.epoch = derive_uuid({}, "epoch");
  cookie.seq = 17;
  Replica again;
  for (const Scope& scope : part.scopes) {
    const auto segments = replica.segments(scope, cookie);
    EXPECT_EQ(segments.size() > 1, scope == kService);
    for (const std::string& bytes : segments) {
      EXPECT_LE(bytes.size(), kFrameBytesMax);
      const auto messages = decode_frames(bytes);
      ASSERT_TRUE(messages);
      const Poke& piece = std::get<Poke>(messages->front());
      EXPECT_EQ(piece.scopes, std::vector<Scope>{scope});
      EXPECT_EQ(piece.seq, 17u);
      EXPECT_EQ(piece.snapshots.empty(), &bytes != &segments.front());
      ASSERT_TRUE(again.take(piece));
    }
  }
  EXPECT_TRUE(again.certified(cookie));
  EXPECT_EQ(again.digest(), replica.digest());
}

TEST(Replica, ARowOfAnUnknownEntityFitsNothing) {
  Poke part;
  part.scopes = {kService};
  part.changes.push_back({RowOp::kPut, 0, 9999, id_of(1), "x"});
  EXPECT_FALSE(Replica().take(part));
}

TEST(Replica, ACopyThatCannotBeReadIsCountedAndNotShown) {
  Poke part;
  part.scopes = {kService};
  part.changes.push_back(put_of(a_case(1, "sound")));
  RowChange torn = put_of(a_case(2, "torn"));
  torn.bytes.pop_back();
  part.changes.push_back(torn);
  Replica replica;
  ASSERT_TRUE(replica.take(part));
  MemoryStore shown;
  replica.show_changes(shown);
  EXPECT_EQ(shown.count(entity_of<Case>()), 1u);
  const std::uint32_t crc = row_crc(torn.entity, part.changes[0].bytes) ^
                            row_crc(torn.entity, torn.bytes);
  Cookie cookie;
  cookie.scopes = {{kService, 2, crc}};
  EXPECT_TRUE(replica.certified(cookie));
}

TEST(Replica, ClearedItHoldsNothing) {
  Poke part;
  part.scopes = {kService};
  part.changes.push_back(put_of(a_case(1, "one")));
  Replica replica;
  ASSERT_TRUE(replica.take(part));
  replica.clear();
  MemoryStore shown;
  replica.show_changes(shown);
  EXPECT_EQ(shown.count(entity_of<Case>()), 0u);
  Cookie cookie;
  cookie.scopes = {{kService, 0, 0}};
  EXPECT_TRUE(replica.certified(cookie));
  EXPECT_EQ(replica.digest(), MemoryStore().digest());
}

}  // namespace
}  // namespace foyer
