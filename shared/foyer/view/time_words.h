// How words about time are made: the host knows zone and language.
#pragma once

#include <string>

#include "foyer/base/instant.h"

namespace foyer {

class TimeWords {
 public:
  virtual ~TimeWords() = default;
  virtual std::string when(Instant at) const = 0;
  // Of a date, whose hour says nothing.
  virtual std::string day(Instant at) const { return when(at); }
};

}  // namespace foyer
