// case.assign: gives a case to a person or to a queue; exactly one of the two.
#pragma once

#include "foyer/command/case_change.h"
#include "foyer/command/contest.h"

namespace foyer {

struct AssignCase {
  Id<Case> case_id;
  Id<User> owner;
  std::string queue;
  Bytes seen;  // what its author had before their eyes (command/seen.h)
  UnknownFields unknown;
};
template <>
struct Table<AssignCase> {
  static constexpr std::string_view name = "case.assign";
  static constexpr auto fields = std::array{
      field<&AssignCase::case_id>(1, "case_id", {.flags = kRequired}),
      field<&AssignCase::owner>(2, "owner", {}),
      field<&AssignCase::queue>(3, "queue", {.length_max = 60}),
      field<&AssignCase::seen>(4, "seen", {.length_max = 4096}),
  };
};

inline Result<void> check(const AssignCase& args, const Reader& reader, const Context& context) {
  const auto row = find_case(reader, args.case_id);
  if (!row) return std::unexpected(row.error());
  if (args.owner.is_null() == args.queue.empty())
    return fail(ErrorCode::kInvalid, "owner", "owner_or_queue");
  if (!args.owner.is_null()) {
    const auto owner = get(reader, args.owner);
    if (!owner || !owner->contact.is_null())
      return fail(ErrorCode::kNotFound, "owner", "not_found");
    if (owner->state != UserState::kActive)
      return fail(ErrorCode::kConflict, "owner", "suspended");
  }
  return check_transition(*row, Transition::kAssign, context, args.seen);
}

inline void apply(const AssignCase& args, Writer& writer, const Context& context) {
  Case row = *get(writer, args.case_id);
  if (was_set_aside(writer, context, row, Transition::kAssign, args)) return;
  if (row.owner == args.owner && row.queue == args.queue) return;
  Case mine = row;
  mine.owner = args.owner;
  mine.queue = args.queue;
  const Choice choice{entity_of<Case>(), &row, &mine, args.seen, "owner", {"owner", "queue"}};
  if (set_aside_if_contested(writer, context, choice, make_command(args))) return;
  note_changes(writer, context, entity_of<Case>(), &row, &mine, {"owner", "queue"});
  const auto owner = get(writer, args.owner);
  if (!row.owner.is_null()) ++row.reassign_count;
  row.owner = args.owner;
  row.owner_name = owner ? owner->name : std::string();
  row.queue = args.queue;
  move_case(writer, context, row, Transition::kAssign, context.now,
            owner ? owner->name : args.queue);
  put(writer, row);
}

}  // namespace foyer
