// What the fuzz targets share: saying what is broken, taking bytes apart, putting frames together.
// Not a mutator: libFuzzer is, and each target's corpus/NAME holds what it starts from.
// Invariant: a target is a function of its input alone, so that a crash can be repeated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "foyer/base/checksum.h"
#include "foyer/schema/bytes.h"

namespace foyer::fuzz {

// What each target defines: returns for every input there is.
void try_input(std::string_view input);

inline void expect(bool is_so, std::string_view what, std::string_view detail = {}) {
  if (is_so) return;
  std::fprintf(stderr, "BROKEN: %.*s\n%.*s\n", static_cast<int>(what.size()), what.data(),
               static_cast<int>(detail.size()), detail.data());
  std::abort();
}

// Choices out of bytes; at the end every choice is the first one.
class Choices {
 public:
  explicit Choices(std::string_view bytes) : bytes_(bytes) {}
  bool is_over() const { return at_ >= bytes_.size(); }
  std::uint8_t byte() { return is_over() ? 0 : static_cast<std::uint8_t>(bytes_[at_++]); }
  // In [0, count).
  std::size_t below(std::size_t count) { return count == 0 ? 0 : byte() % count; }
  std::string_view take(std::size_t size) {
    const auto part = bytes_.substr(at_, size);
    at_ += part.size();
    return part;
  }
  // A length of two bytes, then as much of it as there is.
  std::string_view block() {
    const std::size_t low = byte();
    return take(low | std::size_t{byte()} << 8);
  }
  std::string_view rest() { return take(bytes_.size()); }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

// One line, without its end; moves `text` past it.
inline std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  const auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

inline std::string_view take_word(std::string_view& line) {
  const auto end = line.find(' ');
  const auto word = line.substr(0, end);
  line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  return word;
}

// A frame whose length and checksum are right, whatever its body: checksums stop no attacker, and
// a mutator never finds one.
inline std::string frame_of(std::uint8_t type, std::string_view body) {
  ByteWriter writer;
  writer.byte(type);
  writer.varint(body.size());
  writer.fixed32(crc32c(body));
  writer.raw(body);
  return writer.take();
}

}  // namespace foyer::fuzz
