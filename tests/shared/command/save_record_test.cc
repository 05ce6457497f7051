#include "foyer/command/save_record.h"

#include <gtest/gtest.h>

#include "foyer/command/resolve_conflict.h"
#include "foyer/schema/binary.h"
#include "shared/command/desk.h"

namespace foyer {
namespace {

template <class T>
SaveRecord saving(const T& row) {
  SaveRecord args;
  args.entity = Table<T>::name;
  args.row.data = encode(row);
  return args;
}

TEST(SaveRecord, OverlaysWhatItNamesAndKeepsTheRest) {
  Desk desk;
  Account row = *get(desk.store, desk.account);
  row.tier = "gold";
  ASSERT_TRUE(desk.run(desk.agent, saving(row)));
  Account change;
  change.id = desk.account;
  change.segment = "Health";
  ASSERT_TRUE(desk.run(desk.agent, saving(change)));
  EXPECT_EQ(get(desk.store, desk.account)->tier, "gold");
  EXPECT_EQ(get(desk.store, desk.account)->segment, "Health");
}

TEST(SaveRecord, WhatHasAProcessOfItsOwnIsNotEditable) {
  Desk desk;
  ASSERT_TRUE(desk.run(desk.customer, desk.opening("c")));
  EXPECT_EQ(desk.refusal(desk.lead, saving(desk.the_case("c"))), "not_editable");
}

TEST(SaveRecord, OnlyItsKeepersWriteIt) {
  Desk desk;
  User user = *get(desk.store, desk.agent.user);
  user.roles = {Role::kAdmin};
  EXPECT_EQ(desk.refusal(desk.agent, saving(user)), "role");  // nobody promotes themselves
  EXPECT_EQ(desk.refusal(desk.customer, saving(user)), "role");
  user.email = "priya@desk.example";
  EXPECT_EQ(desk.refusal(desk.admin, saving(user)), "already_used");
}

TEST(SaveRecord, ARowThatItsAuthorMayNotReadIsNotOverwritten) {
  Desk desk;
  Article draft;
  draft.id = Id<Article>(derive_uuid({}, "draft"));
  draft.version = 1;
  draft.title = "For the desk";
  draft.body = "Ring twice";
  ASSERT_TRUE(desk.run(desk.lead, saving(draft)));
  draft.title = "Overwritten";
  EXPECT_EQ(desk.refusal(desk.admin, saving(draft)), "already_done");
  EXPECT_EQ(get(desk.store, draft.id)->title, "For the desk");
}

TEST(SaveRecord, NoUserIsGivenAMachinesRole) {
  Desk desk;
  for (const Role role : {Role::kKiosk, Role::kServer}) {
    User user = *get(desk.store, desk.agent.user);
    user.roles.add(role);
    EXPECT_EQ(desk.refusal(desk.admin, saving(user)), "not_a_persons_role");
  }
}

struct Editing : Desk {
  SaveRecord edit(const Account& seen, const Account& mine) {
    SaveRecord args = saving(mine);
    args.seen.data = encode(seen);
    return args;
  }
  Account the_account() const { return *get(store, account); }
};

TEST(SaveRecord, TwoPeopleChangeDifferentFieldsAndBothSurvive) {
  Editing desk;
  const Account seen = desk.the_account();
  Account gold = seen, health = seen;
  gold.tier = "gold";
  health.segment = "Health";
  ASSERT_TRUE(desk.run(desk.agent, desk.edit(seen, gold)));
  ASSERT_TRUE(desk.run(desk.lead, desk.edit(seen, health)));
  EXPECT_EQ(desk.the_account().tier, "gold");
  EXPECT_EQ(desk.the_account().segment, "Health");
  EXPECT_TRUE(all<Conflict>(desk.store).empty());
}

TEST(SaveRecord, TheSameFieldIsAConflictAndTheOtherFieldsOfTheChangeMerge) {
  Editing desk;
  const Account seen = desk.the_account();
  Account gold = seen, silver = seen;
  gold.tier = "gold";
  silver.tier = "silver";
  silver.segment = "Health";
  ASSERT_TRUE(desk.run(desk.agent, desk.edit(seen, gold)));
  ASSERT_TRUE(desk.run(desk.lead, desk.edit(seen, silver)));
  EXPECT_EQ(desk.the_account().tier, "gold");
  EXPECT_EQ(desk.the_account().segment, "Health");
  ASSERT_EQ(all<Conflict>(desk.store).size(), 1u);
  const Conflict conflict = all<Conflict>(desk.store).front();
  EXPECT_EQ(conflict.field, "tier");
  EXPECT_EQ(decode<Account>(conflict.mine.data)->tier, "silver");
  EXPECT_EQ(decode<Account>(conflict.theirs.data)->tier, "gold");
  EXPECT_TRUE(decode<Account>(conflict.mine.data)->name.empty());
  EXPECT_EQ(conflict.theirs_by, "ana");
  ResolveConflict mine;
  mine.conflict = conflict.id;
  mine.choice = ConflictState::kMine;
  EXPECT_FALSE(desk.run(desk.customer, mine));
  ASSERT_TRUE(desk.run(desk.agent, mine));
  EXPECT_EQ(desk.the_account().tier, "silver");
  EXPECT_EQ(desk.the_account().segment, "Health");
}

TEST(SaveRecord, WithWhatWasSeenAFieldCanBeEmptied) {
  Editing desk;
  Account row = desk.the_account();
  row.segment = "Health";
  ASSERT_TRUE(desk.run(desk.agent, saving(row)));
  Account emptied = row;
  emptied.segment.clear();
  ASSERT_TRUE(desk.run(desk.agent, desk.edit(row, emptied)));
  EXPECT_TRUE(desk.the_account().segment.empty());
  EXPECT_EQ(desk.the_account().name, "Acme");
  std::string replaced;
  for (const ChangeNote& note : all<ChangeNote>(desk.store))
    if (!decode<Account>(note.before.data)->segment.empty())
      replaced = decode<Account>(note.before.data)->segment;
  EXPECT_EQ(replaced, "Health");
}

TEST(SaveRecord, RolesAreASetAndMerge) {
  Desk desk;
  const User seen = *get(desk.store, desk.agent.user);
  User one = seen, two = seen;
  one.roles.add(Role::kSales);
  two.roles = {Role::kSupervisor};
  for (const User& mine : {one, two}) {
    SaveRecord args = saving(mine);
    args.seen.data = encode(seen);
    ASSERT_TRUE(desk.run(desk.admin, args));
  }
  EXPECT_EQ(get(desk.store, seen.id)->roles, (Roles{Role::kSales, Role::kSupervisor}));
  EXPECT_TRUE(all<Conflict>(desk.store).empty());
}

// Calendars are everybody's: there is no scope on which only their keepers would see a conflict.
TEST(SaveRecord, WhereNobodyCouldDecideTheSecondIsRefusedAndKeepsTheWords) {
  Desk desk;
  const Calendar seen = all<Calendar>(desk.store).front();
  Calendar one = seen, two = seen;
  one.name = "Days";
  two.name = "Nights";
  for (const Calendar& mine : {one, two}) {
    SaveRecord args = saving(mine);
    args.seen.data = encode(seen);
    EXPECT_EQ(desk.refusal(desk.admin, args), mine.name == "Days" ? "" : "changed_meanwhile");
  }
  EXPECT_EQ(get(desk.store, seen.id)->name, "Days");
}

TEST(RemoveRecord, ANoteOfAChangeHoldsNothingBack) {
  Desk desk;
  Account alone;
  alone.id = desk.id<Account>("alone");
  alone.name = "Alone";
  ASSERT_TRUE(desk.run(desk.agent, saving(alone)));
  alone.name = "Renamed";
  ASSERT_TRUE(desk.run(desk.agent, saving(alone)));
  ASSERT_EQ(all<ChangeNote>(desk.store).size(), 1u);
  EXPECT_TRUE(desk.run(desk.agent, RemoveRecord{"account", alone.id, {}}));
}

TEST(RemoveRecord, LeavesWhatOthersHangOn) {
  Desk desk;
  EXPECT_EQ(desk.refusal(desk.agent, RemoveRecord{"account", desk.account, {}}), "still_used");
  Account alone;
  alone.id = desk.id<Account>("alone");
  alone.name = "Alone";
  ASSERT_TRUE(desk.run(desk.agent, saving(alone)));
  EXPECT_EQ(desk.refusal(desk.agent, RemoveRecord{"account", alone.id, {}}), "");
  EXPECT_FALSE(exists(desk.store, alone.id));
}

TEST(RemoveRecord, LeavesWhatRowsHangOnThatItsAuthorMayNotRead) {
  Desk desk;
  Account asked;
  asked.id = desk.id<Account>("asked");
  asked.name = "Asked";
  put(desk.store, asked);
  Case row;
  row.id = desk.id<Case>("theirs");
  row.account = asked.id;
  put(desk.store, row);
  ASSERT_FALSE(exists(ScopedReader(desk.store, desk.admin), row.id));
  EXPECT_EQ(desk.refusal(desk.admin, RemoveRecord{"account", asked.id, {}}), "still_used");
}

}  // namespace
}  // namespace foyer
