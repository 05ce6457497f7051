#include "foyer/rules/entitlement.h"

#include <map>
#include <tuple>

namespace foyer {
namespace {

bool is_in_force(const Reader& reader, const Entitlement& row, Instant at) {
  if (at < row.starts_on || at >= row.ends_on) return false;
  if (row.contract.is_null()) return true;
  const auto contract = get(reader, row.contract);
  return contract && contract->state == ContractState::kActive;
}

std::optional<Match> score(const Reader& reader, const Entitlement& row, const Case& wanted) {
  Match match{row, 1, "match.account"};
  if (!row.contract.is_null()) {
    match.score += 4;
    match.reason = "match.contract";
  }
  if (!row.asset.is_null()) {
    if (row.asset != wanted.asset) return std::nullopt;
    match.score += 3;
    match.reason = "match.asset";
  }
  if (!row.product.is_null()) {
    const auto asset = get(reader, wanted.asset);
    if (!asset || asset->product != row.product) return std::nullopt;
    match.score += 2;
    match.reason = "match.product";
  }
  return match;
}

}  // namespace

Balance balance_of(const std::vector<EntitlementEntry>& entries) {
  Balance balance;
  std::map<Uuid, std::int64_t> open;  // reserved per source
  for (const EntitlementEntry& entry : entries)
    if (entry.kind == LedgerKind::kReserve) open[entry.source] += entry.quantity;
  for (const EntitlementEntry& entry : entries) {
    switch (entry.kind) {
      case LedgerKind::kGrant: balance.granted += entry.quantity; break;
      case LedgerKind::kAdjust: balance.adjusted += entry.quantity; break;
      case LedgerKind::kExpire: balance.expired += entry.quantity; break;
      case LedgerKind::kConsume:
        balance.consumed += entry.quantity;
        open.erase(entry.source);
        break;
      case LedgerKind::kRelease: open.erase(entry.source); break;
      case LedgerKind::kReserve: break;
    }
  }
  for (const auto& [source, quantity] : open) balance.reserved += quantity;
  return balance;
}

std::optional<Match> match_entitlement(const Reader& reader, const Case& wanted) {
  std::optional<Match> best;
  const auto rank = [&](const Match& match) {
    const auto entries = find<&EntitlementEntry::entitlement>(reader, match.entitlement.id);
    return std::tuple(-match.score, match.entitlement.ends_on, -balance_of(entries).available(),
                      match.entitlement.id);
  };
  for (const Entitlement& row : find<&Entitlement::account>(reader, wanted.account)) {
    if (!is_in_force(reader, row, wanted.opened_at)) continue;
    auto match = score(reader, row, wanted);
    if (match && (!best || rank(*match) < rank(*best))) best = std::move(match);
  }
  return best;
}

}  // namespace foyer
