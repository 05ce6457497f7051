// What a device keeps between runs, as a port: the browser's implementation lies in IndexedDB
// (wasm/), that of tests in memory. Not the replica: it knows bytes, no rows.
// Invariant: entries outlive a power cut once `done(true)` was called; the cache is all that was
// saved, in order, or an older state of it, never a torn one.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace foyer {

class DeviceStore {
 public:
  virtual ~DeviceStore() = default;
  // Adds or replaces an entry and raises the highest mid, in one strict transaction. `done` is
  // called once, at once or later; false: nothing was kept.
  virtual void save_outbox(std::uint64_t mid, std::string bytes,
                           std::function<void(bool is_saved)> done) = 0;
  virtual void remove_outbox(std::uint64_t mid) = 0;
  virtual void save_cache(std::string frames, bool replaces_all) = 0;
};

// On a device that is not the person's own: rows in memory, and no commands.
class NoDeviceStore final : public DeviceStore {
 public:
  void save_outbox(std::uint64_t, std::string, std::function<void(bool)> done) override {
    done(false);
  }
  void remove_outbox(std::uint64_t) override {}
  void save_cache(std::string, bool) override {}
};

}  // namespace foyer
