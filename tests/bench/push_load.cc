// foyer_bench_push_load PORT COOKIES CONNECTIONS COMMANDS SECONDS: so many devices, each on a
// WebSocket of its own, push that many commands at a time and wait until the server says that they
// are durable. COOKIES is a file with a cookie a line: customers, each replying to cases of their
// company; with one line, a member of staff with many devices, who writes internal notes, and each
// device hears of all of them. Prints one JSON object.
#include <sys/epoll.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>

#include "clock.h"
#include "foyer/base/random.h"
#include "foyer/command/note_case.h"
#include "foyer/command/reply_case.h"
#include "foyer/schema/binary.h"
#include "foyer/sync/messages.h"
#include "server-stub/raw_client.h"

namespace foyer::server {
namespace {

using Steady = std::chrono::steady_clock;

struct Options {
  std::uint16_t port = 0;
  std::vector<std::string> cookies;
  std::size_t connections = 0, commands = 0;
  double seconds = 0;

  bool is_staff() const { return cookies.size() == 1; }
};

struct Tally {
  std::vector<double> latencies_ms;
  std::size_t applied = 0, refused = 0;
  std::size_t poke_bytes = 0;
};

class Device {
 public:
  Device(const Options& options, Random& random, std::size_t number)
      : options_(options), random_(random), socket_(options.port) {
    id_ = make_uuid(wall_clock(), random);
    is_open_ = upgrade(options.cookies[number % options.cookies.size()]);
  }
  bool is_open() const { return is_open_; }
  int handle() const { return socket_.handle(); }
  const Cookie& cookie() const { return cookie_; }
  const std::vector<Id<Case>>& cases() const { return cases_; }

  // Says what it holds, and waits for the answer. Without a cookie it is sent all rows.
  bool greet(const Cookie& held) {
    Hello hello;
    hello.client = id_;
    hello.cookie = held;
    send(encode_frame(hello));
    const bool wants_rows = held.scopes.empty();
    while (!is_welcome_ || (wants_rows && cookie_.scopes.empty()))
      if (!socket_.receive() || !take_messages(nullptr)) return false;
    return true;
  }

  void push(const std::vector<Id<Case>>& cases) {
    Push push;
    push.client = id_;
    for (std::size_t i = 0; i < options_.commands; ++i)
      push.commands.push_back(
          {++mid_, written_on(cases[random_.below(cases.size())]), 0, wall_clock()});
    sent_at_ = Steady::now();
    is_waiting_ = true;
    send(encode_frame(push));
  }
  bool is_waiting() const { return is_waiting_; }

  // Reads what is there. False: the connection is gone or the server sent nonsense.
  bool read(Tally& tally) { return socket_.receive() && take_messages(&tally); }

 private:
  Command written_on(Id<Case> id) {
    constexpr std::string_view kWords =
        "Looked at it again; the part is ordered and comes on Thursday.";
    const Id<Message> message(make_uuid(wall_clock(), random_));
    if (options_.is_staff()) {
      NoteCase note;
      note.case_id = id;
      note.message = message;
      note.body = kWords;
      return make_command(note);
    }
    ReplyCase reply;
    reply.case_id = id;
    reply.message = message;
    reply.body = kWords;
    return make_command(reply);
  }

  bool upgrade(const std::string& cookie) {
    if (!socket_.is_open()) return false;
    const std::string host = "localhost:" + std::to_string(options_.port);
    const std::string path = options_.is_staff() ? "/staff/sync" : "/sync";
    socket_.send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nOrigin: http://" + host +
                 "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: " + cookie +
                 "\r\n\r\n");
    return socket_.take_head().starts_with("HTTP/1.1 101");
  }

  void send(std::string_view payload) {
    std::string frame(1, static_cast<char>(0x82));
    if (payload.size() < 126) {
      frame += static_cast<char>(0x80 | payload.size());
    } else {
      frame += static_cast<char>(0x80 | (payload.size() < 65536 ? 126 : 127));
      for (int shift = payload.size() < 65536 ? 8 : 56; shift >= 0; shift -= 8)
        frame += static_cast<char>((payload.size() >> shift) & 255);
    }
    frame += std::string(4, '\0');  // a mask of zeros leaves the bytes as they are
    socket_.send(frame.append(payload));
  }

  // Whole WebSocket messages of what was received.
  bool take_messages(Tally* tally) {
    const std::string& bytes = socket_.received();
    std::size_t at = 0;
    for (;;) {
      if (bytes.size() - at < 2) break;
      std::uint64_t size = static_cast<unsigned char>(bytes[at + 1]) & 0x7f;
      const std::size_t extra = size == 126 ? 2 : size == 127 ? 8 : 0;
      if (bytes.size() - at < 2 + extra) break;
      if (extra > 0) size = 0;
      for (std::size_t i = 0; i < extra; ++i)
        size = size << 8 | static_cast<unsigned char>(bytes[at + 2 + i]);
      if (bytes.size() - at < 2 + extra + size) break;
      const bool is_data = (bytes[at] & 0x0f) == 2;
      if (is_data && !take(std::string_view(bytes).substr(at + 2 + extra, size), tally))
        return false;
      at += 2 + extra + size;
    }
    socket_.drop(at);
    return true;
  }

  bool take(std::string_view frames, Tally* tally) {
    // The first rows are looked into; later ones are only received, as a device's network does.
    constexpr char kPokeType = 4;
    if (tally != nullptr && !frames.empty() && frames.front() == kPokeType) {
      tally->poke_bytes += frames.size();
      return true;
    }
    const auto messages = decode_frames(frames);
    if (!messages) return false;
    for (const SyncMessage& message : *messages) {
      if (std::holds_alternative<Welcome>(message)) is_welcome_ = true;
      if (const auto* poke = std::get_if<Poke>(&message)) take_rows(*poke);
      if (const auto* result = std::get_if<PushResult>(&message); result && tally) {
        is_waiting_ = false;
        const std::chrono::duration<double, std::milli> spent = Steady::now() - sent_at_;
        tally->latencies_ms.push_back(spent.count());
        for (const PushedResult& one : result->results)
          ++(one.outcome == PushOutcome::kApplied ? tally->applied : tally->refused);
      }
    }
    return true;
  }

  void take_rows(const Poke& poke) {
    if (poke.is_last) cookie_ = poke.cookie;
    for (const RowChange& change : poke.changes) {
      Case row;
      const bool is_case = change.entity == entity_of<Case>().id &&
                           decode(entity_of<Case>(), change.bytes, &row).has_value();
      if (is_case && !is_ended(row.state)) cases_.push_back(Id<Case>(change.id));
    }
  }

  const Options& options_;
  Random& random_;
  RawClient socket_;
  Uuid id_;
  Cookie cookie_;
  std::vector<Id<Case>> cases_;
  std::uint64_t mid_ = 0;
  Steady::time_point sent_at_;
  bool is_open_ = false, is_welcome_ = false, is_waiting_ = false;
};

double percentile(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  return sorted[std::min(sorted.size() - 1,
                         static_cast<std::size_t>(share * static_cast<double>(sorted.size())))];
}

class Load {
 public:
  explicit Load(const Options& options)
      : options_(options), random_(static_cast<std::uint64_t>(wall_clock().ms)) {}

  bool connect() {
    Cookie held;
    std::size_t tried = 0;
    while (devices_.size() < options_.connections) {
      if (tried > 2 * options_.connections) return explain("too few companies have open cases");
      auto device = std::make_unique<Device>(options_, random_, tried++);
      if (!device->is_open()) return explain("a WebSocket was refused");
      if (!device->greet(held)) return explain("a greeting had no answer");
      // The other devices of the same person hold what the first one was sent.
      if (options_.is_staff()) held = device->cookie();
      const bool has_cases = !device->cases().empty() || options_.is_staff();
      if (!has_cases) continue;  // a company without open cases
      const std::uint64_t i = devices_.size();
      epoll_event event{EPOLLIN, {.u64 = i}};
      epoll_ctl(poll_, EPOLL_CTL_ADD, device->handle(), &event);
      devices_.push_back(std::move(device));
    }
    return !devices_.front()->cases().empty() || explain("there is no open case");
  }
  const std::vector<Id<Case>>& cases_of(const Device& device) const {
    return device.cases().empty() ? devices_.front()->cases() : device.cases();
  }

  bool run() {
    const auto start = Steady::now();
    for (auto& device : devices_) device->push(cases_of(*device));
    for (;;) {
      const double spent = std::chrono::duration<double>(Steady::now() - start).count();
      if (spent > options_.seconds) return report(spent);
      epoll_event events[64];
      const int count = epoll_wait(poll_, events, std::size(events), 1000);
      for (int i = 0; i < count; ++i) {
        Device& device = *devices_[events[i].data.u64];
        if (!device.read(tally_)) return false;
        if (!device.is_waiting()) device.push(cases_of(device));
      }
    }
  }

 private:
  bool explain(std::string_view what) const {
    std::cerr << what << ", after " << devices_.size() << " devices\n";
    return false;
  }
  bool report(double spent) {
    auto& latencies = tally_.latencies_ms;
    std::sort(latencies.begin(), latencies.end());
    std::cout << "{\"seconds\":" << spent << ",\"commands\":" << tally_.applied
              << ",\"refused\":" << tally_.refused << ",\"per_second\":"
              << static_cast<double>(tally_.applied) / spent
              << ",\"p50_ms\":" << percentile(latencies, 0.5)
              << ",\"p95_ms\":" << percentile(latencies, 0.95)
              << ",\"p99_ms\":" << percentile(latencies, 0.99)
              << ",\"poke_bytes\":" << tally_.poke_bytes << "}\n";
    return tally_.refused == 0;
  }

  Options options_;
  Random random_;
  int poll_ = epoll_create1(0);
  std::vector<std::unique_ptr<Device>> devices_;
  Tally tally_;
};

}  // namespace
}  // namespace foyer::server

int main(int count, char** arguments) {
  if (count != 6) {
    std::cerr << "usage: foyer_bench_push_load PORT COOKIES CONNECTIONS COMMANDS SECONDS\n";
    return 2;
  }
  std::vector<std::string> cookies;
  std::ifstream file(arguments[2]);
  for (std::string line; std::getline(file, line);) cookies.push_back(line);
  if (cookies.empty()) return 2;
  foyer::server::Load load({.port = static_cast<std::uint16_t>(std::atoi(arguments[1])),
             .cookies = std::move(cookies),
             .connections = std::strtoull(arguments[3], nullptr, 10),
             .commands = std::strtoull(arguments[4], nullptr, 10),
             .seconds = std::strtod(arguments[5], nullptr)});
  return load.connect() && load.run() ? 0 : 1;
}
