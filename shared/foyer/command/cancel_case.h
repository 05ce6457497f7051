// case.cancel: not needed any more. Customers cancel their own while nobody has begun to work on
// it; afterwards it takes a supervisor.
#pragma once

#include "foyer/command/case_change.h"
#include "foyer/command/roles.h"

namespace foyer {

struct CancelCase {
  Id<Case> case_id;
  Id<Message> message;
  std::string reason;  // public
  Bytes seen;  // what its author had before their eyes (command/seen.h)
  UnknownFields unknown;
};
template <>
struct Table<CancelCase> {
  static constexpr std::string_view name = "case.cancel";
  static constexpr auto fields = std::array{
      field<&CancelCase::case_id>(1, "case_id", {.flags = kRequired}),
      field<&CancelCase::message>(2, "message", {.flags = kRequired}),
      field<&CancelCase::reason>(3, "reason",
                                 {.flags = kRequired,
                                  .length_max = 1000,
                                  .widget = Widget::kParagraph}),
      field<&CancelCase::seen>(4, "seen", {.length_max = 4096}),
  };
};

inline Result<void> check(const CancelCase& args, const Reader& reader, const Context& context) {
  const auto row = find_case(reader, args.case_id);
  if (!row) return std::unexpected(row.error());
  FOYER_TRY(check_new(reader, args.message));
  FOYER_TRY(check_transition(*row, Transition::kCancel, context, args.seen));
  const bool is_untouched = row->state == CaseState::kNew || row->state == CaseState::kAssigned;
  if (!is_untouched && !context.actor.roles.has_any_of(kLeads))
    return fail(ErrorCode::kForbidden, "work_has_begun");
  return {};
}

inline void apply(const CancelCase& args, Writer& writer, const Context& context) {
  Case row = *get(writer, args.case_id);
  if (was_set_aside(writer, context, row, Transition::kCancel, args, args.message,
                    args.reason))
    return;
  add_message(writer, context, row, {args.message, Visibility::kPublic, args.reason, context.now});
  move_case(writer, context, row, Transition::kCancel, context.now, args.reason);
  put(writer, row);
}

}  // namespace foyer
