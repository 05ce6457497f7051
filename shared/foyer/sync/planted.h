// Deliberate faults of the protocol, for the simulator to find (tests/sim): it builds the engines
// with FOYER_PLANTED_BUGS and turns one on at a time. In every other build `planted` is false when
// compiled, and the faults are not in the program. Not the faults of hosts: tests/sim has those.
#pragma once

#include <cstdint>

namespace foyer {

enum class EngineBug : std::uint8_t {
  kNone,
  kRetryDiscardsAtOnce,      // the old entry leaves before the new one is durable
  kRetriedTwice,             // a second press makes a second command
  kOvertakesSaving,          // the outbox is sent past an entry that is still being saved
  kNumberSaidTooSoon,        // a number that came to nothing is sent while it may be given again
  kPendingNotUndone,         // a poke is applied on top of what is pending
  kPartialPoke,              // the parts of a poke count before its end
  kSnapshotKeepsOldCopies,   // a scope's snapshot is mixed with what was held of it
  kLostScopeStays,           // rows of a scope that the cookie does not name any more stay
  kLostScopeStored,          // and their bytes stay in what is stored
  kPurgedInMemoryOnly,       // what is revoked leaves memory, not the disk
  kTrimmedAtAnswer,          // an entry leaves the outbox at the answer, not with its rows
  kAnyPokeFits,              // neither base nor checksums of a cookie are looked at
  kBitFlipAccepted,          // no checksum of what was stored is looked at
  kFailedSaveCounts,         // an entry that could not be saved counts as saved
  kPokeNotStored,            // rows are shown and not kept
  kRemovedBeforeStored,      // an entry leaves the disk before the rows that supersede it
  kOutOfOrderIgnored,        // the server's "out of order" changes nothing
  kLostAnswerForgotten,      // what the server has decided is not asked for again
  kLeaseIgnored,             // rows are shown after their lease
  kDuplicateWithoutError,    // a repeat of a refused command is told that it is a repeat
  kOrderedByDeviceClock,     // a push is ordered by what the device's clock said
  kOutOfOrderAccepted,       // a gap in a client's numbers is passed over
  kForeignClientAccepted,    // a client speaks for whoever uses its id
  kCompactedOneTooFar,       // a log is thought to reach back one commit further than it does
  kRefusalKeepsNumber,       // a refusal does not advance the client's number
  kChildrenStay,             // what hangs on a row that moves stays where it was
  kChecksumStale,            // a scope's checksum does not follow a withdrawal
};

#ifdef FOYER_PLANTED_BUGS
inline thread_local EngineBug planted_bug = EngineBug::kNone;
inline bool planted(EngineBug bug) { return planted_bug == bug; }
#else
constexpr bool planted(EngineBug) { return false; }
#endif

}  // namespace foyer
