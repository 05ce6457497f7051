#include "foyer/command/reply_case.h"

#include <algorithm>

namespace foyer {
namespace {

bool opens_follow_up(const Case& row, const Context& context) {
  return row.state == CaseState::kClosed && context.actor.is_customer();
}


}  // namespace

Result<void> check(const ReplyCase& args, const Reader& reader, const Context& context) {
  const auto row = find_case(reader, args.case_id);
  if (!row) return std::unexpected(row.error());
  FOYER_TRY(check_new(reader, args.message));
  if (opens_follow_up(*row, context)) return check_new(reader, args.follow_up);
  if (is_ended(row->state)) return fail(ErrorCode::kConflict, "case_state");
  return {};
}

void apply(const ReplyCase& args, Writer& writer, const Context& context) {
  Case row = *get(writer, args.case_id);
  const bool is_usable = !args.said_at.is_none() && args.said_at <= context.now;
  const Instant at = std::max(is_usable ? args.said_at : context.now, row.opened_at);
  NewMessage message{args.message, Visibility::kPublic, args.body, at};
  if (opens_follow_up(row, context)) {
    Opening opening;
    opening.row.id = args.follow_up;
    opening.row.account = row.account;
    opening.row.contact = context.actor.contact;
    opening.row.site = row.site;
    opening.row.asset = row.asset;
    opening.row.channel = row.channel == Channel::kImport ? Channel::kWeb : row.channel;
    opening.row.subject = row.subject;
    opening.row.queue = "service";
    opening.row.follows = row.id;
    opening.row.opened_at = at;
    opening.first_message = std::move(message);
    open_case_row(writer, context, std::move(opening));
    return;
  }
  add_message(writer, context, row, std::move(message));
  const bool answers = context.actor.is_customer() && row.state == CaseState::kPending;
  if (answers) move_case(writer, context, row, Transition::kCustomerReply, at, {});
  put(writer, row);
}

}  // namespace foyer
