// Values as other systems write them: dates in either order, yes and no in any case, "?" for
// unknown, "3 - Moderate". Knows no entity.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foyer/base/instant.h"

namespace foyer::server {

// Trimmed; empty for "?", "-", "n/a", "null" and the like.
std::string_view known_text(std::string_view cell);

// true, yes, y, 1, wahr, oui and their opposites, in any case.
std::optional<bool> parse_yes_no(std::string_view cell);

// "1054", "1,054", "1.054,50", "$ 3 200.5": the number times 10^decimals, rounded never: more
// decimals than that are nothing. A single comma followed by exactly three digits groups; a single
// point never does, so that "1.054" is an error where no fraction is expected, not a guess.
std::optional<std::int64_t> parse_number(std::string_view cell, int decimals);

enum class DateOrder : std::uint8_t { kMonthFirst, kDayFirst, kYearFirst };

// The order that all `cells` allow; when several do, month first if `prefer` says so. Nothing if no
// order fits them all.
std::optional<DateOrder> find_date_order(const std::vector<std::string_view>& cells,
                                         DateOrder prefer);

// The same, but when no order fits all (one bad cell among good ones): the one that fits most.
DateOrder usual_date_order(const std::vector<std::string_view>& cells, DateOrder prefer);

// "10/20/2016", "29.2.2016 01:16", "2016-02-29T01:16:05Z" in the given order, any of the
// separators / - . and one or two digits; read as UTC.
std::optional<Instant> parse_date(std::string_view cell, DateOrder order);

// "3 - Moderate" -> 3; "Moderate" and "" are nothing.
std::optional<std::int64_t> leading_number(std::string_view cell);

// Equal for "GTXPro", "GTX Pro" and "gtx-pro": letters and digits only, lower case.
std::string loose_key(std::string_view text);

}  // namespace foyer::server
