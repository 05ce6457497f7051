// What the core costs: codec, replica, search, commands. Figures are this machine's; compare two
// builds on one machine. "sha256 of 1 MiB" stands beside them as a yardstick of the machine itself.
#include <benchmark/benchmark.h>

#include <map>
#include <string>

#include "foyer/base/checksum.h"
#include "foyer/command/demo_data.h"
#include "foyer/command/execute.h"
#include "foyer/model/registry.h"
#include "foyer/query/memory_store.h"
#include "foyer/sync/client_engine.h"

namespace foyer {
namespace {

constexpr Instant kStart{1764160000000};

Case sample_case(std::uint64_t index) {
  Case row;
  row.id = Id<Case>(derive_uuid(Uuid(), "case " + std::to_string(index)));
  row.number = "T-" + std::to_string(index);
  row.subject = "The lift in building " + std::to_string(index % 97) + " stands still";
  return row;
}

// Filled once per size: a benchmark is called several times before its figures count.
MemoryStore& store_of_cases(std::int64_t count) {
  static std::map<std::int64_t, MemoryStore> stores;
  auto [found, is_new] = stores.try_emplace(count);
  if (is_new)
    for (std::int64_t i = 0; i < count; ++i)
      put(found->second, sample_case(static_cast<std::uint64_t>(i)));
  return found->second;
}

void encode_a_case(benchmark::State& state) {
  const Case row = sample_case(1);
  for (auto _ : state) benchmark::DoNotOptimize(encode(row));
}
BENCHMARK(encode_a_case);

void write_a_case(benchmark::State& state) {
  MemoryStore& store = store_of_cases(state.range(0));
  std::uint64_t index = 0;
  for (auto _ : state) put(store, sample_case(index++ % 1000));
}
BENCHMARK(write_a_case)->Arg(1000)->Arg(20000);

void read_a_case(benchmark::State& state) {
  const MemoryStore& store = store_of_cases(state.range(0));
  const Id<Case> id = sample_case(17).id;
  for (auto _ : state) benchmark::DoNotOptimize(get(store, id));
}
BENCHMARK(read_a_case)->Arg(1000)->Arg(20000);

void first_results_of_a_search(benchmark::State& state) {
  const MemoryStore& store = store_of_cases(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(store.search({"building 4", {}, 50}));
}
BENCHMARK(first_results_of_a_search)->Arg(1000)->Arg(20000)->Unit(benchmark::kMicrosecond);

// What a server sends: all rows at once, or one more.
std::string poke_of_cases(std::uint64_t base_seq, std::uint64_t first, std::uint64_t end) {
  static std::map<std::uint64_t, std::uint32_t> checksums;  // of the cases below a number
  const Scope scope{ScopeKind::kStaff, StaffArea::kService, {}};
  Poke poke;
  poke.base_seq = base_seq;
  poke.seq = end;
  poke.scopes = {scope};
  if (base_seq == 0) poke.snapshots = {scope};
  std::uint32_t crc = checksums[first];
  for (std::uint64_t i = first; i < end; ++i) {
    const Case row = sample_case(i);
    poke.changes.push_back({RowOp::kPut, 0, entity_of<Case>().id, row.id, encode(row)});
    crc ^= row_crc(entity_of<Case>().id, poke.changes.back().bytes);
  }
  checksums[end] = crc;
  poke.is_last = true;
  poke.cookie = {poke.epoch, end, 0, {{scope, end, crc}}};
  return encode_frame(poke);
}

void device_takes_a_snapshot(benchmark::State& state) {
  const auto count = static_cast<std::uint64_t>(state.range(0));
  const std::string frames = poke_of_cases(0, 0, count);
  for (auto _ : state) {
    ClientEngine engine(derive_uuid(Uuid(), "device"));
    if (!engine.received(frames, kStart)) state.SkipWithError("the snapshot does not fit");
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(device_takes_a_snapshot)->Arg(1000)->Arg(20000)->Unit(benchmark::kMillisecond);

// Must not depend on how many rows the device holds.
void device_takes_one_more_row(benchmark::State& state) {
  auto count = static_cast<std::uint64_t>(state.range(0));
  ClientEngine engine(derive_uuid(Uuid(), "device"));
  (void)engine.received(poke_of_cases(0, 0, count), kStart);
  for (auto _ : state) {
    state.PauseTiming();
    const std::string frames = poke_of_cases(count, count, count + 1);
    ++count;
    state.ResumeTiming();
    if (!engine.received(frames, kStart)) state.SkipWithError("the row does not fit");
    engine.take_effects();
  }
  if (engine.rows().count(entity_of<Case>()) != count) state.SkipWithError("rows are missing");
}
BENCHMARK(device_takes_one_more_row)->Arg(1000)->Arg(20000)->Unit(benchmark::kMicrosecond);

void demonstration_told_whole(benchmark::State& state) {
  const auto steps = demo_steps({kStart, {0, 60}});
  for (auto _ : state) {
    MemoryStore store(Numbering::kAuthority);
    std::uint64_t index = 0;
    for (const DemoStep& step : steps) {
      Context context;
      context.now = step.at;
      context.command = derive_uuid(Uuid(), std::to_string(index++));
      context.actor = installation_actor();
      if (!step.actor_email.empty())
        context.actor = actor_of(store, find<&User::email>(store, step.actor_email, 1).front().id);
      if (!run_command(step.command, store, context)) state.SkipWithError("a step was refused");
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(steps.size()));
}
BENCHMARK(demonstration_told_whole)->Unit(benchmark::kMillisecond);

void sha256_of_a_mebibyte(benchmark::State& state) {
  const std::string bytes(1 << 20, 'x');
  for (auto _ : state) benchmark::DoNotOptimize(sha256(bytes));
  state.SetBytesProcessed(state.iterations() * (1 << 20));
}
BENCHMARK(sha256_of_a_mebibyte)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace foyer

BENCHMARK_MAIN();
