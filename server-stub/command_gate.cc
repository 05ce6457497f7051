#include "command_gate.h"

#include "foyer/command/execute.h"
#include "foyer/model/registry.h"
#include "random_ids.h"
#include "recording_writer.h"
#include "server_tables.h"

namespace foyer::server {

CommandGate::CommandGate(Installation& installation, std::function<Instant()> clock)
    : installation_(installation), clock_(std::move(clock)), log_(installation.database()) {
  installation_.writer().around_commit(
      {.before = [this] { publish(); }, .after = [this] { announce(); }});
  installation_.writer().run_and_wait([this] {
    if (log_.epoch().is_null()) log_.start_epoch(random_uuid(clock_()));
    committed_seq_ = log_.seq();
    return true;
  });
}

CommandGate::~CommandGate() { installation_.writer().around_commit({}); }

void CommandGate::on_change(ChangeListener listener) {
  const std::lock_guard lock(mutex_);
  changed_ = std::move(listener);
}

bool CommandGate::submit(CommandRequest request, std::function<void(Result<void>)> done) {
  auto answer = std::make_shared<Result<void>>(fail(ErrorCode::kUnavailable, "not_stored"));
  return installation_.writer().submit(
      {[this, request = std::move(request), answer] {
         *answer = run_once(request, Refusals::kForget);
         return true;
       },
       [answer, done = std::move(done)](bool is_durable) {
         done(is_durable ? *answer : fail(ErrorCode::kUnavailable, "not_stored"));
       }});
}

Result<void> CommandGate::run_once(const CommandRequest& request, Refusals refusals) {
  auto& database = installation_.database();
  if (const auto earlier = load_result(database, request.id)) {
    if (earlier->user != request.who.id()) return fail(ErrorCode::kConflict, "id", "already_used");
    return earlier->result;
  }
  const Context context{.actor = actor_of(installation_.store(), request.who),
                        .now = clock_(),
                        .command = request.id};
  auto result = execute(request.command, context);
  if (result || refusals == Refusals::kKeep)
    store_result(database, request.id, {request.who.id(), result}, context.now);
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
  for (const auto& touch : writer.touched()) touched_.insert({touch.entity->id, touch.id});
  if (!writer.touched().empty()) seq_of_commit();
  return result;
}

// One number for all that one commit changes: raised by the first change since the last commit.
// Asked of the database, so that a job that is undone takes its number back with it.
std::uint64_t CommandGate::seq_of_commit() {
  const auto seq = log_.seq();
  return seq > committed_seq_ ? seq : log_.raise_seq();
}

bool CommandGate::submit_push(Push push, Id<User> user, std::function<void(PushResult)> done) {
  struct Answer {
    PushResult result;
    ScopeLog::ClientRecord client;
  };
  auto answer = std::make_shared<Answer>();
  const auto shared_push = std::make_shared<const Push>(std::move(push));
  return installation_.writer().submit(
      {[this, shared_push, user, answer] {
         answer->result = decide_push(
             *shared_push, user, log_, [this, user](const Command& command, const Uuid& id) {
               auto result = run_once({command, id, user}, Refusals::kKeep);
               // Its result is stored: told again, it is known.
               installation_.writer().keep_so_far();
               return result;
             });
         answer->client = log_.client(shared_push->client);
         return true;
       },
       [this, answer, shared_push, done = std::move(done)](bool is_durable) {
         if (is_durable) clients_[shared_push->client] = answer->client;
         else answer->result = PushResult{.client = shared_push->client, .results = {}};
         done(std::move(answer->result));
       }});
}

bool CommandGate::has_history() {
  bool has_any = false;
  installation_.writer().run_and_wait([&] { return has_any = log_.seq() > 0, true; });
  return has_any;
}

void CommandGate::publish_everything() {
  installation_.writer().run_and_wait([this] {
    auto& store = installation_.store();
    for (const auto* entity : entities())
      for (const auto& id : store.scan(*entity, {.field = nullptr, .from = {}, .to = {}}))
        touched_.insert({entity->id, id});
    return true;
  });
}

// The tables are looked through for it: not before as many commits again have gathered. Without
// room in the queue the next time is soon enough.
void CommandGate::compact_log(std::uint64_t commits_kept) {
  installation_.writer().submit({[this, commits_kept] {
                                   const auto seq = log_.seq();
                                   const bool is_due = seq - log_.floor() >= 2 * commits_kept;
                                   if (is_due) log_.compact(seq - commits_kept);
                                   return true;
                                 },
                                 [](bool) {}});
}

// What the transaction under way changed, once, whatever many commands did to a row. What a job
// touched that was undone is as it was: publishing that changes nothing.
void CommandGate::publish() {
  changes_.reset();
  if (touched_.empty()) return;
  const std::vector<RowKey> rows(touched_.begin(), touched_.end());
  touched_.clear();
  changes_ = publish_commit(installation_.store(), log_, rows, seq_of_commit());
}

void CommandGate::announce() {
  committed_seq_ = log_.seq();
  installation_.tidy_up();
  auto changes = std::exchange(changes_, std::nullopt).value_or(CommitChanges{committed_seq_});
  changes.clients.assign(clients_.begin(), clients_.end());
  clients_.clear();
  if (changes.scopes.empty() && changes.clients.empty()) return;
  std::set<Scope> scopes;
  for (const auto& [scope, change] : changes.scopes) scopes.insert(scope);
  {
    const std::lock_guard lock(recent_mutex_);
    recent_.add(log_.epoch(), std::move(changes));
  }
  if (scopes.empty()) return;
  const std::lock_guard lock(mutex_);
  if (changed_) changed_(scopes);
}

std::optional<std::vector<Poke>> CommandGate::recent_changes(
    const RecentChanges::Request& request) const {
  const std::lock_guard lock(recent_mutex_);
  return recent_.since(request);
}

}  // namespace foyer::server
