// Addresses of the staff portal. Invariant: parse(format(r)) = r.
#pragma once

#include <string>
#include <string_view>

#include "foyer/view/staff_cases.h"

namespace foyer {

enum class Screen : std::uint8_t { kCases, kAccounts, kOutbox };
template <>
inline constexpr auto kNames<Screen> =
    std::array<std::string_view, 3>{"cases", "accounts", "outbox"};

struct PortalRoute {
  Screen screen = Screen::kCases;
  Uuid selected;  // case or account; null: none
  QueueFilter filter = QueueFilter::kOpen;
  friend bool operator==(const PortalRoute&, const PortalRoute&) = default;
};

// "/staff/cases/<id>?show=mine"; an address that is none is the start.
std::string format(const PortalRoute& route);
PortalRoute parse_route(std::string_view path_and_query);

}  // namespace foyer
