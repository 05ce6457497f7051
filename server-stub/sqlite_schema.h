// Brings a database file to this build's shape: the server's own tables by numbered migrations, the
// entities' tables by comparison with their field tables. Forward only.
// Invariant: a file written by a newer build is refused and left untouched.
#pragma once

#include <string>
#include <vector>

#include "entity_table.h"
#include "foyer/base/instant.h"
#include "foyer/base/result.h"
#include "sqlite_database.h"

namespace foyer::server {

struct MigrationOptions {
  std::vector<const Entity*> entities;
  // Where a copy of an existing file goes before it is changed; empty: no copy is made.
  std::string backup_file = {};
  Instant now = {};
};

// kUnavailable/"newer_schema": written by a newer build. kCorrupt/"changed_migration": a migration
// that ran had another text. kCorrupt/"not_foyer": some other program's database.
Result<void> migrate(Database& database, const MigrationOptions& options);

}  // namespace foyer::server
