// case.confirm: the customer says it is solved; the case is closed.
#pragma once

#include "foyer/command/case_change.h"

namespace foyer {

struct ConfirmCase {
  Id<Case> case_id;
  Bytes seen;  // what its author had before their eyes (command/seen.h)
  UnknownFields unknown;
};
template <>
struct Table<ConfirmCase> {
  static constexpr std::string_view name = "case.confirm";
  static constexpr auto fields = std::array{
      field<&ConfirmCase::case_id>(1, "case_id", {.flags = kRequired}),
      field<&ConfirmCase::seen>(2, "seen", {.length_max = 4096}),
  };
};

inline Result<void> check(const ConfirmCase& args, const Reader& reader, const Context& context) {
  const auto row = find_case(reader, args.case_id);
  if (!row) return std::unexpected(row.error());
  return check_transition(*row, Transition::kConfirm, context, args.seen);
}

inline void apply(const ConfirmCase& args, Writer& writer, const Context& context) {
  Case row = *get(writer, args.case_id);
  if (was_set_aside(writer, context, row, Transition::kConfirm, args)) return;
  move_case(writer, context, row, Transition::kConfirm, context.now, {});
  put(writer, row);
}

}  // namespace foyer
