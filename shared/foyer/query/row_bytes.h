// Room for encoded rows: many in one piece of memory, instead of a piece for each. What is replaced
// stays where it is until so much is wasted that the owner moves what it still needs elsewhere.
// Invariant: bytes never move; a view is good as long as the RowBytes that gave it.
#pragma once

#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace foyer {

class RowBytes {
 public:
  RowBytes() = default;
  RowBytes(RowBytes&& other) noexcept { swap(other); }
  RowBytes& operator=(RowBytes&& other) noexcept {
    RowBytes taken(std::move(other));
    swap(taken);
    return *this;
  }

  std::string_view keep(std::string_view bytes) {
    if (pieces_.empty() || bytes.size() > left_) grow(bytes.size());  // never null
    char* const to = next_;
    if (!bytes.empty()) std::memcpy(to, bytes.data(), bytes.size());
    next_ += bytes.size();
    left_ -= bytes.size();
    used_ += bytes.size();
    return {to, bytes.size()};
  }
  // So many bytes are not needed any more.
  void drop(std::size_t size) { wasted_ += size; }
  bool is_wasteful() const { return wasted_ > kWastedMin && wasted_ > used_ / 2; }

 private:
  static constexpr std::size_t kPieceMax = 256 * 1024, kWastedMin = 64 * 1024;

  void swap(RowBytes& other) {
    std::swap(pieces_, other.pieces_);
    std::swap(next_, other.next_);
    std::swap(left_, other.left_);
    std::swap(used_, other.used_);
    std::swap(wasted_, other.wasted_);
    std::swap(piece_size_, other.piece_size_);
  }
  // The first pieces are small: most entities have few rows.
  void grow(std::size_t size) {
    piece_size_ = piece_size_ == 0 ? 1024 : piece_size_ * 4;
    if (piece_size_ > kPieceMax) piece_size_ = kPieceMax;
    left_ = size > piece_size_ ? size : piece_size_;
    pieces_.push_back(std::make_unique_for_overwrite<char[]>(left_));
    next_ = pieces_.back().get();
  }

  std::vector<std::unique_ptr<char[]>> pieces_;
  char* next_ = nullptr;
  std::size_t left_ = 0, used_ = 0, wasted_ = 0, piece_size_ = 0;
};

}  // namespace foyer
