#include "sqlite_store.h"

#include <algorithm>

#include "foyer/base/assert.h"
#include "foyer/query/tokenizer.h"
#include "foyer/schema/row.h"

namespace foyer::server {
namespace {

constexpr std::int64_t kNumberBeforeFirst = 10'000;

void bind_value(Statement& statement, int at, const Field& field, const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    if (field.type == FieldType::kEnum)
      statement.bind(at, field.names[static_cast<std::size_t>(*number)]);
    else
      statement.bind(at, *number);
  } else {
    statement.bind(at, std::get<std::string>(value));
  }
}

// Empty values are NULL, which sorts first; an open start therefore takes them in.
std::string range_condition(const std::string& column, const Scan& scan) {
  const bool has_from = !is_empty(scan.from), has_to = !is_empty(scan.to);
  if (has_from && scan.from == scan.to) return column + " = ?1";
  if (has_from && has_to) return column + " BETWEEN ?1 AND ?2";
  if (has_from) return column + " >= ?1";
  if (has_to) return "(" + column + " <= ?2 OR " + column + " IS NULL)";
  return "1";
}

void collect(Statement& statement, std::vector<Uuid>& ids) {
  while (statement.step())
    if (const auto id = parse_uuid(statement.text(0))) ids.push_back(*id);
}

std::int64_t sql_limit(std::size_t limit) {
  return limit > INT64_MAX ? INT64_MAX : static_cast<std::int64_t>(limit);
}

}  // namespace

StoreLayout::StoreLayout(const std::vector<const Entity*>& entities) {
  for (const auto* entity : entities)
    tables_.emplace(entity->id, std::make_unique<EntityTable>(*entity));
}

const EntityTable& StoreLayout::table_of(const Entity& entity) const {
  const auto* table = find(entity.id);
  FOYER_ASSERT(table);
  return *table;
}

const EntityTable* StoreLayout::find(EntityId id) const {
  const auto found = tables_.find(id);
  return found == tables_.end() ? nullptr : found->second.get();
}

bool SqliteStore::read(const Entity& entity, const Uuid& id, void* object) const {
  const auto& table = layout_.table_of(entity);
  Statement& select = database_.statement(table.select_sql());
  select.bind(1, to_string(id));
  if (!select.step()) return false;
  const bool is_readable = table.read(select, object);
  select.reset();
  return is_readable;
}

std::vector<Uuid> SqliteStore::scan(const Entity& entity, const Scan& scan) const {
  const auto& table = layout_.table_of(entity);
  const std::string direction = scan.descending ? " DESC" : "";
  const std::string head = "SELECT \"id\" FROM " + table.name() + " WHERE ";
  std::vector<Uuid> ids;
  if (!scan.field || scan.field->id == 1) {
    Statement& select = database_.statement(head + range_condition("\"id\"", scan) +
                                            " ORDER BY \"id\"" + direction + " LIMIT ?3");
    if (!is_empty(scan.from)) bind_value(select, 1, entity.fields[0], scan.from);
    if (!is_empty(scan.to) && scan.from != scan.to)
      bind_value(select, 2, entity.fields[0], scan.to);
    select.bind(3, sql_limit(scan.limit));
    collect(select, ids);
    return ids;
  }
  FOYER_ASSERT(scan.field->is_indexed());
  if (scan.field->type == FieldType::kEnum) return scan_enum(table, scan);
  const auto column = quote_identifier(scan.field->key);
  Statement& select =
      database_.statement(head + range_condition(column, scan) + " ORDER BY " + column +
                          direction + ", \"id\"" + direction + " LIMIT ?3");
  if (!is_empty(scan.from)) bind_value(select, 1, *scan.field, scan.from);
  if (!is_empty(scan.to) && scan.from != scan.to) bind_value(select, 2, *scan.field, scan.to);
  select.bind(3, sql_limit(scan.limit));
  collect(select, ids);
  return ids;
}

// Enums lie in SQL as names, whose order means nothing: one enumerator after the other.
std::vector<Uuid> SqliteStore::scan_enum(const EntityTable& table, const Scan& scan) const {
  const auto count = static_cast<std::int64_t>(scan.field->names.size());
  const auto number_or = [](const Value& value, std::int64_t otherwise) {
    const auto* number = std::get_if<std::int64_t>(&value);
    return number ? *number : otherwise;
  };
  const auto first = std::max<std::int64_t>(0, number_or(scan.from, 0));
  const auto last = std::min(count - 1, number_or(scan.to, count - 1));
  const auto column = quote_identifier(scan.field->key);
  const std::string direction = scan.descending ? " DESC" : "";
  std::vector<Uuid> ids;
  for (auto step = first; step <= last && ids.size() < scan.limit; ++step) {
    const auto value = scan.descending ? first + last - step : step;
    // A row older than the column has NULL, which reads as the first enumerator.
    const std::string condition =
        value == 0 ? "(" + column + " = ?1 OR " + column + " IS NULL)" : column + " = ?1";
    Statement& select =
        database_.statement("SELECT \"id\" FROM " + table.name() + " WHERE " + condition +
                            " ORDER BY \"id\"" + direction + " LIMIT ?2");
    bind_value(select, 1, *scan.field, value);
    select.bind(2, sql_limit(scan.limit - ids.size()));
    collect(select, ids);
  }
  return ids;
}

std::size_t SqliteStore::count(const Entity& entity) const {
  Statement& select =
      database_.statement("SELECT count(*) FROM " + layout_.table_of(entity).name());
  if (!select.step()) return 0;
  const auto count = static_cast<std::size_t>(select.integer(0));
  select.reset();
  return count;
}

void SqliteStore::write(const Entity& entity, const void* object) {
  FOYER_ASSERT(!entity.id_of(object).is_null());
  const auto& table = layout_.table_of(entity);
  AnyRow stored(entity);
  const bool is_there = read(entity, entity.id_of(object), stored.get());
  if (is_there) {
    table.update(database_, stored.get(), object);
  } else {
    Statement& upsert = database_.statement(table.upsert_sql());
    table.bind(upsert, object);
    upsert.run();
  }
  index_text(entity, is_there ? stored.get() : nullptr, object);
}

void SqliteStore::erase(const Entity& entity, const Uuid& id) {
  database_.statement(layout_.table_of(entity).delete_sql()).bind(1, to_string(id)).run();
  text_.remove({entity.id, id});
}

// Most changes leave the words of a row alone. `stored` is null for a new row.
void SqliteStore::index_text(const Entity& entity, const void* stored, const void* object) {
  const auto is_text = [](const Field& field) {
    return field.has(kFullText) && field.type == FieldType::kText;
  };
  const auto has_changed = [&](const Field& field) {
    return is_text(field) && (!stored || !equal_fields(field, stored, object));
  };
  if (std::none_of(entity.fields.begin(), entity.fields.end(), has_changed)) return;
  SqliteTextIndex::Words words;
  for (const auto& field : entity.fields) {
    if (!is_text(field)) continue;
    for (auto& word : tokens_of(field.value<std::string>(object))) words.insert(std::move(word));
  }
  const SqliteTextIndex::Row row{entity.id, entity.id_of(object)};
  if (stored) text_.remove(row);
  if (!words.empty()) text_.add(row, words);
}

std::vector<TextHit> SqliteStore::search(const TextQuery& query) const {
  std::vector<TextHit> hits;
  for (const auto& [row, score] : text_.search(tokens_of(query.text))) {
    const auto* table = layout_.find(row.first);
    if (!table) continue;
    const auto* entity = &table->entity();
    const auto& wanted = query.entities;
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), entity) == wanted.end())
      continue;
    hits.push_back({entity, row.second, score});
  }
  std::sort(hits.begin(), hits.end(), [](const TextHit& a, const TextHit& b) {
    return a.score != b.score ? a.score > b.score : a.id > b.id;
  });
  if (hits.size() > query.limit) hits.resize(query.limit);
  return hits;
}

std::string SqliteStore::next_number(std::string_view series) {
  Statement& next = database_.statement(
      "INSERT INTO server_number (series, last) VALUES (?1, ?2) "
      "ON CONFLICT (series) DO UPDATE SET last = last + 1 RETURNING last");
  next.bind(1, series).bind(2, kNumberBeforeFirst + 1);
  if (!next.step()) return {};
  const auto number = next.integer(0);
  next.reset();
  return std::string(series) + '-' + std::to_string(number);
}

}  // namespace foyer::server
