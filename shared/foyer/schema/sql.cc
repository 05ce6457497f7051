#include "foyer/schema/sql.h"

namespace foyer {
namespace {

std::string_view type_of(FieldType type) {
  switch (type) {
    case FieldType::kInteger:
    case FieldType::kInstant:
    case FieldType::kMoney: return "INTEGER";
    case FieldType::kBytes: return "BLOB";
    default: return "TEXT";
  }
}

std::string definition_of(const SqlColumn& column) {
  return quote_identifier(column.name) + ' ' + std::string(column.type);
}

}  // namespace

std::string quote_identifier(std::string_view name) { return '"' + std::string(name) + '"'; }

std::vector<SqlColumn> columns_of(const Entity& entity) {
  std::vector<SqlColumn> columns;
  for (const Field& field : entity.fields) {
    columns.push_back({std::string(field.key), type_of(field.type)});
    if (field.type == FieldType::kMoney)
      columns.push_back({std::string(field.key) + "_currency", "TEXT"});
  }
  columns.push_back({"unknown_fields", "BLOB"});
  return columns;
}

std::string create_table_sql(const Entity& entity) {
  std::string sql = "CREATE TABLE " + quote_identifier(entity.name) + " (";
  std::string_view separator = "\n  ";
  for (const SqlColumn& column : columns_of(entity)) {
    sql += std::string(separator) + definition_of(column);
    if (column.name == entity.fields[0].key) sql += " NOT NULL PRIMARY KEY";
    separator = ",\n  ";
  }
  return sql + "\n) STRICT";
}

std::string add_column_sql(const Entity& entity, const SqlColumn& column) {
  return "ALTER TABLE " + quote_identifier(entity.name) + " ADD COLUMN " + definition_of(column);
}

std::vector<std::string> create_index_sql(const Entity& entity) {
  std::vector<std::string> statements;
  const std::string table(entity.name);
  for (const Field& field : entity.fields) {
    if (!field.is_indexed() || field.id == 1) continue;
    const std::string key(field.key), column = quote_identifier(key);
    const std::string target = " ON " + quote_identifier(table) + " (" + column;
    statements.push_back("CREATE INDEX IF NOT EXISTS " + quote_identifier(table + "_by_" + key) +
                         target + ", \"id\")");
    // Empty values are NULL, of which a unique index allows any number.
    if (field.has(kUnique))
      statements.push_back("CREATE UNIQUE INDEX IF NOT EXISTS " +
                           quote_identifier(table + "_unique_" + key) + target + ")");
  }
  return statements;
}

}  // namespace foyer
