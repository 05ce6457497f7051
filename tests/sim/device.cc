#include "sim/device.h"

#include <utility>

namespace foyer::sim {

Device::Device(Core& core, Network& network, std::size_t index, std::string name, Id<User> user)
    : core_(core),
      network_(network),
      index_(index),
      name_(std::move(name)),
      user_(user),
      disk_(core, name_, make_uuid(core.now, core.luck.random()), [this] { return survives(); }) {
  start();
}

void Device::become_copy_of(const Device& other) {
  disk_.copy(other.disk_);
  facts_ = other.facts_;
  clock_offset_ms_ = other.clock_offset_ms_;
  stored_welcome_ = other.stored_welcome_;
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
      disk_.client(), disk_, *this, SyncClient::Listener{{}, [this] { is_signed_out_ = true; }});
  is_starting_ = true;
  client_->load(disk_.open(), clock(), kLeaseMs);
  is_starting_ = false;
  follow_moves();
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
  if (!disk_.evict(make_uuid(core_.now, core_.luck.random()))) return start();
  core_.note(name_, "the origin is evicted");
  // What was not sent is lost with the device's storage: known, and counted by the server.
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
  const bool is_there = network_.of(index_) != nullptr;
  is_connecting_ = true;
  if (is_there) {
    client_->tick(clock());  // a Hello that it had put off
  } else {
    network_.open(index_, user_);
    core_.note(name_, "connects");
    is_signed_out_ = false;
    client_->connected(clock());
  }
  is_connecting_ = false;
}

void Device::disconnect() {
  network_.leave(index_);
  client_->disconnected();
}

void Device::submit(Command command) {
  // The number is known after the answer may have come.
  struct Hearing {
    Number number;
    std::optional<bool> is_saved;
  };
  const auto hearing = std::make_shared<Hearing>();
  const auto mid = client_->submit(command, clock(), [this, hearing](bool is_saved) {
    hearing->is_saved = is_saved;
    if (hearing->number.mid != 0) tell(hearing->number, is_saved);
  });
  if (!mid) return core_.note(name_, "may not: " + command.name + " " + mid.error().detail);
  ++core_.outcome.submitted;
  core_.note(name_, "asks for " + command.name + ", mid", *mid);
  hearing->number = number(*mid);
  facts_.said[hearing->number] = std::move(command);
  facts_.not_saved.erase(hearing->number);
  if (hearing->is_saved) tell(hearing->number, *hearing->is_saved);
}

void Device::tell(const Number& number, bool is_saved) {
  (is_saved ? facts_.told : facts_.not_saved).insert(number);
}

const OutboxEntry* Device::entry(const Number& number) const {
  const auto& outbox = engine().outbox();
  const auto found = number.client == engine().client() ? outbox.find(number.mid) : outbox.end();
  return found == outbox.end() ? nullptr : &found->second;
}

void Device::follow_moves() {
  for (const DeviceDisk::Move& move : disk_.take_moves())
    for (std::uint64_t mid = 1; mid <= move.old_mids.size(); ++mid)
      follow({move.from, move.old_mids[mid - 1]}, {move.to, mid});
}

void Device::follow(const Number& old, const Number& now) {
  const auto stored = disk_.outbox().find(now.mid);
  const auto entry = stored == disk_.outbox().end() ? Result<OutboxEntry>(OutboxEntry())
                                                    : decode_outbox_entry(stored->second);
  const bool is_decided = entry && (!entry->origin_client.is_null() ||
                                    entry->state == OutboxState::kAttention);
  if (is_decided) facts_.was[now] = old;
  if (auto said = facts_.said.extract(old)) facts_.said[now] = std::move(said.mapped());
  for (auto* all : {&facts_.told, &facts_.not_saved, &facts_.given_up})
    if (all->erase(old) != 0) all->insert(now);
  if (auto again = facts_.retried_as.extract(old))
    facts_.retried_as[now] = std::move(again.mapped());
  for (auto& [from, again] : facts_.retried_as)
    if (again.erase(old) != 0) again.insert(now);
}

void Device::look() {
  if (disk_.is_idle()) stored_welcome_ = engine().welcomed_at();
  follow_moves();
  for (const auto& [mid, entry] : engine().outbox())
    if (entry.state != OutboxState::kSaving) facts_.told.insert(number(mid));
}

void Device::retry(std::uint64_t mid) {
  const auto entry = engine().outbox().find(mid);
  if (entry == engine().outbox().end()) return;
  Command command = entry->second.command;
  const auto again = client_->retry(mid, clock());
  if (!again) return;
  core_.note(name_, "tries again as mid", *again);
  facts_.said[number(*again)] = std::move(command);
  facts_.not_saved.erase(number(*again));
  facts_.retried_as[number(mid)].insert(number(*again));
}

void Device::discard(std::uint64_t mid) {
  core_.note(name_, "gives up mid", mid);
  client_->discard(mid);
  if (!engine().outbox().contains(mid)) facts_.given_up.insert(number(mid));
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
  const bool is_other_id = std::exchange(greeted_as_, engine().client()) != engine().client();
  if (is_hello && !is_connecting_ && !is_other_id && !connection->is_damaged) ++resets_;
  if (core_.has(HostBug::kForgetOutbox) && !is_hello) {
    for (const auto& [mid, entry] : engine().outbox()) disk_.remove_outbox(mid);
  }
  network_.send_to_server(*connection, std::move(frame));
}

}  // namespace foyer::sim
