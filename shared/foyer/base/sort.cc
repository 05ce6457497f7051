#include "foyer/base/sort.h"

#include <algorithm>
#include <numeric>

namespace foyer {

std::vector<std::uint32_t> sorted_order(std::size_t count, const ComesBefore& comes_before) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), std::cref(comes_before));
  return order;
}

}  // namespace foyer
