#include "sim/server.h"

#include <algorithm>
#include <utility>

#include "foyer/command/execute.h"
#include "foyer/model/registry.h"

namespace foyer::sim {
namespace {

constexpr std::size_t kSocketFrames = 6;   // that a socket takes before it says "later"
constexpr std::size_t kAnswersMax = 24;    // kept for a device that asks and reads nothing
constexpr std::size_t kGroupMax = 4;

}  // namespace

Connection* Server::find(std::uint64_t number) {
  for (const auto& connection : network_.connections())
    if (connection->number == number && connection->is_open_at_server) return connection.get();
  return nullptr;
}

void Server::receive(Connection& connection, const std::string& bytes) {
  auto messages = decode_frames(bytes);
  if (!messages) return network_.close_at_server(connection);
  for (SyncMessage& message : *messages)
    if (!connection.is_open_at_server || !take(connection, message))
      return network_.close_at_server(connection);
}

bool Server::take(Connection& connection, SyncMessage& message) {
  Peer& peer = connection.peer;
  if (const auto* hello = std::get_if<Hello>(&message)) {
    if (const auto reset = refuse_hello(*hello)) {
      send(connection, encode_frame(*reset));
      return true;
    }
    const bool is_ignored = core_.has(HostBug::kIgnoreCookie) && !(peer.cookie == Cookie());
    if (!is_ignored) peer.cookie = hello->cookie;
    peer.client = hello->client;
    peer.hello = *hello;
    peer.is_greeted = peer.needs_welcome = peer.is_dirty = true;
    return true;
  }
  if (auto* push = std::get_if<Push>(&message)) {
    if (push->client != peer.client) return false;
    if (!peer.is_greeted) return true;
    jobs_.push_back({std::move(*push), peer.user, connection.number});
    return true;
  }
  return false;
}

void Server::send(Connection& connection, std::string frame) {
  connection.peer.outgoing.push_back(std::move(frame));
  if (connection.peer.outgoing.size() > kAnswersMax) network_.close_at_server(connection);
  else flush(connection);
}

void Server::flush(Connection& connection) {
  auto& outgoing = connection.peer.outgoing;
  while (!outgoing.empty() && connection.to_device.size() < kSocketFrames) {
    if (connection.is_open_at_device) connection.to_device.push_back(std::move(outgoing.front()));
    outgoing.pop_front();
  }
}

std::uint64_t Server::seq_of_commit() {
  if (core_.has(HostBug::kSeqReused) && committed_seq_ % 5 == 4) return committed_seq_;
  const auto seq = disk_.log.seq();
  return seq > committed_seq_ ? seq : disk_.log.raise_seq();
}

Decision Server::run_once(const Job& job, const PushedCommand& pushed, const Uuid& id,
                          Turn turn) {
  const auto earlier = disk_.results.find(id);
  const bool runs_again = core_.has(HostBug::kRunRepeats);
  if (earlier != disk_.results.end() && !runs_again) {
    const Stored& stored = earlier->second;
    if (stored.user != job.user)
      return {PushOutcome::kRejected, {ErrorCode::kConflict, "id", "already_used"}};
    const bool is_same = pushed.hash == stored.hash || pushed.hash == 0 || stored.hash == 0 ||
                         !pushed.origin_client.is_null();
    const bool is_copys = turn == Turn::kRepeat && !is_same;
    if (is_copys && !core_.has(HostBug::kCopyNotSeen)) return {PushOutcome::kForked, {}};
    // Done under an id that the device has left: this number comes to nothing.
    if (turn == Turn::kFirst)
      decided_.push_back({command_id(job.push.client, pushed.mid), job.push.client, pushed.mid,
                          job.user, {}, core_.now, fail(ErrorCode::kInvalid, "mid", "nothing")});
    return decision_of(stored.result);
  }
  if (pushed.kind == PushKind::kTrimmed) {
    const Error error{ErrorCode::kNotFound, "", "trimmed"};
    if (turn == Turn::kFirst)
      decided_.push_back({id, job.push.client, pushed.mid, job.user, {}, core_.now,
                          std::unexpected(error), true});
    return {PushOutcome::kRejected, error};
  }
  if (turn == Turn::kRepeat && !runs_again) return {PushOutcome::kForked, {}};
  Actor author = actor_of(disk_.rows, job.user);
  if (core_.has(HostBug::kRunAsSomebodyElse)) author.roles.bits |= Roles{Role::kSupervisor}.bits;
  Connection* const connection = find(job.connection);
  if (core_.has(HostBug::kOldRightsOfAuthor) && connection != nullptr)
    author = connection->peer.first_rights.value_or(author);
  disk_.rows.begin();
  disk_.rows.take_touched();
  auto result = run_command(pushed.command, disk_.rows, {author, core_.now, id});
  disk_.rows.commit();
  std::vector<RowKey> keys;
  for (const auto& touched : disk_.rows.take_touched())
    keys.push_back({touched.entity->id, touched.id});
  if (!keys.empty()) changed_.merge(publish_rows(disk_.rows, disk_.log, keys, seq_of_commit()));
  disk_.results.insert_or_assign(id, Stored{job.user, result, pushed.hash});
  decided_.push_back(
      {id, job.push.client, pushed.mid, job.user, pushed.command, core_.now, result});
  return decision_of(result);
}

PushResult Server::decide(const Job& job) {
  const std::uint64_t last_mid = disk_.log.client(job.push.client).last_mid;
  const std::size_t first = decided_.size();
  auto answer = decide_push(job.push, job.user, disk_.log,
                            [&](const PushedCommand& pushed, const Uuid& id, Turn turn) {
                              return run_once(job, pushed, id, turn);
                            });
  note_nothings(job, answer, last_mid, first);
  return answer;
}

void Server::note_nothings(const Job& job, const PushResult& answer, std::uint64_t last_mid,
                           std::size_t first) {
  const Uuid& client = job.push.client;
  for (const PushedCommand& pushed : job.push.commands) {
    const auto told = std::find_if(answer.results.begin(), answer.results.end(),
                                   [&](const auto& one) { return one.mid == pushed.mid; });
    const bool is_decided = told != answer.results.end() && told->error.detail == "nothing";
    if (pushed.kind != PushKind::kNothing || pushed.mid <= last_mid || !is_decided) continue;
    const auto place = std::find_if(decided_.begin() + static_cast<std::ptrdiff_t>(first),
                                    decided_.end(),
                                    [&](const Decided& each) { return each.mid > pushed.mid; });
    decided_.insert(place, {command_id(client, pushed.mid), client, pushed.mid, job.user, {},
                            core_.now, std::unexpected(told->error)});
  }
}

void Server::commit_group() {
  if (jobs_.empty()) return;
  const Disk before = disk_;
  std::vector<Answer> answers;
  std::size_t group = 1 + core_.luck.below(kGroupMax);
  for (; group > 0 && !jobs_.empty(); --group) {
    const Job job = std::move(jobs_.front());
    jobs_.pop_front();
    answers.push_back({job.connection, job.push.client, decide(job)});
  }
  ++core_.outcome.commits;
  if (survives_commit(before, answers)) settle(std::move(answers));
}

bool Server::survives_commit(const Disk& before, const std::vector<Answer>& answers) {
  const auto& point = core_.options.crash_point;
  const bool is_point = point && point->is_of_server() && point->event == core_.outcome.commits;
  const bool is_lost_here = is_point && point->loss == Loss::kCommit;
  const bool is_lost = is_lost_here || core_.luck.may(Fault::kCrashBeforeCommit, 14) ||
                       core_.luck.may(Fault::kCommitUnsynced, 14);
  const bool is_failed = !is_lost && core_.luck.may(Fault::kDiskFull, 14);
  if (!is_lost && !is_failed) return true;
  core_.note("server", is_lost ? "dies before the commit" : "the disk refuses the commit");
  if (core_.has(HostBug::kFanOutBeforeCommit)) {
    wake();
    for (const auto& connection : network_.connections()) catch_up(*connection);
  }
  if (core_.has(HostBug::kAckBeforeCommit)) settle(answers);
  auto results = std::exchange(disk_, before).results;
  if (core_.has(HostBug::kResultOutsideCommit)) disk_.results = std::move(results);
  decided_.clear();
  changed_.clear();
  if (is_lost && !core_.has(HostBug::kAckBeforeCommit)) restart();
  // Not stored: the device asks again when it comes back.
  for (const Answer& answer : answers)
    if (Connection* connection = find(answer.connection); connection != nullptr && is_failed)
      network_.close_at_server(*connection);
  return false;
}

void Server::settle(std::vector<Answer> answers) {
  const auto& point = core_.options.crash_point;
  const bool is_point = point && point->loss == Loss::kAnswers &&
                        point->event == core_.outcome.commits;
  committed_seq_ = fenced_seq_ = disk_.log.seq();
  for (const Decided& decided : std::exchange(decided_, {})) {
    model_.decide(decided);
    core_.note("server", decided.result ? "applied" : "refused", decided.mid);
    ++(decided.result ? core_.outcome.applied : core_.outcome.refused);
  }
  model_.seal(committed_seq_);
  if (is_point || core_.luck.may(Fault::kCrashAfterCommit, 14)) {
    core_.note("server", "dies after the commit");
    return restart();
  }
  for (Answer& answer : answers)
    if (Connection* connection = find(answer.connection)) {
      const auto& results = answer.result.results;
      const bool is_forked =
          !results.empty() && results.back().outcome == PushOutcome::kForked;
      send(*connection, encode_frame(std::move(answer.result)));
      const Peer& peer = connection->peer;
      // Once: what else it had pushed is answered likewise, and it may have another id by then.
      if (is_forked && peer.is_greeted && answer.client == peer.client) refuse_device(*connection);
      if (!is_forked) connection->peer.is_dirty |= !core_.has(HostBug::kAuthorNotWoken);
    }
  wake();
}

void Server::wake() {
  const auto changed = std::exchange(changed_, {});
  if (core_.has(HostBug::kSleepsThroughChange)) return;
  for (const auto& connection : network_.connections()) {
    Peer& peer = connection->peer;
    peer.is_dirty |= std::any_of(peer.heard_scopes.begin(), peer.heard_scopes.end(),
                                 [&](const Scope& scope) { return changed.contains(scope); });
  }
}

// It has to go on under another id, and say Hello again.
void Server::refuse_device(Connection& connection) {
  connection.peer.is_greeted = false;
  const Uuid fresh = make_uuid(core_.now, core_.luck.random());
  send(connection, encode_frame(Reset{ResetReason::kForked, 0, fresh}));
}

void Server::catch_up(Connection& connection) {
  Peer& peer = connection.peer;
  if (!connection.is_open_at_server) return;
  flush(connection);
  if (!peer.is_greeted || !peer.is_dirty || !peer.outgoing.empty()) return;
  peer.is_dirty = false;
  Actor actor = actor_of(disk_.rows, peer.user);
  if (!peer.first_rights) peer.first_rights = actor;
  if (core_.has(HostBug::kOldRightsOfReader)) actor = *peer.first_rights;
  const auto record = disk_.log.client(peer.client);
  if (actor.is_anonymous()) {
    send(connection, encode_frame(Reset{ResetReason::kRevoked, 0, {}}));
    return network_.close_at_server(connection);
  }
  const bool is_anothers = !record.user.is_null() && record.user != peer.user;
  if (is_anothers || (peer.needs_welcome && is_copy(peer.hello, record)))
    return refuse_device(connection);
  if (is_ahead(peer.cookie, disk_.log)) begin_epoch();
  if (std::exchange(peer.needs_welcome, false) || peer.cookie.epoch != disk_.log.epoch())
    peer.outgoing.push_back(encode_frame(
        welcome_of(actor, peer.client, disk_.log, backup_seq(), core_.now)));
  auto pokes =
      foyer::catch_up(actor, peer.client, peer.cookie, disk_.rows, disk_.log, backup_seq());
  for (const Poke& poke : pokes) peer.outgoing.push_back(encode_frame(poke));
  if (!pokes.empty()) peer.cookie = std::move(pokes.back().cookie);
  peer.heard_scopes = core_.has(HostBug::kReadScopesHeard) ? scopes_of_actor(actor)
                                                           : scopes_heard_by(actor);
  flush(connection);
}

void Server::put_row(const Entity& entity, const void* row) {
  disk_.rows.write(entity, row);
  disk_.rows.take_touched();
  const RowKey key{entity.id, entity.id_of(row)};
  model_.put_row(entity, row);
  if (core_.has(HostBug::kSkipRemove) && !disk_.log.published(key).empty()) {
    model_.seal(disk_.log.raise_seq());
  } else {
    changed_.merge(publish_rows(disk_.rows, disk_.log, {&key, 1}, seq_of_commit()));
    model_.seal(disk_.log.seq());
  }
  committed_seq_ = fenced_seq_ = disk_.log.seq();
  const bool decides_access = entity.id == Table<User>::id || entity.id == Table<Contact>::id;
  if (decides_access && !core_.has(HostBug::kAccessNotFenced))
    fenced_access_[key] = encode(entity, row);
  wake();
}

// Above all that was ever given out: a device that is ahead holds what this history never had.
void Server::begin_epoch() {
  core_.note("server", "begins another history");
  disk_.log.start_epoch(make_uuid(core_.now, core_.luck.random()), ++fenced_seq_);
  committed_seq_ = disk_.log.seq();
  model_.seal(committed_seq_);
}

void Server::back_up() {
  core_.note("server", "is backed up at seq", committed_seq_);
  backup_ = disk_;
  backup_seq_ = disk_.log.seq();
  model_.back_up();
}

// The disk is lost, and with it what came after the backup; not what lies beside the database: the
// numbers given out, and whose access was decided.
void Server::restore() {
  core_.note("server", "is restored from an older backup");
  has_restored_ = true;
  disk_ = *backup_;
  model_.restore();
  if (core_.has(HostBug::kNumbersGivenAgain)) fenced_seq_ = disk_.log.seq();
  restart();
  if (!core_.has(HostBug::kEpochKept)) begin_epoch();
  for (const auto& [key, bytes] : fenced_access_) {
    const Entity& entity = *find_entity(key.entity);
    AnyRow row(entity);
    if (decode(entity, bytes, row.get())) put_row(entity, row.get());
  }
}

void Server::compact() {
  const std::uint64_t back = core_.luck.below(6);
  disk_.log.compact(disk_.log.seq() - std::min(disk_.log.seq(), back));
}

void Server::restart() {
  jobs_.clear();
  decided_.clear();
  changed_.clear();
  committed_seq_ = disk_.log.seq();
  network_.close_all();
}

bool Server::is_busy() const {
  if (!jobs_.empty()) return true;
  return std::any_of(network_.connections().begin(), network_.connections().end(),
                     [](const auto& connection) {
                       const Peer& peer = connection->peer;
                       return connection->is_open_at_server && peer.is_greeted &&
                              (peer.is_dirty || !peer.outgoing.empty());
                     });
}

}  // namespace foyer::sim
