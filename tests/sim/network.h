// Connections between devices and the server, each with two directions that keep their order; the
// faults make them slow, deaf, torn or half known. Knows no message.
// Invariant: what arrives was sent by the other end of some connection of the same device.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "foyer/sync/messages.h"
#include "sim/core.h"

namespace foyer::sim {

// What the server knows of the other end: as SyncPeer of the server has it.
struct Peer {
  Id<User> user;
  Uuid client;
  Hello hello;    // the last one
  Cookie cookie;  // what was last sent
  std::vector<Scope> heard_scopes;
  std::deque<std::string> outgoing;
  bool is_greeted = false, needs_welcome = false, is_dirty = false;
  std::optional<Actor> first_rights;  // for the hosts' planted bugs
};

struct Connection {
  std::uint64_t number = 0;
  std::size_t device = 0;
  Peer peer;
  std::deque<std::string> to_server, to_device;
  bool is_open_at_device = true, is_open_at_server = true;
  bool is_damaged = false;  // a frame was lost or came twice: TCP would have broken it
  unsigned deaf_to_server_until = 0, deaf_to_device_until = 0;  // steps
  bool is_dead() const {
    return !is_open_at_device && (!is_open_at_server || to_server.empty());
  }
};

class Network {
 public:
  explicit Network(Core& core) : core_(core) {}

  Connection& open(std::size_t device, Id<User> user);
  // The device's present connection; null if it has none.
  Connection* of(std::size_t device);
  // One more frame for the server, on one of the device's connections, with the faults of the way.
  struct Arrival {
    Connection* connection;
    std::string bytes;
  };
  std::optional<Arrival> next_for_server(std::size_t device);
  bool has_for_server(std::size_t device) const;
  std::optional<Arrival> next_for_device(std::size_t device);
  void send_to_server(Connection& connection, std::string frame);
  // How the two ends learn of an end: the device at once, the server perhaps much later.
  void leave(std::size_t device);
  void close_at_server(Connection& connection);
  void close_all();
  // Trouble that lasts for some steps.
  void trouble(std::size_t device);
  // Ends what the faults have spoiled: after healing, TCP's timeouts have passed.
  void heal();
  // Forgets connections that neither end knows any more.
  void sweep();
  std::deque<std::unique_ptr<Connection>>& connections() { return connections_; }

 private:
  Core& core_;
  std::uint64_t numbers_ = 0;
  std::deque<std::unique_ptr<Connection>> connections_;
  std::vector<std::deque<std::string>> sent_before_;  // by device: frames of earlier connections
};

}  // namespace foyer::sim
