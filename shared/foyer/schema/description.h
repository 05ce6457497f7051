// The schema in words: what every entity stores, who gets it, and a hash of that. The text is the
// golden of the tests; the hash tells a device that its replica was made by another schema.
// Invariant: whatever changes how a stored or sent row is read or published changes the text.
//
//   text  := entity*           entity := id name ":" publication* "\n" field*
//   field := "  " id key type ["(" names ")"] flag* "to" audience "by" merge "\n"
#pragma once

#include <span>
#include <string>

#include "foyer/schema/entity.h"

namespace foyer {

std::string describe_schema(std::span<const Entity* const> entities);

// FNV-1a, 64 bits, over the description.
std::uint64_t schema_hash(std::span<const Entity* const> entities);

}  // namespace foyer
