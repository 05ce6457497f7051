// case.resolve: solved, in public words. The customer is asked to confirm.
#pragma once

#include "foyer/command/case_change.h"

namespace foyer {

struct ResolveCase {
  Id<Case> case_id;
  Id<Message> message;
  std::string resolution;
  Bytes seen;  // what its author had before their eyes (command/seen.h)
  UnknownFields unknown;
};
template <>
struct Table<ResolveCase> {
  static constexpr std::string_view name = "case.resolve";
  static constexpr auto fields = std::array{
      field<&ResolveCase::case_id>(1, "case_id", {.flags = kRequired}),
      field<&ResolveCase::message>(2, "message", {.flags = kRequired}),
      field<&ResolveCase::resolution>(3, "resolution",
                                      {.flags = kRequired,
                                       .length_max = 10000,
                                       .widget = Widget::kParagraph}),
      field<&ResolveCase::seen>(4, "seen", {.length_max = 4096}),
  };
};

inline Result<void> check(const ResolveCase& args, const Reader& reader, const Context& context) {
  const auto row = find_case(reader, args.case_id);
  if (!row) return std::unexpected(row.error());
  FOYER_TRY(check_new(reader, args.message));
  return check_transition(*row, Transition::kResolve, context, args.seen);
}

inline void apply(const ResolveCase& args, Writer& writer, const Context& context) {
  Case row = *get(writer, args.case_id);
  if (was_set_aside(writer, context, row, Transition::kResolve, args, args.message,
                    args.resolution))
    return;
  add_message(writer, context, row,
              {args.message, Visibility::kPublic, args.resolution, context.now});
  row.resolution = args.resolution;
  move_case(writer, context, row, Transition::kResolve, context.now, {});
  put(writer, row);
}

}  // namespace foyer
