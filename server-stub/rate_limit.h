// Slows down who fails to sign in too often: per account, per address and in total. Not a lock:
// the wait grows to a bound and a right password after it always works.
// Invariant: memory is bounded; the clock is the caller's.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "foyer/base/instant.h"

namespace foyer::server {

struct RateLimitOptions {
  int account_free = 5;     // failures of one account before the first wait
  int address_free = 30;    // failures from one address
  int total_per_minute = 600;
  std::int64_t wait_first_ms = 1000;
  std::int64_t wait_max_ms = 15 * kMsPerMinute;
  std::int64_t forget_ms = kMsPerHour;  // a quiet key starts afresh
  std::size_t keys_max = 100'000;
};

class RateLimit {
 public:
  explicit RateLimit(RateLimitOptions options = {}) : options_(options) {}

  // Milliseconds to wait before an attempt may be tried; 0: now. An attempt that may go ahead is
  // counted as a failure at once, so that parallel attempts cannot slip through together. An
  // attempt that names no account (a link with a token) counts for its address alone.
  std::int64_t begin_attempt(std::string_view account, std::string_view address, Instant now);
  // The attempt was right: the account starts afresh and the address gets its attempt back.
  void succeeded(std::string_view account, std::string_view address);

 private:
  struct Failures {
    int count = 0;
    Instant last;
  };

  std::int64_t wait_of(const std::string& key, int free, Instant now);
  void add(const std::string& key, Instant now);
  void make_room(Instant now);

  const RateLimitOptions options_;
  std::mutex mutex_;
  std::unordered_map<std::string, Failures> failures_;
  Instant minute_start_;
  int minute_count_ = 0;
};

}  // namespace foyer::server
