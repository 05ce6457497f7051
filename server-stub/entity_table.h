// How the rows of one entity are written to and read from its table (foyer/schema/sql.h), column by
// column. Not the store: it knows no transactions.
#pragma once

#include <string>
#include <vector>

#include "foyer/schema/sql.h"
#include "foyer/schema/value.h"
#include "sqlite_database.h"

namespace foyer::server {

class EntityTable {
 public:
  explicit EntityTable(const Entity& entity);

  const Entity& entity() const { return *entity_; }
  const std::string& name() const { return name_; }  // quoted
  const std::vector<SqlColumn>& columns() const { return columns_; }

  const std::string& select_sql() const { return select_sql_; }  // ?1 = id
  const std::string& upsert_sql() const { return upsert_sql_; }
  const std::string& delete_sql() const { return delete_sql_; }  // ?1 = id

  void bind(Statement& statement, const void* object) const;
  // Writes `after` over `before`, which is stored, and leaves alone each index whose field is the
  // same: naming a column in an UPDATE rewrites its index whatever it held.
  void update(Database& database, const void* before, const void* after) const;
  // False if a column holds what this build cannot read.
  bool read(const Statement& row, void* object) const;

 private:
  const Entity* entity_;
  std::string name_;
  std::vector<SqlColumn> columns_;
  std::string select_sql_, upsert_sql_, delete_sql_;
};

}  // namespace foyer::server
