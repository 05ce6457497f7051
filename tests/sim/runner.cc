#include "sim/runner.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <mutex>
#include <thread>

#include "sim/world.h"

namespace foyer::sim {
namespace {

constexpr std::size_t kFailuresKept = 20;

std::size_t thread_count() {
  return std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

std::string to_text(std::uint64_t number) { return std::to_string(number); }

}  // namespace

void Totals::add(std::uint64_t seed, const Outcome& outcome) {
  ++runs;
  *this += outcome;
  if (outcome.broken && failures.size() < kFailuresKept)
    failures.push_back({seed, outcome.failure});
}

void Totals::add(const Totals& other) {
  runs += other.runs;
  *this += other;
  failures.insert(failures.end(), other.failures.begin(), other.failures.end());
  std::sort(failures.begin(), failures.end(),
            [](const Failure& a, const Failure& b) { return a.seed < b.seed; });
  if (failures.size() > kFailuresKept) failures.resize(kFailuresKept);
}

void for_each_on_all_cores(std::uint64_t count,
                           const std::function<void(std::uint64_t, Totals&)>& run,
                           Totals& totals) {
  std::atomic<std::uint64_t> next{0};
  std::mutex mutex;
  const auto work = [&] {
    Totals mine;
    for (std::uint64_t i = next++; i < count; i = next++) run(i, mine);
    const std::lock_guard lock(mutex);
    totals.add(mine);
  };
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < thread_count(); ++i) others.emplace_back(work);
  work();
  for (std::thread& other : others) other.join();
}

Totals run_seeds(std::uint64_t from, std::uint64_t count) {
  Totals totals;
  for_each_on_all_cores(
      count,
      [&](std::uint64_t i, Totals& mine) {
        Options options;
        options.seed = from + i;
        mine.add(options.seed, run_world(options));
      },
      totals);
  return totals;
}

std::vector<std::string> traces(std::uint64_t from, std::uint64_t count) {
  std::vector<std::string> lines;
  for (std::uint64_t seed = from; seed < from + count; ++seed) {
    Options options;
    options.seed = seed;
    lines.push_back(to_text(seed) + " " + to_text(run_world(options).trace));
  }
  return lines;
}

void print(const Totals& totals, const std::string& what) {
  std::printf("%s %s, %.0f virtual hours; commands: %s said, %s applied, %s refused; %s pokes\n",
              to_text(totals.runs).c_str(), what.c_str(), double(totals.virtual_ms) / 3.6e6,
              to_text(totals.submitted).c_str(), to_text(totals.applied).c_str(),
              to_text(totals.refused).c_str(), to_text(totals.pokes).c_str());
  for (const Failure& failure : totals.failures)
    std::printf("  FAILED %s: %s\n", to_text(failure.seed).c_str(), failure.what.c_str());
}

std::vector<std::string> missed_faults(const Totals& totals) {
  std::vector<std::string> missed;
  for (std::size_t i = 0; i < kFaultCount; ++i)
    if (totals.faults[i] == 0) missed.emplace_back(kFaults[i].name);
  return missed;
}

Catch hunt(const PlantedBug& bug, std::uint64_t seeds_max) {
  for (std::uint64_t seed = 1; seed <= seeds_max; ++seed) {
    Options options;
    options.seed = seed;
    options.host_bug = bug.host;
    const Outcome outcome = run_world(options, bug.engine);
    if (outcome.broken)
      return {seed, kOracleNames[static_cast<std::size_t>(*outcome.broken)]};
  }
  return {};
}

}  // namespace foyer::sim
