// A browser profile's IndexedDB: two databases that know nothing of each other, each with its own
// queue of transactions; strict for the outbox, relaxed for the rest. Plays what wasm/indexed_db.js
// does; knows no engine.
// Invariant: `done(true)` comes after the entry is durable, unless a planted bug says otherwise.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
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
  DeviceDisk(Core& core, std::string owner, const Uuid& client, std::function<bool()> survives)
      : core_(core), owner_(std::move(owner)), survives_(std::move(survives)) {
    out_.client = client;
  }
  // As the disk of another device is now.
  void copy(const DeviceDisk& other);

  void save_outbox(std::uint64_t mid, std::string bytes, std::function<void(bool)> done) override;
  void remove_outbox(std::uint64_t mid) override;
  void adopt_client(const Uuid& client,
                    std::vector<std::pair<std::uint64_t, std::string>> entries,
                    std::function<void(bool)> done) override;
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
  bool evict(const Uuid& next_client);
  // Both while no program runs: what one had asked for is lost, but perhaps one commit.
  void flip_bit();
  // As if an older build had stored the cache: each schema has a database of its own.
  void change_schema();
  void fill_up(unsigned until_step) { full_until_ = until_step; }

  // All bytes that somebody who takes the device could read of the rows.
  std::string cache_bytes() const;
  Stored stored_cache() const;
  const Uuid& client() const { return out_.client; }
  const std::map<std::uint64_t, std::string>& outbox() const { return out_.outbox; }
  // Ids that were left for another, each with the numbers that its entries had, in their order:
  // they have 1, 2, 3... now.
  struct Move {
    Uuid from, to;
    std::vector<std::uint64_t> old_mids;
  };
  std::vector<Move> take_moves() { return std::exchange(moves_, {}); }
  // Rows were stored and no fault took them: a program that starts finds rows.
  bool must_load() const { return must_load_; }

 private:
  struct Out {
    std::map<std::uint64_t, std::string> outbox;
    std::uint64_t last_mid = 0;
    Uuid client;
  };
  struct Adoption {
    Uuid client;
    std::vector<std::pair<std::uint64_t, std::string>> entries;
    std::function<void(bool)> done;
  };
  struct Save {
    std::uint64_t mid;
    std::string bytes;
    std::function<void(bool)> done;
  };
  struct Other {
    std::uint64_t removed = 0;  // 0: a write of the cache, or:
    CacheWrite write;
    bool is_head_swung = false;
    std::optional<Adoption> adoption = {};
    bool is_of_cache() const { return removed == 0 && !adoption; }
  };
  void commit_save(const Save& save);
  void finish_save();
  void finish_other();
  void finish_adoption();
  void commit_adoption(const Adoption& adoption);
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
  std::vector<Move> moves_;
  bool has_ballast_ = true, is_cache_lost_ = false, must_load_ = false;
  unsigned full_until_ = 0;
};

}  // namespace foyer::sim
