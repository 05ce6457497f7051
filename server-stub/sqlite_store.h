// The Reader and Writer ports over one SQLite connection. Not a transaction: the writer thread
// begins and commits, and looks at Database::failure() after each command.
// Invariant: a row is in its table and in the index of words, or in neither.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "entity_table.h"
#include "foyer/model/store.h"
#include "sqlite_database.h"
#include "sqlite_text_index.h"

namespace foyer::server {

// The entities' tables; shared by all connections, never changed.
class StoreLayout {
 public:
  explicit StoreLayout(const std::vector<const Entity*>& entities);
  const EntityTable& table_of(const Entity& entity) const;
  const EntityTable* find(EntityId id) const;

 private:
  std::unordered_map<EntityId, std::unique_ptr<EntityTable>> tables_;
};

class SqliteStore final : public Writer {
 public:
  SqliteStore(Database& database, const StoreLayout& layout)
      : database_(database), layout_(layout), text_(database) {}

  bool read(const Entity& entity, const Uuid& id, void* object) const override;
  std::vector<Uuid> scan(const Entity& entity, const Scan& scan) const override;
  std::vector<TextHit> search(const TextQuery& query) const override;
  std::size_t count(const Entity& entity) const override;

  void write(const Entity& entity, const void* object) override;
  void erase(const Entity& entity, const Uuid& id) override;
  // Series start at 10001.
  std::string next_number(std::string_view series) override;

  Database& database() const { return database_; }
  SqliteTextIndex& text() { return text_; }

 private:
  std::vector<Uuid> scan_enum(const EntityTable& table, const Scan& scan) const;
  void index_text(const Entity& entity, const void* stored, const void* object);

  Database& database_;
  const StoreLayout& layout_;
  SqliteTextIndex text_;
};

}  // namespace foyer::server
