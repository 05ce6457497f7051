// What a device keeps, in IndexedDB (indexed_db.js): an outbox whose format is frozen and a cache
// that can be thrown away, both encrypted. Holds a Web Lock for as long as it is open: two
// programs never write the same outbox.
#pragma once

#include <map>
#include <memory>

#include "foyer/sync/client_engine.h"
#include "foyer/sync/device_store.h"

namespace foyer::web {

enum class Erase : std::uint8_t { kNothing, kCache, kCacheAndDrafts, kEverything };

class IndexedDbStore final : public DeviceStore {
 public:
  // Of one user on this device. `slots`: how many outboxes there may be at once; a tab of the
  // portal takes the first free one, the worker has one.
  struct Place {
    std::string user;
    int slots = 1;
  };
  // `done` hears whether it opened; then `client` and `stored` are what an earlier run left.
  using Opened = std::function<void(bool is_open)>;

  IndexedDbStore(Place place, Opened done);
  ~IndexedDbStore() override;

  const Uuid& client() const { return client_; }
  const Stored& stored() const { return stored_; }
  // The same, to be taken away: rows are many.
  Stored take_stored() { return std::exchange(stored_, {}); }
  // What is being written and not sent yet, by name.
  const std::map<std::string, std::string, std::less<>>& drafts() const { return drafts_; }

  void save_outbox(std::uint64_t mid, std::string bytes, std::function<void(bool)> done) override;
  void remove_outbox(std::uint64_t mid) override;
  void adopt_client(const Uuid& client,
                    std::vector<std::pair<std::uint64_t, std::string>> entries,
                    std::function<void(bool)> done) override;
  void write_cache(CacheWrite write) override;
  // No words: it is forgotten. `done` hears whether that is durable.
  void keep_draft(const std::string& name, std::string words, std::function<void(bool)> done);

  // Waits for what is being written, then erases and lets go. Nothing may be saved after it.
  void close(Erase erase, std::function<void()> done);

  // Called by indexed_db.js.
  void loaded(int kind, std::string_view bytes);
  char* room_for_piece(PieceKey key, std::size_t size);
  void opened(bool is_open);
  void saved(int ticket, bool is_saved);

 private:
  int handle_;
  Opened opened_;
  Uuid client_;
  Stored stored_;
  std::string scope_;  // of the pieces that are being given
  std::map<std::string, std::string, std::less<>> drafts_;
  std::map<int, std::function<void(bool)>> saving_;
  int tickets_ = 0;
  bool is_closing_ = false, is_shut_ = false;
};

}  // namespace foyer::web
