// The confirmed rows of a device: each as each scope publishes it, and united as people see it.
// Not the outbox's effects: the client engine lays those over. The bytes of a row that one scope
// publishes are there once: the store that shows it borrows them.
// Invariant: a row is shown while at least one scope holds a copy of it and all its copies can be
// read, with the fields of all.
#pragma once

#include <map>
#include <unordered_map>

#include "foyer/query/memory_store.h"
#include "foyer/sync/messages.h"
#include "foyer/sync/scope_log.h"

namespace foyer {

class Replica {
 public:
  Replica() = default;
  Replica(const Replica&) = delete;
  Replica& operator=(const Replica&) = delete;

  // The changes of one part of a poke. False: a row of no entity that we know.
  bool take(const Poke& part);
  // Rows of scopes that the cookie does not name are not ours to read: drops them.
  void keep_only(const Cookie& cookie);
  // The scopes whose count or checksum is not that of the cookie.
  std::vector<Scope> damaged(const Cookie& cookie) const;
  bool certified(const Cookie& cookie) const { return damaged(cookie).empty(); }
  // Writes to `rows`, and erases there, what has changed since the last call. Always the same
  // `rows`, without open savepoints; it borrows, and must not be read once this is cleared or gone.
  void show_changes(MemoryStore& rows);
  void clear();

  // All that a scope holds, as frames of parts of a poke from nothing: shorter than the pokes that
  // led here.
  std::vector<std::string> segments(const Scope& scope, const Cookie& cookie) const;
  // SHA-256 over the united rows, as MemoryStore::digest().
  std::string digest() const;

 private:
  using ScopeNumber = std::uint32_t;
  // Count and checksum are kept with each change: looking at every row again would make each poke
  // cost as much as there are rows.
  struct Members {
    Scope scope;
    std::size_t count = 0;
    std::uint32_t crc = 0;
  };
  struct Copy {
    const char* data = nullptr;
    std::uint32_t size = 0;
    ScopeNumber scope = 0;
    std::string_view view() const { return {data, size}; }
  };
  struct Row {
    Uuid id;
    Copy first;               // without data: there is none any more, until it is shown so
    bool has_more = false;    // in Table::more
    bool is_changed = false;  // since it was shown
    bool is_lent = false;
  };
  struct Table {
    const Entity* entity = nullptr;
    RowTable<Row> rows;
    std::unordered_map<RowNumber, std::vector<Copy>> more;
    std::vector<RowNumber> changed;
  };

  ScopeNumber number_of(const Scope& scope);
  void set_copy(const Scope& scope, const RowChange& change);
  void drop_copy(Table& table, RowNumber number, ScopeNumber scope);
  void drop_scope(const Scope& scope);
  void mark(Table& table, RowNumber number);
  static Copy* find_copy(Table& table, RowNumber number, ScopeNumber scope);
  // In the order of their scopes.
  std::vector<Copy> copies_of(const Table& table, RowNumber number) const;
  // Nothing: there is no copy, or one that cannot be read.
  std::optional<AnyRow> unite(const Table& table, RowNumber number) const;
  void show(Table& table, RowNumber number, MemoryStore& rows);
  void move_bytes(MemoryStore& rows);

  std::vector<Members> scopes_;  // by number; one that was dropped stays, without rows
  std::map<Scope, ScopeNumber> scope_numbers_;
  std::map<EntityId, Table> tables_;
  RowBytes bytes_;
  bool must_purge_ = false;  // rows were dropped that we may not read any more
};

}  // namespace foyer
