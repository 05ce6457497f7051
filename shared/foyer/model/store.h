// The two ports through which commands, rules and views see rows: Reader and Writer. Not a database
// and not a cache: MemoryStore (query/), SqliteStore (server-stub/) and the replica implement them.
// Invariant: a Reader within one command sees that command's own writes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foyer/base/result.h"
#include "foyer/schema/entity.h"
#include "foyer/schema/value.h"

namespace foyer {

// Rows of one entity whose indexed `field` lies in [from, to] (both inclusive, empty = open end),
// in ascending (value, id) order or the reverse. `field` null: all rows by id.
struct Scan {
  const Field* field = nullptr;
  Value from;
  Value to;
  bool descending = false;
  std::size_t limit = SIZE_MAX;
};

// Every word must be a token (the last: begin one); devices forgive slips. Best first, then newest.
struct TextQuery {
  std::string_view text;
  std::vector<const Entity*> entities;  // empty: all that have full-text fields
  std::size_t limit = 50;
};
struct TextHit {
  const Entity* entity = nullptr;
  Uuid id;
  std::int64_t score = 0;
};

class Reader {
 public:
  virtual ~Reader() = default;
  // Fills `object` (of `entity`'s type) and returns true, or returns false if there is no such row.
  virtual bool read(const Entity& entity, const Uuid& id, void* object) const = 0;
  // True if a row has this id, whoever may read it: what is new must not write over it.
  virtual bool is_taken(const Entity& entity, const Uuid& id) const;
  // Only over indexed fields (FOYER_ASSERT). O(log n + result).
  virtual std::vector<Uuid> scan(const Entity& entity, const Scan& scan) const = 0;
  // True if the scan finds a row, whoever may read it: what others' rows hang on must stay.
  virtual bool has_any(const Entity& entity, const Scan& scan) const;
  virtual std::vector<TextHit> search(const TextQuery& query) const = 0;
  virtual std::size_t count(const Entity& entity) const = 0;
};

inline bool Reader::is_taken(const Entity& entity, const Uuid& id) const {
  AnyRow row(entity);
  return read(entity, id, row.get());
}

inline bool Reader::has_any(const Entity& entity, const Scan& wanted) const {
  Scan first = wanted;
  first.limit = 1;
  return !scan(entity, first).empty();
}

class Writer : public Reader {
 public:
  // Inserts or replaces. The row must have an id (FOYER_ASSERT).
  virtual void write(const Entity& entity, const void* object) = 0;
  virtual void erase(const Entity& entity, const Uuid& id) = 0;
  // The next human number of a series ("T" -> "T-10482"). Empty on devices: only the server counts.
  virtual std::string next_number(std::string_view series) = 0;
};

// Typed forms, the ones to use.
template <class T>
std::optional<T> get(const Reader& reader, Id<T> id) {
  T row{};
  if (id.is_null() || !reader.read(entity_of<T>(), id, &row)) return std::nullopt;
  return row;
}
template <class T>
bool exists(const Reader& reader, Id<T> id) {
  return get(reader, id).has_value();
}
template <class T>
void put(Writer& writer, const T& row) {
  writer.write(entity_of<T>(), &row);
}

// The field table's row of a member: field_of<&Case::account>().
template <auto Member>
const Field& field_of() {
  using Traits = internal::MemberTraits<decltype(Member)>;
  static const Field& found = []() -> const Field& {
    typename Traits::Object probe;
    const Field* match = nullptr;
    for (const Field& candidate : entity_of<typename Traits::Object>().fields)
      if (candidate.at(&probe) == &(probe.*Member)) match = &candidate;
    FOYER_ASSERT(match != nullptr);
    return *match;
  }();
  return found;
}

// All rows whose indexed member equals `value`, by ascending id (oldest first):
//   find<&Message::case_id>(reader, case_row.id)
template <auto Member, class V>
auto find(const Reader& reader, const V& value, std::size_t limit = SIZE_MAX) {
  using T = typename internal::MemberTraits<decltype(Member)>::Object;
  const Field& field = field_of<Member>();
  Value key;
  if constexpr (std::is_convertible_v<V, std::string_view>) key = std::string(value);
  else if constexpr (std::is_base_of_v<Uuid, V>) key = to_string(value);
  else if constexpr (std::is_enum_v<V>) key = static_cast<std::int64_t>(value);
  else key = std::int64_t{value};
  std::vector<T> rows;
  for (const Uuid& id : reader.scan(entity_of<T>(), {&field, key, key, false, limit}))
    if (auto row = get(reader, Id<T>(id))) rows.push_back(std::move(*row));
  return rows;
}

template <class T>
std::vector<T> all(const Reader& reader, std::size_t limit = SIZE_MAX) {
  std::vector<T> rows;
  for (const Uuid& id : reader.scan(entity_of<T>(), {nullptr, {}, {}, false, limit}))
    if (auto row = get(reader, Id<T>(id))) rows.push_back(std::move(*row));
  return rows;
}

}  // namespace foyer
