#include "foyer/command/contest.h"

#include <algorithm>

#include "foyer/model/registry.h"
#include "foyer/schema/row.h"

namespace foyer {
namespace {

AuthorKind kind_of(const Actor& actor) {
  if (actor.user.is_null()) return AuthorKind::kAutomatic;
  return actor.is_customer() ? AuthorKind::kCustomer : AuthorKind::kStaffMember;
}

// The newest of the notes about a field, by id where instants are equal.
std::optional<ChangeNote> last_note(const Reader& reader, const Uuid& row,
                                    std::string_view field) {
  std::optional<ChangeNote> last;
  for (ChangeNote& note : find<&ChangeNote::row>(reader, row)) {
    if (note.field != field) continue;
    if (!last || last->at < note.at || (last->at == note.at && last->id < note.id))
      last = std::move(note);
  }
  return last;
}

}  // namespace

std::string partial_row(const Entity& entity, const void* row,
                        const std::vector<std::string_view>& fields) {
  AnyRow part(entity);
  for (const std::string_view key : fields) {
    const Field* field = entity.find(key);
    FOYER_ASSERT(field != nullptr);
    copy_field(*field, row, part.get());
  }
  return encode(entity, part.get());
}

bool is_contestable(const Entity& entity) {
  const auto& places = Table<Conflict>::publications;
  return std::any_of(places.begin(), places.end(), [&](const Publication& publication) {
    return publication.parent == entity.id;
  });
}

void note_changes(Writer& writer, const Context& context, const Entity& entity, const void* before,
                  const void* after, const std::vector<std::string_view>& fields) {
  if (!is_contestable(entity)) return;
  for (const Field& field : entity.fields) {
    const bool is_asked = fields.empty() ||
                          std::find(fields.begin(), fields.end(), field.key) != fields.end();
    if (!is_asked || equal_fields(field, before, after)) continue;
    ChangeNote note;
    note.id = Id<ChangeNote>(derive_uuid(
        context.command, to_string(entity.id_of(after)) + "/" + std::string(field.key)));
    note.entity = entity.name;
    note.row = entity.id_of(after);
    note.field = field.key;
    note.before.data = partial_row(entity, before, {field.key});
    note.after.data = partial_row(entity, after, {field.key});
    note.author = context.actor.user;
    note.author_kind = kind_of(context.actor);
    note.author_name = context.actor.name;
    note.at = context.now;
    put(writer, note);
  }
}

Command command_of(const Conflict& conflict) {
  return {conflict.command, static_cast<std::uint16_t>(conflict.version), conflict.arguments.data};
}

void open_conflict(Writer& writer, const Context& context, Contest contest) {
  Conflict row;
  row.id = Id<Conflict>(derive_uuid(
      context.command, to_string(contest.row) + "/" + std::string(contest.field) + "/conflict"));
  row.entity = contest.entity.name;
  row.row = contest.row;
  row.field = contest.field;
  row.mine.data = std::move(contest.mine);
  row.theirs.data = std::move(contest.theirs);
  row.command = std::move(contest.command.name);
  row.arguments.data = std::move(contest.command.arguments);
  row.version = contest.command.version;
  row.author = context.actor.user;
  row.author_kind = kind_of(context.actor);
  row.author_name = context.actor.name;
  row.at = context.now;
  row.theirs_by = std::move(contest.theirs_by);
  row.theirs_at = contest.theirs_at;
  if (const auto note = last_note(writer, contest.row, contest.field);
      note && row.theirs_at.is_none()) {
    row.theirs_by = note->author_name;
    row.theirs_at = note->at;
  }
  put(writer, row);
}

bool set_aside_if_contested(Writer& writer, const Context& context, const Choice& choice,
                            const Command& command) {
  AnyRow seen(choice.entity);
  if (choice.seen.data.empty() || !decode(choice.entity, choice.seen.data, seen.get()))
    return false;
  bool has_changed = false, is_same = true;
  for (const std::string_view key : choice.fields) {
    const Field& field = *choice.entity.find(key);
    has_changed |= !equal_fields(field, seen.get(), choice.row);
    is_same &= equal_fields(field, choice.mine, choice.row);
  }
  if (!has_changed || is_same) return false;
  open_conflict(writer, context,
                {choice.entity, choice.entity.id_of(choice.row), choice.field,
                 partial_row(choice.entity, choice.mine, choice.fields),
                 partial_row(choice.entity, choice.row, choice.fields), command, {}, {}});
  return true;
}

Result<std::optional<Case>> seen_case(const Bytes& seen) {
  if (seen.data.empty()) return std::optional<Case>();
  Case row;
  if (!decode(entity_of<Case>(), seen.data, &row)) return fail(ErrorCode::kCorrupt, "seen", "row");
  return std::optional<Case>(std::move(row));
}

}  // namespace foyer
