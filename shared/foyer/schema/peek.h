// Looking into an encoded row without making an object of it: one field as an index orders it, and
// whether the bytes are just what encode() would write. Not a decoder: binary.h is.
// Invariant: of an encoded row, key_of() orders as value_of() of the decoded one.
#pragma once

#include <optional>
#include <string_view>

#include "foyer/schema/entity.h"
#include "foyer/schema/value.h"

namespace foyer {

// Borrows from the row or value it was taken of. Ids are their 16 bytes, which sort as their text.
struct KeyView {
  enum class Kind : std::uint8_t { kNone, kNumber, kBytes };
  Kind kind = Kind::kNone;
  std::int64_t number = 0;
  std::string_view bytes;
  friend auto operator<=>(const KeyView&, const KeyView&) = default;
};

// `row`: as encode() wrote it. O(bytes before the field).
KeyView key_of(const Field& field, std::string_view row);

// Of a bound of a Scan; `id` keeps what an id's text says. Nothing: no id reads like this text.
std::optional<KeyView> key_of(const Field& field, const Value& value, Uuid& id);

// The text of a field of kind kText; empty if there is none.
std::string_view peek_text(const Field& field, std::string_view row);

// True: these bytes are a row of `entity` with this id, and encode(decode(row)) == row. May say no
// to such a row as well (of lists, of fields that this build does not know): then decode it.
bool is_plain_row(const Entity& entity, const Uuid& id, std::string_view row);

}  // namespace foyer
