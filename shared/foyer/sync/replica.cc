#include "foyer/sync/replica.h"

#include <algorithm>

#include "foyer/base/sort.h"
#include "foyer/model/registry.h"
#include "foyer/schema/binary.h"
#include "foyer/sync/planted.h"

namespace foyer {

bool Replica::take(const Poke& part) {
  for (const Scope& scope : part.snapshots)
    if (!planted(EngineBug::kSnapshotKeepsOldCopies)) drop_scope(scope);
  for (const RowChange& change : part.changes) {
    if (find_entity(change.entity) == nullptr || change.id.is_null()) return false;
    const Scope& scope = part.scopes[change.scope];
    if (change.op == RowOp::kPut) {
      set_copy(scope, change);
      continue;
    }
    const auto table = tables_.find(change.entity);
    const auto number = scope_numbers_.find(scope);
    if (table == tables_.end() || number == scope_numbers_.end()) continue;
    const RowNumber row = table->second.rows.find(change.id);
    if (row != kNoRow) drop_copy(table->second, row, number->second);
  }
  return true;
}

void Replica::keep_only(const Cookie& cookie) {
  std::vector<Scope> lost;
  for (const auto& [scope, number] : scope_numbers_)
    if (std::none_of(cookie.scopes.begin(), cookie.scopes.end(),
                     [&](const ScopeState& state) { return state.scope == scope; }))
      lost.push_back(scope);
  for (const Scope& scope : lost) drop_scope(scope);
}

std::vector<Scope> Replica::damaged(const Cookie& cookie) const {
  std::vector<Scope> scopes;
  if (planted(EngineBug::kAnyPokeFits) || planted(EngineBug::kBitFlipAccepted) ||
      planted(EngineBug::kSnapshotKeepsOldCopies))
    return scopes;
  for (const ScopeState& state : cookie.scopes) {
    const auto number = scope_numbers_.find(state.scope);
    const Members members =
        number == scope_numbers_.end() ? Members() : scopes_[number->second];
    if (state.count != members.count || state.crc != members.crc) scopes.push_back(state.scope);
  }
  return scopes;
}

void Replica::show_changes(MemoryStore& rows) {
  for (auto& [entity, table] : tables_)
    for (const RowNumber number : std::exchange(table.changed, {})) show(table, number, rows);
  if (must_purge_) rows.purge();
  if (must_purge_ || bytes_.is_wasteful()) move_bytes(rows);
  must_purge_ = false;
}

void Replica::show(Table& table, RowNumber number, MemoryStore& rows) {
  Row& row = table.rows[number];
  row.is_changed = row.is_lent = false;
  if (row.first.data == nullptr) {
    rows.erase(*table.entity, row.id);
    table.rows.erase(number);
    return;
  }
  if (!row.has_more && is_plain_row(*table.entity, row.id, row.first.view())) {
    rows.lend(*table.entity, row.id, row.first.view());
    row.is_lent = true;
    return;
  }
  if (const auto object = unite(table, number)) rows.write(*table.entity, object->get());
  else rows.erase(*table.entity, row.id);
}

void Replica::clear() {
  scopes_.clear();
  scope_numbers_.clear();
  tables_.clear();
  bytes_ = RowBytes();
  must_purge_ = false;
}

std::vector<std::string> Replica::segments(const Scope& scope, const Cookie& cookie) const {
  std::vector<std::string> frames;
  Poke part;
  std::size_t bytes = 0;
  const auto begin = [&] {
    part = {};
    part.epoch = cookie.epoch;
    part.seq = cookie.seq;
    part.scopes = {scope};
    bytes = 0;
  };
  begin();
  part.snapshots = {scope};
  const auto found = scope_numbers_.find(scope);
  for (const auto& [entity, table] : tables_) {
    if (found == scope_numbers_.end()) break;
    table.rows.for_each([&](RowNumber row, const Row&) {
      const Copy* copy = find_copy(const_cast<Table&>(table), row, found->second);
      if (copy == nullptr) return;
      if (bytes > 0 && bytes + copy->size > kFrameBytesMax - 4096) {
        frames.push_back(encode_frame(part));
        begin();
      }
      part.changes.push_back(
          {RowOp::kPut, 0, entity, table.rows[row].id, std::string(copy->view())});
      bytes += copy->size + 56;
    });
  }
  frames.push_back(encode_frame(part));
  return frames;
}

std::string Replica::digest() const {
  MemoryStore confirmed;
  for (const auto& [entity, table] : tables_)
    table.rows.for_each([&](RowNumber number, const Row&) {
      if (const auto object = unite(table, number)) confirmed.write(*table.entity, object->get());
    });
  return confirmed.digest();
}

Replica::ScopeNumber Replica::number_of(const Scope& scope) {
  const auto [found, is_new] =
      scope_numbers_.emplace(scope, static_cast<ScopeNumber>(scopes_.size()));
  if (is_new) scopes_.push_back({scope});
  return found->second;
}

Replica::Copy* Replica::find_copy(Table& table, RowNumber number, ScopeNumber scope) {
  Row& row = table.rows[number];
  if (row.first.data != nullptr && row.first.scope == scope) return &row.first;
  if (!row.has_more) return nullptr;
  auto& more = table.more.at(number);
  const auto found = std::find_if(more.begin(), more.end(),
                                  [&](const Copy& copy) { return copy.scope == scope; });
  return found == more.end() ? nullptr : &*found;
}

void Replica::mark(Table& table, RowNumber number) {
  if (!std::exchange(table.rows[number].is_changed, true)) table.changed.push_back(number);
}

void Replica::set_copy(const Scope& scope, const RowChange& change) {
  Table& table = tables_[change.entity];
  table.entity = find_entity(change.entity);
  const ScopeNumber scope_number = number_of(scope);
  Members& members = scopes_[scope_number];
  RowNumber number = table.rows.find(change.id);
  if (number == kNoRow) number = table.rows.insert({change.id});
  Row& row = table.rows[number];
  const std::string_view kept = bytes_.keep(change.bytes);
  const Copy fresh{kept.data(), static_cast<std::uint32_t>(kept.size()), scope_number};
  members.crc ^= row_crc(change.entity, kept);
  mark(table, number);
  if (Copy* old = find_copy(table, number, scope_number)) {
    members.crc ^= row_crc(change.entity, old->view());
    bytes_.drop(old->size);
    *old = fresh;
    return;
  }
  ++members.count;
  if (row.first.data == nullptr) {
    row.first = fresh;
  } else {
    row.has_more = true;
    table.more[number].push_back(fresh);
  }
}

void Replica::drop_copy(Table& table, RowNumber number, ScopeNumber scope) {
  Copy* const copy = find_copy(table, number, scope);
  if (copy == nullptr) return;
  Members& members = scopes_[scope];
  members.crc ^= row_crc(table.entity->id, copy->view());
  --members.count;
  bytes_.drop(copy->size);
  mark(table, number);
  Row& row = table.rows[number];
  if (!row.has_more) {
    row.first = {};
    return;
  }
  auto& more = table.more.at(number);
  *copy = more.back();
  more.pop_back();
  row.has_more = !more.empty();
  if (more.empty()) table.more.erase(number);
}

void Replica::drop_scope(const Scope& scope) {
  const auto found = scope_numbers_.find(scope);
  if (found == scope_numbers_.end() || scopes_[found->second].count == 0) return;
  for (auto& [entity, table] : tables_)
    table.rows.for_each([&](RowNumber row, const Row&) { drop_copy(table, row, found->second); });
  must_purge_ = true;
}

std::vector<Replica::Copy> Replica::copies_of(const Table& table, RowNumber number) const {
  const Row& row = table.rows[number];
  std::vector<Copy> copies;
  if (row.first.data != nullptr) copies.push_back(row.first);
  if (row.has_more) {
    const auto& more = table.more.at(number);
    copies.insert(copies.end(), more.begin(), more.end());
  }
  sort_list(copies, [&](const Copy& a, const Copy& b) {
    return scopes_[a.scope].scope < scopes_[b.scope].scope;
  });
  return copies;
}

std::optional<AnyRow> Replica::unite(const Table& table, RowNumber number) const {
  AnyRow object(*table.entity);
  for (const Copy& copy : copies_of(table, number))
    if (!decode(*table.entity, copy.view(), object.get())) return std::nullopt;
  if (object.id() != table.rows[number].id) return std::nullopt;
  return object;
}

void Replica::move_bytes(MemoryStore& rows) {
  RowBytes fresh;
  const auto move = [&](Copy& copy) { copy.data = fresh.keep(copy.view()).data(); };
  for (auto& [entity, table] : tables_) {
    table.rows.for_each([&](RowNumber number, const Row&) {
      Row& row = table.rows[number];
      move(row.first);
      if (row.is_lent) rows.lend(*table.entity, row.id, row.first.view());
    });
    for (auto& [number, copies] : table.more)
      for (Copy& copy : copies) move(copy);
  }
  bytes_ = std::move(fresh);
}

}  // namespace foyer
