// Random tokens, their stored form, and password hashes. The only file (with its .cc) that knows
// libsodium. Not a pool: hash_password and verify_password take about 80 ms and 64 MiB each.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace foyer::server {

// Must succeed once before anything else here is called; false when there is no entropy source.
bool secrets_ready();

std::string random_bytes(std::size_t size);
// 256 random bits as 43 characters of base64url.
std::string random_token();
// 32 bytes. What is stored instead of a token: who reads the database can use none of them.
std::string hash_token(std::string_view token);
// 32 bytes, under a key; for tokens that are derived rather than stored.
std::string keyed_hash(std::string_view key, std::string_view text);
std::string to_base64url(std::string_view bytes);
// Without padding, nothing else in it; `size` bytes exactly.
std::optional<std::string> from_base64url(std::string_view text, std::size_t size);
// Same time whatever differs; false for two lengths.
bool equal_in_constant_time(std::string_view a, std::string_view b);

// argon2id, 64 MiB, 2 passes, as a self-describing string. Empty when memory is short.
std::string hash_password(std::string_view password);
// Looks like one of hash_password's and costs as much to verify; no password is right for it.
std::string hash_of_nothing();
bool verify_password(std::string_view hash, std::string_view password);
// True when the hash was made with other costs than today's.
bool needs_rehash(std::string_view hash);

}  // namespace foyer::server
