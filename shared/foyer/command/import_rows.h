// import.start, import.rows, import.finish, import.undo: rows that another system exported, in
// batches. Invariant: the same rows twice change nothing the second time; an undo restores what the
// import changed, and leaves alone what somebody has changed since.
//
//   rows := (entity:varint, length:varint, encoded row)*      cases, events and messages included
#pragma once

#include "foyer/command/command.h"
#include "foyer/model/registry.h"

namespace foyer {

// The kind of a run that brought what a device could not send (view/outbox_file.h): commands.
inline constexpr std::string_view kOutboxImport = "outbox";
// What people said and did is not taken back as rows of a file are.
inline bool can_be_undone(const ImportRun& run) {
  return run.state != ImportState::kUndone && run.kind != kOutboxImport;
}

struct StartImport {
  Id<ImportRun> run;
  std::string kind;
  std::string file_name;
  std::int64_t rejected = 0;  // rows of the file that were not taken
  std::int64_t created = 0;   // what did not come as rows: changes of an outbox file
  UnknownFields unknown;
};
template <>
struct Table<StartImport> {
  static constexpr std::string_view name = "import.start";
  static constexpr auto fields = std::array{
      field<&StartImport::run>(1, "run", {.flags = kRequired}),
      field<&StartImport::kind>(2, "kind", {.flags = kRequired, .length_max = 40}),
      field<&StartImport::file_name>(3, "file_name", {}),
      field<&StartImport::rejected>(4, "rejected", {.minimum = 0}),
      field<&StartImport::created>(5, "created", {.minimum = 0}),
  };
};
Result<void> check(const StartImport& args, const Reader& reader, const Context& context);
void apply(const StartImport& args, Writer& writer, const Context& context);

struct ImportRows {
  Id<ImportRun> run;
  Bytes rows;
  UnknownFields unknown;
};
template <>
struct Table<ImportRows> {
  static constexpr std::string_view name = "import.rows";
  static constexpr auto fields = std::array{
      field<&ImportRows::run>(1, "run", {.flags = kRequired}),
      field<&ImportRows::rows>(2, "rows", {.flags = kRequired, .length_max = 1 << 20}),
  };
};
Result<void> check(const ImportRows& args, const Reader& reader, const Context& context);
void apply(const ImportRows& args, Writer& writer, const Context& context);

struct FinishImport {
  Id<ImportRun> run;
  UnknownFields unknown;
};
template <>
struct Table<FinishImport> {
  static constexpr std::string_view name = "import.finish";
  static constexpr auto fields = std::array{
      field<&FinishImport::run>(1, "run", {.flags = kRequired}),
  };
};
Result<void> check(const FinishImport& args, const Reader& reader, const Context& context);
void apply(const FinishImport& args, Writer& writer, const Context& context);

struct UndoImport {
  Id<ImportRun> run;
  UnknownFields unknown;
};
template <>
struct Table<UndoImport> {
  static constexpr std::string_view name = "import.undo";
  static constexpr auto fields = std::array{
      field<&UndoImport::run>(1, "run", {.flags = kRequired}),
  };
};
Result<void> check(const UndoImport& args, const Reader& reader, const Context& context);
void apply(const UndoImport& args, Writer& writer, const Context& context);

// Appends one row to `rows` of ImportRows.
void append_import_row(std::string& rows, const Entity& entity, std::string_view encoded);

}  // namespace foyer
