#include "sim/network.h"

#include <algorithm>

namespace foyer::sim {
namespace {

constexpr std::size_t kRemembered = 12;

}  // namespace

Connection& Network::open(std::size_t device, Id<User> user) {
  auto connection = std::make_unique<Connection>();
  connection->number = ++numbers_;
  connection->device = device;
  connection->peer.user = user;
  if (sent_before_.size() <= device) sent_before_.resize(device + 1);
  return *connections_.emplace_back(std::move(connection));
}

Connection* Network::of(std::size_t device) {
  for (auto at = connections_.rbegin(); at != connections_.rend(); ++at)
    if ((*at)->device == device && (*at)->is_open_at_device) return at->get();
  return nullptr;
}

void Network::send_to_server(Connection& connection, std::string frame) {
  if (!connection.is_open_at_device) return;
  auto& before = sent_before_[connection.device];
  before.push_back(frame);
  if (before.size() > kRemembered) before.pop_front();
  connection.to_server.push_back(std::move(frame));
}

std::optional<Network::Arrival> Network::next_for_server(std::size_t device) {
  std::vector<Connection*> waiting;
  for (const auto& connection : connections_)
    if (connection->device == device && connection->is_open_at_server &&
        !connection->to_server.empty() && core_.step >= connection->deaf_to_server_until)
      waiting.push_back(connection.get());
  if (waiting.empty()) return std::nullopt;
  Connection* const chosen = waiting[core_.luck.below(waiting.size())];
  // Both ends are open, or the device has gone on with another connection meanwhile.
  if (!chosen->is_open_at_device && of(device) != nullptr)
    core_.luck.count(Fault::kOldFramesArrive);
  Arrival arrival{chosen, std::move(chosen->to_server.front())};
  chosen->to_server.pop_front();
  if (core_.luck.may(Fault::kFrameLost, 25)) {
    chosen->is_damaged = true;
    return std::nullopt;
  }
  if (core_.luck.may(Fault::kFrameDuplicated, 20)) {
    chosen->is_damaged = true;
    chosen->to_server.push_front(arrival.bytes);
  }
  const auto& before = sent_before_[device];
  if (!before.empty() && core_.luck.may(Fault::kFrameReplayed, 25)) {
    chosen->is_damaged = true;
    chosen->to_server.push_back(before[core_.luck.below(before.size())]);
  }
  if (core_.luck.may(Fault::kFrameTruncated, 30)) {
    arrival.bytes.resize(core_.luck.below(arrival.bytes.size()));
    chosen->to_server.clear();
    chosen->is_damaged = true;
  }
  return arrival;
}

bool Network::has_for_server(std::size_t device) const {
  return std::any_of(connections_.begin(), connections_.end(), [&](const auto& connection) {
    return connection->device == device && connection->is_open_at_server &&
           !connection->to_server.empty() && core_.step >= connection->deaf_to_server_until;
  });
}

std::optional<Network::Arrival> Network::next_for_device(std::size_t device) {
  Connection* const chosen = of(device);
  if (chosen == nullptr || chosen->to_device.empty()) return std::nullopt;
  if (core_.step < chosen->deaf_to_device_until) return std::nullopt;
  Arrival arrival{chosen, std::move(chosen->to_device.front())};
  chosen->to_device.pop_front();
  if (core_.luck.may(Fault::kFrameLost, 30)) {
    chosen->is_damaged = true;
    return std::nullopt;
  }
  if (core_.luck.may(Fault::kFrameDuplicated, 30)) {
    chosen->is_damaged = true;
    chosen->to_device.push_front(arrival.bytes);
  }
  if (core_.luck.may(Fault::kFrameTruncated, 40)) {
    arrival.bytes.resize(core_.luck.below(arrival.bytes.size()));
    chosen->to_device.clear();
    chosen->is_damaged = true;
  }
  return arrival;
}

void Network::leave(std::size_t device) {
  Connection* const connection = of(device);
  if (connection == nullptr) return;
  connection->is_open_at_device = false;
  connection->to_device.clear();
  // Half-open: the server goes on talking to nobody until it notices.
  if (core_.luck.may(Fault::kHalfOpen, 2)) return;
  // What is under way may still arrive, after the device has come back another way.
  if (core_.luck.is_on(Fault::kOldFramesArrive) && !connection->to_server.empty()) return;
  connection->is_open_at_server = false;
}

void Network::close_at_server(Connection& connection) {
  connection.is_open_at_server = false;
  connection.to_server.clear();
  connection.peer = {};
}

void Network::close_all() {
  for (const auto& connection : connections_) close_at_server(*connection);
}

void Network::trouble(std::size_t device) {
  Connection* const connection = of(device);
  if (connection == nullptr) return;
  const unsigned until = core_.step + 10 + static_cast<unsigned>(core_.luck.below(60));
  if (core_.luck.may(Fault::kFramesHeld, 4))
    connection->deaf_to_server_until = connection->deaf_to_device_until = until;
  if (core_.luck.may(Fault::kOneWay, 6))
    (core_.luck.chance(1, 2) ? connection->deaf_to_server_until
                             : connection->deaf_to_device_until) = until + 40;
  if (core_.luck.may(Fault::kSlowReader, 5)) connection->deaf_to_device_until = until + 60;
}

void Network::heal() {
  for (const auto& connection : connections_) {
    connection->deaf_to_server_until = connection->deaf_to_device_until = 0;
    if (connection->is_damaged || !connection->is_open_at_device) {
      close_at_server(*connection);
      connection->to_device.clear();
    }
  }
}

void Network::sweep() {
  std::erase_if(connections_, [](const auto& connection) { return connection->is_dead(); });
}

}  // namespace foyer::sim
