// One open tab of one person: the production client over a simulated disk and link, and what the
// person did and was told. Not its judge: oracles.h reads the facts.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "foyer/sync/sync_client.h"
#include "sim/device_disk.h"
#include "sim/network.h"

namespace foyer::sim {

// A command's number, and of whom: a device may go on under another id.
struct Number {
  Uuid client;
  std::uint64_t mid = 0;
  friend auto operator<=>(const Number&, const Number&) = default;
};

struct Facts {
  std::map<Number, Command> said;      // what the person asked for last under this number
  std::set<Number> told;               // "saved on this device"
  std::set<Number> not_saved;          // "could not be saved"
  std::set<Number> given_up;           // by the person, who had seen why
  std::map<Number, std::set<Number>> retried_as;
  std::map<Number, Number> was;        // as it was decided, under the id before
};

class Device final : public SyncLink {
 public:
  Device(Core& core, Network& network, std::size_t index, std::string name, Id<User> user);

  // The program starts, from what is on the disk.
  void start();
  // The program is gone.
  void crash();
  void lose_power(Loss loss);
  void evict();
  // Goes on from a copy of the other's profile, and knows what was said there.
  void become_copy_of(const Device& other);
  // Restarts a program that died in the middle of something. True if it did.
  bool revive();

  void connect();
  // Sees that the connection is gone, whoever ended it.
  void disconnect();
  void submit(Command command);
  void retry(std::uint64_t mid);
  void discard(std::uint64_t mid);
  void receive(const std::string& frames);
  // The person looks at the outbox: what waits there counts as saved.
  void look();

  // SyncLink.
  void send(std::string frame) override;

  const ClientEngine& engine() const { return client_->engine(); }
  const std::string& name() const { return name_; }
  Id<User> user() const { return user_; }
  // Null: it is not in the outbox any more.
  const OutboxEntry* entry(const Number& number) const;
  std::size_t index() const { return index_; }
  DeviceDisk& disk() { return disk_; }
  const Facts& facts() const { return facts_; }
  Instant clock() const { return core_.now + clock_offset_ms_; }
  void jump_clock(std::int64_t ms) { clock_offset_ms_ += ms; }
  bool is_frozen() const { return core_.step < frozen_until_ && !core_.luck.is_healed(); }
  void freeze(unsigned until_step) { frozen_until_ = until_step; }
  bool is_signed_out() const { return is_signed_out_; }
  // A Hello that no connection asked for: what came did not fit what is held.
  std::uint64_t resets() const { return resets_; }
  std::uint64_t starts() const { return starts_; }
  // At the last start rows were stored and their lease had not ended.
  bool must_load() const { return must_load_; }

  // For the oracles: since the start nothing was received that brings old rows up to date.
  bool may_lag = true;
  std::set<Scope> judged_scopes;
  std::uint64_t judged_start = 0;
  bool owes_privacy = false;

  static constexpr std::int64_t kLeaseMs = 7 * kMsPerDay;

 private:
  bool survives();
  void tell(const Number& number, bool is_saved);
  Number number(std::uint64_t mid) const { return {engine().client(), mid}; }
  // Facts of numbers that are others now.
  void follow_moves();
  void follow(const Number& old, const Number& now);

  Core& core_;
  Network& network_;
  const std::size_t index_;
  const std::string name_;
  const Id<User> user_;
  DeviceDisk disk_;
  std::unique_ptr<SyncClient> client_;
  Facts facts_;
  std::int64_t clock_offset_ms_ = 0;
  unsigned frozen_until_ = 0;
  bool is_dying_ = false, is_connecting_ = false, is_signed_out_ = false, is_starting_ = false;
  bool must_load_ = false;
  Instant stored_welcome_;
  std::uint64_t resets_ = 0, starts_ = 0;
  Uuid greeted_as_;  // by the last Hello
};

}  // namespace foyer::sim
