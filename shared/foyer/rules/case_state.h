// The case state machine (domain.md, section 3) as data. One table serves commands, screens and
// sync: what it does not list is impossible everywhere.
#pragma once

#include <vector>

#include "foyer/model/service.h"
#include "foyer/rules/access.h"

namespace foyer {

enum class Transition : std::uint8_t {
  kAssign, kStart, kPend, kCustomerReply, kHold, kWake, kResolve, kConfirm, kAutoClose, kReopen,
  kCancel, kReject, kMerge,
};
template <>
inline constexpr auto kNames<Transition> = std::array<std::string_view, 13>{
    "assign", "start", "pend", "customer_reply", "hold", "wake", "resolve", "confirm", "auto_close",
    "reopen", "cancel", "reject", "merge"};

enum class Party : std::uint8_t { kCustomer, kStaff, kSystem };

// The state it leads to, or nothing if `party` may not make this transition from `from`.
std::optional<CaseState> next_state(CaseState from, Transition transition, Party party);

// What `party` may do in a state, in the order of the table.
std::vector<Transition> transitions_from(CaseState from, Party party);

Party party_of(const Actor& actor);

// Neither resolved nor ended.
bool is_open(CaseState state);
// Closed, cancelled, rejected or merged: nothing changes any more.
bool is_ended(CaseState state);
bool is_pending_reason(WaitReason reason);
bool is_held_reason(WaitReason reason);

}  // namespace foyer
