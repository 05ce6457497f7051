#include "server_tables.h"

namespace foyer::server {
namespace {

std::string_view name_of_site(SiteKind site) {
  switch (site) {
    case SiteKind::kStaff: return "staff";
    case SiteKind::kKiosk: return "kiosk";
    case SiteKind::kCustomer: break;
  }
  return "customer";
}

SiteKind site_named(std::string_view name) {
  for (const auto site : {SiteKind::kStaff, SiteKind::kKiosk})
    if (name == name_of_site(site)) return site;
  return SiteKind::kCustomer;
}

}  // namespace

std::string password_hash_of(Database& database, const Uuid& user) {
  Statement& select =
      database.statement("SELECT password_hash FROM server_credential WHERE user = ?1");
  select.bind(1, to_string(user));
  if (!select.step()) return {};
  std::string hash(select.text(0));
  select.reset();
  return hash;
}

bool store_password(Database& database, const Uuid& user, std::string_view hash, Instant now) {
  return database
      .statement("INSERT INTO server_credential VALUES (?1, ?2, ?3) ON CONFLICT (user) DO UPDATE "
                 "SET password_hash = excluded.password_hash, changed_at = excluded.changed_at")
      .bind(1, to_string(user))
      .bind(2, hash)
      .bind(3, now.ms)
      .run();
}

bool store_invitation(Database& database, std::string_view token_hash, const Uuid& user,
                      Instant expires_at) {
  return database.statement("INSERT INTO server_invitation VALUES (?1, ?2, ?3)")
      .bind_blob(1, token_hash)
      .bind(2, to_string(user))
      .bind(3, expires_at.ms)
      .run();
}

std::optional<Uuid> load_invitation(Database& database, std::string_view token_hash, Instant now) {
  Statement& select = database.statement(
      "SELECT user FROM server_invitation WHERE token_hash = ?1 AND expires_at > ?2");
  select.bind_blob(1, token_hash).bind(2, now.ms);
  if (!select.step()) return std::nullopt;
  const auto user = parse_uuid(select.text(0));
  select.reset();
  return user;
}

bool erase_invitations(Database& database, const Uuid& user) {
  return database.statement("DELETE FROM server_invitation WHERE user = ?1")
      .bind(1, to_string(user))
      .run();
}

bool store_device_code(Database& database, const DeviceCode& code, Instant now) {
  return database.statement("DELETE FROM server_device_code WHERE device = ?1 OR expires_at <= ?2")
             .bind(1, to_string(code.device))
             .bind(2, now.ms)
             .run() &&
         database.statement("INSERT INTO server_device_code VALUES (?1, ?2, ?3, ?4)")
             .bind(1, to_string(code.device))
             .bind_blob(2, code.code_hash)
             .bind(3, code.expires_at.ms)
             .bind_blob(4, code.used_by)
             .run();
}

std::optional<DeviceCode> load_device_code(Database& database, std::string_view code_hash,
                                           Instant now) {
  Statement& select = database.statement(
      "SELECT device, expires_at, used_by FROM server_device_code "
      "WHERE code_hash = ?1 AND expires_at > ?2");
  select.bind_blob(1, code_hash).bind(2, now.ms);
  if (!select.step()) return std::nullopt;
  DeviceCode code{.device = parse_uuid(select.text(0)).value_or(Uuid{}),
                  .code_hash = std::string(code_hash),
                  .expires_at = {select.integer(1)},
                  .used_by = std::string(select.blob(2))};
  select.reset();
  return code;
}

bool store_envelope(Database& database, const Uuid& id, const Uuid& device,
                    std::string_view bytes, Instant now) {
  return database.statement("INSERT INTO server_envelope VALUES (?1, ?2, ?3, ?4)")
      .bind(1, to_string(id))
      .bind(2, to_string(device))
      .bind_blob(3, bytes)
      .bind(4, now.ms)
      .run();
}

std::optional<std::string> load_envelope(Database& database, const Uuid& id) {
  Statement& select = database.statement("SELECT bytes FROM server_envelope WHERE id = ?1");
  select.bind(1, to_string(id));
  if (!select.step()) return std::nullopt;
  std::string bytes(select.blob(0));
  select.reset();
  return bytes;
}

bool store_session(Database& database, const Session& session) {
  return database
      .statement("INSERT INTO server_session VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) "
                 "ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at")
      .bind(1, to_string(session.id))
      .bind(2, name_of_site(session.site))
      .bind(3, to_string(session.user))
      .bind_blob(4, session.token_hash)
      .bind(5, session.form_token)
      .bind(6, session.created_at.ms)
      .bind(7, session.seen_at.ms)
      .bind(8, session.label)
      .run();
}

bool erase_session(Database& database, const Uuid& id) {
  return database.statement("DELETE FROM server_session WHERE id = ?1")
      .bind(1, to_string(id))
      .run();
}

std::vector<Session> load_sessions(Database& database) {
  std::vector<Session> sessions;
  Statement& select = database.statement(
      "SELECT id, site, user, token_hash, form_token, created_at, seen_at, label "
      "FROM server_session");
  while (select.step()) {
    const auto id = parse_uuid(select.text(0));
    const auto user = parse_uuid(select.text(2));
    if (!id || !user) continue;
    sessions.push_back({.id = *id,
                        .site = site_named(select.text(1)),
                        .user = *user,
                        .token_hash = std::string(select.blob(3)),
                        .form_token = std::string(select.text(4)),
                        .created_at = {select.integer(5)},
                        .seen_at = {select.integer(6)},
                        .label = std::string(select.text(7))});
  }
  return sessions;
}

std::optional<StoredResult> load_result(Database& database, const Uuid& command) {
  Statement& select =
      database.statement("SELECT user, code, field, detail, hash, is_parked FROM server_command "
                         "WHERE id = ?1");
  select.bind_id(1, command);
  if (!select.step()) return std::nullopt;
  StoredResult stored;
  stored.user = select.id(0);
  if (!select.is_null(1))
    stored.result = fail(static_cast<ErrorCode>(select.integer(1)), std::string(select.text(2)),
                         std::string(select.text(3)));
  stored.hash = static_cast<std::uint64_t>(select.integer(4));
  stored.is_parked = select.integer(5) != 0;
  select.reset();
  return stored;
}

bool store_result(Database& database, const Uuid& command, const StoredResult& stored,
                  Instant now) {
  Statement& insert =
      database.statement("INSERT INTO server_command VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
  insert.bind_id(1, command).bind_id(2, stored.user).bind(6, now.ms);
  insert.bind(7, static_cast<std::int64_t>(stored.hash)).bind(8, std::int64_t{stored.is_parked});
  insert.bind(9, static_cast<std::int64_t>(stored.seq));
  if (stored.result) return insert.bind_null(3).bind_null(4).bind_null(5).run();
  const auto& error = stored.result.error();
  return insert.bind(3, static_cast<std::int64_t>(error.code))
      .bind(4, error.field)
      .bind(5, error.detail)
      .run();
}

bool erase_result(Database& database, const Uuid& command, std::uint64_t seq_max) {
  Statement& select = database.statement("SELECT seq FROM server_command WHERE id = ?1");
  select.bind_id(1, command);
  if (!select.step()) return true;
  const bool is_safe = static_cast<std::uint64_t>(select.integer(0)) <= seq_max;
  select.reset();
  return is_safe &&
         database.statement("DELETE FROM server_command WHERE id = ?1").bind_id(1, command).run();
}

std::optional<std::string> load_value(Database& database, std::string_view key) {
  Statement& select = database.statement("SELECT value FROM server_meta WHERE key = ?1");
  select.bind(1, key);
  if (!select.step()) return std::nullopt;
  std::string value(select.blob(0));
  select.reset();
  return value;
}

bool store_value(Database& database, std::string_view key, std::string_view value) {
  return database
      .statement("INSERT INTO server_meta VALUES (?1, ?2) "
                 "ON CONFLICT (key) DO UPDATE SET value = excluded.value")
      .bind(1, key)
      .bind_blob(2, value)
      .run();
}

bool erase_value(Database& database, std::string_view key) {
  return database.statement("DELETE FROM server_meta WHERE key = ?1").bind(1, key).run();
}

}  // namespace foyer::server
