// Rows that only the server knows: credentials, sessions, and a few named values. They are no
// entities, so nothing can ever publish them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sessions.h"
#include "sqlite_database.h"

namespace foyer::server {

// The argon2id hash, or empty when the user has no password.
std::string password_hash_of(Database& database, const Uuid& user);
bool store_password(Database& database, const Uuid& user, std::string_view hash, Instant now);

// One-time links to choose a password with; stored as hashes, like sessions.
inline constexpr std::int64_t kInvitationMs = 3 * kMsPerDay;
bool store_invitation(Database& database, std::string_view token_hash, const Uuid& user,
                      Instant expires_at);
std::optional<Uuid> load_invitation(Database& database, std::string_view token_hash, Instant now);
bool erase_invitations(Database& database, const Uuid& user);

// One-time codes that make a browser a device; stored as hashes. One per device: a new one replaces
// it, and takes away those that are over.
struct DeviceCode {
  Uuid device;
  std::string code_hash;
  Instant expires_at;
  std::string used_by;  // the public key that came with it; empty: not used
};
bool store_device_code(Database& database, const DeviceCode& code, Instant now);
std::optional<DeviceCode> load_device_code(Database& database, std::string_view code_hash,
                                           Instant now);

// The bytes of what a device handed over and nobody could read, by the id of what was parked.
bool store_envelope(Database& database, const Uuid& id, const Uuid& device,
                    std::string_view bytes, Instant now);
std::optional<std::string> load_envelope(Database& database, const Uuid& id);

bool store_session(Database& database, const Session& session);
bool erase_session(Database& database, const Uuid& id);
std::vector<Session> load_sessions(Database& database);

std::optional<std::string> load_value(Database& database, std::string_view key);
bool store_value(Database& database, std::string_view key, std::string_view value);
bool erase_value(Database& database, std::string_view key);

// What became of a command, kept so that a repeat is answered and not run.
struct StoredResult {
  Uuid user;  // or device
  Result<void> result;
  std::uint64_t hash = 0;  // of what was pushed; 0: not pushed
  bool is_parked = false;
  std::uint64_t seq = 0;   // at which it was decided
};
// Of a pushed command whose answer was heard, and that no backup will bring back: true if it is
// gone now, or there was none.
bool erase_result(Database& database, const Uuid& command, std::uint64_t seq_max);
std::optional<StoredResult> load_result(Database& database, const Uuid& command);
bool store_result(Database& database, const Uuid& command, const StoredResult& stored,
                  Instant now);

// Names in server_meta.
inline constexpr std::string_view kSetupTokenHash = "setup_token_hash";
inline constexpr std::string_view kFormKey = "form_key";
inline constexpr std::string_view kSealSecret = "seal_secret";
inline constexpr std::string_view kOutboxSecret = "outbox_secret";
inline constexpr std::string_view kReadyAt = "ready_at";  // when /readyz last wrote
inline constexpr std::string_view kDemo = "demo";

}  // namespace foyer::server
