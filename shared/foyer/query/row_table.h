// Rows by id: each has a number, which indexes hold instead of its id, and is found by a hash of
// its id. A number is given again once its row is gone.
// Invariant: numbers depend on the order of insertions and erasures alone, on every machine.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "foyer/base/assert.h"
#include "foyer/base/id.h"

namespace foyer {

using RowNumber = std::uint32_t;
inline constexpr RowNumber kNoRow = UINT32_MAX;

// Row: a struct with a member `Uuid id`; rows do not move in memory.
template <class Row>
class RowTable {
 public:
  std::size_t size() const { return size_; }
  Row& operator[](RowNumber number) { return chunks_[number / kChunk][number % kChunk]; }
  const Row& operator[](RowNumber number) const {
    return chunks_[number / kChunk][number % kChunk];
  }

  RowNumber find(const Uuid& id) const {
    if (slots_.empty()) return kNoRow;
    for (std::size_t slot = home_of(id);; slot = next(slot)) {
      const RowNumber number = slots_[slot];
      if (number == kNoRow || (*this)[number].id == id) return number;
    }
  }
  // There must be none with its id.
  RowNumber insert(Row row) {
    FOYER_ASSERT(!row.id.is_null());
    if (4 * (size_ + 1) > 3 * slots_.size()) widen();
    RowNumber number = end_;
    if (!free_.empty()) {
      number = free_.back();
      free_.pop_back();
    } else {
      if (end_ % kChunk == 0) chunks_.push_back(std::make_unique<Row[]>(kChunk));
      ++end_;
    }
    place(row.id, number);
    (*this)[number] = std::move(row);
    ++size_;
    return number;
  }
  void erase(RowNumber number) {
    remove_slot((*this)[number].id);
    (*this)[number] = Row();
    free_.push_back(number);
    --size_;
  }
  // Above all numbers; one below it whose row has no id is free.
  RowNumber end() const { return end_; }
  // By ascending number.
  template <class Visit>
  void for_each(Visit visit) const {
    for (RowNumber number = 0; number < end_; ++number)
      if (!(*this)[number].id.is_null()) visit(number, (*this)[number]);
  }

 private:
  static constexpr std::size_t kChunk = 256;

  std::size_t home_of(const Uuid& id) const {
    std::uint64_t head = 0, tail = 0;
    for (std::size_t i = 0; i < 8; ++i) {
      head = head << 8 | id.bytes[i];
      tail = tail << 8 | id.bytes[8 + i];
    }
    // The high bits of a product depend on all bits of its factors.
    const std::uint64_t mixed = (head * 0x9e3779b97f4a7c15U ^ tail) * 0xff51afd7ed558ccdU;
    return static_cast<std::size_t>(mixed >> 32) & (slots_.size() - 1);
  }
  std::size_t next(std::size_t slot) const { return (slot + 1) & (slots_.size() - 1); }
  void place(const Uuid& id, RowNumber number) {
    std::size_t slot = home_of(id);
    while (slots_[slot] != kNoRow) slot = next(slot);
    slots_[slot] = number;
  }
  void widen() {
    slots_.assign(slots_.empty() ? 16 : 2 * slots_.size(), kNoRow);
    for_each([&](RowNumber number, const Row& row) { place(row.id, number); });
  }
  // Moves those behind it up, so that no search ends at a gap too early.
  void remove_slot(const Uuid& id) {
    std::size_t gap = home_of(id);
    while ((*this)[slots_[gap]].id != id) gap = next(gap);
    for (std::size_t slot = next(gap); slots_[slot] != kNoRow; slot = next(slot)) {
      const std::size_t home = home_of((*this)[slots_[slot]].id);
      const std::size_t mask = slots_.size() - 1;
      if (((slot - home) & mask) < ((slot - gap) & mask)) continue;
      slots_[gap] = slots_[slot];
      gap = slot;
    }
    slots_[gap] = kNoRow;
  }

  std::vector<std::unique_ptr<Row[]>> chunks_;
  std::vector<RowNumber> slots_, free_;
  RowNumber end_ = 0;
  std::size_t size_ = 0;
};

}  // namespace foyer
