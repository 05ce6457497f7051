// Remembers what an import did to each row, and takes it back. Works through the ports, within the
// caller's transaction.
// Invariant: an undo touches no row that somebody changed after the import.
#pragma once

#include <map>
#include <string>

#include "foyer/model/registry.h"
#include "foyer/model/store.h"
#include "import_table.h"

namespace foyer::server {

// A Writer that passes everything on and keeps each row as it was before its first change.
class RecordingWriter final : public Writer {
 public:
  explicit RecordingWriter(Writer& inner) : inner_(inner) {}

  bool read(const Entity& entity, const Uuid& id, void* object) const override {
    return inner_.read(entity, id, object);
  }
  std::vector<Uuid> scan(const Entity& entity, const Scan& scan) const override {
    return inner_.scan(entity, scan);
  }
  std::vector<TextHit> search(const TextQuery& query) const override {
    return inner_.search(query);
  }
  std::size_t count(const Entity& entity) const override { return inner_.count(entity); }
  void write(const Entity& entity, const void* object) override;
  void erase(const Entity& entity, const Uuid& id) override;
  std::string next_number(std::string_view series) override { return inner_.next_number(series); }

  using Touched = std::map<std::pair<EntityId, Uuid>, std::string>;  // -> row before, or empty
  const Touched& touched() const { return touched_; }

 private:
  void remember(const Entity& entity, const Uuid& id);

  Writer& inner_;
  Touched touched_;
};

struct ImportOrigin {
  std::string kind, file_name, actor_name;
  Instant now;
};

// Runs the import through a RecordingWriter and, if it changed anything, writes an ImportRun with
// its entries. The run's id in `run`, null when there is none.
struct RecordedImport {
  ImportReport report;
  Id<ImportRun> run;
};
Result<RecordedImport> run_recorded_import(ImportKind kind, const CsvTable& table,
                                           const ImportOptions& options,
                                           const ImportOrigin& origin, Writer& writer);

struct UndoReport {
  std::size_t removed = 0, restored = 0, kept = 0;  // kept: changed since, left as they are
};
// kNotFound: no such run. kConflict/"already_undone".
Result<UndoReport> undo_import(Id<ImportRun> run, Writer& writer);

}  // namespace foyer::server
