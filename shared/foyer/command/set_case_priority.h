// case.set_priority: the promises follow; their start and pauses stay (domain.md, 4, rule 2).
#pragma once

#include "foyer/command/case_change.h"

namespace foyer {

struct SetCasePriority {
  Id<Case> case_id;
  Priority priority = {};
  UnknownFields unknown;
};
template <>
struct Table<SetCasePriority> {
  static constexpr std::string_view name = "case.set_priority";
  static constexpr auto fields = std::array{
      field<&SetCasePriority::case_id>(1, "case_id", {.flags = kRequired}),
      field<&SetCasePriority::priority>(2, "priority", {}),
  };
};

inline Result<void> check(const SetCasePriority& args, const Reader& reader, const Context&) {
  const auto row = find_case(reader, args.case_id);
  if (!row) return std::unexpected(row.error());
  if (!is_open(row->state)) return fail(ErrorCode::kConflict, "case_state");
  return {};
}

inline void apply(const SetCasePriority& args, Writer& writer, const Context& context) {
  Case row = *get(writer, args.case_id);
  if (row.priority == args.priority) return;
  row.priority = args.priority;
  add_event(writer, context, row, CaseEventKind::kPriorityChanged, row.state, context.now,
            std::string(name_of(args.priority)));
  set_targets(writer, context, row);
  put(writer, row);
}

}  // namespace foyer
