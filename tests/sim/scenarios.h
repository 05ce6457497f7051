// Short worlds, each about one thing, for exhaustive crash points: the program on a device dies at
// every single event of its disk, with each way of losing what was not durable, and the server at
// every commit, before it and after it.
#pragma once

#include <span>

#include "sim/runner.h"

namespace foyer::sim {

struct Scenario {
  const char* name;
  std::uint64_t seed = 1;
  std::uint64_t faults = 0;  // all that happens besides the one crash
  Weights weights;
  bool has_long_words = false;
};
std::span<const Scenario> scenarios();

// The world of a scenario, with one crash or none.
Options options_of(const Scenario& scenario, const CrashPoint& point);

// All crash points of a scenario; the failures' seed is the number of the event.
Totals run_crash_points(const Scenario& scenario);

}  // namespace foyer::sim
