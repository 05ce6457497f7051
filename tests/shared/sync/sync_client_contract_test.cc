// What a device shows against the contract that all stores share, with a disk in memory.
#include "shared/sync/memory_cache.h"
#include "shared/sync/synced_store.h"

namespace foyer {
namespace {

class MemoryDisk final : public DeviceStore {
 public:
  void save_outbox(std::uint64_t mid, std::string bytes, std::function<void(bool)> done) override {
    outbox_[mid] = std::move(bytes);
    last_mid_ = std::max(last_mid_, mid);
    done(true);
  }
  void remove_outbox(std::uint64_t mid) override { outbox_.erase(mid); }
  void adopt_client(const Uuid& client,
                    std::vector<std::pair<std::uint64_t, std::string>> entries,
                    std::function<void(bool)> done) override {
    client_ = client;
    last_mid_ = entries.size();
    outbox_.clear();
    outbox_.insert(entries.begin(), entries.end());
    done(true);
  }
  void write_cache(CacheWrite write) override { cache_.write(std::move(write)); }

  DeviceStore& store() { return *this; }
  const Stored& stored() { return stored_; }
  const Uuid& client() { return client_; }
  void reopen() {
    stored_ = cache_.stored();
    stored_.last_mid = last_mid_;
    for (const auto& [mid, bytes] : outbox_) stored_.outbox.push_back(bytes);
  }

 private:
  Uuid client_ = derive_uuid({}, "client");
  std::map<std::uint64_t, std::string> outbox_;
  std::uint64_t last_mid_ = 0;
  MemoryCache cache_;
  Stored stored_;
};
INSTANTIATE_TYPED_TEST_SUITE_P(Synced, StoreContract, SyncedStore<MemoryDisk>);

}  // namespace
}  // namespace foyer
