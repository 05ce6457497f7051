#include "import_job.h"

#include "foyer/command/import_rows.h"
#include "foyer/schema/binary.h"
#include "random_ids.h"
#include "recording_writer.h"

namespace foyer::server {
namespace {

constexpr std::size_t kBatchBytes = 256 * 1024;

struct Plan {
  ImportReport report;
  std::vector<std::string> batches;  // as import.rows takes them
};

// Plans by doing: the rows are read back from where the rehearsal put them, then it is undone.
Result<Plan> rehearse(Installation& installation, ImportKind kind, const CsvTable& table,
                      const ImportOptions& options) {
  auto& database = installation.database();
  auto& store = installation.store();
  if (!database.savepoint()) return fail(ErrorCode::kUnavailable, "data", "cannot_write");
  RecordingWriter recording(store);
  auto report = run_import(kind, table, options, recording);
  Plan plan;
  if (report) {
    plan.report = std::move(*report);
    for (const auto& touch : recording.touched()) {
      AnyRow row(*touch.entity);
      if (!store.read(*touch.entity, touch.id, row.get())) continue;
      if (plan.batches.empty() || plan.batches.back().size() >= kBatchBytes)
        plan.batches.emplace_back();
      append_import_row(plan.batches.back(), *touch.entity, encode(*touch.entity, row.get()));
    }
  }
  database.rollback_savepoint();
  if (!report) return std::unexpected(report.error());
  // The rows carry the numbers that the rehearsal drew: draw them again, for good.
  for (const auto& [series, count] : recording.numbers())
    for (std::size_t i = 0; i < count; ++i) store.next_number(series);
  return plan;
}

Result<void> run_commands(CommandGate& gate, const ImportRequest& request, const Plan& plan,
                          Id<ImportRun> run, const Context& context) {
  StartImport start{};
  start.run = run;
  start.kind = request.kind;
  start.file_name = request.file_name;
  start.rejected = static_cast<std::int64_t>(plan.report.left_out);
  FOYER_TRY(gate.execute(make_command(start), context));
  for (std::size_t i = 0; i < plan.batches.size(); ++i) {
    ImportRows rows{};
    rows.run = run;
    rows.rows.data = plan.batches[i];
    FOYER_TRY(gate.execute(make_command(rows), context));
  }
  FinishImport finish{};
  finish.run = run;
  return gate.execute(make_command(finish), context);
}

}  // namespace

Result<ImportOutcome> import_now(Installation& installation, CommandGate& gate,
                                 const ImportRequest& request, const Actor& actor, Instant now) {
  if (!import_kind_named(request.kind)) return fail(ErrorCode::kInvalid, "kind", "unknown_kind");
  const auto table = parse_csv(request.bytes);
  if (!table) return std::unexpected(table.error());
  return import_now(installation, gate, request, *table, actor, now);
}

Result<ImportOutcome> import_now(Installation& installation, CommandGate& gate,
                                 const ImportRequest& request, const CsvTable& table,
                                 const Actor& actor, Instant now) {
  const auto kind = import_kind_named(request.kind);
  if (!kind) return fail(ErrorCode::kInvalid, "kind", "unknown_kind");
  const Id<ImportRun> run(random_uuid(now));
  Result<ImportOutcome> outcome = fail(ErrorCode::kUnavailable, "data", "cannot_write");
  const bool is_kept = installation.writer().run_and_wait([&] {
    const auto plan = rehearse(installation, *kind, table, request.options);
    if (!plan) {
      outcome = std::unexpected(plan.error());
      return false;
    }
    outcome = ImportOutcome{plan->report, {}};
    if (request.is_dry_run || plan->batches.empty()) return false;
    const Context context{.actor = actor, .now = now, .command = run};
    if (const auto done = run_commands(gate, request, *plan, run, context); !done) {
      outcome = std::unexpected(done.error());
      return false;
    }
    outcome->run = run;
    return true;
  });
  if (outcome && !outcome->run.is_null() && !is_kept)
    return fail(ErrorCode::kUnavailable, "data", "cannot_write");
  return outcome;
}

Result<ImportRun> undo_now(Installation& installation, CommandGate& gate, Id<ImportRun> run,
                           const Actor& actor, Instant now) {
  Result<ImportRun> outcome = fail(ErrorCode::kUnavailable, "data", "cannot_write");
  const bool is_kept = installation.writer().run_and_wait([&] {
    UndoImport undo{};
    undo.run = run;
    const auto done =
        gate.execute(make_command(undo), {.actor = actor, .now = now, .command = run});
    if (!done) {
      outcome = std::unexpected(done.error());
      return false;
    }
    outcome = *get(installation.store(), run);
    return true;
  });
  if (outcome && !is_kept) return fail(ErrorCode::kUnavailable, "data", "cannot_write");
  return outcome;
}

}  // namespace foyer::server
