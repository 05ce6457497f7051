// Entitlements: which one covers a case, and how much is left of it (domain.md, section 5).
#pragma once

#include <optional>
#include <vector>

#include "foyer/model/service.h"
#include "foyer/model/store.h"

namespace foyer {

// available = grants + adjusts - expired - consumed - open reserves.
struct Balance {
  std::int64_t granted = 0, adjusted = 0, expired = 0, consumed = 0, reserved = 0;
  std::int64_t available() const { return granted + adjusted - expired - consumed - reserved; }
};
// A reserve is open until its source consumes or releases.
Balance balance_of(const std::vector<EntitlementEntry>& entries);

struct Match {
  Entitlement entitlement;
  std::int64_t score = 0;  // contract 4 + asset 3 + product 2 + account 1 (ServiceNow's weights)
  std::string reason;      // message key: which of them fitted
};
// The best one that is in force at `row.opened_at`. Ties: earliest end, most left, id.
std::optional<Match> match_entitlement(const Reader& reader, const Case& row);

}  // namespace foyer
