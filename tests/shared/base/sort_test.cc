#include "foyer/base/sort.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "foyer/base/random.h"

namespace foyer {
namespace {

struct Entry {
  std::string key;
  int place = 0;
  friend bool operator==(const Entry&, const Entry&) = default;
};

// As std::stable_sort has it, whatever the length; equal keys tell whether it is stable.
TEST(SortList, IsAStableSort) {
  Random random(7);
  for (const std::size_t count : {0u, 1u, 2u, 3u, 15u, 16u, 17u, 100u, 3000u}) {
    std::vector<Entry> list;
    for (std::size_t n = 0; n < count; ++n)
      list.push_back({std::to_string(random.below(count / 3 + 1)), static_cast<int>(n)});
    std::vector<Entry> wanted = list;
    const auto by_key = [](const Entry& a, const Entry& b) { return a.key < b.key; };
    std::stable_sort(wanted.begin(), wanted.end(), by_key);
    sort_list(list, by_key);
    EXPECT_EQ(list, wanted) << count;
  }
}

TEST(SortList, OrdersWithoutAComparisonBySmallerFirst) {
  std::vector<std::string> list{"c", "a", "b", "a"};
  sort_list(list);
  EXPECT_EQ(list, (std::vector<std::string>{"a", "a", "b", "c"}));
}

}  // namespace
}  // namespace foyer
