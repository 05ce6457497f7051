// Business time: how long a calendar's doors were open between two instants, and when a given
// amount of it will have passed. Pure arithmetic over the calendar's rows; no tz database, no
// clock. Invariants: business_ms is additive over adjacent intervals; add_business_ms inverts it.
#pragma once

#include <optional>

#include "foyer/model/service.h"

namespace foyer {

// Offset of local time from UTC at an instant, in minutes.
std::int64_t offset_minutes(const Calendar& calendar, Instant at);

// Open milliseconds within [from, to); 0 if to <= from. O(days near either end,
// an exception or a change of the clocks).
std::int64_t business_ms(const Calendar& calendar, Instant from, Instant to);

// The earliest instant t >= from with business_ms(from, t) = ms. Nothing if the calendar does not
// open for that long within ten years (a calendar without an hour, for one).
std::optional<Instant> add_business_ms(const Calendar& calendar, Instant from, std::int64_t ms);

}  // namespace foyer
