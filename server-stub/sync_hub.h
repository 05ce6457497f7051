// Carries synchronisation between devices and the gate: frames in, decisions and pokes out. Knows
// no rule of the protocol (foyer/sync/server_engine.h does) and no HTTP route.
// Invariant: one catch-up at a time per device, always from what was last sent to it; what a push
// changed is sent only after its commit.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <unordered_map>

#include "command_gate.h"
#include "foyer/sync/messages.h"
#include "http_server.h"
#include "installation.h"
#include "socket_directory.h"
#include "work_pool.h"

namespace foyer::server {

class SyncPeer;

class SyncHub {
 public:
  SyncHub(Installation& installation, CommandGate& gate, SocketDirectory& sockets,
          std::function<Instant()> clock);
  ~SyncHub();

  // For one WebSocket of a signed-in user.
  std::shared_ptr<SocketListener> make_listener(const Uuid& session, Id<User> user);

  // The frames of one POST, beginning with a Hello; answers with frames, or a problem. A device
  // only reads: what it has to say it seals (application_kiosk_submit.cc).
  void answer_post(const Principal& who, const Uuid& session, std::string body, Respond respond);

  // On the writer thread, after a commit: wakes the devices that read one of the scopes.
  void changed(const std::set<Scope>& scopes);
  void stop() { pool_.stop(); }
  std::size_t size() const;

 private:
  friend class SyncPeer;
  void finish_post(const Principal& who, const Hello& hello, std::string frames,
                   const Respond& respond);
  void leave(SyncPeer* peer);

  Installation& installation_;
  CommandGate& gate_;
  SocketDirectory& sockets_;
  const std::function<Instant()> clock_;
  mutable std::mutex mutex_;
  std::unordered_map<SyncPeer*, std::weak_ptr<SyncPeer>> peers_;
  WorkPool pool_;  // last: stops first
};

}  // namespace foyer::server
