#include "sim/server.h"

#include <algorithm>
#include <utility>

#include "foyer/command/execute.h"

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
    peer.is_greeted = peer.needs_welcome = peer.is_dirty = true;
    return true;
  }
  if (auto* push = std::get_if<Push>(&message)) {
    if (!peer.is_greeted || push->client != peer.client) return false;
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

std::uint64_t Server::mid_of(const Job& job, const Uuid& id) const {
  for (const PushedCommand& pushed : job.push.commands)
    if (command_id(job.push.client, pushed.mid) == id) return pushed.mid;
  return 0;
}

std::uint64_t Server::seq_of_commit() {
  if (core_.has(HostBug::kSeqReused) && committed_seq_ % 5 == 4) return committed_seq_;
  const auto seq = disk_.log.seq();
  return seq > committed_seq_ ? seq : disk_.log.raise_seq();
}

Result<void> Server::run_once(const Job& job, const Command& command, const Uuid& id) {
  const auto earlier = disk_.results.find(id);
  if (earlier != disk_.results.end() && !core_.has(HostBug::kRunRepeats)) {
    if (earlier->second.user != job.user) return fail(ErrorCode::kConflict, "id", "already_used");
    return earlier->second.result;
  }
  Actor author = actor_of(disk_.rows, job.user);
  if (core_.has(HostBug::kRunAsSomebodyElse)) author.roles.bits |= Roles{Role::kSupervisor}.bits;
  Connection* const connection = find(job.connection);
  if (core_.has(HostBug::kOldRightsOfAuthor) && connection != nullptr)
    author = connection->peer.first_rights.value_or(author);
  disk_.rows.begin();
  disk_.rows.take_touched();
  auto result = run_command(command, disk_.rows, {author, core_.now, id});
  disk_.rows.commit();
  std::vector<RowKey> keys;
  for (const auto& touched : disk_.rows.take_touched())
    keys.push_back({touched.entity->id, touched.id});
  if (!keys.empty()) changed_.merge(publish_rows(disk_.rows, disk_.log, keys, seq_of_commit()));
  disk_.results.insert_or_assign(id, Stored{job.user, result});
  decided_.push_back({id, job.push.client, mid_of(job, id), job.user, command, core_.now, result});
  return result;
}

PushResult Server::decide(const Job& job) {
  return decide_push(job.push, job.user, disk_.log, [&](const Command& command, const Uuid& id) {
    return run_once(job, command, id);
  });
}

void Server::commit_group() {
  if (jobs_.empty()) return;
  const Disk before = disk_;
  std::vector<Answer> answers;
  std::size_t group = 1 + core_.luck.below(kGroupMax);
  for (; group > 0 && !jobs_.empty(); --group) {
    const Job job = std::move(jobs_.front());
    jobs_.pop_front();
    answers.push_back({job.connection, decide(job)});
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
  committed_seq_ = disk_.log.seq();
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
      send(*connection, encode_frame(std::move(answer.result)));
      connection->peer.is_dirty |= !core_.has(HostBug::kAuthorNotWoken);
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
  if (actor.is_anonymous() || (!record.user.is_null() && record.user != peer.user)) {
    const auto reason = actor.is_anonymous() ? ResetReason::kRevoked : ResetReason::kForked;
    send(connection, encode_frame(Reset{reason, 0}));
    if (actor.is_anonymous()) network_.close_at_server(connection);
    else peer.is_greeted = false;
    return;
  }
  if (std::exchange(peer.needs_welcome, false)) {
    Welcome welcome;
    welcome.epoch = disk_.log.epoch();
    welcome.last_mid = record.last_mid;
    welcome.server_time = core_.now;
    welcome.actor = encode_actor(actor);
    peer.outgoing.push_back(encode_frame(welcome));
  }
  auto pokes = foyer::catch_up(actor, peer.client, peer.cookie, disk_.rows, disk_.log);
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
  committed_seq_ = disk_.log.seq();
  wake();
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
