// Points in time and civil dates. Not a clock: nothing here knows what time it is.
// Invariant: an Instant is UTC milliseconds since 1970; 0 means "none".
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace foyer {

inline constexpr std::int64_t kMsPerSecond = 1000;
inline constexpr std::int64_t kMsPerMinute = 60 * kMsPerSecond;
inline constexpr std::int64_t kMsPerHour = 60 * kMsPerMinute;
inline constexpr std::int64_t kMsPerDay = 24 * kMsPerHour;

struct Instant {
  std::int64_t ms = 0;

  constexpr bool is_none() const { return ms == 0; }
  friend constexpr auto operator<=>(const Instant&, const Instant&) = default;
  friend constexpr Instant operator+(Instant at, std::int64_t ms) { return {at.ms + ms}; }
  friend constexpr Instant operator-(Instant at, std::int64_t ms) { return {at.ms - ms}; }
  constexpr Instant& operator+=(std::int64_t ms_more) {
    ms += ms_more;
    return *this;
  }
  friend constexpr std::int64_t operator-(Instant a, Instant b) { return a.ms - b.ms; }
};

// Proleptic Gregorian. month 1-12, day 1-31.
struct CivilTime {
  std::int64_t year = 1970;
  int month = 1, day = 1, hour = 0, minute = 0, second = 0, ms = 0;
  friend bool operator==(const CivilTime&, const CivilTime&) = default;
};

// Days since 1970-01-01. Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
std::int64_t days_from_civil(std::int64_t year, int month, int day);
CivilTime to_civil(Instant instant);
Instant from_civil(const CivilTime& civil);
// True if the date exists and the time of day is in range (no leap seconds).
bool is_valid(const CivilTime& civil);
// 0 = Monday ... 6 = Sunday (ISO 8601), for a day number as of days_from_civil.
int weekday_of(std::int64_t days);

// "2026-11-26T19:35:13.250Z"; milliseconds only if not zero.
std::string to_iso(Instant instant);
// The form of to_iso, with Z or a numeric offset; a bare date is midnight UTC. Else nothing.
std::optional<Instant> parse_iso(std::string_view text);

}  // namespace foyer
