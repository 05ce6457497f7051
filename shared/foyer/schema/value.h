// One field's value outside its struct: what an index, a filter or a SQL column holds.
// Invariant: all values of one field are of one alternative, or monostate for "empty".
#pragma once

#include <cstdint>
#include <string>
#include <variant>

namespace foyer {

// int64: integer, instant (ms), enum (number), enum set (bits), money (minor units).
// string: text, and id in its 36-character form. Lists and bytes have no value.
using Value = std::variant<std::monostate, std::int64_t, std::string>;

inline bool is_empty(const Value& value) { return value.index() == 0; }

}  // namespace foyer
