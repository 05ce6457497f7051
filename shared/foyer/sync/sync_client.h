// The client whole: the engine, the store that keeps what it knows, and the link that carries what
// it says. Portal and service worker run one each; they differ in store and link alone.
#pragma once

#include <functional>
#include <map>

#include "foyer/sync/client_engine.h"
#include "foyer/sync/device_store.h"

namespace foyer {

class SyncLink {
 public:
  virtual ~SyncLink() = default;
  // One frame, in order; may be lost with the connection.
  virtual void send(std::string frame) = 0;
};

class SyncClient {
 public:
  struct Listener {
    std::function<void()> changed;     // rows, outbox or connection: draw again
    std::function<void()> signed_out;  // the server does not know us any more
  };
  using Saved = std::function<void(bool is_saved)>;

  SyncClient(const Uuid& client, DeviceStore& store, SyncLink& link, Listener listener)
      : engine_(client), store_(store), link_(link), listener_(std::move(listener)) {}

  // Rows whose lease ended `lease_ms` after the server last spoke are forgotten at once.
  void load(Stored stored, Instant device_now, std::int64_t lease_ms);
  // Now and then: the same while the program runs on without a network.
  void look_at_lease(Instant device_now, std::int64_t lease_ms);

  // Errors as ClientEngine::submit. `saved` hears, once, whether the command is durable.
  Result<std::uint64_t> submit(Command command, Instant device_now, Saved saved = {});
  Result<std::uint64_t> retry(std::uint64_t mid, Instant device_now);
  Result<std::uint64_t> replace(std::uint64_t mid, Command command, Instant device_now,
                                Saved saved = {});
  void discard(std::uint64_t mid);

  void connected(Instant device_now);
  void disconnected();
  void tick(Instant device_now);
  Result<void> received(std::string_view frames, Instant device_now);

  const ClientEngine& engine() const { return engine_; }

 private:
  void run_effects();
  void settle(std::uint64_t mid, bool is_saved);

  ClientEngine engine_;
  DeviceStore& store_;
  SyncLink& link_;
  Listener listener_;
  std::map<std::uint64_t, Saved> saving_;
};

}  // namespace foyer
