#include "foyer/rules/next_update.h"

#include <algorithm>

#include "foyer/base/sort.h"

namespace foyer {
namespace {

Instant end_of(const SlaTarget& target) {
  if (!target.stop.is_none()) return target.stop;
  return target.cancelled_at.is_none() ? Instant{INT64_MAX} : target.cancelled_at;
}

}  // namespace

bool is_running(const SlaTarget& target) {
  return target.stop.is_none() && target.cancelled_at.is_none();
}

std::vector<SlaTarget> keep_next_update(std::vector<SlaTarget> stretches, SlaTarget fresh,
                                        Rearm rearm) {
  const Instant at = fresh.start;
  sort_list(stretches, [](const SlaTarget& a, const SlaTarget& b) { return a.start < b.start; });
  const auto next = std::find_if(stretches.begin(), stretches.end(),
                                 [&](const SlaTarget& row) { return row.start >= at; });
  // Two words of one instant are one.
  if (next != stretches.end() && next->start == at) return {};
  std::vector<SlaTarget> changed;
  if (next != stretches.begin() && at < end_of(next[-1])) {  // a word within a stretch splits it
    SlaTarget& before = next[-1];
    fresh.stop = before.stop;
    fresh.cancelled_at = before.cancelled_at;
    fresh.pauses = before.pauses;
    before.stop = at;
    before.cancelled_at = {};
    changed.push_back(std::move(before));
  } else if (next == stretches.begin() && next != stretches.end()) {
    fresh.stop = next->start;  // said before what was thought to be the first reply
  } else if (next != stretches.end() || rearm == Rearm::kNo) {
    return {};  // said while the case was solved
  }
  if (fresh.budget_minutes > 0) changed.push_back(std::move(fresh));
  return changed;
}

}  // namespace foyer
