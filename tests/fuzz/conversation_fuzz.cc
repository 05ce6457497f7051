// A device and a server that talk, and somebody between them who holds back, repeats, bends and
// invents frames; the device is killed and started from what its disk had.
//
//   input := step*      step := kind:u8, then what that kind takes
#include <deque>
#include <optional>

#include "foyer/command/note_case.h"
#include "foyer/command/reply_case.h"
#include "foyer/sync/server_engine.h"
#include "foyer/sync/sync_client.h"
#include "fuzz/fuzz.h"
#include "shared/command/desk.h"
#include "shared/sync/memory_cache.h"

namespace foyer::fuzz {
namespace {

constexpr int kStepsMax = 200;
constexpr std::int64_t kLeaseMs = 7 * kMsPerDay;

// Keeps at once, or holds the answer back until `settle`.
class Disk final : public DeviceStore {
 public:
  void save_outbox(std::uint64_t mid, std::string bytes,
                   std::function<void(bool)> done) override {
    waiting_.push_back({mid, std::move(bytes), std::move(done)});
  }
  void remove_outbox(std::uint64_t mid) override { outbox_.erase(mid); }
  // Never: who the device is stays what the rest of the conversation says.
  void adopt_client(const Uuid&, std::vector<std::pair<std::uint64_t, std::string>>,
                    std::function<void(bool)> done) override {
    done(false);
  }
  void write_cache(CacheWrite write) override { cache_.write(std::move(write)); }
  void settle(bool is_kept) {
    if (waiting_.empty()) return;
    auto [mid, bytes, done] = std::move(waiting_.front());
    waiting_.pop_front();
    if (is_kept) {
      outbox_[mid] = std::move(bytes);
      last_mid_ = std::max(last_mid_, mid);
    }
    done(is_kept);
  }
  void lose_what_waits() { waiting_.clear(); }
  // As a bit that turned, or a cut: of the cache alone.
  void damage_cache(std::size_t at, std::uint8_t how) {
    const std::size_t piece = at % (cache_.pieces.size() + 1);
    std::string& bytes =
        piece == 0 ? cache_.head
                   : std::next(cache_.pieces.begin(), static_cast<int>(piece) - 1)->second;
    if (bytes.empty()) return;
    at %= bytes.size();
    if (how == 1) bytes.resize(at);
    else bytes[at] = static_cast<char>(bytes[at] ^ how);
  }
  Stored stored() const {
    Stored stored = cache_.stored();
    stored.last_mid = last_mid_;
    for (const auto& [mid, bytes] : outbox_) stored.outbox.push_back(bytes);
    return stored;
  }

 private:
  struct Waiting {
    std::uint64_t mid;
    std::string bytes;
    std::function<void(bool)> done;
  };
  std::deque<Waiting> waiting_;
  std::map<std::uint64_t, std::string> outbox_;
  MemoryCache cache_;
  std::uint64_t last_mid_ = 0;
};

class Link final : public SyncLink {
 public:
  void send(std::string frame) override { frames.push_back(std::move(frame)); }
  std::deque<std::string> frames;
};

void publish(Desk& desk, MemoryScopeLog& log) {
  std::vector<RowKey> keys;
  for (const auto& touched : desk.store.take_touched())
    keys.push_back({touched.entity->id, touched.id});
  if (!keys.empty()) publish_rows(desk.store, log, keys, log.raise_seq());
}

// What each conversation begins with: made once, since it costs more than the conversation.
struct Site {
  Desk desk;
  MemoryScopeLog log{derive_uuid({}, "epoch")};
  static const Site& get() {
    static const Site site = [] {
      Site made;
      made.desk.run(made.desk.customer, made.desk.opening("known"));
      publish(made.desk, made.log);
      return made;
    }();
    return site;
  }
};

class Conversation {
 public:
  explicit Conversation(Choices choices) : choices_(choices) { start(); }

  void run() {
    for (int step = 0; step < kStepsMax && !choices_.is_over(); ++step) {
      now_ = now_ + 1000;
      act();
    }
    if (is_forged_) return;
    heal();
    for (const std::uint64_t mid : told_) {
      const auto done = executed_.find(command_id(kClient, mid));
      expect((done != executed_.end() && done->second) || given_up_.contains(mid) ||
                 client_->engine().outbox().contains(mid),
             "what was said to be saved is gone", std::to_string(mid));
    }
    const ScopedReader visible(desk_.store, actor());
    for (const Uuid& id : client_->engine().rows().scan(entity_of<Case>(), {}))
      expect(exists(visible, Id<Case>(id)) || client_->engine().status().waiting > 0,
             "a device shows what its owner may not see", to_string(id));
  }

 private:
  static inline const Uuid kClient = derive_uuid({}, "client");

  Actor actor() const { return actor_of(desk_.store, desk_.customer.user); }

  void start() {
    client_.emplace(kClient, disk_, link_, SyncClient::Listener{});
    client_->load(disk_.stored(), now_, kLeaseMs);
  }

  void act() {
    switch (choices_.byte() % 13) {
      case 0: return write();
      case 1: return disk_.settle(choices_.byte() % 4 != 0);
      case 2: return connect();
      case 3: return client_->disconnected(), to_device_.clear(), link_.frames.clear();
      case 4: return to_server();
      case 5: return to_device(true);
      case 6: return repeat_or_lose();
      case 7: return to_device(false), bend();
      case 8: return forge(choices_.byte() % 2 == 0);
      case 9: return somebody_else();
      case 10: return restart();
      case 11: return decide(choices_.byte());
      default: return catch_up_device();
    }
  }

  void write() {
    const auto name = "new" + std::to_string(choices_.byte() % 8);
    Command command = make_command(desk_.opening(name));
    if (choices_.byte() % 2 == 0) {
      ReplyCase reply;
      reply.case_id = desk_.id<Case>("known");
      reply.message = desk_.id<Message>(name);
      reply.body = name;
      command = make_command(reply);
    }
    auto mid = std::make_shared<std::uint64_t>(0);
    const auto written = client_->submit(std::move(command), now_, [this, mid](bool is_saved) {
      if (is_saved) told_.insert(*mid);
    });
    if (written) *mid = *written;
  }

  void connect() {
    to_device_.clear();
    link_.frames.clear();
    client_->connected(now_);
  }

  void restart() {
    disk_.lose_what_waits();
    const auto how = choices_.byte();
    if (how % 4 == 1) disk_.damage_cache(choices_.byte() * 97, how);
    to_device_.clear();
    link_.frames.clear();
    start();
  }

  void decide(std::uint8_t choice) {
    const auto& outbox = client_->engine().outbox();
    if (outbox.empty()) return;
    const std::uint64_t mid = std::next(outbox.begin(), choice % outbox.size())->first;
    const bool is_refused = outbox.at(mid).state == OutboxState::kAttention;
    if (choice % 2 == 0) {
      // Given up for the entry that takes its place, once that is saved.
      if (client_->retry(mid, now_) && is_refused) given_up_.insert(mid);
      return;
    }
    client_->discard(mid);
    if (is_refused) given_up_.insert(mid);
  }

  Result<void> run_once(const Command& command, const Uuid& id) {
    if (const auto known = executed_.find(id); known != executed_.end()) return known->second;
    desk_.store.begin();
    auto result = run_command(command, desk_.store, {actor(), now_, id});
    if (result) desk_.store.commit();
    else desk_.store.rollback();
    executed_.emplace(id, result);
    publish(desk_, log_);
    return result;
  }

  void take_by_server(const SyncMessage& message) {
    if (const auto* hello = std::get_if<Hello>(&message)) {
      if (const auto reset = refuse_hello(*hello))
        return to_device_.push_back(encode_frame(*reset));
      to_device_.push_back(
          encode_frame(welcome_of(actor(), hello->client, log_, std::nullopt, now_)));
      sent_ = hello->cookie;
      return catch_up_device();
    }
    const auto* push = std::get_if<Push>(&message);
    if (push == nullptr) return;
    to_device_.push_back(encode_frame(decide_push(
        *push, desk_.customer.user, log_,
        [this](const PushedCommand& pushed, const Uuid& id, Turn) {
          return decision_of(run_once(pushed.command, id));
        })));
    catch_up_device();
  }

  void catch_up_device() {
    const ScopedReader visible(desk_.store, actor());
    for (const Poke& part : catch_up(actor(), kClient, sent_, desk_.store, log_)) {
      for (const RowChange& change : part.changes) {
        if (change.op != RowOp::kPut) continue;
        AnyRow row(*find_entity(change.entity));
        expect(visible.read(row.entity(), change.id, row.get()), "a row for the wrong person");
      }
      to_device_.push_back(encode_frame(part));
      if (part.is_last) sent_ = part.cookie;
    }
  }

  void to_server() {
    if (link_.frames.empty()) return;
    const std::string frame = std::exchange(link_.frames.front(), {});
    link_.frames.pop_front();
    if (const auto messages = decode_frames(frame))
      for (const SyncMessage& message : *messages) take_by_server(message);
  }

  void to_device(bool is_taken) {
    if (to_device_.empty()) return;
    if (!client_->received(to_device_.front(), now_)) client_->disconnected();
    if (is_taken && !to_device_.empty()) to_device_.pop_front();
  }

  void repeat_or_lose() {
    auto& frames = choices_.byte() % 2 == 0 ? to_device_ : link_.frames;
    if (frames.empty()) return;
    if (choices_.byte() % 2 == 0) frames.push_back(frames.front());
    else frames.pop_front();
  }

  // A frame on its way with another byte in its body and a right checksum.
  void bend() {
    if (to_device_.empty() || to_device_.front().size() < 8) return;
    std::string& frame = to_device_.front();
    const auto type = static_cast<std::uint8_t>(frame[0]);
    ByteReader in(std::string_view(frame).substr(1));
    const std::size_t size = in.varint();
    std::string body = frame.substr(frame.size() - std::min(size, frame.size()));
    if (body.empty()) return;
    body[(choices_.byte() * 251u + choices_.byte()) % body.size()] ^= static_cast<char>(
        choices_.byte() | 1);
    frame = frame_of(type, body);
    is_forged_ = true;
  }

  void forge(bool is_to_device) {
    const auto type = choices_.byte();
    const std::string frame = frame_of(type, choices_.block());
    is_forged_ = true;
    if (is_to_device) {
      if (!client_->received(frame, now_)) client_->disconnected();
    } else if (const auto messages = decode_frames(frame)) {
      for (const SyncMessage& message : *messages) take_by_server(message);
    }
  }

  void somebody_else() {
    const auto choice = choices_.byte();
    if (choice % 4 == 0) {
      // The case goes to another company: hers no more, or hers again.
      auto row = get(desk_.store, desk_.id<Case>("known"));
      if (!row) return;
      row->account = choice % 8 == 0 ? desk_.other_account : desk_.account;
      put(desk_.store, *row);
    } else if (choice % 4 == 1) {
      auto row = *get(desk_.store, desk_.contact);
      row.portal_scope = choice % 8 == 1 ? PortalScope::kOwn : PortalScope::kAccount;
      put(desk_.store, row);
    } else {
      NoteCase note;
      note.case_id = desk_.id<Case>("known");
      note.message = desk_.id<Message>("note" + std::to_string(choice));
      note.body = "Between us";
      desk_.run(desk_.agent, note);
    }
    publish(desk_, log_);
  }

  // No more faults: everything is saved, sent and answered.
  void heal() {
    for (int i = 0; i < 16; ++i) disk_.settle(true);
    client_->disconnected();
    connect();
    for (int round = 0; round < 400 && (!link_.frames.empty() || !to_device_.empty()); ++round) {
      to_server();
      to_device(true);
      disk_.settle(true);
    }
  }

  Choices choices_;
  Desk desk_ = Site::get().desk;
  MemoryScopeLog log_ = Site::get().log;
  Instant now_ = desk_.now;
  Disk disk_;
  Link link_;
  std::optional<SyncClient> client_;
  std::deque<std::string> to_device_;
  Cookie sent_;
  std::map<Uuid, Result<void>> executed_;
  std::set<std::uint64_t> told_, given_up_;
  bool is_forged_ = false;
};

}  // namespace

void try_input(std::string_view input) { Conversation(Choices(input.substr(0, 4096))).run(); }

}  // namespace foyer::fuzz
