// What can go wrong in a simulated world, by class, and the promises that must hold all the same.
// A class that no seed of a run hits fails the run.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace foyer::sim {

enum class Fault : std::uint8_t {
  // Network.
  kConnectionDropped, kFramesHeld, kOldFramesArrive, kFrameLost, kFrameDuplicated, kHalfOpen,
  kOneWay, kFrameTruncated, kFrameReplayed, kSlowReader,
  // A device's IndexedDB.
  kWriteFails, kQuota, kCacheWriteFails, kPowerCut, kUnheardCommit, kEvicted, kBitFlip,
  // Tabs and programs.
  kTabCrashes, kCrashBetweenEffects, kTabFrozen, kOtherBuild,
  // The server's disk and process.
  kCrashBeforeCommit, kCommitUnsynced, kCrashAfterCommit, kDiskFull, kServerRestarts,
  // Operations and people.
  kLogCompacted, kRightsChanged, kRowMoved, kUserSuspended, kClockJump, kLongAbsence,
  kForeignClient, kServerRestored, kProfileCopied,
};

struct FaultInfo {
  const char* kind;
  const char* name;
};
inline constexpr std::array kFaults{
    FaultInfo{"network", "connection dropped"},
    FaultInfo{"network", "frames held back"},
    FaultInfo{"network", "frames of an old connection arrive after a new one's"},
    FaultInfo{"network", "frame lost"},
    FaultInfo{"network", "frame duplicated"},
    FaultInfo{"network", "half-open connection"},
    FaultInfo{"network", "connection carries one way only"},
    FaultInfo{"network", "frame truncated"},
    FaultInfo{"network", "frame of an earlier connection replayed"},
    FaultInfo{"network", "slow reader"},
    FaultInfo{"device disk", "write of an entry failed"},
    FaultInfo{"device disk", "quota reached"},
    FaultInfo{"device disk", "write of the cache failed"},
    FaultInfo{"device disk", "power cut: relaxed writes lost"},
    FaultInfo{"device disk", "crash after a commit that nobody heard of"},
    FaultInfo{"device disk", "whole origin evicted"},
    FaultInfo{"device disk", "bit flipped in the stored cache"},
    FaultInfo{"tab", "crashed"},
    FaultInfo{"tab", "crashed between two effects"},
    FaultInfo{"tab", "frozen"},
    FaultInfo{"tab", "cache of a build with another schema"},
    FaultInfo{"server", "crashed before the commit"},
    FaultInfo{"server", "commit lost before fsync"},
    FaultInfo{"server", "crashed after the commit, before the answers"},
    FaultInfo{"server", "disk full or failing at the commit"},
    FaultInfo{"server", "restarted"},
    FaultInfo{"operations", "log compacted"},
    FaultInfo{"operations", "rights granted or revoked"},
    FaultInfo{"operations", "row moved to other scopes"},
    FaultInfo{"operations", "user suspended or let in again"},
    FaultInfo{"operations", "device's clock jumped"},
    FaultInfo{"operations", "device away for longer than its lease"},
    FaultInfo{"operations", "somebody else speaks with a client's id"},
    FaultInfo{"operations", "server restored from an older backup"},
    FaultInfo{"operations", "a device's whole profile copied and used twice"},
};
inline constexpr std::size_t kFaultCount = kFaults.size();
static_assert(kFaultCount == static_cast<std::size_t>(Fault::kProfileCopied) + 1);
inline constexpr std::uint64_t kAllFaults = (std::uint64_t{1} << kFaultCount) - 1;

// The promises of sync.md, section 7, in its order; the last two are of the wire and of the rules.
enum class Oracle : std::uint8_t {
  kExactlyOnce, kNoLostWrite, kConvergence, kConfirmed, kOptimistic, kPrivacy, kCrash, kLiveness,
  kRestore, kOrder, kDeterminism, kBootstrap, kWire, kAuthority,
};
inline constexpr std::array kOracleNames{
    "1 exactly once",       "2 no lost write", "3 convergence", "4 confirmed = model at the cookie",
    "5 optimistic = fold",  "6 privacy",       "7 crash",       "8 liveness",
    "9 restore",            "10 order",        "11 determinism", "12 bootstrap = incremental",
    "13 every frame reads", "14 authority"};

}  // namespace foyer::sim
