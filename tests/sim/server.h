// The server as a host of the production engine: one writer that commits groups of jobs, readers
// that catch devices up from what is committed, a process that dies and a disk that fails. Plays
// what CommandGate and SyncHub of server-stub do; knows no device.
// Invariant: nothing leaves before its commit is durable, unless a planted bug says otherwise.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>

#include "foyer/query/memory_store.h"
#include "foyer/sync/server_engine.h"
#include "sim/model.h"
#include "sim/network.h"

namespace foyer::sim {

class Server {
 public:
  Server(Core& core, Network& network, Model& model)
      : core_(core), network_(network), model_(model) {}

  // Frames of a device, whole or not.
  void receive(Connection& connection, const std::string& bytes);
  // One transaction of the writer over what waits, with all that may happen to it.
  void commit_group();
  // One reader's work for one device, if it is to hear something.
  void catch_up(Connection& connection);
  // Changes by hand, as one commit of their own.
  template <class T>
  void put_row(const T& row) {
    put_row(entity_of<T>(), &row);
  }
  void put_row(const Entity& entity, const void* row);
  void compact();
  void restart();
  void back_up();
  bool has_backup() const { return backup_.has_value(); }
  bool has_restored() const { return has_restored_; }
  void restore();
  bool has_jobs() const { return !jobs_.empty(); }
  // True while devices wait for something that the server has to do.
  bool is_busy() const;

  const MemoryStore& rows() const { return disk_.rows; }
  const MemoryScopeLog& log() const { return disk_.log; }

 private:
  struct Stored {
    Id<User> user;
    Result<void> result;
    std::uint64_t hash = 0;
  };
  struct Disk {
    MemoryStore rows{Numbering::kAuthority};
    MemoryScopeLog log{derive_uuid({}, "epoch")};
    std::map<Uuid, Stored> results;
  };
  struct Job {
    Push push;
    Id<User> user;
    std::uint64_t connection;
  };
  struct Answer {
    std::uint64_t connection;
    Uuid client;
    PushResult result;
  };

  bool take(Connection& connection, SyncMessage& message);
  PushResult decide(const Job& job);
  Decision run_once(const Job& job, const PushedCommand& pushed, const Uuid& id, Turn turn);
  // Numbers that came to nothing are decided too, each in its place.
  void note_nothings(const Job& job, const PushResult& answer, std::uint64_t last_mid,
                     std::size_t first);
  void refuse_device(Connection& connection);
  void begin_epoch();
  std::optional<std::uint64_t> backup_seq() const { return backup_seq_; }
  std::uint64_t seq_of_commit();
  void settle(std::vector<Answer> answers);
  // False: the commit is not there.
  bool survives_commit(const Disk& before, const std::vector<Answer>& answers);
  void send(Connection& connection, std::string frame);
  void flush(Connection& connection);
  void wake();
  Connection* find(std::uint64_t number);

  Core& core_;
  Network& network_;
  Model& model_;
  Disk disk_;
  std::optional<Disk> backup_;
  std::optional<std::uint64_t> backup_seq_;
  // Beside the database: the numbers given out, and the newest row of everybody whose access was
  // decided.
  std::uint64_t fenced_seq_ = 0;
  bool has_restored_ = false;
  std::map<RowKey, std::string> fenced_access_;
  // Memory of the process:
  std::deque<Job> jobs_;
  std::uint64_t committed_seq_ = 0;
  std::set<Scope> changed_;
  std::vector<Decided> decided_;
};

}  // namespace foyer::sim
