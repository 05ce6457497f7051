#include "foyer/query/memory_store.h"

#include <algorithm>

#include "foyer/base/checksum.h"
#include "foyer/query/tokenizer.h"
#include "foyer/schema/binary.h"
#include "foyer/schema/row.h"

namespace foyer {
namespace {

constexpr std::int64_t kFirstNumber = 10001;

AnyRow decoded(const Entity& entity, std::string_view bytes) {
  AnyRow row(entity);
  const bool is_sound = decode(entity, bytes, row.get()).has_value();
  FOYER_ASSERT(is_sound);  // we encoded it ourselves
  return row;
}

bool has_full_text(const Entity& entity) {
  return std::any_of(entity.fields.begin(), entity.fields.end(),
                     [](const Field& field) { return field.has(kFullText); });
}

std::map<std::string, std::int64_t> weigh(const Entity& entity, const void* object) {
  std::map<std::string, std::int64_t> weights;
  for (const Field& field : entity.fields)
    if (field.has(kFullText) && field.type == FieldType::kText)
      for (auto& token : tokens_of(field.value<std::string>(object))) ++weights[std::move(token)];
  return weights;
}

}  // namespace

MemoryStore::Table& MemoryStore::table_of(const Entity& entity) {
  Table& table = tables_[entity.id];
  if (table.entity == nullptr) {
    table.entity = &entity;
  }
  return table;
}

const MemoryStore::Table* MemoryStore::find_table(const Entity& entity) const {
  const auto found = tables_.find(entity.id);
  return found == tables_.end() ? nullptr : &found->second;
}

bool MemoryStore::read(const Entity& entity, const Uuid& id, void* object) const {
  const std::string_view found = bytes(entity, id);
  if (found.empty()) return false;
  // Empty fields are not encoded: what an earlier row left in the object must not show through.
  for (const Field& field : entity.fields) clear_field(field, object);
  entity.unknown(object).bytes.clear();
  return decode(entity, found, object).has_value();
}

std::string_view MemoryStore::bytes(const Entity& entity, const Uuid& id) const {
  const Table* table = find_table(entity);
  if (table == nullptr) return {};
  const auto found = table->rows.find(id);
  return found == table->rows.end() ? std::string_view() : std::string_view(found->second);
}

std::vector<Uuid> MemoryStore::scan(const Entity& entity, const Scan& scan) const {
  std::vector<Uuid> ids;
  const Table* table = find_table(entity);
  if (scan.field != nullptr) FOYER_ASSERT(scan.field->is_indexed());
  if (table == nullptr) return ids;
  const auto take = [&](auto begin, auto end, auto id_of) {
    for (; begin != end && ids.size() < scan.limit; ++begin) ids.push_back(id_of(*begin));
  };
  const auto take_directed = [&](auto begin, auto end, auto id_of) {
    if (!scan.descending) return take(begin, end, id_of);
    take(std::make_reverse_iterator(end), std::make_reverse_iterator(begin), id_of);
  };
  if (scan.field == nullptr) {
    take_directed(table->rows.begin(), table->rows.end(),
                  [](const auto& row) { return row.first; });
    return ids;
  }
  Uuid last;
  last.bytes.fill(0xff);
  const auto& keys = index_of(*table, *scan.field).keys;
  const auto begin = is_empty(scan.from) ? keys.begin() : keys.lower_bound({scan.from, Uuid()});
  const auto end = is_empty(scan.to) ? keys.end() : keys.upper_bound({scan.to, last});
  if (!is_empty(scan.from) && !is_empty(scan.to) && scan.to < scan.from) return ids;
  take_directed(begin, end, [](const IndexKey& key) { return key.second; });
  return ids;
}

std::vector<TextHit> MemoryStore::search(const TextQuery& query) const {
  const auto words = tokens_of(query.text);
  if (words.empty()) return {};
  index_all_text();
  std::map<TextKey, std::int64_t> matches;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool is_prefix = i + 1 == words.size();
    std::map<TextKey, std::int64_t> found;
    for (auto token = text_.lower_bound(words[i]); token != text_.end(); ++token) {
      const bool is_match =
          is_prefix ? token->first.starts_with(words[i]) : token->first == words[i];
      if (!is_match) break;
      for (const auto& [key, weight] : token->second) {
        if (i > 0 && !matches.contains(key)) continue;
        auto& best = found[key];
        best = std::max(best, weight);
      }
    }
    if (i > 0)
      for (auto& [key, score] : found) score += matches[key];
    matches = std::move(found);
  }
  std::vector<TextHit> hits;
  for (const auto& [key, score] : matches) {
    const Entity* entity = tables_.at(key.entity).entity;
    const auto& wanted = query.entities;
    if (wanted.empty() || std::find(wanted.begin(), wanted.end(), entity) != wanted.end())
      hits.push_back({entity, key.id, score});
  }
  std::sort(hits.begin(), hits.end(), [](const TextHit& a, const TextHit& b) {
    return a.score != b.score ? a.score > b.score : a.id > b.id;
  });
  if (hits.size() > query.limit) hits.resize(query.limit);
  return hits;
}

std::size_t MemoryStore::count(const Entity& entity) const {
  const Table* table = find_table(entity);
  return table == nullptr ? 0 : table->rows.size();
}

void MemoryStore::write(const Entity& entity, const void* object) {
  FOYER_ASSERT(!entity.id_of(object).is_null());
  replace(entity, entity.id_of(object), encode(entity, object), object);
}

void MemoryStore::erase(const Entity& entity, const Uuid& id) { replace(entity, id, {}); }

void MemoryStore::replace(const Entity& entity, const Uuid& id, std::string bytes,
                          const void* object) {
  Table& table = table_of(entity);
  std::string before;
  if (const auto old = table.rows.find(id); old != table.rows.end()) {
    if (old->second == bytes) return;
    if (is_indexed(entity)) index_row(table, decoded(entity, old->second).get(), false);
    before = std::move(old->second);
    table.rows.erase(old);
  } else if (bytes.empty()) {
    return;
  }
  if (!bytes.empty()) {
    if (object != nullptr) index_row(table, object, true);
    else if (is_indexed(entity)) index_row(table, decoded(entity, bytes).get(), true);
    table.rows.emplace(id, std::move(bytes));
  }
  touched_.insert({&entity, id});
  if (!savepoints_.empty()) undo_.push_back({&entity, id, std::move(before), {}});
}

const MemoryStore::Index& MemoryStore::index_of(const Table& table, const Field& field) {
  for (const Index& index : table.indexes)
    if (index.field->id == field.id) return index;
  std::vector<IndexKey> keys;
  keys.reserve(table.rows.size());
  for (const auto& [id, bytes] : table.rows)
    keys.emplace_back(value_of(field, decoded(*table.entity, bytes).get()), id);
  std::sort(keys.begin(), keys.end());
  table.indexes.push_back({&field, {keys.begin(), keys.end()}});
  return table.indexes.back();
}

bool MemoryStore::is_indexed(const Entity& entity) const {
  const Table* table = find_table(entity);
  return (table != nullptr && !table->indexes.empty()) ||
         (is_text_indexed_ && has_full_text(entity));
}

void MemoryStore::index_row(Table& table, const void* object, bool add) {
  for (auto& [field, keys] : table.indexes) {
    IndexKey key{value_of(*field, object), table.entity->id_of(object)};
    if (add) keys.insert(std::move(key));
    else keys.erase(key);
  }
  if (is_text_indexed_ && has_full_text(*table.entity)) index_text(*table.entity, object, add);
}

void MemoryStore::index_all_text() const {
  if (std::exchange(is_text_indexed_, true)) return;
  for (const auto& [id, table] : tables_)
    if (has_full_text(*table.entity))
      for (const auto& [row, bytes] : table.rows)
        index_text(*table.entity, decoded(*table.entity, bytes).get(), true);
}

void MemoryStore::index_text(const Entity& entity, const void* object, bool add) const {
  const TextKey key{entity.id, entity.id_of(object)};
  for (const auto& [token, weight] : weigh(entity, object)) {
    if (add) {
      text_[token][key] = weight;
      continue;
    }
    const auto found = text_.find(token);
    found->second.erase(key);
    if (found->second.empty()) text_.erase(found);
  }
}

std::string MemoryStore::next_number(std::string_view series) {
  if (numbering_ == Numbering::kNone) return {};
  const auto found = numbers_.emplace(std::string(series), kFirstNumber).first;
  if (!savepoints_.empty()) undo_.push_back({nullptr, {}, {}, found->first});
  return std::string(series) + "-" + std::to_string(found->second++);
}

void MemoryStore::begin() { savepoints_.push_back(undo_.size()); }

void MemoryStore::commit() {
  FOYER_ASSERT(!savepoints_.empty());
  savepoints_.pop_back();
  if (savepoints_.empty()) undo_.clear();
}

void MemoryStore::rollback() {
  FOYER_ASSERT(!savepoints_.empty());
  const std::size_t floor = savepoints_.back();
  auto open = std::exchange(savepoints_, {});  // undoing records no undo
  while (undo_.size() > floor) {
    Undo step = std::move(undo_.back());
    undo_.pop_back();
    if (step.entity == nullptr) --numbers_.find(step.series)->second;
    else replace(*step.entity, step.id, std::move(step.before));
  }
  open.pop_back();
  savepoints_ = std::move(open);
}

std::vector<MemoryStore::Touched> MemoryStore::take_touched() {
  std::vector<Touched> list(touched_.begin(), touched_.end());
  touched_.clear();
  return list;
}

std::string MemoryStore::digest() const {
  std::string all;
  for (const auto& [entity, table] : tables_)
    for (const auto& [id, bytes] : table.rows) {
      const auto digest = sha256(bytes);
      all.append(std::to_string(entity));
      all.append(reinterpret_cast<const char*>(digest.data()), digest.size());
    }
  return to_hex(sha256(all));
}

}  // namespace foyer
