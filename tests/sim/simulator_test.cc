// The simulator under sanitizers and as WebAssembly; its long runs are `foyer_sim`.
#include <gtest/gtest.h>

#include "sim/runner.h"
#include "sim/scenarios.h"
#include "sim/shrinker.h"
#include "sim/world.h"

namespace foyer::sim {
namespace {

Options seeded(std::uint64_t seed) {
  Options options;
  options.seed = seed;
  return options;
}

TEST(Simulator, KeepsEveryPromiseForEverySeed) {
  const Totals totals = run_seeds(100'001, 200);
  EXPECT_TRUE(totals.failures.empty()) << totals.failures.front().seed << " "
                                       << totals.failures.front().what;
  EXPECT_GT(totals.applied, totals.runs);
  EXPECT_GT(totals.refused, 0u);
}

TEST(Simulator, SameSeedSameTrace) {
  EXPECT_EQ(traces(7, 5), traces(7, 5));
  EXPECT_NE(run_world(seeded(7)).trace, run_world(seeded(8)).trace);
}

TEST(Simulator, AStepLeftOutChangesNoChanceOfTheStepsBeforeIt) {
  Options options = seeded(3);
  options.keeps_lines = true;
  const Outcome whole = run_world(options);
  options.left_out.insert(200);
  const Outcome fewer = run_world(options);
  ASSERT_GT(whole.lines.size(), 3u);
  EXPECT_EQ(whole.lines[0], fewer.lines[0]);
  EXPECT_EQ(whole.lines[2], fewer.lines[2]);
}

TEST(Simulator, ACrashAnywhereInOneScenarioLosesNothing) {
  const Totals totals = run_crash_points(scenarios().front());
  EXPECT_TRUE(totals.failures.empty()) << totals.failures.front().seed << " "
                                       << totals.failures.front().what;
  EXPECT_GT(totals.runs, 100u);
}

// Those inside the engines are not in this build, and rare ones need more seeds: `foyer_sim` has
// both.
TEST(Simulator, MostBugsOfAHostAreCaughtByFewSeeds) {
  std::size_t caught = 0;
  for (const PlantedBug& bug : planted_bugs())
    caught += bug.engine == EngineBug::kNone && hunt(bug, 80).seed != 0;
  EXPECT_GE(caught, 15u);
}

TEST(Simulator, ShrinksAFailureToFewerStepsThatBreakTheSamePromise) {
  const PlantedBug bug{"", EngineBug::kNone, HostBug::kRunRepeats};
  const Catch caught = hunt(bug, 100);
  ASSERT_NE(caught.seed, 0u);
  const auto shrunk = shrink(caught.seed, bug);
  ASSERT_TRUE(shrunk);
  EXPECT_EQ(kOracleNames[static_cast<std::size_t>(*shrunk->outcome.broken)], caught.oracle);
  EXPECT_LT(shrunk->steps_left, 60);
  EXPECT_FALSE(shrink(caught.seed, {}));
}

}  // namespace
}  // namespace foyer::sim
