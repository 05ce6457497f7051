// Makes a failing run small: first fewer classes of faults, then fewer steps, as long as the same
// promise stays broken. What is left is what a regression test has to do.
#pragma once

#include <optional>

#include "sim/core.h"

namespace foyer::sim {

struct Shrunk {
  Options options;
  Outcome outcome;
  int steps_left = 0;
};
// Nothing if the seed does not fail.
std::optional<Shrunk> shrink(std::uint64_t seed, const PlantedBug& bug);

}  // namespace foyer::sim
