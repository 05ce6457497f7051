#include "command_gate.h"

#include "foyer/command/execute.h"
#include "foyer/schema/binary.h"
#include "recording_writer.h"
#include "server_tables.h"

namespace foyer::server {
namespace {

void add_scopes(const Reader& reader, const Entity& entity, const void* row,
                std::set<std::string>& scopes) {
  for (const auto& scope : scopes_of(reader, entity, row)) scopes.insert(to_string(scope));
}

// Where the row was published before the command; a row that moves is news on both sides.
void add_scopes_before(const Reader& reader, const RecordingWriter::Touch& touch,
                       std::set<std::string>& scopes) {
  if (touch.before.empty()) return;
  AnyRow row(*touch.entity);
  if (decode(*touch.entity, touch.before, row.get()))
    add_scopes(reader, *touch.entity, row.get(), scopes);
}

}  // namespace

CommandGate::CommandGate(Installation& installation, std::function<Instant()> clock)
    : installation_(installation), clock_(std::move(clock)) {
  installation_.writer().after_commit([this] { publish(); });
}

CommandGate::~CommandGate() { installation_.writer().after_commit({}); }

void CommandGate::on_change(std::function<void(const std::vector<std::string>&)> listener) {
  const std::lock_guard lock(mutex_);
  changed_ = std::move(listener);
}

bool CommandGate::submit(CommandRequest request, std::function<void(Result<void>)> done) {
  auto answer = std::make_shared<Result<void>>(fail(ErrorCode::kUnavailable, "not_stored"));
  return installation_.writer().submit(
      {[this, request = std::move(request), answer] {
         *answer = run_once(request);
         return true;
       },
       [answer, done = std::move(done)](bool is_durable) {
         done(is_durable ? *answer : fail(ErrorCode::kUnavailable, "not_stored"));
       }});
}

Result<void> CommandGate::run_once(const CommandRequest& request) {
  auto& database = installation_.database();
  if (const auto earlier = load_result(database, request.id)) {
    if (earlier->user != request.user) return fail(ErrorCode::kConflict, "id", "already_used");
    return earlier->result;
  }
  const Context context{.actor = actor_of(installation_.store(), request.user),
                        .now = clock_(),
                        .command = request.id};
  auto result = execute(request.command, context);
  store_result(database, request.id, {request.user, result}, context.now);
  return result;
}

Result<void> CommandGate::execute(const Command& command, const Context& context) {
  auto& store = installation_.store();
  auto& database = installation_.database();
  RecordingWriter writer(store);
  if (!database.savepoint()) return fail(ErrorCode::kUnavailable, "not_stored");
  auto result = run_command(command, writer, context);
  // A value that must be unique and is not: the command's own fault, found by the table.
  if (const auto failure = database.failure();
      result && failure && failure->kind == FailureKind::kConstraint) {
    database.take_failure();
    result = fail(ErrorCode::kConflict, "already_used");
  }
  if (!result) {
    database.rollback_savepoint();
    return result;
  }
  database.release_savepoint();
  for (const auto& touch : writer.touched()) {
    add_scopes_before(store, touch, scopes_);
    AnyRow row(*touch.entity);
    if (store.read(*touch.entity, touch.id, row.get()))
      add_scopes(store, *touch.entity, row.get(), scopes_);
  }
  return result;
}

void CommandGate::publish() {
  if (scopes_.empty()) return;
  const std::vector<std::string> scopes(scopes_.begin(), scopes_.end());
  scopes_.clear();
  const std::lock_guard lock(mutex_);
  if (changed_) changed_(scopes);
}

}  // namespace foyer::server
