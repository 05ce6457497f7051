// A company in memory for tests of the protocol: a server of which a backup can be made and brought
// back, and browsers with the production client, whose disk can be copied. Not a simulation: what
// happens, and when, the test says.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>

#include "foyer/base/checksum.h"
#include "foyer/sync/server_engine.h"
#include "foyer/sync/sync_client.h"
#include "shared/command/desk.h"
#include "shared/sync/memory_cache.h"

namespace foyer {

class Company {
 public:
  Instant now{1764160000000};
  bool corrupts = false;  // the checksum of a poke's first scope is wrong
  int lost = 0;           // commands of which a device said that it does not have them any more

  Company() { publish(); }

  std::string answer(const Actor& who, std::string_view frames) {
    const auto messages = decode_frames(frames);
    EXPECT_TRUE(messages.has_value());
    std::string answer;
    for (const SyncMessage& message : *messages) {
      if (const auto* hello = std::get_if<Hello>(&message)) answer += greet(who, *hello);
      else answer += encode_frame(decide(who, std::get<Push>(message)));
      if (is_forked_) answer += encode_frame(Reset{ResetReason::kForked, 0, fresh_id()});
      is_forked_ = false;
    }
    return answer;
  }
  // What is new for a browser that holds `cookie`.
  std::string news(const Actor& who, const Uuid& client, const Cookie& cookie) {
    std::string frames;
    auto pokes = catch_up(now_actor(who), client, cookie, state_.rows, state_.log, backup_seq_);
    if (!pokes.empty() && corrupts) pokes.back().cookie.scopes.front().crc ^= 1;
    for (const Poke& poke : pokes) frames += encode_frame(poke);
    return frames;
  }

  void back_up() {
    backup_ = state_.copy();
    backup_seq_ = state_.log.seq();
  }
  // The disk is lost. What is noted beside the database is not: numbers go on.
  void restore() {
    const std::uint64_t highest = state_.log.seq();
    state_ = backup_->copy();
    state_.log.start_epoch(derive_uuid({}, "epoch" + std::to_string(++epochs_)), highest);
  }
  void suspend(const std::string& name) {
    User user = *get(state_.rows, actor(name).user);
    user.state = UserState::kSuspended;
    put(state_.rows, user);
    publish();
  }
  // Something changes that all of the staff read.
  void touch() {
    Account account = *get(state_.rows, desk_.account);
    account.name = "Acme " + std::to_string(++touches_);
    put(state_.rows, account);
    publish();
  }

  Actor actor(const std::string& name) const {
    return name == "clara" ? desk_.customer : desk_.agent;
  }
  const Desk& desk() const { return desk_; }
  Case the_case(std::string_view name) const { return *get(state_.rows, desk_.id<Case>(name)); }
  bool has_case(std::string_view name) const { return exists(state_.rows, desk_.id<Case>(name)); }
  std::size_t cases() const { return state_.rows.count(entity_of<Case>()); }
  // How often the command that opens this case ran, in the history of the database as it is.
  int executions(std::string_view name) const {
    const auto found = state_.executions.find(to_string(desk_.id<Case>(name)));
    return found == state_.executions.end() ? 0 : found->second;
  }
  std::string rows_for(const std::string& name) const {
    MemoryStore seen;
    const ScopedReader visible(state_.rows, now_actor(actor(name)));
    for (const Entity* entity : entities())
      for (const Uuid& id : visible.scan(*entity, {})) {
        AnyRow row(*entity);
        if (visible.read(*entity, id, row.get())) seen.write(*entity, row.get());
      }
    return seen.digest();
  }

 private:
  struct State {
    MemoryStore rows{Numbering::kAuthority};
    MemoryScopeLog log{derive_uuid({}, "epoch")};
    struct Result {
      Decision decision;
      std::uint64_t hash;
    };
    std::map<Uuid, Result> results;
    std::map<std::string, int> executions;
    State copy() const { return *this; }
  };

  Actor now_actor(const Actor& who) const { return actor_of(state_.rows, who.user); }
  Uuid fresh_id() { return derive_uuid({}, "fresh" + std::to_string(++fresh_ids_)); }

  std::string greet(const Actor& who, const Hello& hello) {
    const Actor actor = now_actor(who);
    if (actor.is_anonymous()) return encode_frame(Reset{ResetReason::kRevoked, 0, {}});
    if (is_copy(hello, state_.log.client(hello.client))) {
      is_forked_ = true;
      return {};
    }
    return encode_frame(welcome_of(actor, hello.client, state_.log, backup_seq_, now));
  }
  PushResult decide(const Actor& who, const Push& push) {
    auto answer = decide_push(push, who.user, state_.log,
                              [&](const PushedCommand& pushed, const Uuid& id, Turn turn) {
                                return run(who, pushed, id, turn);
                              });
    is_forked_ = !answer.results.empty() &&
                 answer.results.back().outcome == PushOutcome::kForked;
    return answer;
  }
  Decision run(const Actor& who, const PushedCommand& pushed, const Uuid& id, Turn turn) {
    if (const auto known = state_.results.find(id); known != state_.results.end()) {
      const bool is_other = turn == Turn::kRepeat && pushed.hash != known->second.hash;
      return is_other ? Decision{PushOutcome::kForked, {}} : known->second.decision;
    }
    if (pushed.kind == PushKind::kTrimmed) {
      ++lost;
      return {PushOutcome::kRejected, {ErrorCode::kNotFound, "", "trimmed"}};
    }
    const auto result = run_command(pushed.command, state_.rows, {now_actor(who), now, id});
    AnyRow args(entity_of<OpenCase>());
    if (result && pushed.command.name == Table<OpenCase>::name &&
        decode(args.entity(), pushed.command.arguments, args.get()))
      ++state_.executions[to_string(static_cast<OpenCase*>(args.get())->case_id)];
    publish();
    state_.results[id] = {decision_of(result), pushed.hash};
    return decision_of(result);
  }
  void publish() {
    std::vector<RowKey> keys;
    for (const auto& touched : state_.rows.take_touched())
      keys.push_back({touched.entity->id, touched.id});
    if (!keys.empty()) publish_rows(state_.rows, state_.log, keys, state_.log.raise_seq());
  }

  Desk desk_;
  State state_{desk_.store, MemoryScopeLog(derive_uuid({}, "epoch")), {}, {}};
  std::optional<State> backup_;
  std::optional<std::uint64_t> backup_seq_;
  int epochs_ = 0, touches_ = 0, fresh_ids_ = 0;
  bool is_forked_ = false;
};

// One device. Its disk is copied with it.
class Browser final : public DeviceStore, public SyncLink {
 public:
  bool is_full = false, is_signed_out = false;
  std::int64_t skew_ms = 0;

  Browser(Company& company, const std::string& name)
      : company_(company), name_(name), client_(derive_uuid({}, "client " + name)) {
    restart();
    sync();
  }
  // A copy of the profile, as of a disk image that is started twice.
  Browser(const Browser& other)
      : SyncLink(),
        company_(other.company_),
        name_(other.name_),
        client_(other.client_),
        outbox_(other.outbox_),
        last_mid_(other.last_mid_),
        cache_(other.cache_) {
    restart();
  }

  const ClientEngine& engine() const { return device_->engine(); }
  void restart() {
    is_connected_ = false;
    to_server_.clear();
    device_ = std::make_unique<SyncClient>(
        client_, *this, *this, SyncClient::Listener{{}, [this] { is_signed_out = true; }});
    Stored stored = cache_.stored();
    stored.last_mid = last_mid_;
    for (const auto& [mid, bytes] : outbox_) stored.outbox.push_back(bytes);
    device_->load(stored, now(), 365 * kMsPerDay);
  }
  void open_case(std::string_view name) {
    OpenCase args = company_.desk().opening(name);
    EXPECT_TRUE(device_->submit(make_command(args), now()).has_value()) << name;
  }
  // The program ends, and its last relaxed writes are not there.
  void crash(MemoryCache older) {
    cache_ = std::move(older);
    restart();
  }
  void disconnect() {
    is_connected_ = false;
    to_server_.clear();
    device_->disconnected();
  }
  // Speaks and listens once.
  void sync_once() {
    connect();
    std::string frames;
    for (const std::string& frame : std::exchange(to_server_, {}))
      frames += company_.answer(company_.actor(name_), frame);
    receive(frames);
    if (is_connected_ && engine().status().is_online)
      receive(company_.news(company_.actor(name_), engine().client(), engine().cookie()));
  }
  void sync() {
    sync_once();
    for (int round = 0; round < 10 && !to_server_.empty(); ++round) sync_once();
  }
  // The server hears it, and the connection ends before the answer is here.
  void send_only() {
    for (const std::string& frame : std::exchange(to_server_, {}))
      company_.answer(company_.actor(name_), frame);
    disconnect();
  }
  void lose_next_push() {
    if (!to_server_.empty()) to_server_.erase(to_server_.begin());
  }
  void hear(const SyncMessage& message) { receive(encode_frame(message)); }
  void tick() { device_->tick(now()); }

  bool shows(std::string_view name) const {
    return exists(engine().rows(), company_.desk().id<Case>(name));
  }
  std::string confirmed() const { return engine().confirmed_digest(); }
  std::size_t stored_entries() const { return outbox_.size(); }
  const MemoryCache& cache() const { return cache_; }  // rows that are stored
  int hellos() const { return hellos_; }
  int snapshots() const { return static_cast<int>(snapshot_scopes_.size()); }
  const std::vector<std::vector<Scope>>& snapshot_scopes() const { return snapshot_scopes_; }

  void save_outbox(std::uint64_t mid, std::string bytes, std::function<void(bool)> done) override {
    if (is_full) return done(false);
    outbox_[mid] = std::move(bytes);
    last_mid_ = std::max(last_mid_, mid);
    done(true);
  }
  void remove_outbox(std::uint64_t mid) override { outbox_.erase(mid); }
  void adopt_client(const Uuid& client,
                    std::vector<std::pair<std::uint64_t, std::string>> entries,
                    std::function<void(bool)> done) override {
    if (is_full) return done(false);
    client_ = client;
    last_mid_ = entries.size();
    outbox_.clear();
    outbox_.insert(entries.begin(), entries.end());
    done(true);
  }
  void write_cache(CacheWrite write) override { cache_.write(std::move(write)); }
  void send(std::string frame) override {
    const auto messages = decode_frames(frame);
    hellos_ += std::holds_alternative<Hello>(messages->front());
    to_server_.push_back(std::move(frame));
  }

 private:
  Instant now() const { return company_.now + skew_ms; }
  void connect() {
    if (std::exchange(is_connected_, true)) return;
    device_->connected(now());
  }
  void receive(const std::string& frames) {
    const auto messages = decode_frames(frames);
    std::vector<Scope> scopes;  // of one poke, which comes in parts
    for (const SyncMessage& message : *messages) {
      const auto* poke = std::get_if<Poke>(&message);
      if (poke == nullptr) continue;
      scopes.insert(scopes.end(), poke->snapshots.begin(), poke->snapshots.end());
      if (poke->is_last && !scopes.empty()) snapshot_scopes_.push_back(std::exchange(scopes, {}));
    }
    EXPECT_TRUE(device_->received(frames, now()).has_value());
  }

  Company& company_;
  const std::string name_;
  Uuid client_;
  std::map<std::uint64_t, std::string> outbox_;
  std::uint64_t last_mid_ = 0;
  MemoryCache cache_;
  bool is_connected_ = false;
  std::vector<std::string> to_server_;
  int hellos_ = 0;
  std::vector<std::vector<Scope>> snapshot_scopes_;
  std::unique_ptr<SyncClient> device_;
};

}  // namespace foyer
