#include "foyer/rules/sla.h"

#include <algorithm>

namespace foyer {
namespace {

constexpr std::int64_t kAtRiskBp = 7500;
constexpr std::size_t kRow = 3;

struct Pause {
  Instant from, to;
};

// The pauses within [start, end], merged, so that overlapping ones count once.
std::vector<Pause> merged_pauses(const SlaTarget& target, Instant end) {
  std::vector<Pause> list;
  for (std::size_t i = 0; i + 2 < target.pauses.size(); i += kRow) {
    const Instant from = std::max(Instant{target.pauses[i]}, target.start);
    const Instant to =
        target.pauses[i + 1] == 0 ? end : std::min(Instant{target.pauses[i + 1]}, end);
    if (from < to) list.push_back({from, to});
  }
  std::sort(list.begin(), list.end(),
            [](const Pause& a, const Pause& b) { return a.from < b.from; });
  std::vector<Pause> merged;
  for (const Pause& pause : list) {
    if (!merged.empty() && pause.from <= merged.back().to)
      merged.back().to = std::max(merged.back().to, pause.to);
    else
      merged.push_back(pause);
  }
  return merged;
}

// Walks over the pauses: the budget is used up outside of them.
Instant due_of(const SlaTarget& target, const Calendar& calendar) {
  std::int64_t left = target.budget_minutes * kMsPerMinute;
  Instant from = target.start;
  for (const Pause& pause : merged_pauses(target, {INT64_MAX})) {
    const std::int64_t open = business_ms(calendar, from, pause.from);
    if (open >= left) break;
    left -= open;
    from = pause.to;
  }
  return add_business_ms(calendar, from, left).value_or(Instant());
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
  const bool is_stopped = !target.stop.is_none() && target.stop <= now;
  const bool is_late = view.elapsed_ms > budget;
  if (!target.cancelled_at.is_none()) {
    view.status = SlaStatus::kCancelled;
  } else if (!is_stopped && is_paused(target)) {
    view.status = is_late ? SlaStatus::kBreached : SlaStatus::kPaused;
    view.paused_for = static_cast<WaitReason>(target.pauses.back());
    return view;
  } else if (is_stopped) {
    view.status = is_late ? SlaStatus::kMetLate : SlaStatus::kMet;
  } else if (is_late) {
    view.status = SlaStatus::kBreached;
  } else {
    view.status = view.used_bp >= kAtRiskBp ? SlaStatus::kAtRisk : SlaStatus::kRunning;
  }
  view.due = due_of(target, calendar);
  return view;
}

}  // namespace foyer
