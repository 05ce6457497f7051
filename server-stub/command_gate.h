// The one way in for a change: runs commands on the writer thread, each once, with the actor as the
// rows say now. Knows no form and no frame.
// Invariant: a command id takes effect at most once; a repeat gets the first one's answer.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "foyer/command/command.h"
#include "foyer/sync/server_engine.h"
#include "installation.h"
#include "principal.h"
#include "sqlite_scope_log.h"

namespace foyer::server {

struct CommandRequest {
  Command command;
  Uuid id;        // made by the form or the device
  Principal who;  // resolved to an actor when the command runs
};

class CommandGate {
 public:
  CommandGate(Installation& installation, std::function<Instant()> clock);
  ~CommandGate();

  // `done` is called once, on the writer thread, when the answer is durable. False: the queue is
  // full, and `done` is not called.
  bool submit(CommandRequest request, std::function<void(Result<void>)> done);

  // For jobs that run on the writer thread already, within their transaction: imports and
  // demonstration data. Not deduplicated by id.
  Result<void> execute(const Command& command, const Context& context);

  // Decides a push of the signed-in user: all its commands in one job. As submit.
  bool submit_push(Push push, Id<User> user, std::function<void(PushResult)> done);

  // What the last commits changed, for devices that keep up; from any thread.
  std::optional<std::vector<Poke>> recent_changes(const RecentChanges::Request& request) const;

  // False before the first change went through a gate.
  bool has_history();
  // Publishes rows that were written past the gate: of a database that has never had a scope log.
  void publish_everything();

  // Forgets what was withdrawn more than `commits_kept` commits ago, now and then: that many a
  // device may be behind and still be told what changed instead of everything.
  static constexpr std::uint64_t kCommitsKept = 200'000;
  void compact_log(std::uint64_t commits_kept = kCommitsKept);

  // Called on the writer thread after COMMIT with the scopes on which something changed.
  using ChangeListener = std::function<void(const std::set<Scope>&)>;
  void on_change(ChangeListener listener);

 private:
  static constexpr std::size_t kRecentBytesMax = 8 * 1024 * 1024;
  // A device's refused command stays refused; a refused form may be corrected and sent again.
  enum class Refusals : std::uint8_t { kKeep, kForget };
  Result<void> run_once(const CommandRequest& request, Refusals refusals);
  std::uint64_t seq_of_commit();
  void publish();
  void announce();

  Installation& installation_;
  const std::function<Instant()> clock_;
  std::mutex mutex_;  // held while the listener runs
  ChangeListener changed_;
  // Writer thread only:
  SqliteScopeLog log_;
  std::uint64_t committed_seq_ = 0;
  // Of the transaction under way:
  std::set<RowKey> touched_;
  std::optional<CommitChanges> changes_;
  std::map<Uuid, ScopeLog::ClientRecord> clients_;  // whose commands are durable

  mutable std::mutex recent_mutex_;
  RecentChanges recent_{kRecentBytesMax};
};

}  // namespace foyer::server
