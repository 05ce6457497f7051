#include "sim/planted_bugs.h"

#include <algorithm>
#include <array>

namespace foyer::sim {
namespace {

constexpr PlantedBug engine(std::string_view name, EngineBug bug) {
  return {name, bug, HostBug::kNone};
}
constexpr PlantedBug host(std::string_view name, HostBug bug) {
  return {name, EngineBug::kNone, bug};
}

constexpr std::array kPlanted{
    engine("retry discards before the new entry is durable", EngineBug::kRetryDiscardsAtOnce),
    engine("a second press of retry makes a second command", EngineBug::kRetriedTwice),
    engine("outbox sent past an entry that is being saved", EngineBug::kOvertakesSaving),
    engine("number that came to nothing sent too soon", EngineBug::kNumberSaidTooSoon),
    engine("poke applied on top of what is pending", EngineBug::kPendingNotUndone),
    engine("part of a poke applied before its end", EngineBug::kPartialPoke),
    engine("snapshot mixed with older copies", EngineBug::kSnapshotKeepsOldCopies),
    engine("rows of a lost scope stay", EngineBug::kLostScopeStays),
    engine("bytes of a lost scope stay stored", EngineBug::kLostScopeStored),
    engine("cache purged in memory only", EngineBug::kPurgedInMemoryOnly),
    engine("outbox trimmed at the answer", EngineBug::kTrimmedAtAnswer),
    engine("base and checksums of a cookie not checked", EngineBug::kAnyPokeFits),
    engine("bit flip in the cache accepted", EngineBug::kBitFlipAccepted),
    engine("failed save counts as saved", EngineBug::kFailedSaveCounts),
    engine("poke shown and not stored", EngineBug::kPokeNotStored),
    engine("entry removed before its rows are stored", EngineBug::kRemovedBeforeStored),
    engine("\"out of order\" ignored by the client", EngineBug::kOutOfOrderIgnored),
    engine("lost answer never asked for again", EngineBug::kLostAnswerForgotten),
    engine("rows shown after their lease", EngineBug::kLeaseIgnored),
    engine("duplicate answered without its stored error", EngineBug::kDuplicateWithoutError),
    engine("push ordered by the device's clock", EngineBug::kOrderedByDeviceClock),
    engine("gap in a client's numbers accepted", EngineBug::kOutOfOrderAccepted),
    engine("foreign client id accepted", EngineBug::kForeignClientAccepted),
    engine("log compacted one commit too far", EngineBug::kCompactedOneTooFar),
    engine("refusal does not advance the mid", EngineBug::kRefusalKeepsNumber),
    engine("children of a moved row stay behind", EngineBug::kChildrenStay),
    engine("scope checksum not updated by a withdrawal", EngineBug::kChecksumStale),
    host("acknowledged before the commit", HostBug::kAckBeforeCommit),
    host("fanned out before the commit", HostBug::kFanOutBeforeCommit),
    host("mid and answer in another transaction", HostBug::kResultOutsideCommit),
    host("sequence number used twice", HostBug::kSeqReused),
    host("repeated command runs again", HostBug::kRunRepeats),
    host("command runs with somebody else's rights", HostBug::kRunAsSomebodyElse),
    host("rights of an author asked only once", HostBug::kOldRightsOfAuthor),
    host("revocation seen only on reconnect", HostBug::kOldRightsOfReader),
    host("REMOVE skipped on a move", HostBug::kSkipRemove),
    host("cookie of Hello ignored", HostBug::kIgnoreCookie),
    host("connected devices not woken by a commit", HostBug::kSleepsThroughChange),
    host("grant not heard by whoever read nothing", HostBug::kReadScopesHeard),
    host("author not brought up to the commit of an answer", HostBug::kAuthorNotWoken),
    host("outbox emptied when it is sent", HostBug::kForgetOutbox),
    host("told \"saved\" before the write completed", HostBug::kApplyBeforeSaved),
    host("outbox written with relaxed durability", HostBug::kRelaxedOutbox),
    host("numbers counted anew after a restart", HostBug::kForgetNumbers),
    host("refused entry dropped unseen", HostBug::kDropRefused),
    host("head swung before the segments", HostBug::kHeadFirst),
    host("gap in the cache after a failed write", HostBug::kTornCache),
    host("revocation resurrected by an older backup", HostBug::kAccessNotFenced),
    host("restored server keeps its epoch", HostBug::kEpochKept),
    host("restored server gives numbers again", HostBug::kNumbersGivenAgain),
    host("copy of a device answered with the other's answers", HostBug::kCopyNotSeen),
};

}  // namespace

std::span<const PlantedBug> planted_bugs() { return kPlanted; }

const PlantedBug* find_planted_bug(std::string_view name) {
  const auto found = std::find_if(kPlanted.begin(), kPlanted.end(),
                                  [&](const PlantedBug& bug) { return bug.name == name; });
  return found == kPlanted.end() ? nullptr : &*found;
}

#ifdef FOYER_PLANTED_BUGS
Planting::Planting(EngineBug bug) { planted_bug = bug; }
Planting::~Planting() { planted_bug = EngineBug::kNone; }
#else
Planting::Planting(EngineBug) {}
Planting::~Planting() = default;
#endif

}  // namespace foyer::sim
