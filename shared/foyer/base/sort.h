// Sorting for what is short and not in anybody's way, with little code for each type: what differs
// is the comparison and the last move. std::sort writes out five algorithms for each type, which
// was an eighth of the customer's download. Large lists in the middle of a search keep std::sort.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace foyer {

// Is the element with the one number to come before that with the other?
using ComesBefore = std::function<bool(std::uint32_t, std::uint32_t)>;

// 0..count-1 in their order; equal ones as they were.
std::vector<std::uint32_t> sorted_order(std::size_t count, const ComesBefore& comes_before);

// Stable: equal elements stay as they were.
template <class T, class Less = std::less<>>
void sort_list(std::vector<T>& list, Less less = {}) {
  if (list.size() < 2) return;
  const auto order = sorted_order(list.size(), [&](std::uint32_t a, std::uint32_t b) {
    return less(std::as_const(list[a]), std::as_const(list[b]));
  });
  std::vector<T> sorted;
  sorted.reserve(list.size());
  for (const std::uint32_t n : order) sorted.push_back(std::move(list[n]));
  list = std::move(sorted);
}

}  // namespace foyer
