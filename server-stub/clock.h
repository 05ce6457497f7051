// The server's clocks. The domain never reads them: it gets `context.now`.
#pragma once

#include <chrono>

#include "foyer/base/instant.h"

namespace foyer::server {

inline Instant wall_clock() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count()};
}

}  // namespace foyer::server
