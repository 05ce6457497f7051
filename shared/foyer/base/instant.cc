#include "foyer/base/instant.h"

#include <array>

namespace foyer {
namespace {

constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - ((a % b != 0 && (a < 0) != (b < 0)) ? 1 : 0);
}

constexpr bool is_leap(std::int64_t year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

constexpr int days_in_month(std::int64_t year, int month) {
  constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : days[static_cast<std::size_t>(month - 1)];
}

void append_padded(std::string& out, std::int64_t value, std::size_t width) {
  std::string digits = std::to_string(value);
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out.append(digits);
}

// Reads exactly `width` digits and moves past them.
bool take_digits(std::string_view& text, std::size_t width, int& value) {
  if (text.size() < width) return false;
  value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(width);
  return true;
}

bool take_char(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

bool take_fraction(std::string_view& text, int& ms) {
  int scale = 100;
  std::size_t count = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    ms += (text.front() - '0') * scale;
    scale /= 10;
    ++count;
    text.remove_prefix(1);
  }
  return count > 0;
}

bool take_offset(std::string_view& text, std::int64_t& offset_ms) {
  if (take_char(text, 'Z') || take_char(text, 'z')) return true;
  const bool negative = !text.empty() && text.front() == '-';
  if (!take_char(text, '+') && !take_char(text, '-')) return false;
  int hours = 0, minutes = 0;
  if (!take_digits(text, 2, hours)) return false;
  take_char(text, ':');
  if (!take_digits(text, 2, minutes) || hours > 23 || minutes > 59) return false;
  offset_ms = (hours * kMsPerHour + minutes * kMsPerMinute) * (negative ? -1 : 1);
  return true;
}

}  // namespace

std::int64_t days_from_civil(std::int64_t year, int month, int day) {
  year -= month <= 2;
  const std::int64_t era = floor_div(year, 400);
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

CivilTime to_civil(Instant instant) {
  const std::int64_t days = floor_div(instant.ms, kMsPerDay);
  const std::int64_t rest = instant.ms - days * kMsPerDay;
  const std::int64_t shifted = days + 719468;
  const std::int64_t era = floor_div(shifted, 146097);
  const std::int64_t doe = shifted - era * 146097;
  const std::int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const std::int64_t mp = (5 * doy + 2) / 153;
  CivilTime civil;
  civil.day = static_cast<int>(doy - (153 * mp + 2) / 5 + 1);
  civil.month = static_cast<int>(mp < 10 ? mp + 3 : mp - 9);
  civil.year = yoe + era * 400 + (civil.month <= 2);
  civil.hour = static_cast<int>(rest / kMsPerHour);
  civil.minute = static_cast<int>(rest / kMsPerMinute % 60);
  civil.second = static_cast<int>(rest / kMsPerSecond % 60);
  civil.ms = static_cast<int>(rest % 1000);
  return civil;
}

Instant from_civil(const CivilTime& civil) {
  return {days_from_civil(civil.year, civil.month, civil.day) * kMsPerDay +
          civil.hour * kMsPerHour + civil.minute * kMsPerMinute + civil.second * kMsPerSecond +
          civil.ms};
}

bool is_valid(const CivilTime& civil) {
  return civil.year >= 1 && civil.year <= 9999 && civil.month >= 1 && civil.month <= 12 &&
         civil.day >= 1 && civil.day <= days_in_month(civil.year, civil.month) &&
         civil.hour >= 0 && civil.hour <= 23 && civil.minute >= 0 && civil.minute <= 59 &&
         civil.second >= 0 && civil.second <= 59 && civil.ms >= 0 && civil.ms <= 999;
}

int weekday_of(std::int64_t days) {
  const std::int64_t monday_based = (days + 3) % 7;  // 1970-01-01 was a Thursday
  return static_cast<int>(monday_based < 0 ? monday_based + 7 : monday_based);
}

std::string to_iso(Instant instant) {
  const CivilTime civil = to_civil(instant);
  std::string out;
  append_padded(out, civil.year, 4);
  const std::array<std::pair<char, int>, 5> parts{{{'-', civil.month},
                                                   {'-', civil.day},
                                                   {'T', civil.hour},
                                                   {':', civil.minute},
                                                   {':', civil.second}}};
  for (const auto& [separator, value] : parts) {
    out.push_back(separator);
    append_padded(out, value, 2);
  }
  if (civil.ms != 0) {
    out.push_back('.');
    append_padded(out, civil.ms, 3);
  }
  out.push_back('Z');
  return out;
}

std::optional<Instant> parse_iso(std::string_view text) {
  CivilTime civil;
  int year = 0;
  if (!take_digits(text, 4, year) || !take_char(text, '-') || !take_digits(text, 2, civil.month) ||
      !take_char(text, '-') || !take_digits(text, 2, civil.day))
    return std::nullopt;
  civil.year = year;
  std::int64_t offset_ms = 0;
  if (!text.empty()) {
    if (!take_char(text, 'T') && !take_char(text, ' ')) return std::nullopt;
    if (!take_digits(text, 2, civil.hour) || !take_char(text, ':') ||
        !take_digits(text, 2, civil.minute))
      return std::nullopt;
    if (take_char(text, ':') && !take_digits(text, 2, civil.second)) return std::nullopt;
    if (take_char(text, '.') && !take_fraction(text, civil.ms)) return std::nullopt;
    if (!take_offset(text, offset_ms) || !text.empty()) return std::nullopt;
  }
  if (!is_valid(civil)) return std::nullopt;
  return from_civil(civil) - offset_ms;
}

}  // namespace foyer
