// Rows in memory with their secondary indexes and text index: the replica of a device, and the
// store of tests. Not durable; not synchronised (sync/ does that over it). Rows stay encoded, and
// an index is made when it is first asked for, then kept with each change: a device that starts
// pays neither for objects nor for what it may never ask.
// Invariant: indexes and rows always agree; rollback() restores exactly what begin() saw.
#pragma once

#include <map>
#include <memory>

#include "foyer/model/store.h"
#include "foyer/query/row_bytes.h"
#include "foyer/query/row_table.h"
#include "foyer/query/sorted_rows.h"
#include "foyer/schema/peek.h"

namespace foyer {

enum class Numbering : std::uint8_t { kNone, kAuthority };
// Whether take_touched() will be called: nobody forgets for those who do not ask.
enum class Touches : std::uint8_t { kKept, kForgotten };

class TextIndex;

class MemoryStore final : public Writer {
 public:
  explicit MemoryStore(Numbering numbering = Numbering::kNone, Touches touches = Touches::kKept);
  // The rows alone: of a store without open savepoints.
  MemoryStore(const MemoryStore& other);
  MemoryStore& operator=(const MemoryStore& other);
  MemoryStore(MemoryStore&&) noexcept;
  MemoryStore& operator=(MemoryStore&&) noexcept;
  ~MemoryStore() override;

  bool read(const Entity& entity, const Uuid& id, void* object) const override;
  std::vector<Uuid> scan(const Entity& entity, const Scan& scan) const override;
  std::vector<TextHit> search(const TextQuery& query) const override;
  std::size_t count(const Entity& entity) const override;
  void write(const Entity& entity, const void* object) override;
  void erase(const Entity& entity, const Uuid& id) override;
  std::string next_number(std::string_view series) override;

  // Encoded row, empty if there is none.
  std::string_view bytes(const Entity& entity, const Uuid& id) const;

  // Writes a row of which is_plain_row() is true without a copy: `bytes` must stay where they are
  // until the row is lent from elsewhere, written or erased. Not within a savepoint.
  void lend(const Entity& entity, const Uuid& id, std::string_view bytes);

  // What was replaced or erased is nowhere in memory any more, but for what open savepoints need.
  void purge() { move_rows(); }

  // Takes up to so many more rows into the text index, so that the first search() need not. False:
  // it has them all.
  bool prepare_search(std::size_t rows) const;

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
  // Where a row's bytes are; none: there is no row.
  struct Place {
    const char* data = nullptr;
    std::uint32_t size = 0;
    bool is_lent = false;  // they are not in own_
    std::string_view view() const { return {data, size}; }
    bool is_none() const { return size == 0; }
  };
  struct Row {
    Uuid id;
    Place bytes;
  };
  // Null field: by id alone. Else by (value, id).
  struct Index {
    const Field* field;
    SortedRows rows;
  };
  struct Table {
    const Entity* entity = nullptr;
    RowTable<Row> rows;
    mutable std::vector<Index> indexes;  // those that were asked for
  };
  struct Undo {
    const Entity* entity;  // null: a number was taken from `series`
    Uuid id;
    Place before;
    std::string series;
  };

  Table& table_of(const Entity& entity);
  const Table* find_table(const Entity& entity) const;
  void replace(const Entity& entity, const Uuid& id, Place after);
  void set_bytes(Table& table, RowNumber number, Place after);
  RowNumber insert_row(Table& table, const Uuid& id, Place bytes);
  void erase_row(Table& table, RowNumber number);
  // From the first row of a scan to the one after the last.
  static std::pair<SortedRows::Place, SortedRows::Place> places_of(const Table& table,
                                                                  const Scan& scan);
  static const SortedRows& index_of(const Table& table, const Field* field);
  static SortedRows sorted_by(const Table& table, const Field* field);
  static SortedRows::Place place_of(const Table& table, const Index& index, const KeyView& key,
                                    const Uuid& id);
  void give_up(const Place& place);
  void move_rows();  // away from what is wasted
  // True if the text index holds what the row has; false: it comes to the row later.
  bool has_indexed_text(const Entity& entity, RowNumber number) const;
  void index_text(const Entity& entity, const Uuid& id, std::string_view row) const;

  Numbering numbering_;
  Touches touches_;
  std::map<EntityId, Table> tables_;
  RowBytes own_;
  mutable std::unique_ptr<TextIndex> text_;  // null: nobody has searched
  // Rows of entities before it, and of it before its row, are in the text index.
  mutable EntityId text_entity_ = 0;
  mutable RowNumber text_row_ = 0;
  mutable bool has_all_text_ = false;
  std::map<std::string, std::int64_t, std::less<>> numbers_;
  std::vector<Undo> undo_;
  std::vector<std::size_t> savepoints_;
  std::vector<Touched> touched_;
};

}  // namespace foyer
