// Reading and writing of the primitive encodings shared by rows and frames: varint (LEB128),
// zigzag, length-prefixed bytes, fixed-width little-endian. Invariant: a reader that failed stays
// failed and yields zeros, so that one check at the end is enough.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "foyer/base/id.h"

namespace foyer {

class ByteWriter {
 public:
  void byte(std::uint8_t value) { out_.push_back(static_cast<char>(value)); }
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) byte(static_cast<std::uint8_t>(value | 0x80));
    byte(static_cast<std::uint8_t>(value));
  }
  void zigzag(std::int64_t value) {
    varint((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }
  void fixed32(std::uint32_t value) {
    for (int i = 0; i < 4; ++i) byte(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  void raw(std::string_view bytes) { out_.append(bytes); }
  void bytes(std::string_view value) {
    varint(value.size());
    raw(value);
  }
  void uuid(const Uuid& id) {
    raw({reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()});
  }
  std::string take() { return std::move(out_); }
  const std::string& view() const { return out_; }

 private:
  std::string out_;
};

class ByteReader {
 public:
  explicit ByteReader(std::string_view input) : input_(input) {}

  std::uint8_t byte() {
    if (at_ >= input_.size()) return fail(), std::uint8_t{0};
    return static_cast<std::uint8_t>(input_[at_++]);
  }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint8_t next = byte();
      if (shift == 63 && next > 1) return fail(), 0;
      value |= std::uint64_t{next & 0x7fU} << shift;
      if ((next & 0x80) == 0) return failed_ ? 0 : value;
    }
    return fail(), 0;
  }
  std::int64_t zigzag() {
    const std::uint64_t value = varint();
    return static_cast<std::int64_t>((value >> 1) ^ (0 - (value & 1)));
  }
  std::uint32_t fixed32() {
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i) value |= std::uint32_t{byte()} << (8 * i);
    return value;
  }
  std::string_view raw(std::uint64_t size) {
    if (size > input_.size() - at_) return fail(), std::string_view();
    const std::string_view result = input_.substr(at_, static_cast<std::size_t>(size));
    at_ += static_cast<std::size_t>(size);
    return result;
  }
  std::string_view bytes() { return raw(varint()); }
  Uuid uuid() {
    Uuid id;
    const std::string_view bytes = raw(id.bytes.size());
    if (!bytes.empty()) std::memcpy(id.bytes.data(), bytes.data(), bytes.size());
    return id;
  }
  // A count of elements that take at least one byte each: never more than what is left.
  std::size_t count() {
    const std::uint64_t value = varint();
    if (value > input_.size() - at_) return fail(), 0;
    return static_cast<std::size_t>(value);
  }
  void fail() {
    failed_ = true;
    at_ = input_.size();
  }
  bool failed() const { return failed_; }
  bool at_end() const { return at_ == input_.size(); }
  std::size_t position() const { return at_; }
  std::string_view since(std::size_t start) const { return input_.substr(start, at_ - start); }

 private:
  std::string_view input_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

}  // namespace foyer
