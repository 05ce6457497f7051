#include "sim/device.h"

#include <utility>

namespace foyer::sim {

Device::Device(Core& core, Network& network, std::size_t index, std::string name, Id<User> user)
    : core_(core),
      network_(network),
      index_(index),
      name_(std::move(name)),
      user_(user),
      client_id_(make_uuid(core.now, core.luck.random())),
      disk_(core, name_, [this] { return survives(); }) {
  start();
}

// Before each thing that is done to the world outside the program.
bool Device::survives() {
  if (is_dying_) return false;
  const auto& point = core_.options.crash_point;
  const std::uint64_t event = core_.outcome.disk_events++;
  if (point && !point->is_of_server()) is_dying_ = event == point->event;
  else if (!is_starting_) is_dying_ = core_.luck.may(Fault::kCrashBetweenEffects, 120);
  return !is_dying_;
}

void Device::start() {
  ++starts_;
  is_dying_ = is_connecting_ = is_signed_out_ = false;
  // A welcome is stored again only when it is a day newer than the stored one.
  must_load_ = disk_.must_load() && clock() - stored_welcome_ < kLeaseMs - kMsPerDay;
  client_ = std::make_unique<SyncClient>(
      client_id_, disk_, *this, SyncClient::Listener{{}, [this] { is_signed_out_ = true; }});
  is_starting_ = true;
  client_->load(disk_.open(), clock(), kLeaseMs);
  is_starting_ = false;
  may_lag = !must_load_ || !engine().status().is_loaded;
}

void Device::crash() {
  core_.note(name_, "the tab crashes");
  network_.leave(index_);
  disk_.crash();
  start();
}

void Device::lose_power(Loss loss) {
  core_.note(name_, "the power is cut");
  network_.leave(index_);
  disk_.lose_power(loss);
  start();
}

void Device::evict() {
  network_.leave(index_);
  if (!disk_.evict()) return start();
  core_.note(name_, "the origin is evicted");
  // What was not sent is lost with the device's storage: known, and counted by the server.
  client_id_ = make_uuid(core_.now, core_.luck.random());
  facts_ = {};
  start();
}

bool Device::revive() {
  if (!is_dying_) return false;
  core_.note(name_, "the tab dies in the middle of something");
  network_.leave(index_);
  const auto& point = core_.options.crash_point;
  if (point && !point->is_of_server() && point->loss != Loss::kNothing) {
    disk_.lose_power(point->loss);
  } else {
    disk_.crash();
  }
  start();
  return true;
}

void Device::connect() {
  if (network_.of(index_) != nullptr) return;
  network_.open(index_, user_);
  core_.note(name_, "connects");
  is_signed_out_ = false;
  is_connecting_ = true;
  client_->connected(clock());
  is_connecting_ = false;
}

void Device::disconnect() {
  network_.leave(index_);
  client_->disconnected();
}

void Device::submit(Command command) {
  // The number is known after the answer may have come.
  struct Hearing {
    std::uint64_t mid = 0;
    std::optional<bool> is_saved;
  };
  const auto hearing = std::make_shared<Hearing>();
  const auto mid = client_->submit(command, clock(), [this, hearing](bool is_saved) {
    hearing->is_saved = is_saved;
    if (hearing->mid != 0) tell(hearing->mid, is_saved);
  });
  if (!mid) return core_.note(name_, "may not: " + command.name + " " + mid.error().detail);
  ++core_.outcome.submitted;
  core_.note(name_, "asks for " + command.name + ", mid", *mid);
  facts_.said[*mid] = std::move(command);
  facts_.not_saved.erase(*mid);
  hearing->mid = *mid;
  if (hearing->is_saved) tell(*mid, *hearing->is_saved);
}

void Device::tell(std::uint64_t mid, bool is_saved) {
  (is_saved ? facts_.told : facts_.not_saved).insert(mid);
}

void Device::look() {
  if (disk_.is_idle()) stored_welcome_ = engine().welcomed_at();
  for (const auto& [mid, entry] : engine().outbox())
    if (entry.state != OutboxState::kSaving) facts_.told.insert(mid);
}

void Device::retry(std::uint64_t mid) {
  const auto entry = engine().outbox().find(mid);
  if (entry == engine().outbox().end()) return;
  Command command = entry->second.command;
  const auto again = client_->retry(mid, clock());
  if (!again) return;
  core_.note(name_, "tries again as mid", *again);
  facts_.said[*again] = std::move(command);
  facts_.not_saved.erase(*again);
  facts_.retried_as[mid].insert(*again);
}

void Device::discard(std::uint64_t mid) {
  core_.note(name_, "gives up mid", mid);
  facts_.given_up.insert(mid);
  client_->discard(mid);
}

void Device::receive(const std::string& frames) {
  const std::uint64_t seq = engine().cookie().seq;
  const auto received = client_->received(frames, clock());
  if (engine().cookie().seq != seq) {
    may_lag = false;
    ++core_.outcome.pokes;
  }
  core_.note(name_, received ? "receives; holds seq" : "cannot read what came; holds seq",
             engine().cookie().seq);
  if (!received) disconnect();
}

void Device::send(std::string frame) {
  const bool is_hello = !frame.empty() && frame[0] == 0;
  Connection* const connection = network_.of(index_);
  if (connection == nullptr || !survives()) return;
  if (is_hello && !is_connecting_ && !connection->is_damaged) ++resets_;
  if (core_.has(HostBug::kForgetOutbox) && !is_hello) {
    for (const auto& [mid, entry] : engine().outbox()) disk_.remove_outbox(mid);
  }
  network_.send_to_server(*connection, std::move(frame));
}

}  // namespace foyer::sim
