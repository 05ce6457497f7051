// Rows by id, and row numbers in order, against std::map and a sorted std::vector.
#include "foyer/query/row_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "foyer/base/random.h"
#include "foyer/query/row_bytes.h"
#include "foyer/query/sorted_rows.h"

namespace foyer {
namespace {

struct Row {
  Uuid id;
  int value = 0;
};

// Half of them differ in their last byte alone, as ids of one millisecond nearly do.
Uuid id_of(std::uint64_t number) {
  if (number % 2 == 0) return derive_uuid({}, std::to_string(number));
  Uuid id;
  id.bytes[0] = 1;
  id.bytes[14] = static_cast<std::uint8_t>(number >> 8);
  id.bytes[15] = static_cast<std::uint8_t>(number);
  return id;
}

TEST(RowTable, RandomInsertionsAndErasuresLeaveWhatAMapHas) {
  Random random(1);
  RowTable<Row> table;
  std::map<Uuid, int> model;
  for (int step = 0; step < 30'000; ++step) {
    const Uuid id = id_of(random.below(step < 15'000 ? 3000 : 600));
    const RowNumber number = table.find(id);
    ASSERT_EQ(number == kNoRow, !model.contains(id)) << step;
    if (number == kNoRow) {
      ASSERT_EQ(table[table.insert({id, step})].value, step);
      model[id] = step;
    } else {
      ASSERT_EQ(table[number].value, model[id]);
      table.erase(number);
      model.erase(id);
    }
    ASSERT_EQ(table.size(), model.size());
  }
  std::map<Uuid, int> seen;
  table.for_each([&](RowNumber, const Row& row) { seen[row.id] = row.value; });
  EXPECT_EQ(seen, model);
}

TEST(RowTable, ANumberIsGivenAgainOnceItsRowIsGone) {
  RowTable<Row> table;
  for (std::uint64_t n = 1; n <= 10; ++n) EXPECT_EQ(table.insert({id_of(n), 0}), n - 1);
  table.erase(4);
  EXPECT_EQ(table.insert({id_of(11), 0}), 4u);
}

TEST(SortedRows, RandomChangesLeaveWhatASortedVectorHas) {
  Random random(2);
  std::vector<RowNumber> model;
  for (RowNumber row = 0; row < 2000; row += 2) model.push_back(row);
  SortedRows rows(model);
  const auto place = [&](RowNumber wanted) {
    return rows.place([&](RowNumber row) { return row < wanted; });
  };
  for (int step = 0; step < 20'000; ++step) {
    const auto row = static_cast<RowNumber>(random.below(step < 10'000 ? 4000 : 1500));
    const auto found = std::lower_bound(model.begin(), model.end(), row);
    if (found != model.end() && *found == row) {
      rows.erase(place(row), row);
      model.erase(found);
    } else {
      rows.insert(place(row), row);
      model.insert(found, row);
    }
    if (step % 50 != 0) continue;
    const auto a = static_cast<RowNumber>(random.below(4000));
    const auto b = static_cast<RowNumber>(random.below(4000));
    const auto from = std::lower_bound(model.begin(), model.end(), a);
    const auto to = std::lower_bound(model.begin(), model.end(), b);
    const std::vector<RowNumber> wanted = from < to ? std::vector<RowNumber>(from, to)
                                                    : std::vector<RowNumber>();
    std::vector<RowNumber> up, down;
    rows.visit_up(place(a), place(b), [&](RowNumber each) { return up.push_back(each), true; });
    rows.visit_down(place(a), place(b), [&](RowNumber each) { return down.push_back(each), true; });
    std::reverse(down.begin(), down.end());
    ASSERT_EQ(up, wanted) << step;
    ASSERT_EQ(down, wanted) << step;
    ASSERT_EQ(rows.count(place(a), place(b)), wanted.size()) << step;
  }
}

TEST(SortedRows, AVisitEndsWhenItIsToldTo) {
  SortedRows rows({3, 1, 2});
  std::vector<RowNumber> seen;
  rows.visit_up({}, rows.end(), [&](RowNumber row) {
    seen.push_back(row);
    return seen.size() < 2;
  });
  EXPECT_EQ(seen, (std::vector<RowNumber>{3, 1}));
}

TEST(RowBytes, WhatIsKeptStaysWhereItIs) {
  RowBytes bytes;
  std::vector<std::pair<std::string, std::string_view>> kept;
  for (std::size_t i = 0; i < 3000; ++i) {
    const std::string row(i % 400, static_cast<char>('a' + i % 26));
    kept.emplace_back(row, bytes.keep(row));
  }
  RowBytes moved = std::move(bytes);
  kept.emplace_back("after", bytes.keep("after"));
  kept.emplace_back(std::string(600'000, 'x'), moved.keep(std::string(600'000, 'x')));
  for (const auto& [row, view] : kept) EXPECT_EQ(row, view);
  EXPECT_FALSE(moved.is_wasteful());
  moved.drop(800'000);
  EXPECT_TRUE(moved.is_wasteful());
}

}  // namespace
}  // namespace foyer
