#include "foyer/command/open_case.h"

namespace foyer {
namespace {

Id<Account> account_for(const OpenCase& args, const Context& context) {
  return context.actor.is_customer() ? context.actor.account : args.account;
}

}  // namespace

Result<void> check(const OpenCase& args, const Reader& reader, const Context& context) {
  FOYER_TRY(check_new(reader, args.case_id));
  FOYER_TRY(check_new(reader, args.message));
  const Actor& actor = context.actor;
  const Id<Account> account = account_for(args, context);
  if (account.is_null()) return fail(ErrorCode::kInvalid, "account", "required");
  if (actor.is_customer() && !args.account.is_null() && args.account != account)
    return fail(ErrorCode::kNotFound, "account", "not_found");
  // A contact who sees only their own cases does not see the account row either, yet may open one.
  if (!actor.is_customer() && !exists(reader, account))
    return fail(ErrorCode::kNotFound, "account", "not_found");
  if (!args.contact.is_null()) {
    const auto contact = get(reader, args.contact);
    if (!contact || contact->account != account)
      return fail(ErrorCode::kNotFound, "contact", "not_found");
  }
  if (!args.asset.is_null()) {
    const auto asset = get(reader, args.asset);
    if (!asset || asset->account != account)
      return fail(ErrorCode::kNotFound, "asset", "not_found");
  }
  if (!args.site.is_null()) {
    const auto site = get(reader, args.site);
    if (!site || site->account != account) return fail(ErrorCode::kNotFound, "site", "not_found");
  }
  if (args.contact_at > context.now + kMsPerDay)
    return fail(ErrorCode::kInvalid, "contact_at", "in_future");
  return {};
}

void apply(const OpenCase& args, Writer& writer, const Context& context) {
  const Actor& actor = context.actor;
  Opening opening;
  Case& row = opening.row;
  row.id = args.case_id;
  row.account = account_for(args, context);
  row.contact = actor.is_customer() ? actor.contact : args.contact;
  row.site = args.site;
  row.asset = args.asset;
  if (row.site.is_null() && !row.asset.is_null())
    if (const auto asset = get(writer, row.asset)) row.site = asset->site;
  if (row.site.is_null() && actor.is_customer()) row.site = actor.site;
  row.channel = args.channel;
  row.subject = args.subject;
  row.priority = actor.is_customer() ? Priority::kNormal : args.priority;
  row.queue = actor.is_customer() || args.queue.empty() ? "service" : args.queue;
  row.device_number = args.device_number;
  row.opened_at = contact_time(args.contact_at, context);
  opening.first_message = {args.message, Visibility::kPublic, args.body, row.opened_at};
  open_case_row(writer, context, std::move(opening));
}

}  // namespace foyer
