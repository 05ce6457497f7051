#include "sim/sync_sim.h"

#include <gtest/gtest.h>

#include <cstdio>

namespace foyer::sim {
namespace {

constexpr std::uint64_t kSeeds = 1000;

TEST(SyncSimulation, OraclesHoldForEverySeedAndEveryFaultIsHit) {
  std::array<std::uint64_t, kFaults> faults{};
  std::int64_t virtual_ms = 0;
  std::uint64_t applied = 0, refused = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Outcome outcome = run_seed(seed);
    ASSERT_EQ(outcome.failure, "") << "seed " << seed;
    for (std::size_t i = 0; i < kFaults; ++i) faults[i] += outcome.faults[i];
    virtual_ms += outcome.virtual_ms;
    applied += outcome.applied;
    refused += outcome.refused;
  }
  std::printf("%llu seeds, %.1f virtual hours, %llu commands applied, %llu refused\n",
              static_cast<unsigned long long>(kSeeds), double(virtual_ms) / 3600000.0,
              static_cast<unsigned long long>(applied), static_cast<unsigned long long>(refused));
  for (std::size_t i = 0; i < kFaults; ++i) {
    std::printf("  %-28s %llu\n", kFaultNames[i], static_cast<unsigned long long>(faults[i]));
    EXPECT_GT(faults[i], 0u) << kFaultNames[i] << " was never tried";
  }
  EXPECT_GT(applied, kSeeds);
  EXPECT_GT(refused, 0u);
}

TEST(SyncSimulation, SameSeedSameTrace) {
  for (const std::uint64_t seed : {7u, 8u, 9u})
    EXPECT_EQ(run_seed(seed).trace, run_seed(seed).trace) << "seed " << seed;
}

// Between any two writes of a device's disk, with each way of losing the newest.
TEST(SyncSimulation, ACrashAtAnyWriteOfADeviceLosesNothing) {
  std::uint64_t points = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const std::uint64_t writes = run_crash_point(seed, {UINT64_MAX, Loss::kNothing}).writes;
    EXPECT_GT(writes, 20u);
    for (std::uint64_t write = 0; write < writes; ++write)
      for (const Loss loss : {Loss::kNothing, Loss::kCache, Loss::kRemovals, Loss::kBoth}) {
        ++points;
        ASSERT_EQ(run_crash_point(seed, {write, loss}).failure, "")
            << "seed " << seed << ", write " << write << ", loss " << int(loss);
      }
  }
  std::printf("%llu crash points\n", static_cast<unsigned long long>(points));
}

class PlantedBug : public testing::TestWithParam<Planted> {};

TEST_P(PlantedBug, IsCaught) {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed)
    if (!run_seed(seed, GetParam()).failure.empty()) return;
  FAIL() << "no seed of 2000 found it";
}

INSTANTIATE_TEST_SUITE_P(All, PlantedBug,
                         testing::Values(Planted::kAckBeforeCommit, Planted::kForgetOutbox,
                                         Planted::kApplyBeforeSaved, Planted::kResultOutsideCommit,
                                         Planted::kSkipRemove, Planted::kForgetNumbers,
                                         Planted::kRunRepeats, Planted::kRunAsSomebodyElse,
                                         Planted::kOldRights, Planted::kRelaxedOutbox,
                                         Planted::kDropRefused, Planted::kIgnoreCookie));

}  // namespace
}  // namespace foyer::sim
