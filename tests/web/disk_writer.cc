// Writes to a device's disk without a pause until its browser is killed, and then says what is left
// (killed_browser.test.mjs). Each value follows from its number, so that a torn or mixed one shows.
// The page tells the test, as a screen would tell a person, which entries are saved.
#include <emscripten/emscripten.h>

#include <charconv>

#include "foyer/base/random.h"
#include "indexed_db_store.h"

EM_JS(void, tell, (const char* what, double number), {
  Module['told'](UTF8ToString(what), number);
});

namespace foyer::web {
namespace {

constexpr std::uint32_t kSegments = 12;
constexpr std::uint64_t kDeltas = 5;

std::string value_of(std::string_view kind, std::uint64_t number, std::uint64_t n) {
  Random random(number * 1000 + n + kind.size() * 7919);
  const std::string name = std::to_string(number) + "." + std::to_string(n) + ".";
  std::string bytes(random.below(4) == 0 ? 55'000 : 200 + random.below(2000), '\0');
  for (char& byte : bytes) byte = static_cast<char>(random.next());
  return name + bytes;
}

// What `text` begins with, up to a dot.
std::uint64_t number_in(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::unique_ptr<IndexedDbStore> disk;
std::uint64_t next_mid = 0, next_generation = 0;

void write_entry() {
  const std::uint64_t mid = ++next_mid;
  disk->save_outbox(mid, value_of("entry", mid, 0), [mid](bool is_saved) {
    tell(is_saved ? "saved" : "refused", static_cast<double>(mid));
    // Each seventh leaves again, as what was sent does.
    if (mid % 7 == 0) disk->remove_outbox(mid - 3);
    write_entry();
  });
}

// A bootstrap, some pokes, the next bootstrap, as the engine writes them.
void write_generation(void*) {
  const std::uint64_t generation = ++next_generation;
  for (std::uint32_t n = 0; n < kSegments; ++n) {
    CacheWrite write;
    write.put = {{{PieceKind::kSegment, "public", generation, n},
                  value_of("segment", generation, n)}};
    disk->write_cache(std::move(write));
  }
  for (std::uint64_t poke = 0; poke <= kDeltas; ++poke) {
    CacheWrite write;
    write.is_strict = poke == 0;
    if (poke == 0)
      write.removed = {{PieceKind::kSegment, "public", 0, generation - 1},
                       {PieceKind::kDelta, "public", 0, generation * 100}};
    else
      write.put = {{{PieceKind::kDelta, "public", generation * 100 + poke, 0},
                    value_of("delta", generation, poke)}};
    write.head = std::to_string(generation) + "." + std::to_string(poke);
    disk->write_cache(std::move(write));
  }
  emscripten_async_call(write_generation, nullptr, 20);
}

// What the head names is there, and is what was written.
bool is_whole(const Stored& stored) {
  if (stored.head.empty()) return true;
  const std::uint64_t generation = number_in(stored.head);
  const std::uint64_t pokes = number_in(std::string_view(stored.head).substr(
      stored.head.find('.') + 1));
  std::uint64_t segments = 0, deltas = 0;
  for (const auto& [key, bytes] : stored.pieces) {
    const bool is_segment = key.kind == PieceKind::kSegment;
    const std::uint64_t of = is_segment ? key.number : key.number / 100;
    const std::uint64_t n = is_segment ? key.n : key.number % 100;
    if (bytes != value_of(is_segment ? "segment" : "delta", of, n)) return false;
    if (of != generation) continue;
    segments += is_segment;
    deltas += !is_segment && n <= pokes;
  }
  next_generation = generation + 100;  // above what a head never named
  return segments == kSegments && deltas == pokes;
}

void opened(bool is_open) {
  if (!is_open) return tell("closed", 0);
  const Stored stored = disk->take_stored();
  next_mid = stored.last_mid;
  tell("last", static_cast<double>(stored.last_mid));
  for (const std::string& bytes : stored.outbox) {
    const std::uint64_t mid = number_in(bytes);
    const bool is_sound = bytes == value_of("entry", mid, 0) && mid <= stored.last_mid;
    tell(is_sound ? "found" : "torn", static_cast<double>(mid));
  }
  tell(is_whole(stored) ? "whole" : "torn", static_cast<double>(stored.pieces.size()));
  write_entry();
  write_generation(nullptr);
}

}  // namespace
}  // namespace foyer::web

int main() {
  foyer::web::disk = std::make_unique<foyer::web::IndexedDbStore>(
      foyer::web::IndexedDbStore::Place{"0193a1b2-0000-7000-8000-000000000002", 1},
      foyer::web::opened);
  return 0;
}
