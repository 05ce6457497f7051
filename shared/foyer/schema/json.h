// JSON of one object through its field table: for programs, not for people and not for storage.
// Invariant: read_json(write_json(x)) = x; what is read is strict: UTF-8, no duplicate or unknown
// keys, nothing deeper than it may be.
//
//   text, id -> string   integer -> number   instant -> "2026-11-26T19:35:13Z"   enum -> name
//   money -> {"amount":"12.50","currency":"EUR"}   sets, lists -> array   bytes -> hexadecimal
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "foyer/base/result.h"
#include "foyer/schema/entity.h"

namespace foyer {

// Empty fields are left out, as are those that are not published to `audience`.
std::string write_json(const Entity& entity, const void* object, std::uint8_t audience = 0xff);

// Sets the fields that `text`, an object, names; others, and those that are null, keep their value.
// All errors with their
// fields: "not_json", "too_deep", "duplicate_key", "unknown_field", "wrong_type", "unknown_value".
std::vector<Error> read_json(const Entity& entity, std::string_view text, void* object);

}  // namespace foyer
