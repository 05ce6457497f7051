// Clients that never stop: each opens cases and replies to them through the production sync client
// or the API, over whatever server there is, and remembers what was acknowledged. What must hold
// at every moment is checked here; what must hold at the end is asked of `sent()`.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "demo_folder.h"
#include "foyer/command/open_case.h"
#include "foyer/command/reply_case.h"
#include "foyer/sync/post_link.h"
#include "raw_client.h"

namespace foyer::server {

enum class Phase : std::uint8_t { kLoad, kFinish, kOver };

struct Traffic {
  std::atomic<std::uint16_t> port{0};  // 0: no server just now
  std::atomic<Phase> phase{Phase::kLoad};
  std::atomic<std::uint64_t> acknowledged{0}, repeated{0}, connections{0};

  bool is_over() const { return phase == Phase::kOver; }
  static void pause() { std::this_thread::sleep_for(std::chrono::milliseconds(2)); }
};

// What one client asked for; the ids are its own.
struct Sent {
  std::vector<Id<Case>> cases;
  std::vector<Id<Message>> messages;  // the first ones of cases, and replies
};

class Client {
 public:
  Client(Traffic& traffic, SignedInPerson person, std::string name, Id<Account> account)
      : traffic_(traffic), person_(std::move(person)), name_(std::move(name)), account_(account) {}
  virtual ~Client() { join(); }

  void start() { thread_ = std::thread([this] { run(); }); }
  void join() {
    if (thread_.joinable()) thread_.join();
  }
  bool is_finished() const { return is_finished_; }
  const Sent& sent() const { return sent_; }

 protected:
  // One connection, or nothing when there is no server. True once all was acknowledged in
  // Phase::kFinish.
  virtual bool talk(std::uint16_t port) = 0;

  OpenCase next_case() {
    OpenCase args{};
    args.case_id = Id<Case>(next_id());
    args.message = Id<Message>(next_id());
    args.subject = name_ + " " + std::to_string(count_);
    args.body = "The lift stands still since this morning.";
    args.account = account_;
    args.priority = Priority::kNormal;
    sent_.cases.push_back(args.case_id);
    sent_.messages.push_back(args.message);
    return args;
  }
  ReplyCase next_reply() {
    ReplyCase args{};
    args.case_id = sent_.cases.back();
    args.message = Id<Message>(next_id());
    args.body = "It moves again.";
    args.follow_up = Id<Case>(next_id());
    sent_.messages.push_back(args.message);
    return args;
  }
  // A case, a reply to it, the next case, ...
  Command next_command() {
    if (sent_.messages.size() % 2 == 0) return make_command(next_case());
    return make_command(next_reply());
  }
  Uuid next_id() { return derive_uuid({}, name_ + std::to_string(++count_)); }

  Traffic& traffic_;
  const SignedInPerson person_;
  const std::string name_;

 private:
  void run() {
    while (!traffic_.is_over()) {
      const auto port = traffic_.port.load();
      if (!is_finished_ && port != 0 && talk(port)) is_finished_ = true;
      else Traffic::pause();
    }
  }

  const Id<Account> account_;  // staff name it, customers leave it out
  Sent sent_;
  int count_ = 0;
  std::atomic<bool> is_finished_{false};
  std::thread thread_;
};

// A device with the production engine and a disk that forgets nothing.
class DeviceClient : public Client, public DeviceStore {
 public:
  using Client::Client;

  void save_outbox(std::uint64_t, std::string, std::function<void(bool)> done) override {
    done(true);
  }
  void remove_outbox(std::uint64_t) override {}
  void adopt_client(const Uuid&, std::vector<std::pair<std::uint64_t, std::string>>,
                    std::function<void(bool)> done) override {
    done(true);
  }
  void write_cache(CacheWrite) override {}

 protected:
  static constexpr std::size_t kWaitingMax = 4;

  void submit_more(SyncClient& device) {
    if (!device.engine().status().is_loaded) return;
    while (traffic_.phase == Phase::kLoad && device.engine().outbox().size() < kWaitingMax)
      EXPECT_TRUE(device.submit(next_command(), wall_clock()).has_value());
  }
  bool has_finished(const SyncClient& device) const {
    return traffic_.phase != Phase::kLoad && device.engine().outbox().empty();
  }

  // A server that does not know what one before it acknowledged has lost it.
  void check(std::string_view bytes) {
    const auto messages = decode_frames(bytes);
    ASSERT_TRUE(messages.has_value());
    for (const auto& message : *messages) {
      if (const auto* welcome = std::get_if<Welcome>(&message)) {
        EXPECT_GE(welcome->last_mid, mid_max_) << name_ << " lost what was acknowledged";
      } else if (const auto* push = std::get_if<PushResult>(&message)) {
        for (const auto& result : push->results) note(result);
      }
    }
  }

 private:
  void note(const PushedResult& result) {
    EXPECT_TRUE(result.outcome != PushOutcome::kRejected &&
                result.outcome != PushOutcome::kParked)
        << name_ << " " << result.mid << ": " << result.error.field << result.error.detail;
    if (result.outcome == PushOutcome::kOutOfOrder) return;
    if (result.outcome == PushOutcome::kDuplicate) ++traffic_.repeated;
    const bool is_new = acknowledged_.insert(result.mid).second;
    EXPECT_TRUE(is_new || result.outcome == PushOutcome::kDuplicate)
        << name_ << " " << result.mid << " was applied twice";
    mid_max_ = std::max(mid_max_, result.mid);
    if (is_new) ++traffic_.acknowledged;
  }

  std::set<std::uint64_t> acknowledged_;
  std::uint64_t mid_max_ = 0;
};

class SocketClient final : public DeviceClient, public SyncLink {
 public:
  SocketClient(Traffic& traffic, SignedInPerson person, std::string name, Id<Account> account)
      : DeviceClient(traffic, std::move(person), name, account),
        device_(derive_uuid({}, "device " + name), *this, *this, {}) {}
  ~SocketClient() override { join(); }

  void send(std::string frame) override { socket_->send(2, frame); }

 private:
  bool talk(std::uint16_t port) override {
    RawSocket socket(port, person_.path("/sync"), person_.headers());
    if (socket.status() != 101) return false;
    ++traffic_.connections;
    socket_ = &socket;
    device_.connected(wall_clock());
    submit_more(device_);
    for (;;) {
      const auto frame = socket.receive();
      if (frame.opcode != 2) break;
      check(frame.payload);
      EXPECT_TRUE(device_.received(frame.payload, wall_clock()).has_value());
      submit_more(device_);
      if (has_finished(device_)) break;
    }
    device_.disconnected();
    return has_finished(device_);
  }

  SyncClient device_;
  RawSocket* socket_ = nullptr;
};

// The same over requests, as a service worker does.
class RequestClient final : public DeviceClient {
 public:
  RequestClient(Traffic& traffic, SignedInPerson person, std::string name, Id<Account> account)
      : DeviceClient(traffic, std::move(person), name, account),
        link_([this](std::string body) { body_ = std::move(body); }),
        device_(derive_uuid({}, "device " + name), *this, link_, {}) {
    link_.attach(device_);
  }
  ~RequestClient() override { join(); }

 private:
  bool talk(std::uint16_t port) override {
    ++traffic_.connections;
    submit_more(device_);
    bool is_current = false;
    link_.exchange(wall_clock(), [&](bool is_done) { is_current = is_done; });
    while (body_) {
      const auto response = request(port, {.method = "POST",
                                           .path = person_.path("/sync"),
                                           .headers = person_.headers(),
                                           .body = *std::exchange(body_, std::nullopt)});
      if (response.status != 200) {
        link_.failed();
        continue;
      }
      check(response.body);
      link_.answered(response.body, wall_clock());
    }
    return is_current && has_finished(device_);
  }

  std::optional<std::string> body_;
  PostLink link_;
  SyncClient device_;
};

// A program: the same request under the same key until it is answered, and now and then once more.
class ApiClient final : public Client {
 public:
  using Client::Client;
  ~ApiClient() override { join(); }

 private:
  bool talk(std::uint16_t port) override {
    ++traffic_.connections;
    RawClient connection(port);
    while (true) {
      if (pending_.empty() && traffic_.phase != Phase::kLoad) return true;
      if (pending_.empty()) pending_ = text_of(next_case());
      const auto response = server::exchange(connection, pending_);
      if (response.status == 0 || response.status == 503) return false;
      EXPECT_EQ(response.status, 200) << response.body;
      if (is_repeat_) ++traffic_.repeated;
      else ++traffic_.acknowledged;
      is_repeat_ = !is_repeat_ && ++answered_ % 8 == 0;
      if (!is_repeat_) pending_.clear();
    }
  }

  std::string text_of(const OpenCase& args) {
    const std::string body = "{\"case_id\":\"" + to_string(args.case_id) + "\",\"message\":\"" +
                             to_string(args.message) + "\",\"subject\":\"" + args.subject +
                             "\",\"body\":\"" + args.body + "\",\"account\":\"" +
                             to_string(args.account) + "\"}";
    return "POST " + person_.path("/api/command/case.open") +
           " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
           person_.headers() + "Idempotency-Key: " + to_string(next_id()) +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }

  std::string pending_;
  int answered_ = 0;
  bool is_repeat_ = false;
};

}  // namespace foyer::server
