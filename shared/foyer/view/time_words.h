// How words about time are made: the host knows zone and language.
#pragma once

#include <string>

#include "foyer/base/instant.h"

namespace foyer {

class TimeWords {
 public:
  virtual ~TimeWords() = default;
  virtual std::string when(Instant at) const = 0;
};

}  // namespace foyer
