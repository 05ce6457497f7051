#include "browser.h"

#include "foyer/base/random.h"

extern "C" {
double foyer_now();
void foyer_random(unsigned char* out, int size);
}

namespace foyer::web {

Instant device_now() { return {static_cast<std::int64_t>(foyer_now())}; }

Uuid fresh_id() {
  std::uint64_t seed = 0;
  foyer_random(reinterpret_cast<unsigned char*>(&seed), sizeof seed);
  Random random(seed);
  return make_uuid(device_now(), random);
}

}  // namespace foyer::web
