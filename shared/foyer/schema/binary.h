// Binary codec of rows and command arguments. Decoder and consumer know nothing of each other.
// Invariant: decoding never reads past the input, and encode(decode(x)) keeps unknown fields.
//
//   row    := version:u8(=1) item*            items in ascending field id, without empty fields
//   item   := tag:varint payload              tag = field_id << 2 | wire
//   wire 0 := varint (integers zigzag)   wire 1 := 16 bytes   wire 2 := length:varint bytes
//   money  := zigzag varint, 3 letters   list := count:varint, elements (text: length + bytes)
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "foyer/base/result.h"
#include "foyer/schema/entity.h"

namespace foyer {

inline constexpr std::uint8_t kAllAudiences = 0xff;

// Only fields published to `audience` (a mask of Audience) are written; kAllAudiences writes all.
std::string encode(const Entity& entity, const void* object, std::uint8_t audience = kAllAudiences);

// Sets the fields present in `bytes`; others keep their value, so that decoding a partial row over
// an object overlays it. kCorrupt: not such a row. The object may be half-set after an error.
Result<void> decode(const Entity& entity, std::string_view bytes, void* object);

template <class T>
std::string encode(const T& object, std::uint8_t audience = kAllAudiences) {
  return encode(entity_of<T>(), &object, audience);
}
template <class T>
Result<T> decode(std::string_view bytes) {
  T object{};
  FOYER_TRY(decode(entity_of<T>(), bytes, &object));
  return object;
}

// The id (field 1) of an encoded row without decoding the rest.
std::optional<Uuid> peek_id(std::string_view bytes);

}  // namespace foyer
