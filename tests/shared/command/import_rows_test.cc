#include "foyer/command/import_rows.h"

#include <gtest/gtest.h>

#include "foyer/command/save_record.h"
#include "foyer/schema/binary.h"
#include "shared/command/desk.h"

namespace foyer {
namespace {

std::string rows_of(const Desk& desk, std::string_view tier) {
  std::string rows;
  Account changed;
  changed.id = desk.account;
  changed.tier = tier;
  append_import_row(rows, entity_of<Account>(), encode(changed));
  Account added;
  added.id = desk.id<Account>("imported");
  added.name = "Imported";
  append_import_row(rows, entity_of<Account>(), encode(added));
  return rows;
}

ImportRun import(Desk& desk, std::string_view name, const std::string& rows) {
  const auto run = desk.id<ImportRun>(name);
  EXPECT_TRUE(desk.run(desk.lead, StartImport{run, "accounts", "a.csv", 0, {}}));
  EXPECT_TRUE(desk.run(desk.lead, ImportRows{run, {rows}, {}}));
  EXPECT_TRUE(desk.run(desk.lead, FinishImport{run, {}}));
  return *get(desk.store, run);
}

TEST(ImportRows, CountsWhatItDidAndDoesNothingTheSecondTime) {
  Desk desk;
  const ImportRun first = import(desk, "1", rows_of(desk, "gold"));
  EXPECT_EQ(first.created, 1);
  EXPECT_EQ(first.updated, 1);
  EXPECT_EQ(get(desk.store, desk.account)->name, "Acme");  // not in the file: kept
  const ImportRun second = import(desk, "2", rows_of(desk, "gold"));
  EXPECT_EQ(second.created + second.updated, 0);
  EXPECT_EQ(second.unchanged, 2);
}

TEST(ImportRows, UndoRestoresAndLeavesAloneWhatWasChangedSince) {
  Desk desk;
  const std::string before = encode(*get(desk.store, desk.account));
  const auto run = import(desk, "1", rows_of(desk, "gold")).id;
  Account edited = *get(desk.store, desk.id<Account>("imported"));
  edited.segment = "Edited by hand";
  put(desk.store, edited);
  ASSERT_TRUE(desk.run(desk.lead, UndoImport{run, {}}));
  EXPECT_EQ(encode(*get(desk.store, desk.account)), before);
  EXPECT_TRUE(exists(desk.store, edited.id));
  EXPECT_EQ(get(desk.store, run)->kept, 1);
  EXPECT_EQ(desk.refusal(desk.lead, UndoImport{run, {}}), "already_done");
}

TEST(ImportRows, ARowThatItsAuthorMayNotReadIsNotOverwritten) {
  Desk desk;
  ASSERT_TRUE(desk.run(desk.agent, desk.opening("case")));
  Case changed = *get(desk.store, desk.id<Case>("case"));
  ASSERT_FALSE(exists(ScopedReader(desk.store, desk.admin), changed.id));
  const std::string before = encode(changed);
  changed.subject = "Overwritten";
  std::string rows;
  append_import_row(rows, entity_of<Case>(), encode(changed));
  const auto run = desk.id<ImportRun>("1");
  ASSERT_TRUE(desk.run(desk.admin, StartImport{run, "incidents", "a.csv", 0, {}}));
  EXPECT_EQ(desk.refusal(desk.admin, ImportRows{run, {rows}, {}}), "already_done");
  EXPECT_EQ(encode(*get(desk.store, changed.id)), before);
}

TEST(ImportRows, NobodyPromotesThemselvesByAFile) {
  Desk desk;
  const auto run = desk.id<ImportRun>("1");
  ASSERT_TRUE(desk.run(desk.lead, StartImport{run, "users", "a.csv", 0, {}}));
  const auto import_of = [&](const User& user) {
    std::string rows;
    append_import_row(rows, entity_of<User>(), encode(user));
    return ImportRows{run, {rows}, {}};
  };
  const User me = *get(desk.store, desk.lead.user);
  User more = me;
  more.roles.add(Role::kAdmin);
  EXPECT_EQ(desk.refusal(desk.lead, import_of(more)), "role");
  more = me;
  more.email = "other@desk.example";
  EXPECT_EQ(desk.refusal(desk.lead, import_of(more)), "role");
  more = me;
  more.roles.add(Role::kServer);
  EXPECT_EQ(desk.refusal(desk.admin, import_of(more)), "not_a_persons_role");
  more = me;
  more.roles.add(Role::kSales);
  more.team = "West";
  EXPECT_TRUE(desk.run(desk.lead, import_of(more)));
  EXPECT_EQ(get(desk.store, me.id)->team, "West");
}

TEST(ImportRows, RefusesDamagedForbiddenAndUnfitRowsWhole) {
  Desk desk;
  const auto run = desk.id<ImportRun>("1");
  ASSERT_TRUE(desk.run(desk.lead, StartImport{run, "accounts", "a.csv", 0, {}}));
  const std::string before = desk.store.digest();
  const std::string good = rows_of(desk, "gold");
  EXPECT_EQ(desk.refusal(desk.lead, ImportRows{run, {good.substr(0, good.size() - 1)}, {}}), "row");
  std::string forbidden;
  append_import_row(forbidden, entity_of<EntitlementEntry>(), "x");
  EXPECT_EQ(desk.refusal(desk.lead, ImportRows{run, {forbidden}, {}}), "not_importable");
  std::string nameless = good;
  Account row;
  row.id = desk.id<Account>("nameless");
  append_import_row(nameless, entity_of<Account>(), encode(row));
  EXPECT_EQ(desk.refusal(desk.lead, ImportRows{run, {nameless}, {}}), "required");
  EXPECT_EQ(desk.refusal(desk.agent, ImportRows{run, {good}, {}}), "role");
  EXPECT_EQ(desk.store.digest(), before);
}

}  // namespace
}  // namespace foyer
