// The SLA clock (domain.md, section 4): a promise's status and deadline from its events, at any
// instant. Nothing here is stored.
//
//   elapsed(t) = BT(start, min(t, stop)) - sum BT(pause within [start, min(t, stop)])
//   due        = least t with elapsed(t) = budget        (none while paused)
#pragma once

#include "foyer/rules/calendar.h"

namespace foyer {

enum class SlaStatus : std::uint8_t {
  kRunning, kAtRisk, kBreached, kPaused, kMet, kMetLate, kCancelled,
};
template <>
inline constexpr auto kNames<SlaStatus> = std::array<std::string_view, 7>{
    "running", "at_risk", "breached", "paused", "met", "met_late", "cancelled"};

struct SlaView {
  SlaStatus status = SlaStatus::kRunning;
  Instant due;                   // none while a pause has no end, or if it never opens long enough
  std::int64_t elapsed_ms = 0;   // business time used
  std::int64_t left_ms = 0;      // business time left; 0 or less once breached
  std::int64_t used_bp = 0;      // basis points of the budget
  WaitReason paused_for = WaitReason::kNone;  // also of a breached one
};

SlaView view_of(const SlaTarget& target, const Calendar& calendar, Instant now);

// Business time used at `now`.
std::int64_t elapsed_ms(const SlaTarget& target, const Calendar& calendar, Instant now);

// Opens or closes a pause; closing without an open one, or opening a second, changes nothing.
void open_pause(SlaTarget& target, Instant at, WaitReason reason);
void close_pause(SlaTarget& target, Instant at);
bool is_paused(const SlaTarget& target);

}  // namespace foyer
