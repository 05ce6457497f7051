#include "foyer/rules/sla.h"

#include <algorithm>

namespace foyer {
namespace {

constexpr std::int64_t kAtRiskBp = 7500;
constexpr std::size_t kRow = 3;
constexpr Instant kForEver{INT64_MAX};

struct Pause {
  Instant from, to;
};

// The row of the pause that `now` lies in, or kNoPause.
constexpr std::size_t kNoPause = SIZE_MAX;
std::size_t pause_at(const SlaTarget& target, Instant now) {
  for (std::size_t i = 0; i + 2 < target.pauses.size(); i += kRow)
    if (target.pauses[i] <= now.ms && (target.pauses[i + 1] == 0 || now.ms < target.pauses[i + 1]))
      return i;
  return kNoPause;
}

// The pauses within [start, end], merged, so that overlapping ones count once.
std::vector<Pause> merged_pauses(const SlaTarget& target, Instant end) {
  std::vector<Pause> list;
  const auto starts_later = [](Instant at, const Pause& other) { return at < other.from; };
  for (std::size_t i = 0; i + 2 < target.pauses.size(); i += kRow) {
    const Instant from = std::max(Instant{target.pauses[i]}, target.start);
    const Instant to =
        target.pauses[i + 1] == 0 ? end : std::min(Instant{target.pauses[i + 1]}, end);
    if (from < to)
      list.insert(std::upper_bound(list.begin(), list.end(), from, starts_later), {from, to});
  }
  std::vector<Pause> merged;
  for (const Pause& pause : list) {
    if (!merged.empty() && pause.from <= merged.back().to)
      merged.back().to = std::max(merged.back().to, pause.to);
    else
      merged.push_back(pause);
  }
  return merged;
}

// Walks over the pauses: the budget is used up outside of them. None if one of them has no end yet
// when it is reached; a stop ends it.
std::optional<Instant> due_of(const SlaTarget& target, const Calendar& calendar) {
  std::int64_t left = target.budget_minutes * kMsPerMinute;
  Instant from = target.start;
  for (const Pause& pause : merged_pauses(target, kForEver)) {
    const std::int64_t open = business_ms(calendar, from, pause.from);
    if (open >= left) break;
    left -= open;
    if (pause.to == kForEver && target.stop.is_none()) return std::nullopt;
    from = pause.to == kForEver ? std::max(pause.from, target.stop) : pause.to;
  }
  return add_business_ms(calendar, from, left);
}

}  // namespace

std::int64_t elapsed_ms(const SlaTarget& target, const Calendar& calendar, Instant now) {
  const Instant end = target.stop.is_none() ? now : std::min(now, target.stop);
  std::int64_t elapsed = business_ms(calendar, target.start, end);
  for (const Pause& pause : merged_pauses(target, end))
    elapsed -= business_ms(calendar, pause.from, pause.to);
  return elapsed;
}

bool is_paused(const SlaTarget& target) {
  for (std::size_t i = 0; i + 2 < target.pauses.size(); i += kRow)
    if (target.pauses[i + 1] == 0) return true;
  return false;
}

void open_pause(SlaTarget& target, Instant at, WaitReason reason) {
  if (is_paused(target) || !target.stop.is_none()) return;
  target.pauses.insert(target.pauses.end(), {at.ms, 0, static_cast<std::int64_t>(reason)});
}

void close_pause(SlaTarget& target, Instant at) {
  for (std::size_t i = 0; i + 2 < target.pauses.size(); i += kRow)
    if (target.pauses[i + 1] == 0) target.pauses[i + 1] = std::max(at.ms, target.pauses[i]);
}

SlaView view_of(const SlaTarget& target, const Calendar& calendar, Instant now) {
  SlaView view;
  const std::int64_t budget = target.budget_minutes * kMsPerMinute;
  view.elapsed_ms = elapsed_ms(target, calendar, now);
  view.left_ms = budget - view.elapsed_ms;
  view.used_bp = budget > 0 ? view.elapsed_ms * 10000 / budget : 10000;
  const auto due = due_of(target, calendar);
  view.due = due.value_or(Instant());
  const bool is_stopped = !target.stop.is_none() && target.stop <= now;
  // By the promised instant, not by the time used: out of hours that stands still.
  const bool is_late = due && (is_stopped ? target.stop : now) > *due;
  const std::size_t pause = is_stopped ? kNoPause : pause_at(target, now);
  if (pause != kNoPause) view.paused_for = static_cast<WaitReason>(target.pauses[pause + 2]);
  if (!target.cancelled_at.is_none()) {
    view.status = SlaStatus::kCancelled;
  } else if (is_stopped) {
    view.status = is_late ? SlaStatus::kMetLate : SlaStatus::kMet;
  } else if (is_late) {
    view.status = SlaStatus::kBreached;
  } else if (pause != kNoPause) {
    view.status = SlaStatus::kPaused;
  } else {
    view.status = view.used_bp >= kAtRiskBp ? SlaStatus::kAtRisk : SlaStatus::kRunning;
  }
  return view;
}

}  // namespace foyer
