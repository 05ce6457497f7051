// Seeded pseudo-random numbers. Not for secrets: tokens and keys come from the host.
// Invariant: the same seed gives the same sequence on every platform (xoshiro256**, Blackman and
// Vigna 2018, seeded by splitmix64).
#pragma once

#include <array>
#include <cstdint>

namespace foyer {

class Random {
 public:
  explicit Random(std::uint64_t seed);

  std::uint64_t next();
  // Uniform in [0, bound); bound > 0.
  std::uint64_t below(std::uint64_t bound);
  // True with probability numerator / denominator.
  bool chance(std::uint64_t numerator, std::uint64_t denominator) {
    return below(denominator) < numerator;
  }

 private:
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace foyer
