// What the last commits changed, encoded once for each kind of scope, so that devices that keep up
// are told without a look at the rows. Not the log: whom it does not reach, or whose rights
// changed, catch_up (server_engine.h) leads on from the tables.
// Invariant: what it says leads to exactly what catch_up would lead to at the same seq.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "foyer/sync/scope_log.h"

namespace foyer {

// What one commit did to one scope.
struct ScopeChange {
  struct Row {
    RowKey key;
    std::shared_ptr<const std::string> bytes;  // none: withdrawn
  };
  std::vector<Row> rows;
  ScopeState state;  // after it
};
struct CommitChanges {
  std::uint64_t seq = 0;
  std::map<Scope, ScopeChange> scopes;
  // Clients whose commands it decided, as they are after it.
  std::vector<std::pair<Uuid, ScopeLog::ClientRecord>> clients;
  // True if somebody may read other scopes since.
  bool changes_access = false;
};

class RecentChanges {
 public:
  // Keeps so many bytes of rows, or a little more.
  explicit RecentChanges(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  // In the order of the commits, each after it is durable: every one that raised the seq or decided
  // a command. What does not go on from the last one forgets it.
  void add(const Uuid& epoch, CommitChanges commit);

  struct Request {
    const Cookie& cookie;              // what the client holds
    const std::vector<Scope>& scopes;  // what its actor could read at the cookie's seq, sorted
    Uuid client;
    Id<User> user;                     // who speaks through it
    std::uint64_t answered_seq = 0;    // of a commit that it knows of: this must reach it
    std::uint64_t last_mid = 0;        // as it was last told
    std::optional<std::uint64_t> backup_seq = {};  // as Welcome's; nothing: there is no backup
  };
  // The parts of one poke; empty if there is nothing new; nothing if catch_up has to say it.
  std::optional<std::vector<Poke>> since(const Request& request) const;

 private:
  bool reaches(const Request& request) const;
  void forget(const Uuid& epoch);

  const std::size_t bytes_max_;
  Uuid epoch_;
  std::uint64_t floor_ = 0;       // reaches back to this seq
  std::uint64_t access_seq_ = 0;  // of the last change of somebody's scopes
  std::size_t bytes_ = 0;
  std::deque<std::pair<CommitChanges, std::size_t>> commits_;  // and their bytes
  std::unordered_map<Uuid, ScopeLog::ClientRecord, UuidHash> clients_;
};

}  // namespace foyer
