// The simulator as a program: `./foyer sim` runs it. Exit code 1: a promise was broken, a planted
// bug was not caught, or a class of faults was never hit.
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

#include "sim/runner.h"
#include "sim/scenarios.h"
#include "sim/shrinker.h"
#include "sim/world.h"

namespace foyer::sim {
namespace {

constexpr std::uint64_t kHuntMax = 20'000;
constexpr std::uint64_t kSeedsOfATest = 5'000;

struct Arguments {
  std::uint64_t seeds = 0, from = 1, seed = 0, shrink = 0, traces = 0;
  bool is_planted = false;
  std::string past_failures, bug;
};

bool read_number(const char* text, std::uint64_t& number) {
  const char* const end = text + std::strlen(text);
  const auto read = std::from_chars(text, end, number);
  return read.ec == std::errc() && read.ptr == end;
}

bool read_arguments(int count, char** values, Arguments& arguments) {
  for (int i = 1; i < count; ++i) {
    const std::string_view name = values[i];
    const char* const value = i + 1 < count ? values[i + 1] : "";
    bool is_read = true, has_value = true;
    if (name == "--seeds") is_read = read_number(value, arguments.seeds);
    else if (name == "--from") is_read = read_number(value, arguments.from);
    else if (name == "--seed") is_read = read_number(value, arguments.seed);
    else if (name == "--shrink") is_read = read_number(value, arguments.shrink);
    else if (name == "--traces") is_read = read_number(value, arguments.traces);
    else if (name == "--bug") arguments.bug = value;
    else if (name == "--test") arguments.past_failures = value;
    else has_value = false;
    if (name == "--planted") arguments.is_planted = true;
    else if (!has_value) return false;
    i += has_value;
    if (!is_read) return false;
  }
  return true;
}

int show_seed(std::uint64_t seed, const PlantedBug& bug) {
  Options options;
  options.seed = seed;
  options.host_bug = bug.host;
  options.keeps_lines = true;
  const Outcome outcome = run_world(options, bug.engine);
  for (const std::string& line : outcome.lines) std::puts(line.c_str());
  std::printf("faults:");
  for (std::size_t i = 0; i < kFaultCount; ++i)
    if (outcome.faults[i] > 0)
      std::printf(" %s %d;", kFaults[i].name, static_cast<int>(outcome.faults[i]));
  std::printf("\ntrace %s\n%s\n", std::to_string(outcome.trace).c_str(),
              outcome.broken ? outcome.failure.c_str() : "every promise was kept");
  return outcome.broken ? 1 : 0;
}

int show_planted(std::uint64_t seeds_max) {
  const auto bugs = planted_bugs();
  std::vector<Catch> caught(bugs.size());
  Totals none;
  for_each_on_all_cores(
      bugs.size(),
      [&](std::uint64_t i, Totals&) {
        const bool can_plant = bugs[i].engine == EngineBug::kNone || has_engine_bugs();
        if (can_plant) caught[i] = hunt(bugs[i], seeds_max);
      },
      none);
  std::size_t escaped = 0;
  std::printf("| planted bug | caught by oracle | at seed |\n|---|---|---|\n");
  for (std::size_t i = 0; i < bugs.size(); ++i) {
    escaped += caught[i].seed == 0;
    std::printf("| %s | %s | %s |\n", std::string(bugs[i].name).c_str(),
                caught[i].seed == 0 ? "**not caught**" : caught[i].oracle.c_str(),
                std::to_string(caught[i].seed == 0 ? seeds_max : caught[i].seed).c_str());
  }
  std::printf("%d planted, %d caught\n", static_cast<int>(bugs.size()),
              static_cast<int>(bugs.size() - escaped));
  return escaped == 0 ? 0 : 1;
}

int show_shrunk(std::uint64_t seed, const PlantedBug& bug) {
  const auto shrunk = shrink(seed, bug);
  if (!shrunk) {
    std::printf("seed %s breaks no promise\n", std::to_string(seed).c_str());
    return 0;
  }
  for (const std::string& line : shrunk->outcome.lines) std::puts(line.c_str());
  std::printf("still fails with %d of %d steps and these faults:\n", shrunk->steps_left,
              static_cast<int>(Options().steps));
  for (std::size_t i = 0; i < kFaultCount; ++i)
    if ((shrunk->options.faults >> i) & 1) std::printf("  %s\n", kFaults[i].name);
  std::puts(shrunk->outcome.failure.c_str());
  return 1;
}

// 0: all was well, and every class of faults was hit if the run was long enough for that.
int judge_seeds(const Totals& totals) {
  print(totals, "seeds");
  for (std::size_t i = 0; i < kFaultCount; ++i)
    std::printf("  %-11s %-55s %s\n", kFaults[i].kind, kFaults[i].name,
                std::to_string(totals.faults[i]).c_str());
  const auto missed = missed_faults(totals);
  for (const std::string& name : missed) std::printf("never hit: %s\n", name.c_str());
  const bool is_long_enough = totals.runs >= 1000;
  return totals.failures.empty() && (missed.empty() || !is_long_enough) ? 0 : 1;
}

// "SEED reason" a line; a line that begins with # says something to the reader.
std::vector<std::uint64_t> read_past_failures(const std::string& path) {
  std::vector<std::uint64_t> seeds;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    if (std::uint64_t seed = 0; words >> seed) seeds.push_back(seed);
  }
  return seeds;
}

// What every commit has to pass.
int run_test(const std::string& past_failures) {
  Totals past, points;
  const auto seeds = read_past_failures(past_failures);
  if (seeds.empty()) std::printf("%s has no seed\n", past_failures.c_str());
  for (const std::uint64_t seed : seeds) past.add(run_seeds(seed, 1));
  print(past, "past failing seeds");
  for (const Scenario& scenario : scenarios()) {
    const Totals mine = run_crash_points(scenario);
    for (const Failure& failure : mine.failures)
      std::printf("  FAILED \"%s\", crash point %s: %s\n", scenario.name,
                  std::to_string(failure.seed).c_str(), failure.what.c_str());
    points.add(mine);
  }
  print(points, "crash points of " + std::to_string(scenarios().size()) + " scenarios");
  const bool is_well = judge_seeds(run_seeds(1, kSeedsOfATest)) == 0;
  return is_well && !seeds.empty() && past.failures.empty() && points.failures.empty() ? 0 : 1;
}

int run(int count, char** values) {
  Arguments arguments;
  PlantedBug none{};
  if (!read_arguments(count, values, arguments) || count == 1) {
    std::fputs("usage: --seeds N [--from S] | --seed S | --shrink S | --planted [--seeds N]\n"
               "       | --traces N | --test PAST_FAILURES; with --seed or --shrink: --bug NAME\n",
               stderr);
    return 2;
  }
  const PlantedBug* const bug = find_planted_bug(arguments.bug);
  if (!arguments.bug.empty() && bug == nullptr) {
    std::fputs("there is no such planted bug\n", stderr);
    return 2;
  }
  const PlantedBug& planted = bug == nullptr ? none : *bug;
  if (arguments.seed != 0) return show_seed(arguments.seed, planted);
  if (arguments.shrink != 0) return show_shrunk(arguments.shrink, planted);
  if (arguments.is_planted)
    return show_planted(arguments.seeds == 0 ? kHuntMax : arguments.seeds);
  if (arguments.traces != 0) {
    for (const std::string& line : traces(arguments.from, arguments.traces))
      std::puts(line.c_str());
    return 0;
  }
  if (!arguments.past_failures.empty()) return run_test(arguments.past_failures);
  return judge_seeds(run_seeds(arguments.from, arguments.seeds));
}

}  // namespace
}  // namespace foyer::sim

int main(int count, char** values) { return foyer::sim::run(count, values); }
