#include "foyer/rules/calendar.h"

#include <algorithm>

namespace foyer {
namespace {

constexpr std::int64_t kDaysMax = 3660;
constexpr std::int64_t kWeek = 7;

struct Span {
  Instant from, to;
};

std::int64_t day_of(std::int64_t local_ms) {
  return local_ms >= 0 ? local_ms / kMsPerDay : -((-local_ms + kMsPerDay - 1) / kMsPerDay);
}

std::int64_t local_day(const Calendar& calendar, Instant at) {
  return day_of(at.ms + offset_minutes(calendar, at) * kMsPerMinute);
}

// The instant of a local wall-clock time. A time that a spring change skips is the moment of the
// change; of a time that an autumn change repeats the first is meant.
Instant to_instant(const Calendar& calendar, std::int64_t day, std::int64_t minute) {
  const std::int64_t local = day * kMsPerDay + minute * kMsPerMinute;
  const auto& rows = calendar.transitions;
  if (rows.size() < 2) return {local};
  std::int64_t offset = rows[1];
  for (std::size_t i = 2; i + 1 < rows.size(); i += 2) {
    const std::int64_t at = rows[i], before = offset, after = rows[i + 1];
    // Wall-clock times before the change (of the old offset) end at `at`.
    if (local - before * kMsPerMinute < at) break;
    if (local - after * kMsPerMinute < at) return {at};  // skipped by the change
    offset = after;
  }
  return {local - offset * kMsPerMinute};
}

// The open spans of one local day, ascending.
std::vector<Span> open_spans(const Calendar& calendar, std::int64_t day) {
  std::vector<Span> spans;
  bool is_exception = false;
  const auto add = [&](std::int64_t from, std::int64_t to) {
    if (to <= from) return;
    const Span span{to_instant(calendar, day, from), to_instant(calendar, day, to)};
    const auto starts_later = [](Instant at, const Span& other) { return at < other.from; };
    spans.insert(std::upper_bound(spans.begin(), spans.end(), span.from, starts_later), span);
  };
  const auto& exceptions = calendar.exceptions;
  for (std::size_t i = 0; i + 2 < exceptions.size(); i += 3)
    if (exceptions[i] == day) {
      is_exception = true;
      add(exceptions[i + 1], exceptions[i + 2]);
    }
  if (!is_exception)
    for (std::size_t i = 0; i + 2 < calendar.intervals.size(); i += 3)
      if (calendar.intervals[i] == weekday_of(day))
        add(calendar.intervals[i + 1], calendar.intervals[i + 2]);
  return spans;
}

std::int64_t open_ms(const Calendar& calendar, std::int64_t day) {
  std::int64_t total = 0;
  for (const Span& span : open_spans(calendar, day)) total += span.to - span.from;
  return total;
}

// How many whole weeks from `day` on, ended before `end`, go by the intervals alone: without an
// exception and with no change of the clocks in them or on the day beside them.
std::int64_t plain_weeks(const Calendar& calendar, std::int64_t day, std::int64_t end) {
  for (std::size_t i = 0; i + 2 < calendar.exceptions.size(); i += 3)
    if (calendar.exceptions[i] >= day) end = std::min(end, calendar.exceptions[i]);
  const auto& rows = calendar.transitions;
  for (std::size_t i = 2; i + 1 < rows.size(); i += 2) {
    const std::int64_t change = day_of(rows[i] + rows[i - 1] * kMsPerMinute);
    if (change + 1 >= day) end = std::min(end, change - 1);
  }
  return std::max<std::int64_t>(end - day, 0) / kWeek;
}

}  // namespace

std::int64_t offset_minutes(const Calendar& calendar, Instant at) {
  const auto& rows = calendar.transitions;
  if (rows.size() < 2) return 0;
  std::int64_t offset = rows[1];
  for (std::size_t i = 2; i + 1 < rows.size() && rows[i] <= at.ms; i += 2) offset = rows[i + 1];
  return offset;
}

// Both walk one day further than the two dates: where clocks go back over midnight, an instant's
// own date is not always the one whose hours it falls into.
std::int64_t business_ms(const Calendar& calendar, Instant from, Instant to) {
  if (to <= from) return 0;
  std::int64_t total = 0;
  const std::int64_t first = local_day(calendar, from) - 1, last = local_day(calendar, to) + 1;
  for (std::int64_t day = first; day <= last; ++day) {
    // Days that lie between for certain need not be looked at one by one.
    const std::int64_t weeks = day > first + 2 ? plain_weeks(calendar, day, last - 2) : 0;
    if (weeks > 0) {
      std::int64_t week_ms = 0;
      for (std::int64_t i = 0; i < kWeek; ++i) week_ms += open_ms(calendar, day + i);
      total += weeks * week_ms;
      day += weeks * kWeek - 1;
      continue;
    }
    for (const Span& span : open_spans(calendar, day)) {
      const Instant begin = std::max(span.from, from), end = std::min(span.to, to);
      if (begin < end) total += end - begin;
    }
  }
  return total;
}

std::optional<Instant> add_business_ms(const Calendar& calendar, Instant from, std::int64_t ms) {
  if (ms <= 0) return from;
  const std::int64_t first = local_day(calendar, from) - 1;
  for (std::int64_t day = first; day <= first + kDaysMax; ++day)
    for (const Span& span : open_spans(calendar, day)) {
      const Instant begin = std::max(span.from, from);
      if (begin >= span.to) continue;
      if (span.to - begin >= ms) return begin + ms;
      ms -= span.to - begin;
    }
  return std::nullopt;
}

}  // namespace foyer
