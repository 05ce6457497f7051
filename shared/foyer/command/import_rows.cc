#include "foyer/command/import_rows.h"

#include "foyer/base/checksum.h"
#include "foyer/command/save_record.h"
#include "foyer/schema/binary.h"
#include "foyer/schema/bytes.h"
#include "foyer/schema/validate.h"

namespace foyer {
namespace {

struct Incoming {
  const Entity* entity;
  std::string_view bytes;
};

constexpr EntityId kImportable[] = {
    Table<Account>::id, Table<Contact>::id,  Table<User>::id,      Table<Product>::id,
    Table<Case>::id,    Table<Message>::id,  Table<CaseEvent>::id, Table<SlaTarget>::id,
    Table<Site>::id,    Table<Opportunity>::id};

bool is_importable(const Entity* entity) {
  if (entity == nullptr) return false;
  for (const EntityId id : kImportable)
    if (id == entity->id) return true;
  return false;
}

Result<std::vector<Incoming>> parse_rows(std::string_view rows) {
  std::vector<Incoming> list;
  ByteReader in(rows);
  while (!in.at_end()) {
    const std::uint64_t id = in.varint();
    const std::string_view bytes = in.bytes();
    const Entity* entity =
        id <= UINT16_MAX ? find_entity(static_cast<EntityId>(id)) : nullptr;
    if (in.failed()) return fail(ErrorCode::kCorrupt, "rows", "row");
    if (!is_importable(entity)) return fail(ErrorCode::kForbidden, "rows", "not_importable");
    list.push_back({entity, bytes});
  }
  return list;
}

// What the row will be: the present one, if any, under the fields that the file knows.
Result<AnyRow> merged(const Incoming& incoming, const Reader& reader, bool* is_new = nullptr) {
  const auto id = peek_id(incoming.bytes);
  if (!id || id->is_null()) return fail(ErrorCode::kInvalid, "id", "required");
  AnyRow row(*incoming.entity);
  const bool found = reader.read(*incoming.entity, *id, row.get());
  // What its author may not read is not theirs to write over.
  if (!found && reader.is_taken(*incoming.entity, *id))
    return fail(ErrorCode::kConflict, "id", "already_done");
  if (is_new != nullptr) *is_new = !found;
  if (!decode(*incoming.entity, incoming.bytes, row.get()))
    return fail(ErrorCode::kCorrupt, "rows", "row");
  return row;
}

// Files name people. What these may do beyond desk and sales, and how they sign in, is given by who
// keeps users alone: record.save would refuse it too.
constexpr Roles kGivenByFiles{Role::kCsr, Role::kSales, Role::kSegmentManager};

Result<void> check_rights(const User& row, const Reader& reader, const Actor& actor) {
  const User before = get(reader, row.id).value_or(User());
  Roles gained = row.roles;
  gained.bits &= ~(before.roles.bits | kGivenByFiles.bits);
  if (gained.has_any_of(kMachineRoles))
    return fail(ErrorCode::kInvalid, "roles", "not_a_persons_role");
  if (actor.roles.has_any_of(keepers_of(Table<User>::id))) return {};
  if (!gained.is_none()) return fail(ErrorCode::kForbidden, "roles", "role");
  const bool is_same_sign_in = row.email == before.email && row.contact == before.contact &&
                               row.state == before.state;
  if (!before.id.is_null() && !is_same_sign_in)
    return fail(ErrorCode::kForbidden, "email", "role");
  return {};
}

std::string digest_of(std::string_view bytes) {
  const auto digest = sha256(bytes);
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

Result<ImportRun> find_run(const Reader& reader, Id<ImportRun> id) {
  auto run = get(reader, id);
  if (!run) return fail(ErrorCode::kNotFound, "run", "not_found");
  return std::move(*run);
}

void import_one(const Incoming& incoming, ImportRun& run, Writer& writer) {
  bool is_new = false;
  const auto row = merged(incoming, writer, &is_new);
  FOYER_ASSERT(row.has_value());
  const Entity& entity = *incoming.entity;
  std::string before;
  if (!is_new) {
    AnyRow old(entity);
    writer.read(entity, row->id(), old.get());
    before = encode(entity, old.get());
  }
  const std::string after = encode(entity, row->get());
  if (before == after) {
    ++run.unchanged;
    return;
  }
  ++(is_new ? run.created : run.updated);
  ImportEntry entry;
  entry.id = Id<ImportEntry>(
      derive_uuid(run.id, std::string(entity.name) + to_string(row->id())));
  // A row that comes twice in one import goes back to what it was before the first time.
  if (const auto earlier = get(writer, entry.id)) entry = *earlier;
  else entry.before.data = before;
  entry.run = run.id;
  entry.entity = entity.id;
  entry.row = row->id();
  entry.after.data = digest_of(after);
  writer.write(entity, row->get());
  put(writer, entry);
}

void undo_one(const ImportEntry& entry, ImportRun& run, Writer& writer) {
  const Entity& entity = *find_entity(static_cast<EntityId>(entry.entity));
  AnyRow now(entity);
  const bool exists_now = writer.read(entity, entry.row, now.get());
  if (!exists_now || digest_of(encode(entity, now.get())) != entry.after.data) {
    ++run.kept;
    return;
  }
  if (entry.before.data.empty()) {
    writer.erase(entity, entry.row);
    return;
  }
  AnyRow before(entity);
  if (decode(entity, entry.before.data, before.get())) writer.write(entity, before.get());
}

}  // namespace

void append_import_row(std::string& rows, const Entity& entity, std::string_view encoded) {
  ByteWriter out;
  out.varint(entity.id);
  out.bytes(encoded);
  rows.append(out.view());
}

Result<void> check(const StartImport& args, const Reader& reader, const Context&) {
  return check_new(reader, args.run);
}

void apply(const StartImport& args, Writer& writer, const Context& context) {
  ImportRun run;
  run.id = args.run;
  run.kind = args.kind;
  run.file_name = args.file_name;
  run.rejected = args.rejected;
  run.created = args.created;
  run.started_at = context.now;
  run.actor_name = context.actor.name;
  put(writer, run);
}

Result<void> check(const ImportRows& args, const Reader& reader, const Context& context) {
  const auto run = find_run(reader, args.run);
  if (!run) return std::unexpected(run.error());
  if (run->state != ImportState::kRunning) return fail(ErrorCode::kConflict, "run", "not_running");
  const auto rows = parse_rows(args.rows.data);
  if (!rows) return std::unexpected(rows.error());
  for (const Incoming& incoming : *rows) {
    const auto row = merged(incoming, reader);
    if (!row) return std::unexpected(row.error());
    if (auto errors = validate(*incoming.entity, row->get()); !errors.empty())
      return std::unexpected(std::move(errors.front()));
    if (incoming.entity->id == Table<User>::id)
      FOYER_TRY(check_rights(row->as<User>(), reader, context.actor));
  }
  return {};
}

void apply(const ImportRows& args, Writer& writer, const Context&) {
  ImportRun run = *get(writer, args.run);
  const auto rows = parse_rows(args.rows.data);
  FOYER_ASSERT(rows.has_value());
  for (const Incoming& incoming : *rows) import_one(incoming, run, writer);
  put(writer, run);
}

Result<void> check(const FinishImport& args, const Reader& reader, const Context&) {
  const auto run = find_run(reader, args.run);
  if (!run) return std::unexpected(run.error());
  if (run->state != ImportState::kRunning) return fail(ErrorCode::kConflict, "run", "not_running");
  return {};
}

void apply(const FinishImport& args, Writer& writer, const Context&) {
  ImportRun run = *get(writer, args.run);
  run.state = ImportState::kFinished;
  put(writer, run);
}

Result<void> check(const UndoImport& args, const Reader& reader, const Context&) {
  const auto run = find_run(reader, args.run);
  if (!run) return std::unexpected(run.error());
  if (run->state == ImportState::kUndone) return fail(ErrorCode::kConflict, "run", "already_done");
  if (!can_be_undone(*run)) return fail(ErrorCode::kConflict, "run", "cannot_undo");
  return {};
}

void apply(const UndoImport& args, Writer& writer, const Context&) {
  ImportRun run = *get(writer, args.run);
  const auto entries = find<&ImportEntry::run>(writer, args.run);
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry)
    undo_one(*entry, run, writer);
  run.state = ImportState::kUndone;
  put(writer, run);
}

}  // namespace foyer
