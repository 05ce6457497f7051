#include "sim/scenarios.h"

#include <array>

#include "sim/world.h"

namespace foyer::sim {
namespace {

constexpr unsigned kSteps = 110;
constexpr std::uint64_t kNever = UINT64_MAX;

template <class... Faults>
constexpr std::uint64_t only(Faults... faults) {
  return ((std::uint64_t{1} << static_cast<unsigned>(faults)) | ... | 0);
}

constexpr Weights kBusy{.submit = 30, .connect = 14, .disk = 26};
constexpr Weights kOperated{.submit = 20, .connect = 14, .operate = 16};
constexpr Weights kTroubled{.submit = 22, .connect = 14, .network = 16};
constexpr Weights kFailing{.submit = 26, .connect = 14, .disk = 26, .device = 12};
constexpr Weights kServed{.submit = 24, .connect = 16, .commit = 22, .server = 8};
constexpr Weights kAnswered{.submit = 24, .answer_refusal = 24, .connect = 14, .disk = 26};

constexpr std::array kScenarios{
    Scenario{"commands given one after the other", 11, 0, kBusy},
    Scenario{"more commands than answers", 12, 0, {.submit = 44, .connect = 14, .disk = 26}},
    Scenario{"refusals tried again and given up", 13, only(Fault::kRightsChanged), kAnswered},
    Scenario{"retry without room", 14, only(Fault::kRightsChanged, Fault::kWriteFails), kAnswered},
    Scenario{"rights granted and revoked", 15, only(Fault::kRightsChanged), kOperated},
    Scenario{"rights change while much is written", 16, only(Fault::kRightsChanged), kBusy},
    Scenario{"rows move between scopes", 17, only(Fault::kRowMoved), kOperated},
    Scenario{"the log is compacted", 18, only(Fault::kLogCompacted, Fault::kRowMoved), kOperated},
    Scenario{"people suspended and let in", 19, only(Fault::kUserSuspended), kOperated},
    Scenario{"snapshots in several parts", 20, 0, kBusy, true},
    Scenario{"revocation of long texts", 21, only(Fault::kRightsChanged), kOperated, true},
    Scenario{"the server restarts", 22, only(Fault::kServerRestarts), kServed},
    Scenario{"answers are lost", 23, only(Fault::kCrashAfterCommit), kServed},
    Scenario{"commits are lost", 24, only(Fault::kCommitUnsynced, Fault::kDiskFull), kServed},
    Scenario{"connections drop", 25, only(Fault::kConnectionDropped), kTroubled},
    Scenario{"half-open connections", 26, only(Fault::kHalfOpen, Fault::kConnectionDropped),
             kTroubled},
    Scenario{"an old connection's frames", 27,
             only(Fault::kOldFramesArrive, Fault::kConnectionDropped, Fault::kFramesHeld),
             kTroubled},
    Scenario{"slow readers", 28, only(Fault::kSlowReader, Fault::kOneWay), kTroubled},
    Scenario{"no room on the device", 29, only(Fault::kQuota), kFailing},
    Scenario{"the cache cannot be written", 30, only(Fault::kCacheWriteFails), kFailing},
    Scenario{"another build's cache", 31, only(Fault::kOtherBuild), kFailing},
    Scenario{"longer away than the lease", 32, only(Fault::kLongAbsence), kFailing},
};

}  // namespace

std::span<const Scenario> scenarios() { return kScenarios; }

Options options_of(const Scenario& scenario, const CrashPoint& point) {
  Options options;
  options.seed = scenario.seed;
  options.faults = scenario.faults;
  options.are_all_on = true;
  options.steps = kSteps;
  options.weights = scenario.weights;
  options.has_long_words = scenario.has_long_words;
  options.crash_point = point;
  return options;
}

Totals run_crash_points(const Scenario& scenario) {
  const Outcome whole = run_world(options_of(scenario, {kNever, Loss::kNothing}));
  std::vector<CrashPoint> points;
  for (std::uint64_t event = 0; event < whole.disk_events; ++event)
    for (const Loss loss : {Loss::kNothing, Loss::kCache, Loss::kRemovals, Loss::kBoth})
      points.push_back({event, loss});
  for (std::uint64_t commit = 1; commit <= whole.commits; ++commit)
    for (const Loss loss : {Loss::kCommit, Loss::kAnswers}) points.push_back({commit, loss});
  Totals totals;
  for_each_on_all_cores(
      points.size(),
      [&](std::uint64_t i, Totals& mine) {
        mine.add(points[i].event, run_world(options_of(scenario, points[i])));
      },
      totals);
  if (whole.broken) totals.failures.push_back({kNever, whole.failure});
  return totals;
}

}  // namespace foyer::sim
