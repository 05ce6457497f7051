#include "foyer/view/staff_accounts.h"

#include "shared/view/demo_rows.h"

namespace foyer {
namespace {

class StaffAccounts : public testing::Test {
 protected:
  std::optional<AccountView> view(Id<Account> id) const {
    return account_view(demo.store, id, DemoRows::kStart, words);
  }
  // One whose contract has an entitlement with entries.
  Id<Account> covered() const {
    for (const Entitlement& row : all<Entitlement>(demo.store))
      if (!row.contract.is_null() &&
          find<&EntitlementEntry::entitlement>(demo.store, row.id).size() > 1)
        return row.account;
    return {};
  }
  DemoRows demo;
  PlainWords words;
};

TEST_F(StaffAccounts, ContractsShowTheirLinesAndWhatIsLeft) {
  const auto account = view(covered());
  ASSERT_TRUE(account);
  ASSERT_FALSE(account->contracts.empty());
  const ContractRow& contract = account->contracts.front();
  EXPECT_EQ(contract.tone, Tone::kGood) << contract.state;
  ASSERT_FALSE(contract.lines.empty());
  EXPECT_FALSE(contract.lines.front().name.empty());
  std::size_t entries = 0;
  for (const EntitlementRow& row : contract.entitlements) {
    EXPECT_NE(row.left.find(" left"), std::string::npos) << row.left;
    EXPECT_LE(row.part_left, 1000);
    entries += row.entries.size();
  }
  EXPECT_GT(entries, 0u);
}

TEST_F(StaffAccounts, WhatIsUsedUpIsSaid) {
  Entitlement cover;
  for (const Entitlement& row : all<Entitlement>(demo.store))
    if (!row.contract.is_null() && row.unit == EntitlementUnit::kCase) cover = row;
  ASSERT_FALSE(cover.id.is_null());
  const auto left = [&] {
    const auto account = view(cover.account);
    for (const ContractRow& contract : account->contracts)
      for (const EntitlementRow& row : contract.entitlements)
        if (row.id == cover.id) return row;
    return EntitlementRow();
  };
  const EntitlementRow before = left();
  EntitlementEntry use;
  use.id = Id<EntitlementEntry>(derive_uuid(Uuid(), "all of it"));
  use.entitlement = cover.id;
  use.kind = LedgerKind::kConsume;
  use.quantity = 1000;
  use.at = DemoRows::kStart;
  put(demo.store, use);
  const EntitlementRow after = left();
  EXPECT_EQ(after.part_left, 0);
  EXPECT_EQ(after.tone, Tone::kLate);
  EXPECT_NE(before.left, after.left);
  EXPECT_EQ(after.entries.front().quantity, "1000 cases");
}

TEST_F(StaffAccounts, AContractNearItsEndSaysSo) {
  auto row = all<ServiceContract>(demo.store).front();
  row.state = ContractState::kActive;
  row.starts_on = {DemoRows::kStart.ms - 100 * kMsPerDay};
  const auto state = [&](std::int64_t days) {
    row.ends_on = {DemoRows::kStart.ms + days * kMsPerDay};
    put(demo.store, row);
    const auto account = view(row.account);
    for (const ContractRow& contract : account->contracts)
      if (contract.id == row.id) return contract.state;
    return std::string();
  };
  EXPECT_EQ(state(200), "Active");
  EXPECT_EQ(state(30), "Ends in 30 days");
  EXPECT_EQ(state(1), "Ends in 1 day");
  EXPECT_EQ(state(-1), "Over");
}

TEST_F(StaffAccounts, ContactsAndCasesAreThere) {
  std::size_t contacts = 0, cases = 0;
  for (const Account& row : all<Account>(demo.store)) {
    const auto account = view(row.id);
    ASSERT_TRUE(account);
    EXPECT_EQ(account->name, row.name);
    contacts += account->contacts.size();
    cases += account->case_count;
  }
  EXPECT_EQ(contacts, demo.store.count(entity_of<Contact>()));
  EXPECT_EQ(cases, demo.store.count(entity_of<Case>()));
  EXPECT_FALSE(view({}).has_value());
}

}  // namespace
}  // namespace foyer
