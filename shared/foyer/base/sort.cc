#include "foyer/base/sort.h"

#include <algorithm>
#include <numeric>

namespace foyer {

std::vector<std::uint32_t> sorted_order(std::size_t count, const ComesBefore& comes_before) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return comes_before(a, b);
  });
  return order;
}

}  // namespace foyer
