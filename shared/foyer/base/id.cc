#include "foyer/base/id.h"

#include "foyer/base/checksum.h"
#include "foyer/base/random.h"

namespace foyer {
namespace {

constexpr char kDigits[] = "0123456789abcdef";

constexpr bool is_dash_position(std::size_t position) {
  return position == 8 || position == 13 || position == 18 || position == 23;
}

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void set_version(Uuid& id, std::uint8_t version) {
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0f) | (version << 4));
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3f) | 0x80);
}

}  // namespace

Uuid make_uuid(Instant now, Random& random) {
  Uuid id;
  const auto ms = static_cast<std::uint64_t>(now.ms);
  for (std::size_t i = 0; i < 6; ++i)
    id.bytes[i] = static_cast<std::uint8_t>(ms >> (8 * (5 - i)));
  std::uint64_t head = random.next(), tail = random.next();
  for (std::size_t i = 6; i < 8; ++i, head >>= 8) id.bytes[i] = static_cast<std::uint8_t>(head);
  for (std::size_t i = 8; i < 16; ++i, tail >>= 8) id.bytes[i] = static_cast<std::uint8_t>(tail);
  set_version(id, 7);
  return id;
}

Uuid derive_uuid(const Uuid& parent, std::string_view name) {
  std::string input(reinterpret_cast<const char*>(parent.bytes.data()), parent.bytes.size());
  input.append(name);
  const Sha256Digest digest = sha256(input);
  Uuid id;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) id.bytes[i] = digest[i];
  set_version(id, 8);
  return id;
}

std::string to_string(const Uuid& id) {
  std::string text;
  text.reserve(36);
  for (const auto byte : id.bytes) {
    if (is_dash_position(text.size())) text.push_back('-');
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 15]);
  }
  return text;
}

std::optional<Uuid> parse_uuid(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  Uuid id;
  std::size_t nibble = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_dash_position(i)) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const int value = digit_value(text[i]);
    if (value < 0) return std::nullopt;
    auto& byte = id.bytes[nibble / 2];
    byte = static_cast<std::uint8_t>((byte << 4) | value);
    ++nibble;
  }
  return id;
}

}  // namespace foyer
