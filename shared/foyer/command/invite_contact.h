// contact.invite: gives a contact a user of the customer site, and says how far they see.
#pragma once

#include "foyer/command/command.h"
#include "foyer/command/roles.h"

namespace foyer {

struct InviteContact {
  Id<Contact> contact;
  Id<User> user;  // new
  PortalScope portal_scope = {};
  Roles roles;    // customer roles only; none means customer_user
  UnknownFields unknown;
};
template <>
struct Table<InviteContact> {
  static constexpr std::string_view name = "contact.invite";
  static constexpr auto fields = std::array{
      field<&InviteContact::contact>(1, "contact", {.flags = kRequired}),
      field<&InviteContact::user>(2, "user", {.flags = kRequired}),
      field<&InviteContact::portal_scope>(3, "portal_scope", {.flags = kRequired}),
      field<&InviteContact::roles>(4, "roles", {}),
  };
};

// A customer admin invites within the own account; everybody else here is staff.
Result<void> check(const InviteContact& args, const Reader& reader, const Context& context);
void apply(const InviteContact& args, Writer& writer, const Context& context);

// contact.set_scope: how far an invited contact sees from now on.
struct SetContactScope {
  Id<Contact> contact;
  PortalScope portal_scope = {};
  Bytes seen;  // what its author had before their eyes (command/seen.h)
  UnknownFields unknown;
};
template <>
struct Table<SetContactScope> {
  static constexpr std::string_view name = "contact.set_scope";
  static constexpr auto fields = std::array{
      field<&SetContactScope::contact>(1, "contact", {.flags = kRequired}),
      field<&SetContactScope::portal_scope>(2, "portal_scope", {}),
      field<&SetContactScope::seen>(3, "seen", {.length_max = 4096}),
  };
};
Result<void> check(const SetContactScope& args, const Reader& reader, const Context& context);
void apply(const SetContactScope& args, Writer& writer, const Context& context);

inline constexpr Roles kInviters =
    kDesk | Roles{Role::kAdmin, Role::kSales, Role::kCustomerAdmin};

}  // namespace foyer
