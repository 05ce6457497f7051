#include "sim/core.h"

#include "foyer/base/checksum.h"

namespace foyer::sim {

Counts& Counts::operator+=(const Counts& other) {
  submitted += other.submitted;
  applied += other.applied;
  refused += other.refused;
  pokes += other.pokes;
  virtual_ms += other.virtual_ms;
  for (std::size_t i = 0; i < kFaultCount; ++i) faults[i] += other.faults[i];
  return *this;
}
namespace {

// splitmix64: neighbouring steps share nothing.
std::uint64_t mix(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15U;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31);
}

}  // namespace

Luck::Luck(const Options& options, Outcome& outcome)
    : outcome_(outcome), seed_(options.seed), enabled_(options.faults), random_(options.seed) {
  const std::uint64_t half = random_.next();
  if (!options.are_all_on) enabled_ &= half;
}

void Luck::at_step(std::uint64_t step) { random_ = Random(mix(seed_) ^ mix(step)); }

bool Luck::may(Fault fault, std::uint64_t denominator) {
  if (!is_on(fault) || !random_.chance(1, denominator)) return false;
  count(fault);
  return true;
}

void Core::check(bool holds, Oracle oracle, std::string_view who, std::string_view what) {
  if (holds || outcome.broken) return;
  outcome.broken = oracle;
  outcome.failure = std::string(kOracleNames[static_cast<std::size_t>(oracle)]) + ": ";
  if (!who.empty()) outcome.failure += std::string(who) + ": ";
  outcome.failure += what;
}

void Core::note(std::string_view who, std::string_view what, std::uint64_t number) {
  outcome.trace = mix(outcome.trace ^ number ^ crc32c(what, crc32c(who)));
  if (!options.keeps_lines) return;
  const std::int64_t seconds = (now - kWorldBegins) / 1000;
  std::string line = "step " + std::to_string(step) + "  +" + std::to_string(seconds) + " s  ";
  line += std::string(who) + ": " + std::string(what);
  if (number != 0) line += " " + std::to_string(number);
  outcome.lines.push_back(std::move(line));
}

}  // namespace foyer::sim
