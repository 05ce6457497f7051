#include "sqlite_scope_log.h"

#include <algorithm>

namespace foyer::server {
namespace {

std::int64_t as_sql(std::uint64_t value) { return static_cast<std::int64_t>(value); }

std::vector<RowKey> collect_rows(Statement& select) {
  std::vector<RowKey> rows;
  while (select.step())
    if (const auto id = parse_uuid(select.text(1)))
      rows.push_back({static_cast<EntityId>(select.integer(0)), *id});
  return rows;
}

}  // namespace

std::uint64_t SqliteScopeLog::head(const char* column) const {
  Statement& select =
      database_.statement(std::string("SELECT ") + column + " FROM sync_head WHERE id = 1");
  if (!select.step()) return 0;
  const auto value = static_cast<std::uint64_t>(select.integer(0));
  select.reset();
  return value;
}

Uuid SqliteScopeLog::epoch() const {
  Statement& select = database_.statement("SELECT epoch FROM sync_head WHERE id = 1");
  if (!select.step()) return {};
  const auto epoch = parse_uuid(select.text(0)).value_or(Uuid{});
  select.reset();
  return epoch;
}

std::uint64_t SqliteScopeLog::seq() const { return head("seq"); }

std::uint64_t SqliteScopeLog::raise_seq() {
  database_.execute_kept("UPDATE sync_head SET seq = seq + 1 WHERE id = 1");
  return seq();
}

std::vector<std::pair<Scope, std::uint32_t>> SqliteScopeLog::published(const RowKey& row) const {
  std::vector<std::pair<Scope, std::uint32_t>> places;
  Statement& select = database_.statement(
      "SELECT scope, crc FROM sync_scope_row "
      "WHERE row_id = ?1 AND entity = ?2 AND crc IS NOT NULL");
  select.bind(1, to_string(row.id)).bind(2, std::int64_t{row.entity});
  while (select.step())
    if (const auto scope = parse_scope(select.text(0)))
      places.emplace_back(*scope, static_cast<std::uint32_t>(select.integer(1)));
  std::sort(places.begin(), places.end());
  return places;
}

std::optional<std::uint32_t> SqliteScopeLog::crc_of(const Scope& scope, const RowKey& row) const {
  Statement& select = database_.statement(
      "SELECT crc FROM sync_scope_row WHERE scope = ?1 AND entity = ?2 AND row_id = ?3");
  select.bind(1, to_string(scope)).bind(2, std::int64_t{row.entity}).bind(3, to_string(row.id));
  if (!select.step()) return std::nullopt;
  std::optional<std::uint32_t> crc;
  if (!select.is_null(0)) crc = static_cast<std::uint32_t>(select.integer(0));
  select.reset();
  return crc;
}

void SqliteScopeLog::publish(const Scope& scope, const RowKey& row, std::uint32_t crc,
                             std::uint64_t seq) {
  auto state = this->state(scope);
  if (const auto old = crc_of(scope, row)) state.crc ^= *old;
  else ++state.count;
  state.crc ^= crc;
  save_entry(scope, row, crc, seq);
  save_state(state);
}

void SqliteScopeLog::withdraw(const Scope& scope, const RowKey& row, std::uint64_t seq) {
  const auto old = crc_of(scope, row);
  if (!old) return;
  auto state = this->state(scope);
  state.crc ^= *old;
  --state.count;
  save_entry(scope, row, std::nullopt, seq);
  save_state(state);
}

void SqliteScopeLog::save_entry(const Scope& scope, const RowKey& row,
                                std::optional<std::uint32_t> crc, std::uint64_t seq) {
  Statement& upsert = database_.statement(
      "INSERT INTO sync_scope_row VALUES (?1, ?2, ?3, ?4, ?5) "
      "ON CONFLICT (scope, entity, row_id) DO UPDATE SET crc = excluded.crc, seq = excluded.seq");
  upsert.bind(1, to_string(scope)).bind(2, std::int64_t{row.entity}).bind(3, to_string(row.id));
  if (crc) upsert.bind(4, std::int64_t{*crc});
  else upsert.bind_null(4);
  upsert.bind(5, as_sql(seq)).run();
}

void SqliteScopeLog::save_state(const ScopeState& state) {
  database_
      .statement("INSERT INTO sync_scope VALUES (?1, ?2, ?3) ON CONFLICT (scope) DO UPDATE SET "
                 "row_count = excluded.row_count, crc = excluded.crc")
      .bind(1, to_string(state.scope))
      .bind(2, as_sql(state.count))
      .bind(3, std::int64_t{state.crc})
      .run();
}

ScopeState SqliteScopeLog::state(const Scope& scope) const {
  ScopeState state{scope, 0, 0};
  Statement& select =
      database_.statement("SELECT row_count, crc FROM sync_scope WHERE scope = ?1");
  select.bind(1, to_string(scope));
  if (!select.step()) return state;
  state.count = static_cast<std::uint64_t>(select.integer(0));
  state.crc = static_cast<std::uint32_t>(select.integer(1));
  select.reset();
  return state;
}

std::vector<RowKey> SqliteScopeLog::rows(const Scope& scope) const {
  Statement& select = database_.statement(
      "SELECT entity, row_id FROM sync_scope_row WHERE scope = ?1 AND crc IS NOT NULL "
      "ORDER BY entity, row_id");
  return collect_rows(select.bind(1, to_string(scope)));
}

std::optional<std::vector<RowKey>> SqliteScopeLog::changed_since(const Scope& scope,
                                                                 std::uint64_t seq) const {
  if (seq < head("floor")) return std::nullopt;
  Statement& select = database_.statement(
      "SELECT entity, row_id FROM sync_scope_row WHERE scope = ?1 AND seq > ?2 "
      "ORDER BY entity, row_id");
  return collect_rows(select.bind(1, to_string(scope)).bind(2, as_sql(seq)));
}

ScopeLog::ClientRecord SqliteScopeLog::client(const Uuid& client) const {
  ClientRecord record;
  Statement& select = database_.statement("SELECT last_mid, user FROM sync_client WHERE id = ?1");
  select.bind(1, to_string(client));
  if (!select.step()) return record;
  record.last_mid = static_cast<std::uint64_t>(select.integer(0));
  record.user = Id<User>(parse_uuid(select.text(1)).value_or(Uuid{}));
  select.reset();
  return record;
}

void SqliteScopeLog::set_client(const Uuid& client, const ClientRecord& record) {
  database_
      .statement("INSERT INTO sync_client VALUES (?1, ?2, ?3) "
                 "ON CONFLICT (id) DO UPDATE SET last_mid = excluded.last_mid")
      .bind(1, to_string(client))
      .bind(2, as_sql(record.last_mid))
      .bind(3, to_string(record.user))
      .run();
}

bool SqliteScopeLog::start_epoch(const Uuid& epoch) {
  return database_
      .statement("INSERT INTO sync_head VALUES (1, ?1, 0, 0) "
                 "ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch")
      .bind(1, to_string(epoch))
      .run();
}

void SqliteScopeLog::compact(std::uint64_t seq) {
  database_.statement("DELETE FROM sync_scope_row WHERE crc IS NULL AND seq <= ?1")
      .bind(1, as_sql(seq))
      .run();
  database_.statement("UPDATE sync_head SET floor = max(floor, ?1) WHERE id = 1")
      .bind(1, as_sql(seq))
      .run();
}

}  // namespace foyer::server
