// Imports a table through commands, on the writer thread: first a rehearsal that plans the rows and
// is undone, then import.start, import.rows and import.finish with what it planned.
// Invariant: all of a file's good rows come in, in one transaction, or none.
#pragma once

#include "command_gate.h"
#include "foyer/model/import_run.h"
#include "import_table.h"

namespace foyer::server {

struct ImportRequest {
  std::string kind;  // as import_kind_named takes it
  std::string file_name;
  std::string bytes;
  ImportOptions options;
  bool is_dry_run = false;
};

struct ImportOutcome {
  ImportReport report;
  Id<ImportRun> run;  // null: nothing changed, or a dry run
};

// Errors: kInvalid/"unknown_kind", those of parse_csv, run_import and the commands. Call
// from any thread but the writer's and an I/O thread: it waits.
Result<ImportOutcome> import_now(Installation& installation, CommandGate& gate,
                                 const ImportRequest& request, const Actor& actor, Instant now);
// The same of a table that was read already; `request.bytes` is not used.
Result<ImportOutcome> import_now(Installation& installation, CommandGate& gate,
                                 const ImportRequest& request, const CsvTable& table,
                                 const Actor& actor, Instant now);

// import.undo. The run as it stands afterwards.
Result<ImportRun> undo_now(Installation& installation, CommandGate& gate, Id<ImportRun> run,
                           const Actor& actor, Instant now);

}  // namespace foyer::server
