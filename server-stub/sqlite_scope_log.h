// The scope log of shared/foyer/sync over SQLite: where each row is published, and since when. On
// the writer's connection it is part of the transaction under way, on a reader's it is a snapshot.
#pragma once

#include "foyer/sync/scope_log.h"
#include "sqlite_database.h"

namespace foyer::server {

class SqliteScopeLog final : public ScopeLog {
 public:
  explicit SqliteScopeLog(Database& database) : database_(database) {}

  Uuid epoch() const override;
  std::vector<EndedEpoch> forked_from() const override;
  std::uint64_t seq() const override;
  std::uint64_t raise_seq() override;
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

  // Another history goes on from here, with numbers above `seq`. False if it cannot be written.
  bool start_epoch(const Uuid& epoch, std::uint64_t seq);
  // Clients that last spoke in this session and said that they had more than was decided since.
  std::vector<std::pair<Uuid, ClientRecord>> unsaid_in(const Uuid& session) const;
  // From this seq on it says what changed.
  std::uint64_t floor() const { return head("floor"); }
  // Forgets withdrawn rows up to `seq`: clients that are further behind get snapshots.
  void compact(std::uint64_t seq);

 private:
  // A scope's number in the tables; 0: nothing was ever published there.
  struct Entry {
    std::int64_t number = 0;
    ScopeState state;
  };
  struct Place {
    std::uint64_t seq = 0;             // of the last change; 0: none
    std::optional<std::uint32_t> crc;  // nothing: withdrawn
  };
  std::uint64_t head(const char* column) const;
  Entry entry_of(const Scope& scope) const;
  std::int64_t add_scope(const Scope& scope);
  Place place_of(std::int64_t scope, const RowKey& row) const;
  void save_place(std::int64_t scope, const RowKey& row, const Place& before, const Place& after);
  void save_state(const Entry& entry);

  Database& database_;
};

}  // namespace foyer::server
