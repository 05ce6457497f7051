#include "foyer/command/invite_contact.h"

#include "foyer/command/contest.h"
#include "foyer/model/registry.h"

namespace foyer {
namespace {

Result<Contact> contact_within_reach(const Reader& reader, Id<Contact> id, const Actor& actor) {
  auto contact = get(reader, id);
  if (!contact || (actor.is_customer() && contact->account != actor.account))
    return fail(ErrorCode::kNotFound, "contact", "not_found");
  return std::move(*contact);
}

}  // namespace

Result<void> check(const InviteContact& args, const Reader& reader, const Context& context) {
  const auto contact = contact_within_reach(reader, args.contact, context.actor);
  if (!contact) return std::unexpected(contact.error());
  if (contact->email.empty()) return fail(ErrorCode::kInvalid, "email", "required");
  if ((args.roles.bits & ~kCustomerRoles.bits) != 0)
    return fail(ErrorCode::kForbidden, "roles", "not_a_customer_role");
  FOYER_TRY(check_new(reader, args.user));
  if (!find<&User::email>(reader, contact->email, 1).empty())
    return fail(ErrorCode::kConflict, "email", "already_used");
  if (args.portal_scope == PortalScope::kSite && contact->site.is_null())
    return fail(ErrorCode::kInvalid, "portal_scope", "no_site");
  return {};
}

void apply(const InviteContact& args, Writer& writer, const Context& context) {
  Contact contact = *get(writer, args.contact);
  contact.portal_scope = args.portal_scope;
  contact.invited_at = context.now;
  put(writer, contact);
  User user;
  user.id = args.user;
  user.name = contact.name;
  user.email = contact.email;
  user.roles = args.roles.is_none() ? Roles{Role::kCustomerUser} : args.roles;
  user.contact = contact.id;
  put(writer, user);
}

Result<void> check(const SetContactScope& args, const Reader& reader, const Context& context) {
  const auto contact = contact_within_reach(reader, args.contact, context.actor);
  if (!contact) return std::unexpected(contact.error());
  if (args.portal_scope == PortalScope::kSite && contact->site.is_null())
    return fail(ErrorCode::kInvalid, "portal_scope", "no_site");
  return {};
}

void apply(const SetContactScope& args, Writer& writer, const Context& context) {
  const Contact before = *get(writer, args.contact);
  Contact contact = before;
  contact.portal_scope = args.portal_scope;
  const Choice choice{entity_of<Contact>(), &before, &contact, args.seen, "portal_scope",
                      {"portal_scope"}};
  if (set_aside_if_contested(writer, context, choice, make_command(args))) return;
  note_changes(writer, context, entity_of<Contact>(), &before, &contact);
  put(writer, contact);
}

}  // namespace foyer
