// A browser profile's IndexedDB: two databases that know nothing of each other, each with its own
// queue of transactions; strict for the outbox, relaxed for the rest. Plays what wasm/indexed_db.js
// does; knows no engine.
// Invariant: `done(true)` comes after the entry is durable, unless a planted bug says otherwise.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "foyer/sync/client_engine.h"
#include "foyer/sync/device_store.h"
#include "shared/sync/memory_cache.h"
#include "sim/core.h"

namespace foyer::sim {

class DeviceDisk final : public DeviceStore {
 public:
  // `survives`: false if the program dies instead of doing what it is about to do.
  DeviceDisk(Core& core, std::string owner, std::function<bool()> survives)
      : core_(core), owner_(std::move(owner)), survives_(std::move(survives)) {}

  void save_outbox(std::uint64_t mid, std::string bytes, std::function<void(bool)> done) override;
  void remove_outbox(std::uint64_t mid) override;
  void write_cache(CacheWrite write) override;

  // What is there, for a program that starts.
  Stored open();
  bool is_idle() const { return saves_.empty() && others_.empty(); }
  // One transaction ends, well or badly.
  void finish_one();
  void finish_all();
  // The program is gone; what it had asked for is lost, but perhaps one commit nobody hears of.
  void crash();
  // Relaxed commits since an unknown moment are lost too.
  void lose_power(Loss loss);
  // The browser takes the whole origin; true if something was there.
  bool evict();
  // Both while no program runs: what one had asked for is lost, but perhaps one commit.
  void flip_bit();
  // As if an older build had stored the cache: each schema has a database of its own.
  void change_schema();
  void fill_up(unsigned until_step) { full_until_ = until_step; }

  // All bytes that somebody who takes the device could read of the rows.
  std::string cache_bytes() const;
  Stored stored_cache() const;
  const std::map<std::uint64_t, std::string>& outbox() const { return out_.outbox; }
  // Rows were stored and no fault took them: a program that starts finds rows.
  bool must_load() const { return must_load_; }

 private:
  struct Out {
    std::map<std::uint64_t, std::string> outbox;
    std::uint64_t last_mid = 0;
  };
  struct Save {
    std::uint64_t mid;
    std::string bytes;
    std::function<void(bool)> done;
  };
  struct Other {
    std::uint64_t removed = 0;  // 0: a write of the cache
    CacheWrite write;
    bool is_head_swung = false;
  };
  void commit_save(const Save& save);
  void finish_save();
  void finish_other();
  void commit_other(Other other);
  void settle_cache();
  void purge_cache();

  Core& core_;
  const std::string owner_;
  const std::function<bool()> survives_;
  Out out_;
  std::vector<Out> relaxed_out_;      // states that a power cut may bring back
  MemoryCache cache_;
  std::deque<CacheWrite> relaxed_cache_;  // on top of it, until a power cut or a strict write
  std::deque<Save> saves_;
  std::deque<Other> others_;
  bool has_ballast_ = true, is_cache_lost_ = false, must_load_ = false;
  unsigned full_until_ = 0;
};

}  // namespace foyer::sim
