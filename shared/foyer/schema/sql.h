// How an entity lies in SQL: one STRICT table with a readable column per field, as text for SQLite.
// Not the storage: it knows no connection, no transaction and no values.
//
//   text, id -> TEXT (NULL when empty)   integer, instant -> INTEGER (an instant of none is NULL)
//   enum -> TEXT name   enum set, lists -> TEXT, a JSON array   bytes -> BLOB
//   money -> INTEGER of minor units and a TEXT column "<key>_currency"
//   last, "unknown_fields" BLOB: what a newer build wrote (field.h, UnknownFields)
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "foyer/schema/entity.h"

namespace foyer {

struct SqlColumn {
  std::string name;
  std::string_view type = "TEXT";
};

// In the order of the table; the first is the row's id.
std::vector<SqlColumn> columns_of(const Entity& entity);

std::string create_table_sql(const Entity& entity);
// For tables made by an older build: one step of migration for each column it does not have.
std::string add_column_sql(const Entity& entity, const SqlColumn& column);
// One per indexed field, on (value, id), so that scans come sorted; one more per unique field.
std::vector<std::string> create_index_sql(const Entity& entity);

// An identifier in double quotes: entities bear names like `case`.
std::string quote_identifier(std::string_view name);

}  // namespace foyer
