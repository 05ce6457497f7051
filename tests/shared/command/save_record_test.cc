#include "foyer/command/save_record.h"

#include <gtest/gtest.h>

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
