#include "kiosk_secrets.h"

#include "secrets.h"

namespace foyer::server {
namespace {

// Crockford's: no I and L beside 1, no O beside 0, no U.
constexpr std::string_view kLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kCodeLength = 8;

// A nonce is base64url of: when it is over (8 bytes), random (8), keyed hash of both (32).
constexpr std::size_t kHeadBytes = 16, kNonceBytes = 48;

char plain_letter(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c == 'O') return '0';
  return c == 'I' || c == 'L' ? '1' : c;
}

std::string to_bytes(Instant at) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8)
    bytes += static_cast<char>(static_cast<std::uint64_t>(at.ms) >> shift & 0xff);
  return bytes;
}

Instant from_bytes(std::string_view bytes) {
  std::uint64_t ms = 0;
  for (const char byte : bytes) ms = ms << 8 | static_cast<unsigned char>(byte);
  return {static_cast<std::int64_t>(ms)};
}

}  // namespace

std::string make_device_code() {
  std::string code;
  for (const char byte : random_bytes(kCodeLength))
    code += kLetters[static_cast<unsigned char>(byte) % kLetters.size()];
  return code.insert(kCodeLength / 2, 1, '-');
}

std::string plain_device_code(std::string_view typed) {
  std::string code;
  for (const char c : typed) {
    if (c == ' ' || c == '-') continue;
    const char letter = plain_letter(c);
    if (kLetters.find(letter) == std::string_view::npos || code.size() == kCodeLength) return {};
    code += letter;
  }
  return code.size() == kCodeLength ? code : std::string();
}

Challenges::Challenges() : key_(random_bytes(32)) {}

std::string Challenges::sign(std::string_view head) const { return keyed_hash(key_, head); }

std::string Challenges::make(Instant now) const {
  const auto head = to_bytes(now + kChallengeMs) + random_bytes(8);
  return to_base64url(head + sign(head));
}

bool Challenges::is_valid(std::string_view nonce, Instant now) const {
  const auto bytes = from_base64url(nonce, kNonceBytes);
  if (!bytes) return false;
  const auto head = std::string_view(*bytes).substr(0, kHeadBytes);
  return equal_in_constant_time(std::string_view(*bytes).substr(kHeadBytes), sign(head)) &&
         now < from_bytes(head.substr(0, 8));
}

bool Challenges::take(std::string_view nonce, Instant now) {
  if (!is_valid(nonce, now)) return false;
  const auto over_at = from_bytes(from_base64url(nonce, kNonceBytes)->substr(0, 8));
  const std::lock_guard lock(mutex_);
  used_.erase(used_.begin(), used_.lower_bound({now, std::string()}));
  return used_.emplace(over_at, nonce).second;
}

}  // namespace foyer::server
