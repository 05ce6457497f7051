// What a kiosk's host knows of the device when it asks for a page: the counter of its numbers, what
// it has not handed over yet, where that is kept. Nothing of a visitor is in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "foyer/model/people.h"

namespace foyer {

struct KioskState {
  std::int64_t next_number = 1;
  std::int64_t waiting = 0;
  Instant oldest_waiting_at;
  Instant last_contact_at;
  StorageState storage = {};
  std::string version;
  std::optional<std::int64_t> drift_ms;
};

// The number a visitor is called by: "K7-031". Grows past three digits rather than starting over.
inline std::string kiosk_number(std::string_view series, std::int64_t n) {
  std::string digits = std::to_string(n);
  if (digits.size() < 3) digits.insert(0, 3 - digits.size(), '0');
  return std::string(series) + "-" + digits;
}

}  // namespace foyer
