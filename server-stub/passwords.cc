#include "passwords.h"

#include "foyer/base/text.h"
#include "secrets.h"

namespace foyer::server {
namespace {

constexpr std::size_t kLengthMin = 12;
constexpr std::size_t kLengthMax = 256;

// The commonest of at least twelve characters; shorter ones fail by length.
constexpr std::string_view kCommonPasswords[] = {
    "123456789012", "1234567890123", "password1234", "passwordpassword", "qwertyuiop12",
    "qwertyuiop123", "iloveyou1234", "administrator", "administrator1", "changeme1234",
    "letmein12345", "welcome12345", "1q2w3e4r5t6y", "111111111111", "000000000000",
    "abcdefghijkl", "abc123abc123", "correcthorsebatterystaple",
};

}  // namespace

Passwords::Passwords()
    : dummy_hash_(hash_of_nothing()), pool_({.thread_count = 2, .queue_max = 32}) {}

bool Passwords::verify(std::string hash, std::string password,
                       std::function<void(PasswordVerdict)> done) {
  return pool_.submit([this, hash = std::move(hash), password = std::move(password),
                       done = std::move(done)] {
    const bool is_known = !hash.empty();
    const bool is_right = verify_password(is_known ? hash : dummy_hash_, password);
    if (!is_known || !is_right) return done(PasswordVerdict::kWrong);
    done(needs_rehash(hash) ? PasswordVerdict::kRightButOld : PasswordVerdict::kRight);
  });
}

bool Passwords::make(std::string password, std::function<void(std::string)> done) {
  return pool_.submit([password = std::move(password), done = std::move(done)] {
    done(hash_password(password));
  });
}

Result<void> check_password_strength(std::string_view password, std::string_view email) {
  if (!is_valid_utf8(password)) return fail(ErrorCode::kInvalid, "password", "not_text");
  const auto length = count_code_points(password);
  if (length < kLengthMin) return fail(ErrorCode::kInvalid, "password", "too_short");
  if (length > kLengthMax) return fail(ErrorCode::kInvalid, "password", "too_long");
  const auto lower = to_ascii_lower(password);
  for (const auto common : kCommonPasswords)
    if (lower == common) return fail(ErrorCode::kInvalid, "password", "too_common");
  if (!email.empty() && lower == to_ascii_lower(email))
    return fail(ErrorCode::kInvalid, "password", "too_common");
  return {};
}

}  // namespace foyer::server
