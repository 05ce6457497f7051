// Dates, times and money in people's languages and zones, and the transitions of a zone. The only
// file (with its .cc) that knows ICU. Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "foyer/base/instant.h"
#include "foyer/base/money.h"

namespace foyer::server {

struct InstantFormat {
  std::string_view zone;      // IANA name; unknown or empty: UTC
  std::string_view language;  // BCP 47; unknown: English
  std::string_view style;     // "date", "time", "datetime"
  Instant now;                // what "today" is measured against
};
// "today, 14:30", "Mon, 30 Nov 2026, 09:00"; empty for no instant.
std::string format_instant(Instant at, const InstantFormat& format);
// "1.054,50 €"; empty for no amount.
std::string format_money(Money amount, std::string_view language);

bool is_known_zone(std::string_view zone);
// Rows of two for Calendar::transitions: UTC ms from which an offset holds, offset in minutes; the
// first row holds from before `from`. Empty for an unknown zone.
std::vector<std::int64_t> zone_transitions(std::string_view zone, Instant from, Instant to);

// The best of `available` for an Accept-Language header; the first of them when none fits.
std::string choose_language(std::string_view accept_language,
                            const std::vector<std::string>& available);

}  // namespace foyer::server
