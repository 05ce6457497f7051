#include "sqlite_scope_log.h"

#include <algorithm>

namespace foyer::server {
namespace {

std::int64_t as_sql(std::uint64_t value) { return static_cast<std::int64_t>(value); }

std::vector<RowKey> collect_rows(Statement& select) {
  std::vector<RowKey> rows;
  while (select.step())
    rows.push_back({static_cast<EntityId>(select.integer(0)), select.id(1)});
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

std::vector<EndedEpoch> SqliteScopeLog::forked_from() const {
  std::vector<EndedEpoch> earlier;
  Statement& select = database_.statement("SELECT epoch, seq FROM sync_epoch ORDER BY seq");
  while (select.step())
    earlier.push_back({parse_uuid(select.text(0)).value_or(Uuid{}),
                       static_cast<std::uint64_t>(select.integer(1))});
  return earlier;
}

std::uint64_t SqliteScopeLog::seq() const { return head("seq"); }

std::uint64_t SqliteScopeLog::raise_seq() {
  database_.execute_kept("UPDATE sync_head SET seq = seq + 1 WHERE id = 1");
  return seq();
}

std::vector<std::pair<Scope, std::uint32_t>> SqliteScopeLog::published(const RowKey& row) const {
  std::vector<std::pair<Scope, std::uint32_t>> places;
  Statement& select = database_.statement(
      "SELECT s.name, p.crc FROM sync_place AS p CROSS JOIN sync_scope AS s ON s.scope = p.scope "
      "WHERE p.row_id = ?1 AND p.entity = ?2 AND p.crc IS NOT NULL");
  select.bind_id(1, row.id).bind(2, std::int64_t{row.entity});
  while (select.step())
    if (const auto scope = parse_scope(select.text(0)))
      places.emplace_back(*scope, static_cast<std::uint32_t>(select.integer(1)));
  std::sort(places.begin(), places.end());
  return places;
}

SqliteScopeLog::Place SqliteScopeLog::place_of(std::int64_t scope, const RowKey& row) const {
  Place place;
  Statement& select = database_.statement(
      "SELECT seq, crc FROM sync_place WHERE row_id = ?1 AND entity = ?2 AND scope = ?3");
  select.bind_id(1, row.id).bind(2, std::int64_t{row.entity}).bind(3, scope);
  if (!select.step()) return place;
  place.seq = static_cast<std::uint64_t>(select.integer(0));
  if (!select.is_null(1)) place.crc = static_cast<std::uint32_t>(select.integer(1));
  select.reset();
  return place;
}

SqliteScopeLog::Entry SqliteScopeLog::entry_of(const Scope& scope) const {
  Entry entry{0, {scope, 0, 0}};
  Statement& select =
      database_.statement("SELECT scope, row_count, crc FROM sync_scope WHERE name = ?1");
  select.bind(1, to_string(scope));
  if (!select.step()) return entry;
  entry.number = select.integer(0);
  entry.state.count = static_cast<std::uint64_t>(select.integer(1));
  entry.state.crc = static_cast<std::uint32_t>(select.integer(2));
  select.reset();
  return entry;
}

std::int64_t SqliteScopeLog::add_scope(const Scope& scope) {
  Statement& insert = database_.statement(
      "INSERT INTO sync_scope (name, row_count, crc) VALUES (?1, 0, 0) RETURNING scope");
  insert.bind(1, to_string(scope));
  const auto number = insert.step() ? insert.integer(0) : 0;
  insert.reset();
  return number;
}

void SqliteScopeLog::publish(const Scope& scope, const RowKey& row, std::uint32_t crc,
                             std::uint64_t seq) {
  auto entry = entry_of(scope);
  if (entry.number == 0) entry.number = add_scope(scope);
  const auto before = place_of(entry.number, row);
  if (before.crc) entry.state.crc ^= *before.crc;
  else ++entry.state.count;
  entry.state.crc ^= crc;
  save_place(entry.number, row, before, {seq, crc});
  save_state(entry);
}

void SqliteScopeLog::withdraw(const Scope& scope, const RowKey& row, std::uint64_t seq) {
  auto entry = entry_of(scope);
  const auto before = place_of(entry.number, row);
  if (!before.crc) return;
  entry.state.crc ^= *before.crc;
  --entry.state.count;
  save_place(entry.number, row, before, {seq, std::nullopt});
  save_state(entry);
}

void SqliteScopeLog::save_place(std::int64_t scope, const RowKey& row, const Place& before,
                                const Place& after) {
  if (before.seq != 0)
    database_
        .statement("DELETE FROM sync_change "
                   "WHERE scope = ?1 AND seq = ?2 AND entity = ?3 AND row_id = ?4")
        .bind(1, scope)
        .bind(2, as_sql(before.seq))
        .bind(3, std::int64_t{row.entity})
        .bind_id(4, row.id)
        .run();
  database_.statement("INSERT INTO sync_change VALUES (?1, ?2, ?3, ?4, ?5)")
      .bind(1, scope)
      .bind(2, as_sql(after.seq))
      .bind(3, std::int64_t{row.entity})
      .bind_id(4, row.id)
      .bind(5, std::int64_t{after.crc.has_value()})
      .run();
  Statement& upsert = database_.statement("REPLACE INTO sync_place VALUES (?1, ?2, ?3, ?4, ?5)");
  upsert.bind_id(1, row.id).bind(2, std::int64_t{row.entity}).bind(3, scope);
  upsert.bind(4, as_sql(after.seq));
  if (after.crc) upsert.bind(5, std::int64_t{*after.crc});
  else upsert.bind_null(5);
  upsert.run();
}

void SqliteScopeLog::save_state(const Entry& entry) {
  database_.statement("UPDATE sync_scope SET row_count = ?2, crc = ?3 WHERE scope = ?1")
      .bind(1, entry.number)
      .bind(2, as_sql(entry.state.count))
      .bind(3, std::int64_t{entry.state.crc})
      .run();
}

ScopeState SqliteScopeLog::state(const Scope& scope) const { return entry_of(scope).state; }

std::vector<RowKey> SqliteScopeLog::rows(const Scope& scope) const {
  Statement& select = database_.statement(
      "SELECT entity, row_id FROM sync_change WHERE is_there = 1 AND scope = "
      "(SELECT scope FROM sync_scope WHERE name = ?1) ORDER BY entity, row_id");
  return collect_rows(select.bind(1, to_string(scope)));
}

std::optional<std::vector<RowKey>> SqliteScopeLog::changed_since(const Scope& scope,
                                                                 std::uint64_t seq) const {
  if (seq < head("floor")) return std::nullopt;
  Statement& select = database_.statement(
      "SELECT entity, row_id FROM sync_change WHERE seq > ?2 AND scope = "
      "(SELECT scope FROM sync_scope WHERE name = ?1) ORDER BY entity, row_id");
  return collect_rows(select.bind(1, to_string(scope)).bind(2, as_sql(seq)));
}

ScopeLog::ClientRecord SqliteScopeLog::client(const Uuid& client) const {
  ClientRecord record;
  Statement& select =
      database_.statement("SELECT last_mid, user, hash, pruned_mid, told_mid, session "
                          "FROM sync_client WHERE id = ?1");
  select.bind_id(1, client);
  if (!select.step()) return record;
  record.last_mid = static_cast<std::uint64_t>(select.integer(0));
  record.user = Id<User>(select.id(1));
  record.hash = static_cast<std::uint64_t>(select.integer(2));
  record.pruned_mid = static_cast<std::uint64_t>(select.integer(3));
  record.told_mid = static_cast<std::uint64_t>(select.integer(4));
  record.session = select.id(5);
  select.reset();
  return record;
}

void SqliteScopeLog::set_client(const Uuid& client, const ClientRecord& record) {
  Statement& upsert = database_.statement(
      "INSERT INTO sync_client (id, last_mid, user, hash, pruned_mid, told_mid, session) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) "
      "ON CONFLICT (id) DO UPDATE SET last_mid = excluded.last_mid, hash = excluded.hash, "
      "pruned_mid = excluded.pruned_mid, told_mid = excluded.told_mid, "
      "session = excluded.session");
  upsert.bind_id(1, client).bind(2, as_sql(record.last_mid)).bind_id(3, record.user);
  upsert.bind(4, as_sql(record.hash))
      .bind(5, as_sql(record.pruned_mid))
      .bind(6, as_sql(record.told_mid));
  if (record.session.is_null()) upsert.bind_blob(7, "");
  else upsert.bind_id(7, record.session);
  upsert.run();
}

std::vector<std::pair<Uuid, ScopeLog::ClientRecord>> SqliteScopeLog::unsaid_in(
    const Uuid& session) const {
  std::vector<Uuid> clients;
  Statement& select = database_.statement(
      "SELECT id FROM sync_client WHERE session = ?1 AND session <> x'' AND told_mid > last_mid");
  select.bind_id(1, session);
  while (select.step()) clients.push_back(select.id(0));
  std::vector<std::pair<Uuid, ClientRecord>> found;
  for (const Uuid& id : clients) found.emplace_back(id, client(id));
  return found;
}

bool SqliteScopeLog::start_epoch(const Uuid& epoch, std::uint64_t seq) {
  // Of an epoch in which nothing happened nobody holds anything.
  return database_.execute_kept(
             "INSERT OR REPLACE INTO sync_epoch SELECT seq, epoch FROM sync_head WHERE seq > 0") &&
         database_
             .statement("INSERT INTO sync_head VALUES (1, ?1, ?2, 0) ON CONFLICT (id) DO UPDATE "
                        "SET epoch = excluded.epoch, seq = max(seq, excluded.seq)")
             .bind(1, to_string(epoch))
             .bind(2, as_sql(seq))
             .run();
}

void SqliteScopeLog::compact(std::uint64_t seq) {
  database_.statement("DELETE FROM sync_place WHERE crc IS NULL AND seq <= ?1")
      .bind(1, as_sql(seq))
      .run();
  database_.statement("DELETE FROM sync_change WHERE is_there = 0 AND seq <= ?1")
      .bind(1, as_sql(seq))
      .run();
  database_.statement("UPDATE sync_head SET floor = max(floor, ?1) WHERE id = 1")
      .bind(1, as_sql(seq))
      .run();
}

}  // namespace foyer::server
