#include "foyer/rules/merge.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <set>

#include "foyer/base/random.h"
#include "foyer/schema/row.h"

namespace foyer {
namespace {

enum class Colour : std::uint8_t { kRed, kGreen, kBlue, kGrey };

// One field of each kind that merges in a way of its own.
struct Shelf {
  Id<Shelf> id;
  std::string label;
  EnumSet<Colour> colours;
  std::vector<std::string> tags;
  std::vector<Uuid> rows;
  std::int64_t count = 0;
  std::vector<std::int64_t> entries;  // rows of 2
  UnknownFields unknown;
};

}  // namespace
template <>
inline constexpr auto kNames<Colour> =
    std::array<std::string_view, 4>{"red", "green", "blue", "grey"};
template <>
struct Table<Shelf> {
  static constexpr EntityId id = 60001;
  static constexpr std::string_view name = "shelf";
  static constexpr auto fields = std::array{
      field<&Shelf::id>(1, "id", {}),
      field<&Shelf::label>(2, "label", {}),
      field<&Shelf::colours>(3, "colours", {.merge = Merge::kSet}),
      field<&Shelf::tags>(4, "tags", {.merge = Merge::kSet}),
      field<&Shelf::rows>(5, "rows", {.merge = Merge::kSet}),
      field<&Shelf::count>(6, "count", {.merge = Merge::kLedger}),
      field<&Shelf::entries>(7, "entries", {.merge = Merge::kLedger, .row_width = 2}),
  };
};
namespace {

std::vector<std::string> merge(const Shelf& seen, const Shelf& mine, Shelf& row) {
  std::vector<std::string> contested;
  for (const Field* field : merge_row(entity_of<Shelf>(), &seen, &mine, &row))
    contested.emplace_back(field->key);
  return contested;
}

TEST(Merge, DifferentFieldsBothSurvive) {
  Shelf seen, mine, row;
  mine.label = "Mine";
  row.count = 3;
  EXPECT_TRUE(merge(seen, mine, row).empty());
  EXPECT_EQ(row.label, "Mine");
  EXPECT_EQ(row.count, 3);
}

TEST(Merge, ARegisterThatBothChangedIsContestedAndKeepsTheirs) {
  Shelf seen, mine, row;
  seen.label = "Old";
  mine.label = "Mine";
  row.label = "Theirs";
  EXPECT_EQ(merge(seen, mine, row), std::vector<std::string>{"label"});
  EXPECT_EQ(row.label, "Theirs");
  mine.label = "Theirs";  // the same change twice is no contest
  EXPECT_TRUE(merge(seen, mine, row).empty());
  mine.label.clear();  // emptied is changed too
  EXPECT_EQ(merge(seen, mine, row), std::vector<std::string>{"label"});
}

TEST(Merge, ALedgerNeverLosesAnEntry) {
  Shelf seen, mine, row;
  seen.entries = {1, 1};
  mine.entries = {};  // taken out: it stays
  row.entries = {1, 1, 2, 2};
  EXPECT_TRUE(merge(seen, mine, row).empty());
  EXPECT_EQ(row.entries, (std::vector<std::int64_t>{1, 1, 2, 2}));
  mine.entries = {1, 1, 3, 3};
  merge(seen, mine, row);
  EXPECT_EQ(row.entries, (std::vector<std::int64_t>{1, 1, 2, 2, 3, 3}));
}

Shelf changed(Shelf shelf, Random& random) {
  const auto word = [&] { return std::string(1, static_cast<char>('a' + random.below(6))); };
  const auto flip = [&](auto& list, auto element) {
    const auto found = std::find(list.begin(), list.end(), element);
    if (found == list.end()) list.push_back(element);
    else list.erase(found);
  };
  for (std::uint64_t i = random.below(4); i > 0; --i) {
    switch (random.below(5)) {
      case 0: shelf.colours.bits ^= std::uint64_t{1} << random.below(4); break;
      case 1: flip(shelf.tags, word()); break;
      case 2: flip(shelf.rows, derive_uuid({}, word())); break;
      case 3: shelf.count += static_cast<std::int64_t>(random.below(100)) - 50; break;
      default:
        shelf.entries.insert(shelf.entries.end(), {static_cast<std::int64_t>(random.below(50)), 7});
    }
  }
  return shelf;
}

// Any number of people start from what they saw; whatever the order in which their changes arrive.
TEST(Merge, SetsAndLedgersDoNotDependOnTheOrderOfArrival) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    Random random(seed);
    const Shelf seen = changed(Shelf{}, random);
    std::vector<Shelf> mine;
    for (std::uint64_t i = 2 + random.below(3); i > 0; --i) mine.push_back(changed(seen, random));
    std::vector<std::size_t> order(mine.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::optional<Shelf> first;
    do {
      Shelf row = seen;
      for (const std::size_t who : order) EXPECT_TRUE(merge(seen, mine[who], row).empty());
      if (!first) first = row;
      for (const Field& field : entity_of<Shelf>().fields)
        EXPECT_TRUE(equal_fields(field, &row, &*first)) << "seed " << seed << ", " << field.key;
    } while (std::next_permutation(order.begin(), order.end()));
    const auto has = [](const Shelf& shelf, const std::string& tag) {
      return std::find(shelf.tags.begin(), shelf.tags.end(), tag) != shelf.tags.end();
    };
    for (const Shelf& each : mine)
      for (const std::string& tag : each.tags)
        EXPECT_TRUE(has(seen, tag) || has(*first, tag))
            << "seed " << seed << ": the tag that somebody added is lost";
  }
}

// Whatever the order: what is there and what is contested are together what was written.
TEST(Merge, ARegisterLosesNoValueInAnyOrder) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Random random(seed);
    Shelf seen;
    seen.label = "seen";
    std::vector<std::string> written;
    Shelf row = seen;
    std::set<std::string> kept;
    for (int i = 0; i < 5; ++i) {
      Shelf mine = seen;
      mine.label = std::string(1, static_cast<char>('a' + random.below(4)));
      written.push_back(mine.label);
      if (!merge(seen, mine, row).empty()) kept.insert(mine.label);
    }
    kept.insert(row.label);
    for (const std::string& each : written) EXPECT_TRUE(kept.contains(each)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace foyer
