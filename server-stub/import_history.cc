#include "import_history.h"

#include "foyer/base/checksum.h"
#include "foyer/schema/binary.h"

namespace foyer::server {
namespace {

std::string digest_of(const Entity& entity, const void* row) {
  const auto digest = sha256(encode(entity, row));
  return std::string(reinterpret_cast<const char*>(digest.data()), digest.size());
}

void write_entries(Id<ImportRun> run, const RecordingWriter::Touched& touched, Writer& writer) {
  for (const auto& [key, before] : touched) {
    const auto* entity = find_entity(key.first);
    AnyRow row(*entity);
    ImportEntry entry{};
    entry.id = Id<ImportEntry>(
        derive_uuid(run, std::to_string(key.first) + ':' + to_string(key.second)));
    entry.run = run;
    entry.entity = key.first;
    entry.row = key.second;
    entry.before.data = before;
    if (writer.read(*entity, key.second, row.get()))
      entry.after.data = digest_of(*entity, row.get());
    put(writer, entry);
  }
}

}  // namespace

void RecordingWriter::write(const Entity& entity, const void* object) {
  remember(entity, entity.id_of(object));
  inner_.write(entity, object);
}

void RecordingWriter::erase(const Entity& entity, const Uuid& id) {
  remember(entity, id);
  inner_.erase(entity, id);
}

void RecordingWriter::remember(const Entity& entity, const Uuid& id) {
  const auto [place, is_first] = touched_.try_emplace({entity.id, id});
  if (!is_first) return;
  AnyRow row(entity);
  if (inner_.read(entity, id, row.get())) place->second = encode(entity, row.get());
}

Result<RecordedImport> run_recorded_import(ImportKind kind, const CsvTable& table,
                                           const ImportOptions& options,
                                           const ImportOrigin& origin, Writer& writer) {
  RecordingWriter recording(writer);
  auto report = run_import(kind, table, options, recording);
  if (!report) return std::unexpected(report.error());
  RecordedImport result{std::move(*report), {}};
  if (recording.touched().empty()) return result;
  ImportRun run{};
  // The same file at the same instant is the same run: there is only one writer.
  run.id = Id<ImportRun>(derive_uuid(recording.touched().begin()->first.second,
                                     origin.kind + ':' + std::to_string(origin.now.ms)));
  run.kind = origin.kind;
  run.file_name = origin.file_name;
  run.state = ImportState::kFinished;
  run.created = static_cast<std::int64_t>(result.report.created + result.report.created_beside);
  run.updated = static_cast<std::int64_t>(result.report.updated);
  run.unchanged = static_cast<std::int64_t>(result.report.unchanged);
  run.rejected = static_cast<std::int64_t>(result.report.left_out);
  run.started_at = origin.now;
  run.actor_name = origin.actor_name;
  put(writer, run);
  write_entries(run.id, recording.touched(), writer);
  result.run = run.id;
  return result;
}

Result<UndoReport> undo_import(Id<ImportRun> id, Writer& writer) {
  auto run = get(writer, id);
  if (!run) return fail(ErrorCode::kNotFound, "run", "no_such_import");
  if (run->state != ImportState::kFinished)
    return fail(ErrorCode::kConflict, "run", "already_undone");
  UndoReport report;
  for (const auto& entry : find<&ImportEntry::run>(writer, id)) {
    const auto* entity = find_entity(static_cast<EntityId>(entry.entity));
    if (!entity) continue;
    AnyRow row(*entity);
    const bool is_there = writer.read(*entity, entry.row, row.get());
    if (!is_there || digest_of(*entity, row.get()) != entry.after.data) {
      ++report.kept;
    } else if (entry.before.data.empty()) {
      writer.erase(*entity, entry.row);
      ++report.removed;
    } else {
      AnyRow before(*entity);
      FOYER_TRY(decode(*entity, entry.before.data, before.get()));
      writer.write(*entity, before.get());
      ++report.restored;
    }
    writer.erase(entity_of<ImportEntry>(), entry.id);
  }
  run->state = ImportState::kUndone;
  run->kept = static_cast<std::int64_t>(report.kept);
  put(writer, *run);
  return report;
}

}  // namespace foyer::server
