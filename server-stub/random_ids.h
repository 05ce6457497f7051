// Ids and seeds from the system's randomness, for rows that the server itself makes.
#pragma once

#include <cstring>

#include "foyer/base/id.h"
#include "foyer/base/random.h"
#include "secrets.h"

namespace foyer::server {

inline Random seeded_random() {
  std::uint64_t seed = 0;
  std::memcpy(&seed, random_bytes(sizeof seed).data(), sizeof seed);
  return Random(seed);
}

inline Uuid random_uuid(Instant now) {
  auto random = seeded_random();
  return make_uuid(now, random);
}

}  // namespace foyer::server
