// 128-bit identities. Not human numbers: those are text, given by the server.
// Invariant: ids made by `make_uuid` sort by the instant they were made at (UUIDv7, RFC 9562).
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "foyer/base/instant.h"

namespace foyer {

class Random;

struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  constexpr bool is_null() const {
    for (const auto byte : bytes)
      if (byte != 0) return false;
    return true;
  }
  friend constexpr auto operator<=>(const Uuid&, const Uuid&) = default;
};

// An identity of one kind of entity; ids of two kinds never mix.
template <class T>
struct Id : Uuid {
  constexpr Id() = default;
  constexpr explicit Id(const Uuid& uuid) : Uuid(uuid) {}
  friend constexpr auto operator<=>(const Id&, const Id&) = default;
};

// Time-ordered id: 48 bits of milliseconds, the rest from `random`.
Uuid make_uuid(Instant now, Random& random);

// The same id for the same (parent, name) on every device: UUIDv8 over SHA-256. For rows that a
// command derives (so that client and server name them alike) and for imported external keys.
Uuid derive_uuid(const Uuid& parent, std::string_view name);

// "0190b4a2-....": 36 characters, lower case.
std::string to_string(const Uuid& id);

// Accepts the 36-character form in either case; anything else is nothing.
std::optional<Uuid> parse_uuid(std::string_view text);

struct UuidHash {
  std::size_t operator()(const Uuid& id) const {
    std::uint64_t head = 0, tail = 0;
    std::memcpy(&head, id.bytes.data(), 8);
    std::memcpy(&tail, id.bytes.data() + 8, 8);
    return static_cast<std::size_t>((head ^ (tail * 0x9e3779b97f4a7c15U)) * 0xff51afd7ed558ccdU);
  }
};

}  // namespace foyer
