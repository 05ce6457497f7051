#include "foyer/query/memory_store.h"

#include <algorithm>

#include "foyer/base/checksum.h"
#include "foyer/query/text_index.h"
#include "foyer/query/tokenizer.h"
#include "foyer/schema/binary.h"
#include "foyer/schema/row.h"

namespace foyer {
namespace {

constexpr std::int64_t kFirstNumber = 10001;

bool has_full_text(const Entity& entity) {
  return std::any_of(entity.fields.begin(), entity.fields.end(),
                     [](const Field& field) { return field.has(kFullText); });
}

std::vector<std::string> words_of(const Entity& entity, std::string_view row) {
  std::vector<std::string> words;
  for (const Field& field : entity.fields) {
    if (!field.has(kFullText) || field.type != FieldType::kText) continue;
    auto more = tokens_of(peek_text(field, row));
    if (words.empty()) words = std::move(more);
    else std::move(more.begin(), more.end(), std::back_inserter(words));
  }
  return words;
}

bool has_equal_text(const Entity& entity, std::string_view a, std::string_view b) {
  return std::all_of(entity.fields.begin(), entity.fields.end(), [&](const Field& field) {
    return !field.has(kFullText) || peek_text(field, a) == peek_text(field, b);
  });
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
  const RowNumber number = table->rows.find(id);
  return number == kNoRow ? std::string_view() : table->rows[number].bytes.view();
}

std::vector<Uuid> MemoryStore::scan(const Entity& entity, const Scan& scan) const {
  std::vector<Uuid> ids;
  const Table* table = find_table(entity);
  if (scan.field != nullptr) FOYER_ASSERT(scan.field->is_indexed());
  if (table == nullptr) return ids;
  const auto [from, to] = places_of(*table, scan);
  const SortedRows& rows = index_of(*table, scan.field);
  ids.reserve(std::min(scan.limit, rows.count(from, to)));
  const auto take = [&](RowNumber number) {
    if (ids.size() < scan.limit) ids.push_back(table->rows[number].id);
    return ids.size() < scan.limit;
  };
  if (scan.descending) rows.visit_down(from, to, take);
  else rows.visit_up(from, to, take);
  return ids;
}

std::pair<SortedRows::Place, SortedRows::Place> MemoryStore::places_of(const Table& table,
                                                                      const Scan& scan) {
  const SortedRows& rows = index_of(table, scan.field);
  std::pair<SortedRows::Place, SortedRows::Place> places{{}, rows.end()};
  if (scan.field == nullptr) return places;
  Uuid from_id, to_id;
  const auto from = key_of(*scan.field, scan.from, from_id);
  const auto to = key_of(*scan.field, scan.to, to_id);
  if (!from || !to) return {};
  const auto key = [&](RowNumber number) {
    return key_of(*scan.field, table.rows[number].bytes.view());
  };
  if (!is_empty(scan.from))
    places.first = rows.place([&](RowNumber number) { return key(number) < *from; });
  if (!is_empty(scan.to))
    places.second = rows.place([&](RowNumber number) { return key(number) <= *to; });
  return places;
}

std::vector<TextHit> MemoryStore::search(const TextQuery& query) const {
  const auto words = tokens_of(query.text);
  if (words.empty()) return {};
  prepare_search(SIZE_MAX);
  std::vector<EntityId> entities;
  for (const Entity* entity : query.entities) entities.push_back(entity->id);
  std::vector<TextHit> hits;
  for (const TextMatch& match : text_->search(words, entities, query.limit))
    hits.push_back({tables_.at(match.document.entity).entity, match.document.id, match.score});
  return hits;
}

std::size_t MemoryStore::count(const Entity& entity) const {
  const Table* table = find_table(entity);
  return table == nullptr ? 0 : table->rows.size();
}

void MemoryStore::write(const Entity& entity, const void* object) {
  const Uuid& id = entity.id_of(object);
  FOYER_ASSERT(!id.is_null());
  const std::string row = encode(entity, object);
  Table& table = table_of(entity);
  const RowNumber number = table.rows.find(id);
  if (number != kNoRow && table.rows[number].bytes.view() == row) {
    // Within a savepoint the lender stays: the row is undone before the lender goes.
    if (!table.rows[number].bytes.is_lent || !savepoints_.empty()) return;
  }
  const std::string_view kept = own_.keep(row);
  replace(entity, id, {kept.data(), static_cast<std::uint32_t>(kept.size()), false});
}

void MemoryStore::erase(const Entity& entity, const Uuid& id) { replace(entity, id, {}); }

void MemoryStore::lend(const Entity& entity, const Uuid& id, std::string_view bytes) {
  FOYER_ASSERT(savepoints_.empty());
  replace(entity, id, {bytes.data(), static_cast<std::uint32_t>(bytes.size()), true});
}

void MemoryStore::replace(const Entity& entity, const Uuid& id, Place after) {
  Table& table = table_of(entity);
  RowNumber number = table.rows.find(id);
  const Place before = number == kNoRow ? Place() : table.rows[number].bytes;
  if (before.is_none() && after.is_none()) return;
  if (before.view() == after.view()) {  // the same from elsewhere
    table.rows[number].bytes = after;
    give_up(before);
    return;
  }
  const bool has_new_text = text_ && has_full_text(entity) &&
                            !has_equal_text(entity, before.view(), after.view());
  if (after.is_none()) erase_row(table, number);
  else if (before.is_none()) number = insert_row(table, id, after);
  else set_bytes(table, number, after);
  if (has_new_text && has_indexed_text(entity, number)) index_text(entity, id, after.view());
  if (touches_ == Touches::kKept) touched_.push_back({&entity, id});
  if (!savepoints_.empty()) undo_.push_back({&entity, id, before, {}});
  else give_up(before);
  if (own_.is_wasteful()) move_rows();
}

void MemoryStore::set_bytes(Table& table, RowNumber number, Place after) {
  const auto moved = [&](const Index& index) {
    const std::string_view before = table.rows[number].bytes.view();
    return index.field != nullptr &&
           key_of(*index.field, before) != key_of(*index.field, after.view());
  };
  std::vector<Index*> changed;
  for (Index& index : table.indexes)
    if (moved(index)) changed.push_back(&index);
  Row& row = table.rows[number];
  for (Index* index : changed)
    index->rows.erase(place_of(table, *index, key_of(*index->field, row.bytes.view()), row.id),
                      number);
  row.bytes = after;
  for (Index* index : changed)
    index->rows.insert(place_of(table, *index, key_of(*index->field, after.view()), row.id),
                       number);
}

RowNumber MemoryStore::insert_row(Table& table, const Uuid& id, Place bytes) {
  const RowNumber number = table.rows.insert({id, bytes});
  for (Index& index : table.indexes) {
    const auto key = index.field ? key_of(*index.field, bytes.view()) : KeyView();
    index.rows.insert(place_of(table, index, key, id), number);
  }
  return number;
}

void MemoryStore::erase_row(Table& table, RowNumber number) {
  const Row& row = table.rows[number];
  for (Index& index : table.indexes) {
    const auto key = index.field ? key_of(*index.field, row.bytes.view()) : KeyView();
    index.rows.erase(place_of(table, index, key, row.id), number);
  }
  table.rows.erase(number);
}

SortedRows::Place MemoryStore::place_of(const Table& table, const Index& index, const KeyView& key,
                                        const Uuid& id) {
  return index.rows.place([&](RowNumber number) {
    const Row& row = table.rows[number];
    if (index.field == nullptr) return row.id < id;
    const auto order = key_of(*index.field, row.bytes.view()) <=> key;
    return order != 0 ? order < 0 : row.id < id;
  });
}

const SortedRows& MemoryStore::index_of(const Table& table, const Field* field) {
  for (const Index& index : table.indexes)
    if (index.field == field || (index.field && field && index.field->id == field->id))
      return index.rows;
  table.indexes.push_back({field, sorted_by(table, field)});
  return table.indexes.back().rows;
}

SortedRows MemoryStore::sorted_by(const Table& table, const Field* field) {
  std::vector<RowNumber> numbers;
  numbers.reserve(table.rows.size());
  if (field == nullptr) {
    table.rows.for_each([&](RowNumber number, const Row&) { numbers.push_back(number); });
    std::sort(numbers.begin(), numbers.end(), [&](RowNumber a, RowNumber b) {
      return table.rows[a].id < table.rows[b].id;
    });
    return SortedRows(numbers);
  }
  // Within equal values by id: that order is known, so that no id is looked at.
  std::vector<std::pair<KeyView, RowNumber>> keys;
  keys.reserve(table.rows.size());
  const SortedRows& by_id = index_of(table, nullptr);
  by_id.visit_up({}, by_id.end(), [&](RowNumber number) {
    keys.emplace_back(key_of(*field, table.rows[number].bytes.view()), number);
    return true;
  });
  std::stable_sort(keys.begin(), keys.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [key, number] : keys) numbers.push_back(number);
  return SortedRows(numbers);
}

void MemoryStore::give_up(const Place& place) {
  if (!place.is_lent) own_.drop(place.size);
}

void MemoryStore::move_rows() {
  RowBytes fresh;
  const auto move = [&](Place& place) {
    if (!place.is_lent && !place.is_none()) place.data = fresh.keep(place.view()).data();
  };
  for (auto& [id, table] : tables_)
    table.rows.for_each([&](RowNumber number, const Row&) { move(table.rows[number].bytes); });
  for (Undo& step : undo_) move(step.before);
  own_ = std::move(fresh);
}

MemoryStore::MemoryStore(const MemoryStore& other)
    : numbering_(other.numbering_), touches_(other.touches_), numbers_(other.numbers_) {
  FOYER_ASSERT(other.savepoints_.empty());
  for (const auto& [id, table] : other.tables_) {
    const Entity& entity = *table.entity;
    table.rows.for_each([&](RowNumber, const Row& row) {
      const std::string_view kept = own_.keep(row.bytes.view());
      replace(entity, row.id, {kept.data(), row.bytes.size, false});
    });
  }
  touched_ = other.touched_;
}

MemoryStore::MemoryStore(Numbering numbering, Touches touches)
    : numbering_(numbering), touches_(touches) {}
MemoryStore::MemoryStore(MemoryStore&&) noexcept = default;
MemoryStore& MemoryStore::operator=(MemoryStore&&) noexcept = default;
MemoryStore::~MemoryStore() = default;

MemoryStore& MemoryStore::operator=(const MemoryStore& other) {
  if (this != &other) *this = MemoryStore(other);
  return *this;
}

bool MemoryStore::prepare_search(std::size_t rows) const {
  if (has_all_text_) return false;
  if (!text_) {
    text_ = std::make_unique<TextIndex>();
    text_->expect_many(true);
  }
  for (auto found = tables_.lower_bound(text_entity_); found != tables_.end(); ++found) {
    const Table& table = found->second;
    if (std::exchange(text_entity_, found->first) != found->first) text_row_ = 0;
    for (; has_full_text(*table.entity) && text_row_ < table.rows.end(); ++text_row_) {
      if (rows-- == 0) return true;
      const Row& row = table.rows[text_row_];
      if (!row.id.is_null()) index_text(*table.entity, row.id, row.bytes.view());
    }
  }
  has_all_text_ = true;
  text_->expect_many(false);
  text_->settle();
  return false;
}

bool MemoryStore::has_indexed_text(const Entity& entity, RowNumber number) const {
  if (has_all_text_ || entity.id < text_entity_) return true;
  return entity.id == text_entity_ && number < text_row_;
}

void MemoryStore::index_text(const Entity& entity, const Uuid& id, std::string_view row) const {
  text_->put({id, entity.id}, words_of(entity, row));
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
  if (!savepoints_.empty()) return;
  for (const Undo& step : std::exchange(undo_, {})) give_up(step.before);
}

void MemoryStore::rollback() {
  FOYER_ASSERT(!savepoints_.empty());
  const std::size_t floor = savepoints_.back();
  auto open = std::exchange(savepoints_, {});  // undoing records no undo
  while (undo_.size() > floor) {
    Undo step = std::move(undo_.back());
    undo_.pop_back();
    if (step.entity == nullptr) --numbers_.find(step.series)->second;
    else replace(*step.entity, step.id, step.before);
  }
  open.pop_back();
  savepoints_ = std::move(open);
}

std::vector<MemoryStore::Touched> MemoryStore::take_touched() {
  auto list = std::exchange(touched_, {});
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
  return list;
}

std::string MemoryStore::digest() const {
  std::string all;
  for (const auto& [entity, table] : tables_) {
    const SortedRows& rows = index_of(table, nullptr);
    rows.visit_up({}, rows.end(), [&](RowNumber number) {
      const auto digest = sha256(table.rows[number].bytes.view());
      all.append(std::to_string(entity));
      all.append(reinterpret_cast<const char*>(digest.data()), digest.size());
      return true;
    });
  }
  return to_hex(sha256(all));
}

}  // namespace foyer
