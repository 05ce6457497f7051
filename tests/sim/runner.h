// Many worlds, on as many threads as the machine has cores, each thread with worlds of its own.
// Invariant: the sums do not depend on the number of threads.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/core.h"

namespace foyer::sim {

struct Failure {
  std::uint64_t seed = 0;
  std::string what;
};
struct Totals : Counts {
  std::uint64_t runs = 0;
  std::vector<Failure> failures;

  void add(std::uint64_t seed, const Outcome& outcome);
  void add(const Totals& other);
};

// `run` for each number below `count`, on all cores; each gets the totals of its own thread.
void for_each_on_all_cores(std::uint64_t count,
                           const std::function<void(std::uint64_t, Totals&)>& run,
                           Totals& totals);

Totals run_seeds(std::uint64_t from, std::uint64_t count);
// One line per seed: the trace, to compare builds.
std::vector<std::string> traces(std::uint64_t from, std::uint64_t count);
void print(const Totals& totals, const std::string& what);
// The classes of faults that were never hit.
std::vector<std::string> missed_faults(const Totals& totals);

// The first seed from 1 on at which the planted bug is caught, at most `seeds_max` tried.
struct Catch {
  std::uint64_t seed = 0;  // 0: not caught
  std::string oracle;
};
Catch hunt(const PlantedBug& bug, std::uint64_t seeds_max);

}  // namespace foyer::sim
