// case.reopen: it was not solved after all. The first resolution time stays; the clock goes on from
// where it stood.
#pragma once

#include "foyer/command/case_change.h"

namespace foyer {

struct ReopenCase {
  Id<Case> case_id;
  Id<Message> message;
  std::string reason;  // public
  Bytes seen;  // what its author had before their eyes (command/seen.h)
  UnknownFields unknown;
};
template <>
struct Table<ReopenCase> {
  static constexpr std::string_view name = "case.reopen";
  static constexpr auto fields = std::array{
      field<&ReopenCase::case_id>(1, "case_id", {.flags = kRequired}),
      field<&ReopenCase::message>(2, "message", {.flags = kRequired}),
      field<&ReopenCase::reason>(3, "reason",
                                 {.flags = kRequired,
                                  .length_max = 2000,
                                  .widget = Widget::kParagraph}),
      field<&ReopenCase::seen>(4, "seen", {.length_max = 4096}),
  };
};

inline Result<void> check(const ReopenCase& args, const Reader& reader, const Context& context) {
  const auto row = find_case(reader, args.case_id);
  if (!row) return std::unexpected(row.error());
  FOYER_TRY(check_new(reader, args.message));
  return check_transition(*row, Transition::kReopen, context, args.seen);
}

inline void apply(const ReopenCase& args, Writer& writer, const Context& context) {
  Case row = *get(writer, args.case_id);
  if (was_set_aside(writer, context, row, Transition::kReopen, args, args.message,
                    args.reason))
    return;
  add_message(writer, context, row, {args.message, Visibility::kPublic, args.reason, context.now});
  ++row.reopen_count;
  move_case(writer, context, row, Transition::kReopen, context.now, args.reason);
  put(writer, row);
}

}  // namespace foyer
