// How one entity lies in SQL: a STRICT table with one readable column per field, derived from the
// field table. Not the store: it knows columns and values, no transactions.
//
//   text, id -> TEXT (NULL when empty)   integer, instant -> INTEGER (an instant of none is NULL)
//   enum -> TEXT name   enum set, lists -> TEXT, a JSON array   bytes -> BLOB
//   money -> INTEGER of minor units and a TEXT column "<key>_currency"
#pragma once

#include <string>
#include <vector>

#include "foyer/schema/entity.h"
#include "foyer/schema/value.h"
#include "sqlite_database.h"

namespace foyer::server {

struct TableColumn {
  std::string name;
  const char* type = "TEXT";
};

class EntityTable {
 public:
  explicit EntityTable(const Entity& entity);

  const Entity& entity() const { return *entity_; }
  const std::string& name() const { return name_; }  // quoted
  const std::vector<TableColumn>& columns() const { return columns_; }

  std::string create_sql() const;
  std::string add_column_sql(const TableColumn& column) const;
  // One per indexed field, on (value, id), so that scans come sorted.
  std::vector<std::string> index_sql() const;

  const std::string& select_sql() const { return select_sql_; }  // ?1 = id
  const std::string& upsert_sql() const { return upsert_sql_; }
  const std::string& delete_sql() const { return delete_sql_; }  // ?1 = id

  void bind(Statement& statement, const void* object) const;
  // False if a column holds what this build cannot read.
  bool read(const Statement& row, void* object) const;

 private:
  const Entity* entity_;
  std::string name_;
  std::vector<TableColumn> columns_;
  std::string select_sql_, upsert_sql_, delete_sql_;
};

std::string quote_identifier(std::string_view name);

}  // namespace foyer::server
