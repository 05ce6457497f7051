// Rows in memory with their secondary indexes and text index: the replica of a device, and the
// store of tests. Not durable; not synchronised (sync/ does that over it).
// An index is made when it is first asked for, from the rows, and kept with each change from then
// on: a device that starts does not pay for what it may never ask.
// Invariant: indexes and rows always agree; rollback() restores exactly what begin() saw.
#pragma once

#include <map>
#include <set>
#include <unordered_map>

#include "foyer/model/store.h"

namespace foyer {

enum class Numbering : std::uint8_t { kNone, kAuthority };

class MemoryStore final : public Writer {
 public:
  explicit MemoryStore(Numbering numbering = Numbering::kNone) : numbering_(numbering) {}

  bool read(const Entity& entity, const Uuid& id, void* object) const override;
  std::vector<Uuid> scan(const Entity& entity, const Scan& scan) const override;
  std::vector<TextHit> search(const TextQuery& query) const override;
  std::size_t count(const Entity& entity) const override;
  void write(const Entity& entity, const void* object) override;
  void erase(const Entity& entity, const Uuid& id) override;
  std::string next_number(std::string_view series) override;

  // Encoded row, empty if there is none.
  std::string_view bytes(const Entity& entity, const Uuid& id) const;

  // Nested: each begin() is ended by one commit() (keep) or rollback() (undo, O(changes)).
  void begin();
  void commit();
  void rollback();

  // Rows touched by write or erase since the last call, without repetitions.
  struct Touched {
    const Entity* entity;
    Uuid id;
    friend auto operator<=>(const Touched&, const Touched&) = default;
  };
  std::vector<Touched> take_touched();

  // SHA-256 in hexadecimal over all rows by entity and id: equal stores have equal digests.
  std::string digest() const;

 private:
  using IndexKey = std::pair<Value, Uuid>;
  struct Index {
    const Field* field;
    std::set<IndexKey> keys;
  };
  struct Table {
    const Entity* entity = nullptr;
    std::map<Uuid, std::string> rows;
    mutable std::vector<Index> indexes;  // those that were asked for
  };
  struct Undo {
    const Entity* entity;  // null: a number was taken from `series`
    Uuid id;
    std::string before;    // empty: there was no row
    std::string series;
  };

  Table& table_of(const Entity& entity);
  const Table* find_table(const Entity& entity) const;
  // `object`: what `bytes` say, if the caller has it at hand.
  void replace(const Entity& entity, const Uuid& id, std::string bytes,
               const void* object = nullptr);
  static const Index& index_of(const Table& table, const Field& field);
  bool is_indexed(const Entity& entity) const;
  void index_row(Table& table, const void* object, bool add);
  void index_text(const Entity& entity, const void* object, bool add) const;
  void index_all_text() const;

  Numbering numbering_;
  std::map<EntityId, Table> tables_;
  struct TextKey {
    EntityId entity;
    Uuid id;
    friend auto operator<=>(const TextKey&, const TextKey&) = default;
  };
  using Weights = std::map<TextKey, std::int64_t>;
  mutable std::map<std::string, Weights, std::less<>> text_;  // by token
  mutable bool is_text_indexed_ = false;
  std::map<std::string, std::int64_t, std::less<>> numbers_;
  std::vector<Undo> undo_;
  std::vector<std::size_t> savepoints_;
  std::set<Touched> touched_;
};

}  // namespace foyer
