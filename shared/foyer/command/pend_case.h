// case.pend: the customer has to do something first. A public message says what; the clocks that
// the customer's answer restarts are paused from now on.
#pragma once

#include "foyer/command/case_change.h"

namespace foyer {

struct PendCase {
  Id<Case> case_id;
  Id<Message> message;
  WaitReason reason = {};
  std::string need;  // public words: what we need
  Instant until;     // none: until the customer answers
  Bytes seen;  // what its author had before their eyes (command/seen.h)
  UnknownFields unknown;
};
template <>
struct Table<PendCase> {
  static constexpr std::string_view name = "case.pend";
  static constexpr auto fields = std::array{
      field<&PendCase::case_id>(1, "case_id", {.flags = kRequired}),
      field<&PendCase::message>(2, "message", {.flags = kRequired}),
      field<&PendCase::reason>(3, "reason", {.flags = kRequired}),
      field<&PendCase::need>(4, "need",
                             {.flags = kRequired,
                              .length_max = 1000,
                              .widget = Widget::kParagraph}),
      field<&PendCase::until>(5, "until", {}),
      field<&PendCase::seen>(6, "seen", {.length_max = 4096}),
  };
};

inline Result<void> check(const PendCase& args, const Reader& reader, const Context& context) {
  const auto row = find_case(reader, args.case_id);
  if (!row) return std::unexpected(row.error());
  FOYER_TRY(check_new(reader, args.message));
  if (!is_pending_reason(args.reason)) return fail(ErrorCode::kInvalid, "reason", "wrong_kind");
  if (!args.until.is_none() && args.until <= context.now)
    return fail(ErrorCode::kInvalid, "until", "in_past");
  return check_transition(*row, Transition::kPend, context, args.seen);
}

inline void apply(const PendCase& args, Writer& writer, const Context& context) {
  Case row = *get(writer, args.case_id);
  if (was_set_aside(writer, context, row, Transition::kPend, args, args.message, args.need)) return;
  add_message(writer, context, row, {args.message, Visibility::kPublic, args.need, context.now});
  move_case(writer, context, row, Transition::kPend, context.now, args.need,
            {args.reason, args.need, args.until});
  put(writer, row);
}

}  // namespace foyer
