// The server's bookkeeping of what is published where, as a port: kept in the same transaction as
// the rows. SqliteScopeLog (server-stub/) keeps it in tables, MemoryScopeLog in memory.
// Invariant: for each scope, `state` is the count and checksum of exactly the rows listed for it.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "foyer/sync/messages.h"

namespace foyer {

struct RowKey {
  EntityId entity = 0;
  Uuid id;
  friend auto operator<=>(const RowKey&, const RowKey&) = default;
};

class ScopeLog {
 public:
  virtual ~ScopeLog() = default;
  virtual Uuid epoch() const = 0;
  // Earlier epochs of this history, oldest first, each with the last seq that this one has of it.
  virtual std::vector<EndedEpoch> forked_from() const = 0;
  // Of the last commit; the writer raises it once per commit that changed something.
  virtual std::uint64_t seq() const = 0;
  virtual std::uint64_t raise_seq() = 0;

  // Where a row is published now, with the checksum it contributes there.
  virtual std::vector<std::pair<Scope, std::uint32_t>> published(const RowKey& row) const = 0;
  // Publishes or withdraws, keeps `state`, and logs it at `seq`.
  virtual void publish(const Scope& scope, const RowKey& row, std::uint32_t crc,
                       std::uint64_t seq) = 0;
  virtual void withdraw(const Scope& scope, const RowKey& row, std::uint64_t seq) = 0;

  virtual ScopeState state(const Scope& scope) const = 0;
  virtual std::vector<RowKey> rows(const Scope& scope) const = 0;
  // Rows whose publication changed after `seq`; nothing if the log does not reach back so far.
  virtual std::optional<std::vector<RowKey>> changed_since(const Scope& scope,
                                                           std::uint64_t seq) const = 0;

  // The newest decided mid of a client, and of whom the client is; null id: not seen before.
  struct ClientRecord {
    std::uint64_t last_mid = 0;
    Id<User> user;
    std::uint64_t hash = 0;  // of its commands up to last_mid; 0: not known
    std::uint64_t pruned_mid = 0;  // up to here no answers are stored
    std::uint64_t told_mid = 0;    // the newest that it said it had
    Uuid session = {};             // in which it last spoke with something unsaid
  };
  virtual ClientRecord client(const Uuid& client) const = 0;
  virtual void set_client(const Uuid& client, const ClientRecord& record) = 0;
};

class MemoryScopeLog final : public ScopeLog {
 public:
  explicit MemoryScopeLog(const Uuid& epoch) : epoch_(epoch) {}
  Uuid epoch() const override { return epoch_; }
  std::vector<EndedEpoch> forked_from() const override { return forked_from_; }
  std::uint64_t seq() const override { return seq_; }
  std::uint64_t raise_seq() override { return ++seq_; }
  std::vector<std::pair<Scope, std::uint32_t>> published(const RowKey& row) const override;
  void publish(const Scope& scope, const RowKey& row, std::uint32_t crc,
               std::uint64_t seq) override;
  void withdraw(const Scope& scope, const RowKey& row, std::uint64_t seq) override;
  ScopeState state(const Scope& scope) const override;
  std::vector<RowKey> rows(const Scope& scope) const override;
  std::optional<std::vector<RowKey>> changed_since(const Scope& scope,
                                                   std::uint64_t seq) const override;
  ClientRecord client(const Uuid& client) const override;
  void set_client(const Uuid& client, const ClientRecord& record) override;
  // Another history goes on from here, with numbers above `seq`.
  void start_epoch(const Uuid& epoch, std::uint64_t seq) {
    forked_from_.push_back({epoch_, seq_});
    epoch_ = epoch;
    seq_ = std::max(seq_, seq);
  }
  // Forgets the log (not the rows) up to `seq`.
  void compact(std::uint64_t seq) { floor_ = seq; }

 private:
  Uuid epoch_;
  std::vector<EndedEpoch> forked_from_;
  std::uint64_t seq_ = 0, floor_ = 0;
  std::map<RowKey, std::map<Scope, std::uint32_t>> published_;
  std::map<Scope, std::set<RowKey>> rows_;
  std::map<Scope, ScopeState> states_;
  std::map<Scope, std::map<RowKey, std::uint64_t>> log_;  // newest seq of each row
  std::map<Uuid, ClientRecord> clients_;
};

}  // namespace foyer
