// Random objects that keep to their field tables, for property tests and for the simulator.
#pragma once

#include "foyer/base/random.h"
#include "foyer/schema/entity.h"

namespace foyer {

// Sets every field (each is left empty now and then) to something `validate` accepts.
void fill_randomly(const Entity& entity, void* object, Random& random);

}  // namespace foyer
