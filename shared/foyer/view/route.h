// Addresses of the staff portal. Invariant: parse(format(r)) = r.
#pragma once

#include <string>
#include <string_view>

#include "foyer/view/ratings.h"

namespace foyer {

enum class Screen : std::uint8_t {
  kCases, kAccounts, kArrivals, kRatings, kUntaken, kKiosks, kConflicts, kImport, kOutbox,
};
template <>
inline constexpr auto kNames<Screen> =
    std::array<std::string_view, 9>{"cases",   "accounts", "arrivals",  "ratings", "untaken",
                                    "kiosks",  "conflicts", "import",   "outbox"};

struct PortalRoute {
  Screen screen = Screen::kCases;
  Uuid selected;    // the row that is shown; null: none
  QueueQuery query;  // of the cases; of accounts its text, of arrivals its filter alone
  RatingFilter ratings = RatingFilter::kAll;
  friend bool operator==(const PortalRoute&, const PortalRoute&) = default;
};

// "/staff/cases/<id>?show=mine&sort=priority,-number&q=lift"; an address that is none is the start,
// a part of a query that is none is left out. No order twice; at most kSortsMax of them.
inline constexpr std::size_t kSortsMax = 8;
std::string format(const PortalRoute& route);
PortalRoute parse_route(std::string_view path_and_query);

// A text as a part of a path or query, and back; what is not well encoded is nothing.
std::string encode_address_part(std::string_view text);
std::string decode_address_part(std::string_view encoded);

}  // namespace foyer
