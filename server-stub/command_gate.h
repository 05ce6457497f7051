// The one way in for a change: runs commands on the writer thread, each once, with the actor as the
// rows say now. Knows no form and no frame.
// Invariant: a command id takes effect at most once; a repeat gets the first one's answer.
#pragma once

#include <atomic>
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
#include "recording_writer.h"
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

  // What a device says of itself: forgets the answers that it has, remembers what it has not said
  // yet, and, of a device that lost all it held, tells the staff how much that was. Does not wait.
  void note_hello(const Hello& hello, Id<User> user, const Uuid& session);

  // What is at or below it survives the loss of the database; nothing: there is no backup.
  std::optional<std::uint64_t> backup_seq() const;
  // Looks whether a backup was made meanwhile.
  void refresh_backup();
  // Some device holds what this database never had: it was restored without a word to us. `done`
  // hears on the writer thread whether another epoch began, or had. As submit.
  bool fork_history(const Cookie& held, std::function<void(bool)> done);

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
  Result<void> run_once(const CommandRequest& request);
  Decision decide(const Push& push, const PushedCommand& pushed, const Uuid& id, Turn turn,
                  Id<User> user);
  PushResult decide_all(const Push& push, Id<User> user);
  // A decision that is kept without running anything.
  Decision park(const Push& push, const PushedCommand& pushed, const Uuid& id, Id<User> user,
                const Error& reason);
  void tell_staff(const Uuid& id, Id<User> user, std::string command, std::string words,
                  std::string reason, Instant at);
  void take_hello(const Hello& hello, Id<User> user, const Uuid& session);
  void prune(ScopeLog::ClientRecord& record, const Uuid& client, std::uint64_t answered_mid);
  std::uint64_t seq_of_commit();
  // What is to be published with the commit, and what the fence may have to know of it.
  void keep(const RecordingWriter& writer);
  bool is_behind_its_fence() const;
  bool begin_history();
  bool begin_epoch();
  WriterThread::Verdict publish();
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
  std::vector<RecordingWriter::Touch> access_;  // of them, what may have become less
  std::optional<CommitChanges> changes_;
  std::map<Uuid, ScopeLog::ClientRecord> clients_;  // whose commands are durable
  std::size_t trimmed_ = 0;  // of the push under way
  std::map<Uuid, std::uint64_t> noted_;  // clients -> mids of the last Hello that was noted
  // Any thread:
  mutable std::mutex recent_mutex_;
  RecentChanges recent_{kRecentBytesMax};
  static constexpr std::uint64_t kNoBackup = UINT64_MAX;
  std::atomic<std::uint64_t> backup_seq_{kNoBackup};
};

}  // namespace foyer::server
