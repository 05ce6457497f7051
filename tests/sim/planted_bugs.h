// The deliberate faults that the simulator must find: those inside the engines (planted.h of
// shared/foyer/sync) and those of the hosts around them, which the simulator plays itself.
#pragma once

#include <span>
#include <string_view>

#include "foyer/sync/planted.h"

namespace foyer::sim {

enum class HostBug : std::uint8_t {
  kNone,
  kAckBeforeCommit,      // the answer leaves although the commit is lost
  kFanOutBeforeCommit,   // pokes are made of rows whose commit is lost
  kResultOutsideCommit,  // stored answer and mid are in another transaction than the effects
  kSeqReused,            // a commit takes the number of the one before
  kRunRepeats,           // a command that comes again runs again
  kRunAsSomebodyElse,    // commands run with more rights than their author has
  kOldRightsOfAuthor,    // what an author may do is asked once and never again
  kOldRightsOfReader,    // what a reader may see is asked once and never again
  kSkipRemove,           // a row that leaves a scope is not withdrawn
  kIgnoreCookie,         // the server goes by what it sent, not by what the device says it holds
  kSleepsThroughChange,  // who is connected does not hear of a commit
  kReadScopesHeard,      // a grant is not heard by whoever could read nothing before
  kAuthorNotWoken,       // an author hears of a commit only if it changed what they read
  kForgetOutbox,         // entries are removed when they are sent
  kApplyBeforeSaved,     // the person is told before the entry is durable
  kRelaxedOutbox,        // an entry counts as durable, and a power cut loses it
  kForgetNumbers,        // a restart counts anew from the entries that are left
  kDropRefused,          // a refused entry leaves the outbox unseen
  kHeadFirst,            // what is stored counts before its bytes are there
  kTornCache,            // a failed write of the cache leaves a gap, and writing goes on
  kAccessNotFenced,      // what was taken from somebody comes back with an older backup
  kEpochKept,            // a restored server goes on as if nothing had happened
  kNumbersGivenAgain,    // a restored server begins an epoch, with numbers that were used
  kCopyNotSeen,          // a number that another command has is answered with that one's answer
};

struct PlantedBug {
  std::string_view name;
  EngineBug engine = EngineBug::kNone;
  HostBug host = HostBug::kNone;
};
std::span<const PlantedBug> planted_bugs();
const PlantedBug* find_planted_bug(std::string_view name);

// False: this program's engines were built without the faults.
constexpr bool has_engine_bugs() {
#ifdef FOYER_PLANTED_BUGS
  return true;
#else
  return false;
#endif
}
// Turns on one engine's fault for this thread, for as long as it lives.
class Planting {
 public:
  explicit Planting(EngineBug bug);
  ~Planting();
  Planting(const Planting&) = delete;
  Planting& operator=(const Planting&) = delete;
};

}  // namespace foyer::sim
