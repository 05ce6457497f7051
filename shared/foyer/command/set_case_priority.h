// case.set_priority: the promises follow; their start and pauses stay (domain.md, 4, rule 2).
#pragma once

#include "foyer/command/case_change.h"
#include "foyer/command/contest.h"

namespace foyer {

struct SetCasePriority {
  Id<Case> case_id;
  Priority priority = {};
  Bytes seen;  // what its author had before their eyes (command/seen.h)
  UnknownFields unknown;
};
template <>
struct Table<SetCasePriority> {
  static constexpr std::string_view name = "case.set_priority";
  static constexpr auto fields = std::array{
      field<&SetCasePriority::case_id>(1, "case_id", {.flags = kRequired}),
      field<&SetCasePriority::priority>(2, "priority", {}),
      field<&SetCasePriority::seen>(3, "seen", {.length_max = 4096}),
  };
};

inline Result<void> check(const SetCasePriority& args, const Reader& reader, const Context&) {
  const auto row = find_case(reader, args.case_id);
  if (!row) return std::unexpected(row.error());
  const auto seen = seen_case(args.seen);
  if (!seen) return std::unexpected(seen.error());
  const bool was_open = *seen && is_open((*seen)->state);
  if (!is_open(row->state) && !was_open) return fail(ErrorCode::kConflict, "case_state");
  return {};
}

inline void apply(const SetCasePriority& args, Writer& writer, const Context& context) {
  Case row = *get(writer, args.case_id);
  if (row.priority == args.priority) return;
  Case mine = row;
  mine.priority = args.priority;
  const Entity& entity = entity_of<Case>();
  const Choice choice{entity, &row, &mine, args.seen, "priority", {"priority"}};
  if (set_aside_if_contested(writer, context, choice, make_command(args))) return;
  if (!is_open(row.state))
    return open_conflict(writer, context,
                         {entity, row.id, "priority", partial_row(entity, &mine, {"priority"}),
                          partial_row(entity, &row, {"priority"}), make_command(args), {}, {}});
  note_changes(writer, context, entity, &row, &mine, {"priority"});
  row.priority = args.priority;
  add_event(writer, context, row, CaseEventKind::kPriorityChanged, row.state, context.now,
            std::string(name_of(args.priority)));
  set_targets(writer, context, row);
  put(writer, row);
}

}  // namespace foyer
