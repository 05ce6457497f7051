// What a device keeps between runs, as a port: the browser's implementation lies in IndexedDB
// (wasm/), that of tests in memory. Not the replica: it knows bytes, no rows.
// Invariant: entries outlive a power cut once `done(true)` was called; the cache is what its writes
// left, in order, each whole or not at all, or an older state of it up to the last strict one.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "foyer/base/id.h"

namespace foyer {

enum class PieceKind : std::uint8_t {
  kSegment,  // rows of a scope; `number` is the generation
  kDelta,    // what came since; `number` is the seq
  kIndex,    // can be built again; goes with whatever is forgotten
};

struct PieceKey {
  PieceKind kind = PieceKind::kSegment;
  std::string scope;  // whose key seals it; of an index its name
  std::uint64_t number = 0;
  std::uint32_t n = 0;
  friend auto operator<=>(const PieceKey&, const PieceKey&) = default;
};
struct Piece {
  PieceKey key;
  std::string bytes;
};
struct PieceRange {
  PieceKind kind = PieceKind::kSegment;
  std::string scope;
  std::uint64_t first = 0, last = 0;  // numbers, both inside
};

// One transaction; its parts take effect in the order of the members.
struct CacheWrite {
  bool clears = false;                 // everything goes, with all keys
  std::vector<std::string> forgotten;  // scopes whose key goes, and with it every piece
  std::vector<PieceRange> removed;
  std::vector<Piece> put;              // large writes follow each other: at most some MB each
  std::optional<std::string> head;     // says which pieces count
  bool is_strict = false;
};

class DeviceStore {
 public:
  virtual ~DeviceStore() = default;
  // Adds or replaces an entry and raises the highest mid, in one strict transaction. `done` is
  // called once, at once or later; false: nothing was kept.
  virtual void save_outbox(std::uint64_t mid, std::string bytes,
                           std::function<void(bool is_saved)> done) = 0;
  virtual void remove_outbox(std::uint64_t mid) = 0;
  // Replaces the outbox whole, and the id with it, in one strict transaction; the highest mid is
  // that of the last entry, 0 without any. As save_outbox; false: all is as before.
  virtual void adopt_client(const Uuid& client,
                            std::vector<std::pair<std::uint64_t, std::string>> entries,
                            std::function<void(bool is_saved)> done) = 0;
  virtual void write_cache(CacheWrite write) = 0;
};

// On a device that is not the person's own: rows in memory, and no commands.
class NoDeviceStore final : public DeviceStore {
 public:
  void save_outbox(std::uint64_t, std::string, std::function<void(bool)> done) override {
    done(false);
  }
  void remove_outbox(std::uint64_t) override {}
  void adopt_client(const Uuid&, std::vector<std::pair<std::uint64_t, std::string>>,
                    std::function<void(bool)> done) override {
    done(true);
  }
  void write_cache(CacheWrite) override {}
};

}  // namespace foyer
