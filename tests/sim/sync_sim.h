// A seeded simulation of one server and some devices over a bad network: one thread, one generator,
// virtual time, the production engines. Not the engines' own tests: an independent judge of them.
// Invariant: the same seed gives the same trace.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace foyer::sim {

enum class Fault : std::uint8_t {
  kDropConnection,
  kCrashDevice,
  kCrashServer,
  kSaveFails,
  kLoseAnswer,
  kCompactLog,
  kRevokeScope,
  kMoveAccount,
  kLoseCacheTail,  // removals from the outbox survive what made them superfluous
  kLoseRemoval,    // and the other way round
  kCrashBetweenEffects,
};
inline constexpr std::size_t kFaults = 11;
inline constexpr const char* kFaultNames[kFaults] = {
    "connection dropped", "device crashed", "server crashed", "save failed", "answer lost",
    "log compacted",      "scope changed",  "case moved",     "newest of the cache lost",
    "removal lost",       "crashed between two effects"};

// Deliberate mistakes of the hosts, to see that the oracles find them.
enum class Planted : std::uint8_t {
  kNone,
  kAckBeforeCommit,      // the answer leaves although the commit is lost
  kForgetOutbox,         // entries are removed when they are sent
  kApplyBeforeSaved,     // the person is told before the entry is durable
  kResultOutsideCommit,  // the stored answer survives a commit that does not
  kSkipRemove,           // a row that leaves a scope is not withdrawn
  kForgetNumbers,        // a restart counts anew from the entries that are left
  kRunRepeats,           // a command that comes again runs again
  kRunAsSomebodyElse,    // commands run with more rights than their author has
  kOldRights,            // who may read what is asked once and never again
  kRelaxedOutbox,        // an entry counts as durable, and a crash loses it
  kDropRefused,          // a refused entry leaves the outbox unseen
  kIgnoreCookie,         // the server goes by what it sent, not by what the device says it holds
};

struct Outcome {
  std::string failure;  // empty: every oracle held
  std::uint64_t trace = 0;
  std::uint64_t commands = 0, applied = 0, refused = 0;
  std::int64_t virtual_ms = 0;
  std::uint64_t writes = 0;  // that devices asked for, of outbox and cache
  std::array<std::uint64_t, kFaults> faults{};
};

Outcome run_seed(std::uint64_t seed, Planted planted = Planted::kNone);

// Without other faults: in place of the `write`-th write the device that asked for it crashes, and
// of what it had written before, the newest of these is lost.
enum class Loss : std::uint8_t { kNothing, kCache, kRemovals, kBoth };
struct CrashPoint {
  std::uint64_t write = 0;
  Loss loss = Loss::kNothing;
};
Outcome run_crash_point(std::uint64_t seed, const CrashPoint& point);

}  // namespace foyer::sim
