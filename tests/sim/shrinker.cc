#include "sim/shrinker.h"

#include "sim/world.h"

namespace foyer::sim {
namespace {

class Shrinking {
 public:
  Shrinking(const Options& options, EngineBug bug, Oracle broken)
      : options_(options), bug_(bug), broken_(broken) {}

  // Takes over what still fails.
  bool try_with(const Options& options) {
    if (run_world(options, bug_).broken != broken_) return false;
    options_ = options;
    return true;
  }
  void drop_faults() {
    for (std::size_t i = 0; i < kFaultCount; ++i) {
      Options fewer = options_;
      fewer.faults &= ~(std::uint64_t{1} << i);
      if (fewer.faults != options_.faults) try_with(fewer);
    }
  }
  void drop_tail() {
    for (unsigned cut = options_.steps / 2; cut > 0; cut /= 2)
      for (Options fewer = options_; fewer.steps > cut; fewer = options_) {
        fewer.steps -= cut;
        if (!try_with(fewer)) break;
      }
  }
  void drop_steps() {
    for (unsigned width = options_.steps / 2; width > 0; width /= 2)
      for (unsigned at = 1; at <= options_.steps; at += width) {
        Options fewer = options_;
        for (unsigned step = at; step < at + width && step <= options_.steps; ++step)
          fewer.left_out.insert(step);
        if (fewer.left_out != options_.left_out) try_with(fewer);
      }
  }
  const Options& options() const { return options_; }

 private:
  Options options_;
  EngineBug bug_;
  Oracle broken_;
};

}  // namespace

std::optional<Shrunk> shrink(std::uint64_t seed, const PlantedBug& bug) {
  Options options;
  options.seed = seed;
  options.host_bug = bug.host;
  const Outcome first = run_world(options, bug.engine);
  if (!first.broken) return std::nullopt;
  Shrinking shrinking(options, bug.engine, *first.broken);
  shrinking.drop_faults();
  shrinking.drop_tail();
  shrinking.drop_steps();
  shrinking.drop_faults();
  Shrunk shrunk{shrinking.options(), {}, 0};
  shrunk.options.keeps_lines = true;
  shrunk.outcome = run_world(shrunk.options, bug.engine);
  shrunk.steps_left = static_cast<int>(shrunk.options.steps - shrunk.options.left_out.size());
  return shrunk;
}

}  // namespace foyer::sim
