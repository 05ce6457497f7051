#include "foyer/rules/entitlement.h"

#include <gtest/gtest.h>

#include "shared/command/desk.h"

namespace foyer {
namespace {

EntitlementEntry entry(LedgerKind kind, std::int64_t quantity, std::string_view source) {
  EntitlementEntry row;
  row.kind = kind;
  row.quantity = quantity;
  row.source = derive_uuid({}, source);
  return row;
}

TEST(Entitlement, AReserveIsOpenUntilItsSourceConsumesOrReleases) {
  std::vector<EntitlementEntry> ledger{entry(LedgerKind::kGrant, 10, "contract"),
                                       entry(LedgerKind::kReserve, 1, "a"),
                                       entry(LedgerKind::kReserve, 1, "b"),
                                       entry(LedgerKind::kReserve, 1, "c")};
  EXPECT_EQ(balance_of(ledger).available(), 7);
  ledger.push_back(entry(LedgerKind::kConsume, 1, "a"));
  ledger.push_back(entry(LedgerKind::kRelease, 1, "b"));
  EXPECT_EQ(balance_of(ledger).available(), 8);
  EXPECT_EQ(balance_of(ledger).reserved, 1);
  ledger.push_back(entry(LedgerKind::kExpire, 8, "year"));
  ledger.push_back(entry(LedgerKind::kAdjust, -1, "mistake"));
  EXPECT_EQ(balance_of(ledger).available(), -1);
}

TEST(Entitlement, TheMoreExactMatchWinsAndSaysWhy) {
  Desk desk;
  Case row;
  row.account = desk.account;
  row.asset = desk.id<Asset>("lift");
  row.opened_at = desk.now;
  const auto add = [&](std::string_view name, Id<Asset> asset) {
    Entitlement entitlement;
    entitlement.id = desk.id<Entitlement>(name);
    entitlement.account = desk.account;
    entitlement.asset = asset;
    entitlement.starts_on = desk.now - kMsPerDay;
    entitlement.ends_on = desk.now + kMsPerDay;
    put(desk.store, entitlement);
  };
  EXPECT_FALSE(match_entitlement(desk.store, row));
  add("any", {});
  add("other asset", desk.id<Asset>("door"));
  EXPECT_EQ(match_entitlement(desk.store, row)->reason, "match.account");
  add("this asset", row.asset);
  EXPECT_EQ(match_entitlement(desk.store, row)->reason, "match.asset");
  row.opened_at = desk.now + kMsPerDay;  // the first instant no longer covered
  EXPECT_FALSE(match_entitlement(desk.store, row));
}

}  // namespace
}  // namespace foyer
