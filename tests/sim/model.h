// What must be true, from an ordered log of what the server committed and a pure fold over it. Not
// the server: it knows no scope log, no cookie, no transaction, and keeps each reader's view of
// every commit.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <vector>

#include "foyer/command/command.h"
#include "foyer/query/memory_store.h"
#include "foyer/sync/scope_log.h"
#include "sim/core.h"

namespace foyer::sim {

// One entry of the log: a client's command, as the server decided it.
struct Decided {
  Uuid id;
  Uuid client;
  std::uint64_t mid = 0;
  Id<User> user;
  Command command;
  Instant now;
  Result<void> result;
  bool is_trimmed = false;  // the device did not have its words any more
};

// What a reader may see after a commit: rows with the fields that are theirs to read.
struct View {
  std::map<RowKey, std::shared_ptr<const std::string>> rows;
  std::set<Scope> scopes;
  std::string digest;  // as MemoryStore::digest
};

class Model {
 public:
  explicit Model(Core& core) : core_(core) {}

  void add_reader(Id<User> user) { readers_.push_back(user); }
  // The fold: a row written by an operation, and a command.
  void put_row(const Entity& entity, const void* row);
  void decide(const Decided& decided);
  // Ends the commit `seq`: from now on readers see what was folded until here.
  void seal(std::uint64_t seq);
  // What is decided after the backup is undone by its restoring; what was seen was seen.
  void back_up() { backup_ = now_; }
  void restore();

  std::uint64_t seq() const { return seq_; }
  const Reader& rows() const { return now_.rows; }
  // Null: the reader has no view of that commit.
  const View* view(Id<User> user, std::uint64_t seq) const;

  // By (client, mid): what was decided, and at which commit.
  struct Decision {
    Decided decided;
    std::uint64_t seq = 0;  // 0: it changed no row
  };
  const Decision* find(const Uuid& client, std::uint64_t mid) const;
  // Rows that were ever on one of the scopes.
  bool was_ever_on(const RowKey& row, const std::set<Scope>& scopes) const;
  // Words that must not be found where a row may not be read: by row.
  const std::map<RowKey, std::string>& canaries() const { return canaries_; }

 private:
  struct Sight {  // a row, what it is published on, and as whom it is read
    std::string bytes;
    std::vector<Scope> scopes;
    std::map<std::uint8_t, std::shared_ptr<const std::string>> by_audience;
    std::map<std::uint8_t, std::string> hashes;
  };
  void look(const RowKey& key, Sight& sight, const Entity& entity);
  std::shared_ptr<const View> see(Id<User> user);

  Core& core_;
  struct History {
    MemoryStore rows{Numbering::kAuthority};
    std::map<Uuid, Decision> log;
    std::map<Uuid, std::uint64_t> newest_mid;  // executed, by client
  };
  History now_, backup_;
  std::map<RowKey, std::string> access_;  // the newest row of everybody whose access was decided
  std::uint64_t seq_ = 0;
  std::vector<Id<User>> readers_;
  std::map<RowKey, Sight> sights_;
  std::map<RowKey, std::set<Scope>> ever_on_;
  std::map<RowKey, std::string> canaries_;
  std::map<Id<User>, std::map<std::uint64_t, std::shared_ptr<const View>>> views_;
  std::vector<Uuid> unsealed_;
};

}  // namespace foyer::sim
