// One envelope that a device handed over, opened as far as it goes. Not what becomes of it: see
// application_kiosk_submit.cc.
// Invariant: an envelope that cannot be trusted has an id of its bytes, never of the submission it
// claims to be, so that nothing can stand in the way of the true one.
#pragma once

#include <string>
#include <string_view>

#include "foyer/command/command.h"
#include "foyer/model/visit.h"
#include "sealed.h"

namespace foyer::server {

inline constexpr std::int64_t kSealKeyId = 1;

enum class SubmissionOutcome : std::uint8_t { kApplied, kDuplicate, kParked };
}  // namespace foyer::server
namespace foyer {
template <>
inline constexpr auto kNames<server::SubmissionOutcome> =
    std::array<std::string_view, 3>{"applied", "duplicate", "parked"};
}  // namespace foyer
namespace foyer::server {

struct KioskSubmission {
  Uuid id;               // as its header claims; null if it has none
  Uuid command_id;       // under which it runs; null if it is not to be run
  Id<ParkedSubmission> parking_id;
  std::string problem;   // message key; empty: it may run
  Command command;       // empty if it could not be opened
  Instant at;
  std::string envelope;
};
KioskSubmission open_submission(std::string_view envelope, const Device& device,
                                const SealKey& key);

// What the visitor wrote, field by field, for people to read: bounded, and valid text whatever the
// arguments are.
struct SubmissionWords {
  std::string command, number, text;
  bool is_whole = false;
};
SubmissionWords words_of(const Command& command);

}  // namespace foyer::server
