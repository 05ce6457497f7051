// Whether an object may exist at all, by its field table alone. Not the rules of the business.
#pragma once

#include <vector>

#include "foyer/base/result.h"
#include "foyer/schema/entity.h"

namespace foyer {

// All that is wrong, in the order of the fields; code kInvalid. Details: "required", "too_long",
// "not_text" (not UTF-8, or control characters), "out_of_range", "not_a_currency", "wrong_shape"
// (a list whose last row is not whole).
std::vector<Error> validate(const Entity& entity, const void* object);

}  // namespace foyer
