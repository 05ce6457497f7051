// case.wake: the wait is over; work goes on.
#pragma once

#include "foyer/command/case_change.h"

namespace foyer {

struct WakeCase {
  Id<Case> case_id;
  Bytes seen;  // what its author had before their eyes (command/seen.h)
  UnknownFields unknown;
};
template <>
struct Table<WakeCase> {
  static constexpr std::string_view name = "case.wake";
  static constexpr auto fields = std::array{
      field<&WakeCase::case_id>(1, "case_id", {.flags = kRequired}),
      field<&WakeCase::seen>(2, "seen", {.length_max = 4096}),
  };
};

inline Result<void> check(const WakeCase& args, const Reader& reader, const Context& context) {
  const auto row = find_case(reader, args.case_id);
  if (!row) return std::unexpected(row.error());
  return check_transition(*row, Transition::kWake, context, args.seen);
}

inline void apply(const WakeCase& args, Writer& writer, const Context& context) {
  Case row = *get(writer, args.case_id);
  if (was_set_aside(writer, context, row, Transition::kWake, args)) return;
  move_case(writer, context, row, Transition::kWake, context.now, {});
  put(writer, row);
}

}  // namespace foyer
