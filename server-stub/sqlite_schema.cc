#include "sqlite_schema.h"

#include <algorithm>
#include <optional>

#include "foyer/base/checksum.h"

namespace foyer::server {
namespace {

// "FOYR", so that `file foyer.db` and `restore` recognise it.
constexpr std::int64_t kApplicationId = 0x464f5952;

struct Migration {
  std::int64_t version;
  const char* name;
  const char* sql;  // never edited once released: add another one
};

constexpr Migration kMigrations[] = {
    {1, "server tables", R"(
CREATE TABLE server_meta (
  key TEXT NOT NULL PRIMARY KEY,
  value BLOB NOT NULL
) STRICT;
CREATE TABLE server_credential (
  user TEXT NOT NULL PRIMARY KEY,
  password_hash TEXT NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;
CREATE TABLE server_invitation (
  token_hash BLOB NOT NULL PRIMARY KEY,
  user TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE TABLE server_session (
  id TEXT NOT NULL PRIMARY KEY,
  site TEXT NOT NULL,
  user TEXT NOT NULL,
  token_hash BLOB NOT NULL UNIQUE,
  form_token TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  label TEXT NOT NULL
) STRICT;
CREATE TABLE server_command (
  id TEXT NOT NULL PRIMARY KEY,
  user TEXT NOT NULL,
  code INTEGER,
  field TEXT,
  detail TEXT,
  at INTEGER NOT NULL
) STRICT;
CREATE TABLE server_number (
  series TEXT NOT NULL PRIMARY KEY,
  last INTEGER NOT NULL
) STRICT;
CREATE TABLE sync_head (
  id INTEGER NOT NULL PRIMARY KEY,
  epoch TEXT NOT NULL,
  seq INTEGER NOT NULL,
  floor INTEGER NOT NULL
) STRICT;
CREATE TABLE sync_scope (
  scope TEXT NOT NULL PRIMARY KEY,
  row_count INTEGER NOT NULL,
  crc INTEGER NOT NULL
) STRICT;
CREATE TABLE sync_scope_row (
  scope TEXT NOT NULL,
  entity INTEGER NOT NULL,
  row_id TEXT NOT NULL,
  crc INTEGER,
  seq INTEGER NOT NULL,
  PRIMARY KEY (scope, entity, row_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sync_scope_row_by_seq ON sync_scope_row (scope, seq);
CREATE INDEX sync_scope_row_by_row ON sync_scope_row (row_id);
CREATE TABLE sync_client (
  id TEXT NOT NULL PRIMARY KEY,
  last_mid INTEGER NOT NULL,
  user TEXT NOT NULL
) STRICT;
CREATE TABLE search_token (
  token TEXT NOT NULL,
  entity INTEGER NOT NULL,
  row_id TEXT NOT NULL,
  weight INTEGER NOT NULL
) STRICT;
CREATE INDEX search_token_by_token ON search_token (token, entity, row_id, weight);
CREATE INDEX search_token_by_row ON search_token (row_id);
)"},
    {2, "kiosk tables", R"(
CREATE TABLE server_device_code (
  device TEXT NOT NULL PRIMARY KEY,
  code_hash BLOB NOT NULL UNIQUE,
  expires_at INTEGER NOT NULL,
  used_by BLOB NOT NULL
) STRICT;
CREATE TABLE server_envelope (
  id TEXT NOT NULL PRIMARY KEY,
  device TEXT NOT NULL,
  bytes BLOB NOT NULL,
  received_at INTEGER NOT NULL
) STRICT;
)"},
    // What is published where, by small numbers and without a second copy of every id: a page of it
    // is written with almost every command.
    {3, "narrow scope log", R"(
CREATE TABLE sync_scope_narrow (
  scope INTEGER NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  row_count INTEGER NOT NULL,
  crc INTEGER NOT NULL
) STRICT;
INSERT INTO sync_scope_narrow (name, row_count, crc)
  SELECT scope, row_count, crc FROM sync_scope ORDER BY scope;
CREATE TABLE sync_place (
  row_id BLOB NOT NULL,
  entity INTEGER NOT NULL,
  scope INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  crc INTEGER,
  PRIMARY KEY (row_id, entity, scope)
) STRICT, WITHOUT ROWID;
CREATE TABLE sync_change (
  scope INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  row_id BLOB NOT NULL,
  is_there INTEGER NOT NULL,
  PRIMARY KEY (scope, seq, entity, row_id)
) STRICT, WITHOUT ROWID;
INSERT INTO sync_place
  SELECT unhex(replace(r.row_id, '-', '')), r.entity, s.scope, r.seq, r.crc
  FROM sync_scope_row AS r JOIN sync_scope_narrow AS s ON s.name = r.scope ORDER BY 1, 2, 3;
INSERT INTO sync_change
  SELECT scope, seq, entity, row_id, crc IS NOT NULL FROM sync_place ORDER BY 1, 2, 3, 4;
DROP TABLE sync_scope_row;
DROP TABLE sync_scope;
ALTER TABLE sync_scope_narrow RENAME TO sync_scope;
CREATE TABLE sync_client_narrow (
  id BLOB NOT NULL PRIMARY KEY,
  last_mid INTEGER NOT NULL,
  user BLOB NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO sync_client_narrow
  SELECT unhex(replace(id, '-', '')), last_mid, unhex(replace(user, '-', '')) FROM sync_client;
DROP TABLE sync_client;
ALTER TABLE sync_client_narrow RENAME TO sync_client;
)"},
    {4, "recent words", R"(
CREATE TABLE search_recent (
  row_id BLOB NOT NULL,
  entity INTEGER NOT NULL,
  words TEXT NOT NULL,
  PRIMARY KEY (row_id, entity)
) STRICT, WITHOUT ROWID;
CREATE TABLE search_text (
  row_id BLOB NOT NULL,
  entity INTEGER NOT NULL,
  words TEXT NOT NULL,
  PRIMARY KEY (row_id, entity)
) STRICT, WITHOUT ROWID;
CREATE TABLE search_word (
  word TEXT NOT NULL,
  entity INTEGER NOT NULL,
  row_id BLOB NOT NULL,
  PRIMARY KEY (word, entity, row_id)
) STRICT, WITHOUT ROWID;
INSERT INTO search_word
  SELECT DISTINCT token, entity, unhex(replace(row_id, '-', '')) FROM search_token ORDER BY 1, 2, 3;
INSERT INTO search_text
  SELECT row_id, entity, ' ' || group_concat(word, ' ') || ' ' FROM search_word
  GROUP BY row_id, entity;
DROP TABLE search_token;
CREATE TABLE server_command_narrow (
  id BLOB NOT NULL PRIMARY KEY,
  user BLOB NOT NULL,
  code INTEGER,
  field TEXT,
  detail TEXT,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO server_command_narrow
  SELECT unhex(replace(id, '-', '')), unhex(replace(user, '-', '')), code, field, detail, at
  FROM server_command;
DROP TABLE server_command;
ALTER TABLE server_command_narrow RENAME TO server_command;
)"},
    {5, "epochs, and what tells a client from its copy", R"(
CREATE TABLE sync_epoch (
  seq INTEGER NOT NULL PRIMARY KEY,
  epoch TEXT NOT NULL
) STRICT;
ALTER TABLE sync_client ADD COLUMN hash INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sync_client ADD COLUMN pruned_mid INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sync_client ADD COLUMN told_mid INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sync_client ADD COLUMN session BLOB NOT NULL DEFAULT x'';
CREATE INDEX sync_client_by_session ON sync_client (session) WHERE session <> x'';
ALTER TABLE server_command ADD COLUMN hash INTEGER NOT NULL DEFAULT 0;
ALTER TABLE server_command ADD COLUMN is_parked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE server_command ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
)"},
};

constexpr const char* kMigrationTable =
    "CREATE TABLE IF NOT EXISTS server_migration (version INTEGER NOT NULL PRIMARY KEY, "
    "name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT";

std::unexpected<Error> storage_error() {
  return fail(ErrorCode::kUnavailable, "data", "cannot_write");
}

std::vector<std::string> column_names(Database& database, std::string_view table) {
  std::vector<std::string> names;
  Statement& info = database.statement("SELECT name FROM pragma_table_info(?1)");
  info.bind(1, table);
  while (info.step()) names.emplace_back(info.text(0));
  return names;
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The statements that are missing; nothing when the table holds columns this build does not know.
std::optional<std::vector<std::string>> changes_of(Database& database, const EntityTable& table) {
  std::vector<std::string> changes;
  const auto present = column_names(database, table.entity().name);
  if (present.empty()) {
    changes.push_back(create_table_sql(table.entity()));
    for (auto& sql : create_index_sql(table.entity())) changes.push_back(std::move(sql));
    return changes;
  }
  for (const auto& name : present) {
    const auto& known = table.columns();
    if (std::none_of(known.begin(), known.end(), [&](const auto& c) { return c.name == name; }))
      return std::nullopt;
  }
  for (const auto& column : table.columns())
    if (!contains(present, column.name)) changes.push_back(add_column_sql(table.entity(), column));
  if (!changes.empty())
    for (auto& sql : create_index_sql(table.entity())) changes.push_back(std::move(sql));
  return changes;
}

struct Plan {
  std::vector<const Migration*> migrations;
  std::vector<std::string> table_changes;
  bool is_new_file = false;

  bool empty() const { return migrations.empty() && table_changes.empty(); }
};

Result<Plan> make_plan(Database& database, const MigrationOptions& options) {
  Plan plan;
  const auto application = database.integer_of("PRAGMA application_id");
  const auto table_count = database.integer_of("SELECT count(*) FROM sqlite_schema");
  if (!application || !table_count) return storage_error();
  plan.is_new_file = *table_count == 0;
  if (!plan.is_new_file && *application != kApplicationId)
    return fail(ErrorCode::kCorrupt, "data", "not_foyer");
  std::int64_t newest = 0;
  if (!plan.is_new_file) {
    Statement& applied = database.statement("SELECT version, checksum FROM server_migration");
    while (applied.step()) {
      const auto version = applied.integer(0);
      newest = std::max(newest, version);
      for (const auto& migration : kMigrations) {
        if (migration.version != version || applied.text(1) == to_hex(sha256(migration.sql)))
          continue;
        applied.reset();
        return fail(ErrorCode::kCorrupt, "data", "changed_migration");
      }
    }
  }
  if (newest > std::end(kMigrations)[-1].version)
    return fail(ErrorCode::kUnavailable, "data", "newer_schema");
  for (const auto& migration : kMigrations)
    if (migration.version > newest) plan.migrations.push_back(&migration);
  for (const auto* entity : options.entities) {
    auto changes = changes_of(database, EntityTable(*entity));
    if (!changes) return fail(ErrorCode::kUnavailable, "data", "newer_schema");
    for (auto& sql : *changes) plan.table_changes.push_back(std::move(sql));
  }
  if (database.failure()) return storage_error();
  return plan;
}

}  // namespace

Result<void> migrate(Database& database, const MigrationOptions& options) {
  auto plan = make_plan(database, options);
  if (!plan) return std::unexpected(plan.error());
  if (plan->empty()) return {};
  if (!plan->is_new_file && !options.backup_file.empty())
    FOYER_TRY(database.backup_to(options.backup_file));
  if (!database.begin()) return storage_error();
  bool is_fine = database.execute("PRAGMA application_id=" + std::to_string(kApplicationId)) &&
                 database.execute(kMigrationTable);
  for (const auto* migration : plan->migrations) {
    is_fine = is_fine && database.execute(migration->sql) &&
              database
                  .statement("INSERT INTO server_migration VALUES (?1, ?2, ?3, ?4)")
                  .bind(1, migration->version)
                  .bind(2, std::string_view(migration->name))
                  .bind(3, to_hex(sha256(migration->sql)))
                  .bind(4, options.now.ms)
                  .run();
  }
  for (const auto& sql : plan->table_changes) is_fine = is_fine && database.execute(sql);
  if (is_fine && database.commit()) return {};
  database.rollback();
  return storage_error();
}

}  // namespace foyer::server
