#include "foyer/command/invite_contact.h"

#include <gtest/gtest.h>

#include "shared/command/desk.h"

namespace foyer {
namespace {

Id<Contact> add_contact(Desk& desk, std::string email, Id<Account> account) {
  Contact row;
  row.id = desk.id<Contact>("new");
  row.account = account;
  row.name = "Newcomer";
  row.email = std::move(email);
  put(desk.store, row);
  return row.id;
}

TEST(InviteContact, MakesACustomerWithTheScopeGiven) {
  Desk desk;
  const auto contact = add_contact(desk, "new@desk.example", desk.account);
  ASSERT_TRUE(desk.run(desk.agent, InviteContact{contact, desk.id<User>("u"), PortalScope::kOwn,
                                                 {}, {}}));
  const Actor actor = actor_of(desk.store, desk.id<User>("u"));
  EXPECT_TRUE(actor.is_customer());
  EXPECT_EQ(actor.portal_scope, PortalScope::kOwn);
  ASSERT_TRUE(desk.run(desk.agent, SetContactScope{contact, PortalScope::kAccount, {}}));
  EXPECT_EQ(actor_of(desk.store, actor.user).portal_scope, PortalScope::kAccount);
}

TEST(InviteContact, RefusesStaffRolesUsedAddressesAndOtherCompanies) {
  Desk desk;
  const auto contact = add_contact(desk, "ana@desk.example", desk.account);
  InviteContact args{contact, desk.id<User>("u"), PortalScope::kOwn, {Role::kAdmin}, {}};
  EXPECT_EQ(desk.refusal(desk.agent, args), "not_a_customer_role");
  args.roles = {};
  EXPECT_EQ(desk.refusal(desk.agent, args), "already_used");
  Actor their_admin = desk.stranger;
  their_admin.roles = {Role::kCustomerAdmin};
  EXPECT_EQ(desk.refusal(their_admin, args), "not_found");
  args.portal_scope = PortalScope::kSite;
  EXPECT_EQ(desk.refusal(desk.customer, args), "role");
}

}  // namespace
}  // namespace foyer
