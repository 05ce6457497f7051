// A store of which the reader sees what a device holds: rows are written on a server in memory,
// published, carried over, and kept on the device's disk. Fixture of StoreContract
// (store_contract.h), for every kind of disk:
//
//   struct Disk {
//     DeviceStore& store();
//     const Stored& stored();     // what was on it when it was opened last
//     const Uuid& client();
//     void reopen();              // writes what is under way, closes, opens
//   };
#pragma once

#include "foyer/command/execute.h"
#include "foyer/sync/post_link.h"
#include "foyer/sync/server_engine.h"
#include "shared/store_contract.h"

namespace foyer {

template <class Disk>
class SyncedStore {
 public:
  SyncedStore() {
    // Reads all that is published, and may write.
    reader_.user = Id<User>(derive_uuid({}, "reader"));
    reader_.roles = Roles{Role::kAuditor, Role::kSupervisor};
    rows_.begin();
    start();
  }

  Writer& writer() { return rows_; }
  void commit() {
    rows_.commit();
    publish();
    rows_.begin();
    exchange();
  }
  void rollback() {
    rows_.rollback();
    rows_.begin();
  }
  // The device alone: what it shows comes from its disk, not over the network.
  void reopen() {
    rollback();
    device_.reset();
    disk_.reopen();
    start();
  }
  const Reader& reader() { return device_->engine().rows(); }
  std::vector<const Entity*> entities() {
    return {&entity_of<Account>(), &entity_of<Case>(), &entity_of<Opportunity>(),
            &entity_of<User>(), &entity_of<Contact>(), &entity_of<Asset>()};
  }
  std::uint8_t audience() { return kStaff | kPublicScope; }
  bool forgives_slips() { return true; }

  SyncClient& device() { return *device_; }
  Disk& disk() { return disk_; }
  // False: the exchange ended before both sides had everything.
  bool exchange() {
    bool is_current = false;
    link_.exchange(now_, [&](bool current) { is_current = current; });
    while (link_.is_busy()) link_.answered(answer(std::exchange(posted_, {})), now_);
    return is_current;
  }
  Instant now() const { return now_; }

 private:
  void start() {
    device_ = std::make_unique<SyncClient>(disk_.client(), disk_.store(), link_,
                                           SyncClient::Listener{});
    link_.attach(*device_);
    device_->load(disk_.stored(), now_, 7 * kMsPerDay);
  }
  void publish() {
    std::vector<RowKey> keys;
    for (const auto& touched : rows_.take_touched())
      keys.push_back({touched.entity->id, touched.id});
    if (!keys.empty()) publish_rows(rows_, log_, keys, log_.raise_seq());
  }
  Result<void> run(const Command& command, const Uuid& id) {
    const auto result = run_command(command, rows_, {reader_, now_, id});
    publish();
    return result;
  }
  std::string answer(std::string_view body) {
    const auto messages = decode_frames(body);
    if (!messages || messages->empty()) return {};
    const Hello& hello = std::get<Hello>(messages->front());
    std::string decided;
    if (messages->size() == 2)
      decided = encode_frame(decide_push(
          std::get<Push>(messages->back()), reader_.user, log_,
          [this](const PushedCommand& pushed, const Uuid& id, Turn) {
            return decision_of(run(pushed.command, id));
          }));
    std::string frames =
        encode_frame(welcome_of(reader_, hello.client, log_, std::nullopt, now_)) + decided;
    for (const Poke& poke : catch_up(reader_, hello.client, hello.cookie, rows_, log_))
      frames += encode_frame(poke);
    return frames;
  }

  Actor reader_;
  Instant now_{1764158400000};
  MemoryStore rows_{Numbering::kAuthority};
  MemoryScopeLog log_{derive_uuid({}, "epoch")};
  std::string posted_;
  PostLink link_{[this](std::string body) { posted_ = std::move(body); }};
  Disk disk_;
  std::unique_ptr<SyncClient> device_;
};

}  // namespace foyer
