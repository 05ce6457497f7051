// What a device shows to be let in: the one-time code that somebody types at it, and the challenge
// that it signs. Knows no request and no row.
// Invariant: a nonce serves once, within two minutes, in the process that made it.
#pragma once

#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "foyer/base/instant.h"

namespace foyer::server {

inline constexpr std::int64_t kDeviceCodeMs = 30 * kMsPerMinute;
inline constexpr std::int64_t kChallengeMs = 2 * kMsPerMinute;

// "7KQ4-M2XP": 40 random bits in letters and digits that nobody takes for one another.
std::string make_device_code();
// As it was made, however it was typed: case, spaces and dashes do not count. Empty: no code.
std::string plain_device_code(std::string_view typed);

class Challenges {
 public:
  Challenges();

  // Nothing is kept of it: whoever asks for many fills no memory.
  std::string make(Instant now) const;
  // Ours and in time; says nothing of whether it served.
  bool is_valid(std::string_view nonce, Instant now) const;
  // Call when its signature was right. False if it is not valid or served before.
  bool take(std::string_view nonce, Instant now);

 private:
  std::string sign(std::string_view head) const;

  const std::string key_;
  std::mutex mutex_;
  std::set<std::pair<Instant, std::string>> used_;  // with when they are over: until then
};

}  // namespace foyer::server
