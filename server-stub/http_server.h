// HTTP/1.1 and WebSocket over TCP or TLS. Knows no route, no page and no person: an HttpHandler
// answers. http_server.cc is the only file that includes Boost.
// Invariant: every limit is explicit (HttpLimits); handlers run on an I/O thread and never block.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "foyer/base/result.h"
#include "http_message.h"

namespace foyer::server {

enum class MessageKind : std::uint8_t { kText, kBinary };

// One open WebSocket. Every function may be called from any thread.
class Socket {
 public:
  virtual ~Socket() = default;
  // False, and nothing is queued, when the send queue is full or the socket is closing; the
  // listener's `writable` follows once the queue has drained.
  virtual bool send(std::shared_ptr<const std::string> bytes, MessageKind kind) = 0;
  // RFC 6455 status code and a reason of at most 120 bytes, after what is queued; a peer that does
  // not take it in time (HttpLimits::handshake_ms) is cut off.
  virtual void close(std::uint16_t code, std::string reason) = 0;
};

// What happens on one WebSocket, in order, never two calls at once. `closed` comes last, once.
class SocketListener {
 public:
  virtual ~SocketListener() = default;
  virtual void opened(std::shared_ptr<Socket> socket) = 0;
  virtual void received(std::string bytes, MessageKind kind) = 0;
  virtual void writable() = 0;
  virtual void closed() = 0;
};

// Either a listener (the upgrade goes ahead) or the response that refuses it.
struct UpgradeAnswer {
  std::shared_ptr<SocketListener> listener;
  HttpResponse refusal;
};
using RespondUpgrade = std::function<void(UpgradeAnswer)>;
using SharedRequest = std::shared_ptr<const HttpRequest>;

// How many bytes of a body are read, or, if that is 0, what is answered instead of reading it.
struct BodyAdmission {
  std::size_t bytes_max = 0;
  HttpResponse refusal;
};
using AdmitBody = std::function<void(BodyAdmission)>;

class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  // Calls `respond` once, now or later; dropping it answers 500.
  virtual void handle(SharedRequest request, Respond respond) = 0;
  // A request whose header declares more than HttpLimits::body_bytes_max: may it be read? Called
  // before any byte of the body is; `head` has none. Answers once, now or later; dropping it
  // answers 500.
  virtual void admit_body(SharedRequest head, AdmitBody answer) {
    answer({0, problem_response(413, "body_too_large", {}, head->request_id)});
  }
  // Origin and authentication are decided here, before any upgrade byte is sent.
  virtual void upgrade(SharedRequest request, RespondUpgrade respond) = 0;
};

struct HttpLimits {
  std::size_t header_bytes_max = 8 * 1024;
  std::size_t body_bytes_max = 1024 * 1024;
  std::size_t message_bytes_max = 1024 * 1024;
  std::size_t send_queue_bytes_max = 256 * 1024;  // or one message, if that is longer
  int fragments_tiny_max = 64;  // reads of under 16 bytes within one WebSocket message
  int connections_max = 20'000;
  int idle_ms = 60'000;
  int header_ms = 10'000;
  int body_ms = 30'000;
  int large_body_ms = 600'000;  // for one that admit_body let in
  int write_ms = 120'000;
  int handshake_ms = 10'000;
  int socket_idle_ms = 60'000;
};

// One line of the access log: no query, no body, no names.
struct RequestSummary {
  std::string_view request_id, method, path;
  int status = 0;
  std::size_t response_bytes = 0;
  std::int64_t duration_us = 0;
};

struct HttpServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one
  int thread_count = 0;    // 0: one per core
  std::string tls_certificate_file, tls_key_file;
  std::vector<std::string> trusted_proxies;  // addresses or networks ("10.0.0.0/8")
  HttpLimits limits;
  std::function<void(const RequestSummary&)> on_response;
};

struct HttpCounters {
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> responses_5xx{0};
  std::atomic<std::uint64_t> refused_malformed{0};
  std::atomic<std::int64_t> connections{0};
  std::atomic<std::int64_t> sockets{0};
};

class HttpServer {
 public:
  virtual ~HttpServer() = default;

  // Listens and serves until drained or destroyed. kInvalid for a bad address, proxy or
  // certificate; kUnavailable when the port is taken. `handler` outlives the server.
  static Result<std::unique_ptr<HttpServer>> start(HttpServerOptions options,
                                                   HttpHandler& handler);

  virtual std::uint16_t port() const = 0;
  virtual const HttpCounters& counters() const = 0;
  // Stops accepting, lets running requests answer, closes sockets with code 1012 and a retry hint,
  // and returns when all are gone or the time is over.
  virtual void drain(int timeout_ms) = 0;
};

}  // namespace foyer::server
