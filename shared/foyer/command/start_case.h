// case.start: somebody begins to work on it. Without an owner the one who starts becomes it.
#pragma once

#include "foyer/command/case_change.h"

namespace foyer {

struct StartCase {
  Id<Case> case_id;
  Bytes seen;  // what its author had before their eyes (command/seen.h)
  UnknownFields unknown;
};
template <>
struct Table<StartCase> {
  static constexpr std::string_view name = "case.start";
  static constexpr auto fields = std::array{
      field<&StartCase::case_id>(1, "case_id", {.flags = kRequired}),
      field<&StartCase::seen>(2, "seen", {.length_max = 4096}),
  };
};

inline Result<void> check(const StartCase& args, const Reader& reader, const Context& context) {
  const auto row = find_case(reader, args.case_id);
  if (!row) return std::unexpected(row.error());
  return check_transition(*row, Transition::kStart, context, args.seen);
}

inline void apply(const StartCase& args, Writer& writer, const Context& context) {
  Case row = *get(writer, args.case_id);
  if (was_set_aside(writer, context, row, Transition::kStart, args)) return;
  if (row.owner.is_null()) {
    row.owner = context.actor.user;
    row.owner_name = context.actor.name;
    row.queue.clear();
  }
  move_case(writer, context, row, Transition::kStart, context.now, {});
  put(writer, row);
}

}  // namespace foyer
