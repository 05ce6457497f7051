// What all parts of one simulated world share: the options, the generator, the virtual clock, the
// trace and the verdict. Knows no engine.
// Invariant: every choice comes from `luck`, whose draws depend on seed and step alone, so that
// leaving out a step changes no other step's draws.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "foyer/base/id.h"
#include "foyer/base/random.h"
#include "sim/faults.h"
#include "sim/planted_bugs.h"

namespace foyer::sim {

// Instead of chance: at this event of a device's disk, or this commit of the server, it crashes.
enum class Loss : std::uint8_t { kNothing, kCache, kRemovals, kBoth, kCommit, kAnswers };
struct CrashPoint {
  std::uint64_t event = 0;
  Loss loss = Loss::kNothing;
  bool is_of_server() const { return loss == Loss::kCommit || loss == Loss::kAnswers; }
};

// How often each kind of step is taken; a scenario has its own.
struct Weights {
  unsigned submit = 18, answer_refusal = 4, connect = 10, disk = 18, to_server = 16, commit = 14,
           fan_out = 8, to_device = 20, network = 7, device = 3, server = 1, operate = 3;
};

struct Options {
  std::uint64_t seed = 1;
  std::uint64_t faults = kAllFaults;  // of these a random half is on
  bool are_all_on = false;            // no half is turned off
  unsigned steps = 320;
  std::set<unsigned> left_out;        // steps that are not taken
  Weights weights;
  HostBug host_bug = HostBug::kNone;
  std::optional<CrashPoint> crash_point;
  std::optional<bool> has_long_words;  // none: the seed decides
  bool keeps_lines = false;
};

// What happened in one world, or in many.
struct Counts {
  std::uint64_t submitted = 0, applied = 0, refused = 0, pokes = 0;
  std::int64_t virtual_ms = 0;
  std::array<std::uint64_t, kFaultCount> faults{};

  Counts& operator+=(const Counts& other);
};

struct Outcome : Counts {
  std::optional<Oracle> broken;  // none: all promises held
  std::string failure;
  std::uint64_t trace = 0;
  std::vector<std::string> lines;  // the trace to read, if asked for
  std::uint64_t disk_events = 0, commits = 0;
};

class Luck {
 public:
  Luck(const Options& options, Outcome& outcome);
  void at_step(std::uint64_t step);
  void heal() { enabled_ = 0; }
  bool is_healed() const { return enabled_ == 0; }
  std::uint64_t below(std::uint64_t bound) { return random_.below(bound); }
  bool chance(std::uint64_t numerator, std::uint64_t denominator) {
    return random_.chance(numerator, denominator);
  }
  bool is_on(Fault fault) const { return (enabled_ >> static_cast<unsigned>(fault)) & 1; }
  // True once in `denominator` if the fault is on; counts it.
  bool may(Fault fault, std::uint64_t denominator);
  void count(Fault fault) { ++outcome_.faults[static_cast<std::size_t>(fault)]; }
  Random& random() { return random_; }

 private:
  Outcome& outcome_;
  std::uint64_t seed_, enabled_;
  Random random_;
};

inline constexpr Instant kWorldBegins{1764160000000};

struct Core {
  explicit Core(const Options& options) : options(options), luck(options, outcome) {}
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  bool has(HostBug bug) const { return options.host_bug == bug; }
  bool is_broken() const { return outcome.broken.has_value(); }
  void check(bool holds, Oracle oracle, std::string_view who, std::string_view what);
  void note(std::string_view who, std::string_view what, std::uint64_t number = 0);
  template <class T>
  Id<T> new_id() {
    return Id<T>(make_uuid(now, luck.random()));
  }

  const Options options;
  Outcome outcome;
  Luck luck;
  Instant now = kWorldBegins;
  unsigned step = 0;
};

}  // namespace foyer::sim
