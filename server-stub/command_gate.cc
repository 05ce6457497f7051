#include "command_gate.h"

#include <algorithm>

#include "foyer/command/execute.h"
#include "foyer/model/registry.h"
#include "foyer/model/visit.h"
#include "log.h"
#include "random_ids.h"
#include "revocations.h"
#include "server_tables.h"

namespace foyer::server {
namespace {

// A device's answers are forgotten so many at a time; more in one go would hold others up.
constexpr std::uint64_t kPruneStep = 64, kPruneMax = 1024;
constexpr std::size_t kNotedMax = 100'000;

}  // namespace

CommandGate::CommandGate(Installation& installation, std::function<Instant()> clock)
    : installation_(installation), clock_(std::move(clock)), log_(installation.database()) {
  installation_.writer().around_commit(
      {.before = [this] { return publish(); }, .after = [this] { announce(); }});
  std::vector<Uuid> ended;
  installation_.writer().run_and_wait([this, &ended] {
    committed_seq_ = log_.seq();
    const bool is_behind = is_behind_its_fence();
    if (is_behind)
      for (const auto& [key, note] : installation_.fence().notes())
        if (note.kind == AccessKind::kSession) ended.push_back(note.id);
    return is_behind ? begin_epoch() : begin_history();
  });
  for (const Uuid& session : ended) installation_.sessions().end(session, [](bool) {});
  refresh_backup();
}

// A database of this history is at the number that was used last, and in the epoch that is noted.
bool CommandGate::is_behind_its_fence() const {
  const Fence& fence = installation_.fence();
  if (log_.epoch().is_null()) return false;
  if (!fence.was_there()) return log_.seq() > 0;
  return fence.is_restored() || fence.epoch() != log_.epoch() || log_.seq() < fence.used() ||
         log_.seq() > fence.reserved();
}

bool CommandGate::begin_history() {
  Fence& fence = installation_.fence();
  if (!log_.epoch().is_null())
    return fence.was_there() || fence.start_epoch(log_.epoch(), log_.seq());
  const Uuid epoch = random_uuid(clock_());
  // A database that was lost whole and begun anew: its numbers go on too.
  const std::uint64_t seq = std::max(fence.reserved(), fence.used());
  return fence.start_epoch(epoch, seq) && log_.start_epoch(epoch, seq);
}

// The fence first: a crash in between finds them at odds, and begins one more.
bool CommandGate::begin_epoch() {
  Fence& fence = installation_.fence();
  const Uuid epoch = random_uuid(clock_());
  // Above all that was ever given out: it is the number of this very change, too.
  const std::uint64_t seq = std::max({log_.seq(), fence.reserved(), fence.used()}) + 1;
  if (!fence.start_epoch(epoch, seq) || !log_.start_epoch(epoch, seq)) return false;
  RecordingWriter writer(installation_.store());
  apply_access_notes(fence, writer, clock_());
  keep(writer);
  return true;
}

bool CommandGate::fork_history(const Cookie& held, std::function<void(bool)> done) {
  return installation_.writer().submit(
      {[this, held] { return !is_ahead(held, log_) || begin_epoch(); }, std::move(done)});
}

std::optional<std::uint64_t> CommandGate::backup_seq() const {
  const std::uint64_t seq = backup_seq_;
  if (seq == kNoBackup) return std::nullopt;
  return seq;
}

void CommandGate::refresh_backup() {
  const auto backup = installation_.fence().backup();
  std::uint64_t seq = kNoBackup;
  installation_.writer().run_and_wait([&] {
    if (!backup) return true;
    if (backup->epoch == log_.epoch()) seq = backup->seq;
    for (const EndedEpoch& ended : log_.forked_from())
      if (ended.epoch == backup->epoch) seq = std::min(backup->seq, ended.seq);
    return true;
  });
  backup_seq_ = seq;
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
         *answer = run_once(request);
         return true;
       },
       [answer, done = std::move(done)](bool is_durable) {
         done(is_durable ? *answer : fail(ErrorCode::kUnavailable, "not_stored"));
       }});
}

// A refused form may be corrected and sent again: only what took effect is kept.
Result<void> CommandGate::run_once(const CommandRequest& request) {
  auto& database = installation_.database();
  if (const auto earlier = load_result(database, request.id)) {
    if (earlier->user != request.who.id()) return fail(ErrorCode::kConflict, "id", "already_used");
    return earlier->result;
  }
  if (installation_.fence().is_quarantined(request.id))
    return fail(ErrorCode::kInternal, "", "quarantined");
  const Context context{.actor = actor_of(installation_.store(), request.who),
                        .now = clock_(),
                        .command = request.id};
  installation_.fence().begin_command(request.id);
  auto result = execute(request.command, context);
  installation_.fence().end_command();
  if (result) store_result(database, request.id, {request.who.id(), result}, context.now);
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
  keep(writer);
  return result;
}

void CommandGate::keep(const RecordingWriter& writer) {
  if (writer.touched().empty()) return;
  for (const auto& touch : writer.touched()) {
    touched_.insert({touch.entity->id, touch.id});
    if (decides_access(*touch.entity)) access_.push_back(touch);
  }
  seq_of_commit();
}

// One number for all that one commit changes: raised by the first change since the last commit.
// Asked of the database, so that a job that is undone takes its number back with it.
std::uint64_t CommandGate::seq_of_commit() {
  const auto committed = log_.seq();
  const auto seq = committed > committed_seq_ ? committed : log_.raise_seq();
  installation_.fence().cover(seq);
  return seq;
}

Decision CommandGate::decide(const Push& push, const PushedCommand& pushed, const Uuid& id,
                             Turn turn, Id<User> user) {
  auto& database = installation_.database();
  Fence& fence = installation_.fence();
  if (const auto earlier = load_result(database, id)) {
    if (earlier->user != user)
      return {PushOutcome::kRejected, {ErrorCode::kConflict, "id", "already_used"}};
    // Under another client's number the commands before it were others too.
    const bool is_same = pushed.hash == earlier->hash || pushed.hash == 0 || earlier->hash == 0 ||
                         !pushed.origin_client.is_null();
    if (turn == Turn::kRepeat && !is_same) return {PushOutcome::kForked};
    Decision decision = decision_of(earlier->result);
    if (earlier->is_parked) decision.outcome = PushOutcome::kParked;
    return decision;
  }
  if (pushed.kind == PushKind::kTrimmed) {
    trimmed_ += turn == Turn::kFirst;
    return {PushOutcome::kRejected, {ErrorCode::kNotFound, "", "trimmed"}};
  }
  if (turn == Turn::kRepeat) return {PushOutcome::kForked};
  if (fence.is_quarantined(id))
    return park(push, pushed, id, user, {ErrorCode::kInternal, "", "quarantined"});
  const Context context{.actor = actor_of(installation_.store(), user),
                        .now = clock_(),
                        .command = id};
  fence.begin_command(id);
  const auto result = execute(pushed.command, context);
  fence.end_command();
  if (!result && (result.error().detail == "unknown_version" ||
                  result.error().detail == "unknown_command"))
    return park(push, pushed, id, user, result.error());
  store_result(database, id, {user, result, pushed.hash, false, log_.seq()}, context.now);
  return decision_of(result);
}

Decision CommandGate::park(const Push& push, const PushedCommand& pushed, const Uuid& id,
                           Id<User> user, const Error& reason) {
  auto& database = installation_.database();
  const Instant now = clock_();
  store_envelope(database, id, push.client, encode_frame(Push{push.client, {pushed}}), now);
  store_result(database, id, {user, std::unexpected(reason), pushed.hash, true, log_.seq()}, now);
  tell_staff(id, user, pushed.command.name, "", reason.detail, pushed.created_at);
  log(LogLevel::kWarning, "command_parked",
      {{"command", to_string(id)}, {"reason", reason.detail}});
  return {PushOutcome::kParked, reason};
}

void CommandGate::tell_staff(const Uuid& id, Id<User> user, std::string command,
                             std::string words, std::string reason, Instant at) {
  RecordingWriter writer(installation_.store());
  ParkedSubmission row;
  row.id = Id<ParkedSubmission>(id);
  if (writer.is_taken(entity_of<ParkedSubmission>(), id)) return;
  const auto who = get(writer, user);
  row.command = std::move(command);
  row.command.resize(std::min<std::size_t>(row.command.size(), 60));
  row.words = (who ? who->name + " (" + who->email + ")" : to_string(user)) +
              (words.empty() ? "" : "\n" + words);
  row.reason = std::move(reason);
  row.at = at;
  row.received_at = clock_();
  put(writer, row);
  keep(writer);
}

PushResult CommandGate::decide_all(const Push& push, Id<User> user) {
  trimmed_ = 0;
  PushResult answer = decide_push(
      push, user, log_, [&](const PushedCommand& pushed, const Uuid& id, Turn turn) {
        auto decision = decide(push, pushed, id, turn, user);
        // Its result is stored: told again, it is known.
        installation_.writer().keep_so_far();
        return decision;
      });
  if (trimmed_ == 0) return answer;
  tell_staff(derive_uuid(push.client, "trimmed/" + std::to_string(push.commands.front().mid)),
             user, "", std::to_string(trimmed_), "trimmed", clock_());
  log(LogLevel::kWarning, "commands_lost",
      {{"client", to_string(push.client)}, {"count", static_cast<std::int64_t>(trimmed_)}});
  return answer;
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
         answer->result = decide_all(*shared_push, user);
         answer->client = log_.client(shared_push->client);
         return true;
       },
       [this, answer, shared_push, done = std::move(done)](bool is_durable) {
         if (is_durable) clients_[shared_push->client] = answer->client;
         else answer->result = PushResult{.client = shared_push->client, .results = {}};
         done(std::move(answer->result));
       }});
}

void CommandGate::note_hello(const Hello& hello, Id<User> user, const Uuid& session) {
  const bool has_news = hello.is_first_run || hello.waiting > 0;
  {
    // Most say nothing new, and a device without a socket says it with each request.
    const std::lock_guard lock(mutex_);
    std::uint64_t& noted = noted_[hello.client];
    if (!has_news && hello.answered_mid < noted + kPruneStep) return;
    noted = hello.answered_mid;
    if (noted_.size() > kNotedMax) noted_.clear();
  }
  installation_.writer().submit(
      {[this, hello, user, session] { return take_hello(hello, user, session), true; },
       [](bool) {}});
}

void CommandGate::take_hello(const Hello& hello, Id<User> user, const Uuid& session) {
  auto record = log_.client(hello.client);
  if (!record.user.is_null() && record.user != user) return;
  if (hello.is_first_run)
    for (auto& [client, other] : log_.unsaid_in(session)) {
      if (other.user != user || client == hello.client) continue;
      const std::uint64_t count = other.told_mid - other.last_mid;
      tell_staff(derive_uuid(client, "storage_lost/" + std::to_string(other.told_mid)), user, "",
                 std::to_string(count), "device_storage_lost", clock_());
      log(LogLevel::kWarning, "device_storage_lost",
          {{"client", to_string(client)}, {"count", static_cast<std::int64_t>(count)}});
      other.told_mid = other.last_mid;
      log_.set_client(client, other);
    }
  record.user = user;
  record.told_mid = hello.waiting > 0 ? hello.last_mid : 0;
  record.session = hello.waiting > 0 ? session : Uuid{};
  prune(record, hello.client, std::min(hello.answered_mid, record.last_mid));
  log_.set_client(hello.client, record);
}

void CommandGate::prune(ScopeLog::ClientRecord& record, const Uuid& client,
                        std::uint64_t answered_mid) {
  const std::uint64_t safe = backup_seq().value_or(log_.seq());
  const std::uint64_t last = std::min(answered_mid, record.pruned_mid + kPruneMax);
  while (record.pruned_mid < last &&
         erase_result(installation_.database(), command_id(client, record.pruned_mid + 1), safe))
    ++record.pruned_mid;
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
// False: the fence could not be written, so that nothing of it may be kept.
WriterThread::Verdict CommandGate::publish() {
  Fence& fence = installation_.fence();
  for (const auto& note : access_notes(access_, installation_.store(), fence, clock_()))
    fence.note(note);
  access_.clear();
  changes_.reset();
  const std::vector<RowKey> rows(touched_.begin(), touched_.end());
  touched_.clear();
  if (!rows.empty())
    changes_ = publish_commit(installation_.store(), log_, rows, seq_of_commit());
  using enum WriterThread::Verdict;
  // What was to be noted before this commit may be acknowledged is not noted.
  const bool lacked_room = fence.take_lack_of_room();
  return !fence.is_sound() ? kBroken : lacked_room ? kNoRoom : kKept;
}

void CommandGate::announce() {
  committed_seq_ = log_.seq();
  installation_.fence().note_used(committed_seq_);
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
