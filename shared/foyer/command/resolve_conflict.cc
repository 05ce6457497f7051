#include "foyer/command/resolve_conflict.h"

#include "foyer/command/contest.h"
#include "foyer/command/registry.h"
#include "foyer/command/save_record.h"
#include "foyer/command/seen.h"
#include "foyer/command/upcast.h"
#include "foyer/model/registry.h"
#include "foyer/schema/row.h"
#include "foyer/schema/validate.h"

namespace foyer {
namespace {

// The row with what was set aside in it; not found: the row, or its kind, is gone.
Result<AnyRow> with_mine(const Conflict& conflict, const Reader& reader) {
  const Entity* entity = find_entity(conflict.entity);
  const Field* field = entity == nullptr ? nullptr : entity->find(conflict.field);
  if (field == nullptr) return fail(ErrorCode::kNotFound, "conflict", "not_found");
  AnyRow row(*entity), mine(*entity);
  if (!reader.read(*entity, conflict.row, row.get()))
    return fail(ErrorCode::kNotFound, "conflict", "not_found");
  if (!decode(*entity, conflict.mine.data, mine.get()))
    return fail(ErrorCode::kCorrupt, "conflict", "row");
  copy_field(*field, mine.get(), row.get());
  return row;
}

Result<void> check_mine(const Conflict& conflict, const Reader& reader, const Actor& actor) {
  const auto row = with_mine(conflict, reader);
  if (!row) return std::unexpected(row.error());
  if (!actor.roles.has_any_of(keepers_of(row->entity().id)))
    return fail(ErrorCode::kForbidden, "entity", "role");
  return check_row(row->entity(), row->get(), reader);
}

void apply_mine(const Conflict& conflict, Writer& writer, const Context& context) {
  const auto row = with_mine(conflict, writer);
  if (!row) return;
  AnyRow before(row->entity());
  writer.read(row->entity(), conflict.row, before.get());
  note_changes(writer, context, row->entity(), before.get(), row->get());
  writer.write(row->entity(), row->get());
}

struct Deed {
  const CommandInfo* info;
  AnyRow arguments;
};
// The command that is done now; nothing: none is. Its arguments are about the conflict's row.
Result<std::optional<Deed>> deed_of(const ResolveConflict& args, const Conflict& conflict) {
  const bool is_mine = args.choice == ConflictState::kMine;
  if (conflict.command.empty() || args.choice == ConflictState::kTheirs) return std::nullopt;
  if (!is_mine && args.arguments.data.empty()) return std::nullopt;
  auto current = upcast(command_of(conflict), commands(), upcasters());
  if (!current) return std::unexpected(std::move(current).error());
  if (!is_mine) current->arguments = args.arguments.data;
  const Command command = without_seen(std::move(*current));
  const CommandInfo* info = find_command(command.name);
  Deed deed{info, AnyRow(*info->arguments)};
  if (!decode(*info->arguments, command.arguments, deed.arguments.get()))
    return fail(ErrorCode::kCorrupt, "arguments", "arguments");
  // The first argument of a command about a row is its id.
  if (info->arguments->fields[0].value<Uuid>(deed.arguments.get()) != conflict.row)
    return fail(ErrorCode::kInvalid, "arguments", "another_row");
  return std::optional<Deed>(std::move(deed));
}

}  // namespace

Result<void> check(const ResolveConflict& args, const Reader& reader, const Context& context) {
  const auto conflict = get(reader, args.conflict);
  if (!conflict) return fail(ErrorCode::kNotFound, "conflict", "not_found");
  if (conflict->state != ConflictState::kOpen)
    return fail(ErrorCode::kConflict, "conflict", "already_resolved");
  if (conflict->command.empty() && args.choice == ConflictState::kMine)
    return check_mine(*conflict, reader, context.actor);
  const auto deed = deed_of(args, *conflict);
  if (!deed) return std::unexpected(deed.error());
  if (!*deed) {
    const bool needs_note = args.choice == ConflictState::kOther && args.note.empty();
    if (needs_note) return fail(ErrorCode::kInvalid, "note", "required");
    return {};
  }
  const auto& [info, arguments] = **deed;
  if (!context.actor.roles.has_any_of(info->roles)) return fail(ErrorCode::kForbidden, "role");
  if (auto errors = validate(*info->arguments, arguments.get()); !errors.empty())
    return std::unexpected(std::move(errors.front()));
  return info->check(arguments.get(), reader, context);
}

void apply(const ResolveConflict& args, Writer& writer, const Context& context) {
  Conflict conflict = *get(writer, args.conflict);
  if (conflict.command.empty() && args.choice == ConflictState::kMine)
    apply_mine(conflict, writer, context);
  else if (const auto deed = deed_of(args, conflict); deed && *deed)
    (*deed)->info->apply((*deed)->arguments.get(), writer, context);
  conflict.state = args.choice;
  conflict.note = args.note;
  conflict.resolved_by = context.actor.name;
  conflict.resolved_at = context.now;
  put(writer, conflict);
}

}  // namespace foyer
