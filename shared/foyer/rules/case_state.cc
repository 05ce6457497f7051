#include "foyer/rules/case_state.h"

namespace foyer {
namespace {

using States = EnumSet<CaseState>;
using Parties = EnumSet<Party>;

constexpr States kBeforeWork{CaseState::kNew, CaseState::kAssigned};
constexpr States kAtWork{CaseState::kNew, CaseState::kAssigned, CaseState::kInProgress,
                         CaseState::kPending, CaseState::kHeld};
constexpr Parties kByStaff{Party::kStaff};
constexpr Parties kByCustomer{Party::kCustomer};
constexpr Parties kBySystem{Party::kSystem};
constexpr Parties kByBoth{Party::kStaff, Party::kCustomer};

struct Row {
  Transition transition;
  States from;
  CaseState to;  // of kAssign only where work has not begun; later the state stays
  Parties parties;
};
constexpr Row kRows[] = {
    {Transition::kAssign, kBeforeWork, CaseState::kAssigned, kByStaff},
    {Transition::kAssign, {CaseState::kInProgress}, CaseState::kInProgress, kByStaff},
    {Transition::kAssign, {CaseState::kPending}, CaseState::kPending, kByStaff},
    {Transition::kAssign, {CaseState::kHeld}, CaseState::kHeld, kByStaff},
    {Transition::kStart, kBeforeWork, CaseState::kInProgress, kByStaff},
    {Transition::kPend, {CaseState::kNew, CaseState::kAssigned, CaseState::kInProgress,
                         CaseState::kHeld},
     CaseState::kPending, kByStaff},
    {Transition::kHold, {CaseState::kNew, CaseState::kAssigned, CaseState::kInProgress,
                         CaseState::kPending},
     CaseState::kHeld, kByStaff},
    {Transition::kCustomerReply, {CaseState::kPending}, CaseState::kInProgress, kByCustomer},
    {Transition::kWake, {CaseState::kPending, CaseState::kHeld}, CaseState::kInProgress,
     {Party::kStaff, Party::kSystem}},
    {Transition::kResolve, kAtWork, CaseState::kResolved, kByStaff},
    {Transition::kConfirm, {CaseState::kResolved}, CaseState::kClosed, kByCustomer},
    {Transition::kAutoClose, {CaseState::kResolved}, CaseState::kClosed, kBySystem},
    {Transition::kReopen, {CaseState::kResolved}, CaseState::kInProgress, kByBoth},
    {Transition::kCancel, kAtWork, CaseState::kCancelled, kByBoth},
    {Transition::kReject, kBeforeWork, CaseState::kRejected, kByStaff},
    {Transition::kMerge, kAtWork, CaseState::kMerged, kByStaff},
};

}  // namespace

std::optional<CaseState> next_state(CaseState from, Transition transition, Party party) {
  for (const Row& row : kRows)
    if (row.transition == transition && row.from.has(from) && row.parties.has(party)) return row.to;
  return std::nullopt;
}

std::vector<Transition> transitions_from(CaseState from, Party party) {
  std::vector<Transition> list;
  for (const Row& row : kRows)
    if (row.from.has(from) && row.parties.has(party)) list.push_back(row.transition);
  return list;
}

Party party_of(const Actor& actor) {
  if (actor.user.is_null()) return Party::kSystem;
  return actor.is_customer() ? Party::kCustomer : Party::kStaff;
}

bool is_open(CaseState state) { return kAtWork.has(state); }

bool is_ended(CaseState state) { return !is_open(state) && state != CaseState::kResolved; }

bool is_pending_reason(WaitReason reason) {
  return reason >= WaitReason::kAwaitingCustomer && reason <= WaitReason::kScheduledByCustomer;
}

bool is_held_reason(WaitReason reason) { return reason >= WaitReason::kAwaitingParts; }

}  // namespace foyer
