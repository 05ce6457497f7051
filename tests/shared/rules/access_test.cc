#include "foyer/rules/access.h"

#include <gtest/gtest.h>

#include "foyer/command/note_case.h"
#include "shared/command/desk.h"

namespace foyer {
namespace {

TEST(Access, ScopeTextRoundTrip) {
  const Uuid id = derive_uuid({}, "x");
  for (const Scope& scope :
       {Scope{}, Scope{ScopeKind::kStaff, StaffArea::kSales, {}},
        Scope{ScopeKind::kAccount, StaffArea::kNone, id}, Scope{ScopeKind::kDevice, {}, id}})
    EXPECT_EQ(parse_scope(to_string(scope)), scope);
  for (const char* bad : {"", "account", "account:x", "staff:none", "staff:everything", "public:1"})
    EXPECT_FALSE(parse_scope(bad)) << bad;
}

TEST(Access, AnInternalNoteNeverLeavesTheStaffScopes) {
  Desk desk;
  ASSERT_TRUE(desk.run(desk.customer, desk.opening("c")));
  ASSERT_TRUE(
      desk.run(desk.agent, NoteCase{desk.id<Case>("c"), desk.id<Message>("n"), "canary", {}}));
  const auto note = get(desk.store, desk.id<Message>("n"));
  for (const Scope& scope : scopes_of(desk.store, entity_of<Message>(), &*note))
    EXPECT_EQ(scope.kind, ScopeKind::kStaff) << to_string(scope);
  const ScopedReader visible(desk.store, desk.customer);
  EXPECT_FALSE(exists(visible, desk.id<Message>("n")));
  EXPECT_TRUE(visible.search({"canary", {}, 10}).empty());
  EXPECT_TRUE(exists(ScopedReader(desk.store, desk.agent), desk.id<Message>("n")));
}

TEST(Access, ACompanySeesItsOwnRowsOnly) {
  Desk desk;
  ASSERT_TRUE(desk.run(desk.customer, desk.opening("c")));
  EXPECT_TRUE(exists(ScopedReader(desk.store, desk.customer), desk.id<Case>("c")));
  const ScopedReader other(desk.store, desk.stranger);
  EXPECT_FALSE(exists(other, desk.id<Case>("c")));
  EXPECT_EQ(other.count(entity_of<Case>()), 0u);
  EXPECT_TRUE(other.search({"lift", {}, 10}).empty());
}

TEST(Access, FieldsOfStaffAreEmptyForCustomersAndCannotBeFoundByThem) {
  Desk desk;
  Account row = *get(desk.store, desk.account);
  row.tier = "gold";
  row.external_key = "secret-key";
  put(desk.store, row);
  const ScopedReader visible(desk.store, desk.customer);
  EXPECT_EQ(get(visible, desk.account)->tier, "");
  EXPECT_EQ(get(visible, desk.account)->name, "Acme");
  EXPECT_TRUE(find<&Account::external_key>(visible, "secret-key").empty());
  EXPECT_EQ(get(ScopedReader(desk.store, desk.agent), desk.account)->tier, "gold");
}

TEST(Access, SuspendedAndContactlessUsersAreNobody) {
  Desk desk;
  User user = *get(desk.store, desk.customer.user);
  user.state = UserState::kSuspended;
  put(desk.store, user);
  EXPECT_TRUE(actor_of(desk.store, user.id).is_anonymous());
  EXPECT_EQ(scopes_of_actor(actor_of(desk.store, user.id)).size(), 1u);  // public
  user.state = UserState::kActive;
  user.roles = {Role::kCustomerUser, Role::kAdmin};
  put(desk.store, user);
  EXPECT_FALSE(actor_of(desk.store, user.id).roles.has(Role::kAdmin));
}

TEST(Access, TheAdministratorReadsNoCases) {
  Desk desk;
  ASSERT_TRUE(desk.run(desk.customer, desk.opening("c")));
  EXPECT_FALSE(exists(ScopedReader(desk.store, desk.admin), desk.id<Case>("c")));
}

}  // namespace
}  // namespace foyer
