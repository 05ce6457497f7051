// Row numbers in the order of an index, four bytes each: what they are ordered by is looked up in
// the rows. In blocks, so that a row among a million finds its place by moving few others.
// Invariant: no block is empty; all rows of a block stand before those of the next.
#pragma once

#include <algorithm>
#include <vector>

#include "foyer/query/row_table.h"

namespace foyer {

class SortedRows {
 public:
  struct Place {
    std::size_t block = 0, at = 0;
    friend auto operator<=>(const Place&, const Place&) = default;
  };

  explicit SortedRows(const std::vector<RowNumber>& sorted) {
    for (std::size_t i = 0; i < sorted.size(); i += kBlockFill) {
      const auto end = std::min(sorted.size(), i + kBlockFill);
      blocks_.emplace_back(sorted.begin() + static_cast<std::ptrdiff_t>(i),
                           sorted.begin() + static_cast<std::ptrdiff_t>(end));
    }
  }

  // The first row that `is_before` is false for; it must be true for all rows before. O(log n).
  template <class IsBefore>
  Place place(IsBefore is_before) const {
    const auto block = std::partition_point(
        blocks_.begin(), blocks_.end(), [&](const auto& rows) { return is_before(rows.back()); });
    if (block == blocks_.end()) return end();
    const auto row = std::partition_point(block->begin(), block->end(), is_before);
    return {static_cast<std::size_t>(block - blocks_.begin()),
            static_cast<std::size_t>(row - block->begin())};
  }
  Place end() const { return {blocks_.size(), 0}; }

  void insert(Place place, RowNumber row) {
    if (place == end()) {
      if (blocks_.empty()) blocks_.emplace_back();
      place = {blocks_.size() - 1, blocks_.back().size()};
    }
    auto& rows = blocks_[place.block];
    rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(place.at), row);
    if (rows.size() <= kBlockMax) return;
    std::vector<RowNumber> upper(rows.begin() + kBlockMax / 2, rows.end());
    rows.resize(kBlockMax / 2);
    blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(place.block) + 1,
                   std::move(upper));
  }
  void erase(Place place, RowNumber row) {
    auto& rows = blocks_[place.block];
    FOYER_ASSERT(rows[place.at] == row);
    rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(place.at));
    if (rows.empty()) blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(place.block));
  }

  // Rows between two places. O(n / block).
  std::size_t count(Place from, Place to) const {
    if (to <= from) return 0;
    if (from.block == to.block) return to.at - from.at;
    std::size_t sum = blocks_[from.block].size() - from.at + to.at;
    for (std::size_t i = from.block + 1; i < to.block; ++i) sum += blocks_[i].size();
    return sum;
  }
  // `visit(row)` says whether to go on.
  template <class Visit>
  void visit_up(Place from, Place to, Visit visit) const {
    for (; from < to; from = {from.block + 1, 0}) {
      const auto& rows = blocks_[from.block];
      const std::size_t end = from.block == to.block ? to.at : rows.size();
      for (std::size_t i = from.at; i < end; ++i)
        if (!visit(rows[i])) return;
    }
  }
  template <class Visit>
  void visit_down(Place from, Place to, Visit visit) const {
    while (from < to) {
      if (to.at == 0) {
        --to.block;
        to.at = blocks_[to.block].size();
        continue;
      }
      if (!visit(blocks_[to.block][--to.at])) return;
    }
  }

 private:
  // Not full: the first rows that come later find room.
  static constexpr std::size_t kBlockMax = 512, kBlockFill = 448;
  std::vector<std::vector<RowNumber>> blocks_;
};

}  // namespace foyer
