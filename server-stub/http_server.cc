#include "http_server.h"

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <deque>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <unordered_map>

#include "foyer/base/text.h"
#include "security_headers.h"

namespace foyer::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using Tcp = asio::ip::tcp;
using Steady = std::chrono::steady_clock;
using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

constexpr std::size_t kTinyReadBytes = 16;
constexpr char kRestartReason[] = "restart; retry-after-ms=2000";
constexpr char kRetryAfterSeconds[] = "2";

std::chrono::milliseconds ms(int value) { return std::chrono::milliseconds(value); }

// Not a secret: it only has to be unique enough to find one line in a log.
std::string make_request_id() {
  thread_local std::mt19937_64 generator{std::random_device{}()};
  static constexpr char kHex[] = "0123456789abcdef";
  std::string id(16, '0');
  auto bits = generator();
  for (auto& digit : id) {
    digit = kHex[bits & 15];
    bits >>= 4;
  }
  return id;
}

std::string http_date() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[40];
  const auto size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return std::string(text, size);
}

bool is_host(std::string_view host) {
  if (host.empty() || host.size() > 255) return false;
  for (const char c : host) {
    const bool is_fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                         (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':' ||
                         c == '[' || c == ']' || c == '_';
    if (!is_fine) return false;
  }
  return true;
}

// A path that names one thing only: no dot segments, no backslash, no control character.
bool is_plain_path(std::string_view path) {
  if (path.empty() || path.front() != '/') return false;
  for (const char c : path)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\') return false;
  for (const auto segment : split(path, '/'))
    if (segment == "." || segment == "..") return false;
  return true;
}

// Addresses whose X-Forwarded-* headers are believed.
class ProxyList {
 public:
  bool add(const std::string& text) {
    boost::system::error_code error;
    const bool is_network = text.find('/') != std::string::npos;
    const auto v4 = asio::ip::make_network_v4(is_network ? text : text + "/32", error);
    if (!error) {
      v4_.push_back(v4.canonical());
      return true;
    }
    const auto v6 = asio::ip::make_network_v6(is_network ? text : text + "/128", error);
    if (!error) v6_.push_back(v6.canonical());
    return !error;
  }

  bool contains(const std::string& text) const {
    boost::system::error_code error;
    auto address = asio::ip::make_address(text, error);
    if (error) return false;
    if (address.is_v6() && address.to_v6().is_v4_mapped())
      address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    if (address.is_v4()) {
      for (const auto& network : v4_)
        if (asio::ip::network_v4(address.to_v4(), network.prefix_length()).canonical() == network)
          return true;
      return false;
    }
    for (const auto& network : v6_)
      if (asio::ip::network_v6(address.to_v6(), network.prefix_length()).canonical() == network)
        return true;
    return false;
  }

  bool empty() const { return v4_.empty() && v6_.empty(); }

 private:
  std::vector<asio::ip::network_v4> v4_;
  std::vector<asio::ip::network_v6> v6_;
};

class Drainable {
 public:
  virtual ~Drainable() = default;
  virtual void begin_drain() = 0;
  // Closes the connection under whatever goes on, so that all that waits on it ends with an error.
  virtual void cut() = 0;
};

// What all connections of one server share.
struct Shared {
  HttpServerOptions options;
  HttpHandler& handler;
  ProxyList proxies;
  HttpCounters counters;
  std::atomic<bool> is_draining{false};
  std::mutex mutex;
  std::condition_variable changed;
  std::unordered_map<Drainable*, std::weak_ptr<Drainable>> open;  // guarded by mutex
  bool is_listening = true;                                       // likewise

  Shared(HttpServerOptions given, HttpHandler& target)
      : options(std::move(given)), handler(target) {}

  void enter(const std::shared_ptr<Drainable>& connection) {
    const std::lock_guard lock(mutex);
    open.emplace(connection.get(), connection);
  }
  void leave(Drainable* connection) {
    const std::lock_guard lock(mutex);
    open.erase(connection);
    changed.notify_all();
  }
};

// The believed view of who asks: the socket's, or a trusted proxy's.
void apply_forwarding(HttpRequest& request, const ProxyList& proxies) {
  if (proxies.empty() || !proxies.contains(request.peer_address)) return;
  request.is_secure = request.header("x-forwarded-proto") == "https";
  const auto host = request.header("x-forwarded-host");
  if (is_host(host)) request.host = std::string(host);
  const auto hops = split(request.header("x-forwarded-for"), ',');
  for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
    const std::string address(trim(*hop));
    boost::system::error_code error;
    asio::ip::make_address(address, error);
    if (error) return;
    request.peer_address = address;
    if (!proxies.contains(address)) return;
  }
}

// False for a target, host or header that no browser sends.
bool fill_request(HttpRequest& request, http::request<http::string_body>&& message) {
  request.method = std::string(message.method_string());
  const std::string_view target(message.target().data(), message.target().size());
  const auto question = target.find('?');
  if (question != std::string_view::npos) request.query = std::string(target.substr(question + 1));
  auto path = percent_decode(target.substr(0, question), false);
  if (!path.ok || !is_plain_path(path.text)) return false;
  request.path = std::move(path.text);
  int host_count = 0;
  for (const auto& field : message) {
    std::string name(field.name_string());
    for (auto& c : name)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (name == "host") ++host_count;
    request.headers.push_back({std::move(name), std::string(field.value())});
  }
  request.host = std::string(request.header("host"));
  request.body = std::move(message.body());
  return host_count == 1 && is_host(request.host);
}

// Answers 500 by itself when every copy of the callback is gone without an answer.
template <class Answer>
class OneAnswer {
 public:
  OneAnswer(std::function<void(Answer)> deliver, std::function<Answer()> fallback)
      : deliver_(std::move(deliver)), fallback_(std::move(fallback)) {}
  OneAnswer(const OneAnswer&) = delete;
  OneAnswer& operator=(const OneAnswer&) = delete;
  ~OneAnswer() {
    if (!is_given_.exchange(true)) deliver_(fallback_());
  }
  void give(Answer answer) {
    if (!is_given_.exchange(true)) deliver_(std::move(answer));
  }

 private:
  std::function<void(Answer)> deliver_;
  std::function<Answer()> fallback_;
  std::atomic<bool> is_given_{false};
};

template <class Answer>
std::function<void(Answer)> answer_once(std::function<void(Answer)> deliver,
                                        std::function<Answer()> fallback) {
  auto once = std::make_shared<OneAnswer<Answer>>(std::move(deliver), std::move(fallback));
  return [once](Answer answer) { once->give(std::move(answer)); };
}

template <class Stream>
class SocketSession final : public Socket,
                            public Drainable,
                            public std::enable_shared_from_this<SocketSession<Stream>> {
 public:
  SocketSession(std::shared_ptr<Shared> shared, Stream&& stream,
                std::shared_ptr<SocketListener> listener)
      : shared_(std::move(shared)), stream_(std::move(stream)), listener_(std::move(listener)) {
    ++shared_->counters.sockets;
  }
  ~SocketSession() override {
    --shared_->counters.sockets;
    shared_->leave(this);
  }

  void accept(const http::request<http::empty_body>& upgrade) {
    const auto& limits = shared_->options.limits;
    shared_->enter(this->shared_from_this());
    beast::get_lowest_layer(stream_).expires_never();
    stream_.set_option(websocket::stream_base::timeout{
        ms(limits.handshake_ms), ms(limits.socket_idle_ms), true});
    stream_.set_option(websocket::stream_base::decorator([](websocket::response_type& response) {
      HttpResponse ours;
      add_security_headers(ours, false);
      for (const auto& header : ours.headers) response.set(header.name, header.value);
    }));
    stream_.read_message_max(limits.message_bytes_max);
    stream_.auto_fragment(false);
    stream_.async_accept(upgrade,
                         beast::bind_front_handler(&SocketSession::on_accept, this->self()));
  }

  bool send(std::shared_ptr<const std::string> bytes, MessageKind kind) override {
    {
      const std::lock_guard lock(mutex_);
      if (is_closing_) return false;
      const auto bytes_max = shared_->options.limits.send_queue_bytes_max;
      if (queued_bytes_ > 0 && queued_bytes_ + bytes->size() > bytes_max) {
        is_refused_ = true;
        return false;
      }
      queued_bytes_ += bytes->size();
      queue_.push_back({std::move(bytes), kind});
      if (is_writing_) return true;
      is_writing_ = true;
    }
    asio::post(stream_.get_executor(), [self = self()] { self->write_next(); });
    return true;
  }

  void close(std::uint16_t code, std::string reason) override {
    {
      const std::lock_guard lock(mutex_);
      if (is_closing_) return;
      is_closing_ = true;
      close_reason_.code = static_cast<websocket::close_code>(code);
      close_reason_.reason = reason.substr(0, 120);
    }
    asio::post(stream_.get_executor(), [self = self()] { self->begin_close(); });
  }

  void begin_drain() override { close(1012, kRestartReason); }
  void cut() override {
    asio::post(stream_.get_executor(),
               [self = self()] { beast::get_lowest_layer(self->stream_).close(); });
  }

 private:
  struct Outgoing {
    std::shared_ptr<const std::string> bytes;
    MessageKind kind;
  };

  std::shared_ptr<SocketSession> self() { return this->shared_from_this(); }

  void on_accept(beast::error_code error) {
    if (error) return finish();
    is_accepted_ = true;
    listener_->opened(self());
    read();
    // A drain that began during the handshake could not close yet.
    if (shared_->is_draining) begin_drain();
    bool is_closing = false;
    {
      const std::lock_guard lock(mutex_);
      is_closing = is_closing_ && !is_writing_;
    }
    if (is_closing) send_close();
  }

  void read() {
    stream_.async_read_some(
        buffer_, 64 * 1024, beast::bind_front_handler(&SocketSession::on_read, this->self()));
  }

  void on_read(beast::error_code error, std::size_t size) {
    if (error) return finish();
    // Many tiny fragments cost far more to handle than to send.
    if (size < kTinyReadBytes && !stream_.is_message_done() &&
        ++tiny_reads_ > shared_->options.limits.fragments_tiny_max) {
      close(1008, "too many fragments");
      return finish();
    }
    if (stream_.is_message_done()) {
      const auto kind = stream_.got_text() ? MessageKind::kText : MessageKind::kBinary;
      std::string bytes = beast::buffers_to_string(buffer_.data());
      buffer_.consume(buffer_.size());
      buffer_.shrink_to_fit();
      tiny_reads_ = 0;
      listener_->received(std::move(bytes), kind);
    }
    read();
  }

  // Takes the next message, or says why there is none.
  enum class Next { kWrite, kIdle, kDrained, kClose };
  Next take_next() {
    const std::lock_guard lock(mutex_);
    if (!queue_.empty()) {
      current_ = std::move(queue_.front());
      queue_.pop_front();
      return Next::kWrite;
    }
    is_writing_ = false;
    if (is_closing_) return Next::kClose;
    return std::exchange(is_refused_, false) ? Next::kDrained : Next::kIdle;
  }

  void write_next() {
    switch (take_next()) {
      case Next::kIdle: return;
      case Next::kDrained: return listener_->writable();
      case Next::kClose: return send_close();
      case Next::kWrite: break;
    }
    stream_.text(current_.kind == MessageKind::kText);
    stream_.async_write(asio::buffer(*current_.bytes),
                        beast::bind_front_handler(&SocketSession::on_write, this->self()));
  }

  void on_write(beast::error_code error, std::size_t) {
    {
      const std::lock_guard lock(mutex_);
      queued_bytes_ -= current_.bytes->size();
      current_.bytes.reset();
    }
    if (error) return finish();
    write_next();
  }

  // A peer that reads nothing does not read a close either.
  void begin_close() {
    if (is_finished_) return;
    cutter_.emplace(stream_.get_executor(), ms(shared_->options.limits.handshake_ms));
    cutter_->async_wait([self = self()](beast::error_code error) {
      if (!error) beast::get_lowest_layer(self->stream_).close();
    });
    bool is_writing = false;
    {
      const std::lock_guard lock(mutex_);
      is_writing = is_writing_;
    }
    if (!is_writing) send_close();  // else write_next does, after the queue
  }

  void send_close() {
    if (is_close_sent_ || !is_accepted_ || is_finished_) return;
    is_close_sent_ = true;
    stream_.async_close(close_reason_, [self = self()](beast::error_code) { self->finish(); });
  }

  void finish() {
    {
      const std::lock_guard lock(mutex_);
      is_closing_ = true;
    }
    if (is_finished_) return;
    is_finished_ = true;
    if (cutter_) cutter_->cancel();
    listener_->closed();
  }

  std::shared_ptr<Shared> shared_;
  websocket::stream<Stream, false> stream_;
  std::shared_ptr<SocketListener> listener_;
  beast::flat_buffer buffer_;
  std::optional<asio::steady_timer> cutter_;
  int tiny_reads_ = 0;
  bool is_accepted_ = false;
  bool is_close_sent_ = false;
  bool is_finished_ = false;
  std::mutex mutex_;
  std::deque<Outgoing> queue_;  // guarded by mutex_, as the rest below
  Outgoing current_;
  std::size_t queued_bytes_ = 0;
  bool is_writing_ = false;
  bool is_refused_ = false;
  bool is_closing_ = false;
  websocket::close_reason close_reason_;
};

template <class Stream>
class Connection final : public Drainable,
                         public std::enable_shared_from_this<Connection<Stream>> {
 public:
  Connection(std::shared_ptr<Shared> shared, Stream&& stream)
      : shared_(std::move(shared)),
        stream_(std::move(stream)),
        executor_(stream_.get_executor()) {
    ++shared_->counters.connections;
  }
  ~Connection() override {
    --shared_->counters.connections;
    shared_->leave(this);
  }

  void run() {
    boost::system::error_code error;
    const auto peer = beast::get_lowest_layer(stream_).socket().remote_endpoint(error);
    if (error) return;
    peer_address_ = peer.address().to_string();
    shared_->enter(this->shared_from_this());
    asio::dispatch(executor_, [self = self()] { self->begin(); });
  }

  void begin_drain() override {
    asio::post(executor_, [self = self()] {
      if (self->is_idle_) self->shut();
    });
  }
  void cut() override {
    asio::post(executor_, [self = self()] { beast::get_lowest_layer(self->stream_).close(); });
  }

 private:
  static constexpr bool kIsTls = std::is_same_v<Stream, TlsStream>;

  std::shared_ptr<Connection> self() { return this->shared_from_this(); }
  const HttpLimits& limits() const { return shared_->options.limits; }

  void begin() {
    if constexpr (kIsTls) {
      beast::get_lowest_layer(stream_).expires_after(ms(limits().handshake_ms));
      stream_.async_handshake(asio::ssl::stream_base::server,
                              [self = self()](beast::error_code error) {
                                if (!error) self->wait_for_request();
                              });
    } else {
      wait_for_request();
    }
  }

  // A quiet connection may wait long; once bytes arrive, the header has to come quickly.
  void wait_for_request() {
    if (buffer_.size() > 0) return read_header();
    if (shared_->is_draining) return shut();
    is_idle_ = true;
    beast::get_lowest_layer(stream_).expires_after(ms(limits().idle_ms));
    stream_.async_read_some(buffer_.prepare(4096),
                            [self = self()](beast::error_code error, std::size_t size) {
                              self->is_idle_ = false;
                              if (error) return self->shut();
                              self->buffer_.commit(size);
                              self->read_header();
                            });
  }

  void read_header() {
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(limits().header_bytes_max));
    parser_->body_limit(boost::none);  // set in read_body, where the route is known
    started_at_ = Steady::now();
    beast::get_lowest_layer(stream_).expires_after(ms(limits().header_ms));
    http::async_read_header(stream_, buffer_, *parser_,
                            [self = self()](beast::error_code error, std::size_t) {
                              if (error) return self->refuse(error);
                              self->read_body();
                            });
  }

  void read_body() {
    if (websocket::is_upgrade(parser_->get())) return dispatch_upgrade();
    const auto declared = parser_->content_length();
    if (declared && *declared > limits().body_bytes_max) return ask_for_admission(*declared);
    parser_->body_limit(limits().body_bytes_max);
    beast::get_lowest_layer(stream_).expires_after(ms(limits().body_ms));
    continue_body();
  }

  void ask_for_admission(std::uint64_t declared) {
    beast::get_lowest_layer(stream_).expires_never();
    http::request<http::string_body> head;
    head.base() = parser_->get().base();
    const auto request = make_request(std::move(head));
    if (!request) return refuse(http::error::bad_target);
    shared_->handler.admit_body(
        request, answer_once<BodyAdmission>(
                     [self = self(), declared](BodyAdmission admission) {
                       asio::post(self->executor_,
                                  [self, declared, admission = std::move(admission)]() mutable {
                                    self->finish_admission(declared, std::move(admission));
                                  });
                     },
                     [id = request->request_id] {
                       return BodyAdmission{0, problem_response(500, "internal", {}, id)};
                     }));
  }

  void finish_admission(std::uint64_t declared, BodyAdmission admission) {
    if (admission.bytes_max == 0) {
      keep_alive_ = false;
      return write(std::move(admission.refusal));
    }
    if (declared > admission.bytes_max) return refuse(http::error::body_limit);
    parser_->body_limit(admission.bytes_max);
    beast::get_lowest_layer(stream_).expires_after(ms(limits().large_body_ms));
    continue_body();
  }

  void continue_body() {
    if (parser_->get()[http::field::expect] == "100-continue" && !parser_->is_done()) {
      static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
      asio::async_write(stream_, asio::buffer(kContinue),
                        [self = self()](beast::error_code error, std::size_t) {
                          if (error) return self->shut();
                          self->read_rest();
                        });
      return;
    }
    read_rest();
  }

  void read_rest() {
    http::async_read(stream_, buffer_, *parser_,
                     [self = self()](beast::error_code error, std::size_t) {
                       if (error) return self->refuse(error);
                       self->dispatch();
                     });
  }

  std::shared_ptr<HttpRequest> make_request(http::request<http::string_body>&& message) {
    auto request = std::make_shared<HttpRequest>();
    request->peer_address = peer_address_;
    request->is_secure = kIsTls;
    request->request_id = make_request_id();
    keep_alive_ = message.keep_alive();
    is_head_ = message.method() == http::verb::head;
    const bool is_fine = fill_request(*request, std::move(message));
    apply_forwarding(*request, shared_->proxies);
    request_ = request;
    return is_fine ? request : nullptr;
  }

  void dispatch() {
    beast::get_lowest_layer(stream_).expires_never();
    ++shared_->counters.requests;
    const auto request = make_request(parser_->release());
    if (!request) {
      keep_alive_ = false;
      ++shared_->counters.refused_malformed;
      return write(problem_response(400, "malformed_request", {}, request_->request_id));
    }
    shared_->handler.handle(
        request, answer_once<HttpResponse>(
                     [self = self()](HttpResponse response) {
                       asio::post(self->executor_,
                                  [self, response = std::move(response)]() mutable {
                                    self->write(std::move(response));
                                  });
                     },
                     [id = request->request_id] {
                       return problem_response(500, "internal", {}, id);
                     }));
  }

  void dispatch_upgrade() {
    beast::get_lowest_layer(stream_).expires_never();
    ++shared_->counters.requests;
    auto message = parser_->release();
    http::request<http::empty_body> upgrade;
    upgrade.base() = message.base();
    const auto request = make_request(std::move(message));
    keep_alive_ = false;
    if (!request)
      return write(problem_response(400, "malformed_request", {}, request_->request_id));
    shared_->handler.upgrade(
        request, answer_once<UpgradeAnswer>(
                     [self = self(), upgrade = std::move(upgrade)](UpgradeAnswer answer) {
                       asio::post(self->executor_,
                                  [self, upgrade, answer = std::move(answer)]() mutable {
                                    self->finish_upgrade(upgrade, std::move(answer));
                                  });
                     },
                     [id = request->request_id] {
                       return UpgradeAnswer{nullptr, problem_response(500, "internal", {}, id)};
                     }));
  }

  void finish_upgrade(const http::request<http::empty_body>& upgrade, UpgradeAnswer answer) {
    if (!answer.listener) return write(std::move(answer.refusal));
    report(101, 0);
    std::make_shared<SocketSession<Stream>>(shared_, std::move(stream_),
                                            std::move(answer.listener))
        ->accept(upgrade);
  }

  // A request that could not be read: one plain answer where the peer still listens, then gone.
  void refuse(beast::error_code error) {
    if (error == http::error::end_of_stream || error == beast::error::timeout ||
        error.category() == asio::error::get_system_category())
      return shut();
    ++shared_->counters.refused_malformed;
    keep_alive_ = false;
    is_head_ = false;
    auto request = std::make_shared<HttpRequest>();
    request->request_id = make_request_id();
    request->is_secure = kIsTls;
    request_ = request;
    int status = 400;
    std::string_view code = "malformed_request";
    if (error == http::error::header_limit) status = 431, code = "header_too_large";
    if (error == http::error::body_limit) status = 413, code = "body_too_large";
    write(problem_response(status, code, {}, request->request_id));
  }

  void write(HttpResponse response) {
    add_security_headers(response, request_->is_secure);
    response.set("X-Request-Id", request_->request_id);
    // Whoever is turned away because there is too much to do hears when to come back.
    if (response.status == 503 && !response.has("Retry-After"))
      response.set("Retry-After", kRetryAfterSeconds);
    body_ = response.shared_body ? response.shared_body
                                 : std::make_shared<const std::string>(std::move(response.body));
    if (shared_->is_draining) keep_alive_ = false;
    auto& message = message_.emplace();
    message.version(11);
    message.result(static_cast<unsigned>(response.status));
    for (const auto& header : response.headers) message.insert(header.name, header.value);
    message.set(http::field::date, http_date());
    message.keep_alive(keep_alive_);
    const bool has_body = response.status != 304 && response.status != 204;
    if (has_body) message.content_length(body_->size());
    if (has_body && !is_head_)
      message.body() = boost::beast::span<const char>(body_->data(), body_->size());
    serializer_.emplace(message);
    report(response.status, has_body ? body_->size() : 0);
    beast::get_lowest_layer(stream_).expires_after(ms(limits().write_ms));
    const auto done = [self = self()](beast::error_code error, std::size_t) {
      self->on_written(error);
    };
    if (is_head_)
      http::async_write_header(stream_, *serializer_, done);
    else
      http::async_write(stream_, *serializer_, done);
  }

  void on_written(beast::error_code error) {
    serializer_.reset();
    message_.reset();
    body_.reset();
    request_.reset();
    if (error || !keep_alive_) return shut();
    wait_for_request();
  }

  void report(int status, std::size_t size) {
    if (status >= 500) ++shared_->counters.responses_5xx;
    if (!shared_->options.on_response) return;
    const auto spent = std::chrono::duration_cast<std::chrono::microseconds>(
        Steady::now() - started_at_);
    shared_->options.on_response({.request_id = request_->request_id,
                                  .method = request_->method,
                                  .path = request_->path,
                                  .status = status,
                                  .response_bytes = size,
                                  .duration_us = spent.count()});
  }

  void shut() {
    if (is_shut_) return;
    is_shut_ = true;
    if constexpr (kIsTls) {
      beast::get_lowest_layer(stream_).expires_after(ms(2000));
      stream_.async_shutdown([self = self()](beast::error_code) {});
    } else {
      // Read what is still coming for a moment, or the peer's stack may drop our last answer.
      boost::system::error_code ignored;
      stream_.socket().shutdown(Tcp::socket::shutdown_send, ignored);
      if (ignored || shared_->is_draining) return stream_.close();
      stream_.expires_after(ms(1000));
      linger();
    }
  }

  void linger() {
    buffer_.consume(buffer_.size());
    beast::get_lowest_layer(stream_).async_read_some(
        buffer_.prepare(4096), [self = self()](beast::error_code error, std::size_t size) {
          self->lingered_bytes_ += size;
          if (!error && self->lingered_bytes_ < 4 * self->limits().body_bytes_max) self->linger();
        });
  }

  std::shared_ptr<Shared> shared_;
  Stream stream_;
  asio::any_io_executor executor_;  // outlives the stream when an upgrade takes it
  std::string peer_address_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  std::shared_ptr<HttpRequest> request_;
  std::optional<http::response<http::span_body<const char>>> message_;
  std::optional<http::response_serializer<http::span_body<const char>>> serializer_;
  std::shared_ptr<const std::string> body_;
  Steady::time_point started_at_;
  std::size_t lingered_bytes_ = 0;
  bool keep_alive_ = true;
  bool is_head_ = false;
  bool is_idle_ = false;
  bool is_shut_ = false;
};

class BeastServer final : public HttpServer {
 public:
  explicit BeastServer(std::shared_ptr<Shared> shared)
      : shared_(std::move(shared)), acceptor_(asio::make_strand(context_)) {}

  ~BeastServer() override {
    drain(0);
    cut_what_is_open();
    context_.stop();
    for (auto& thread : threads_) thread.join();
  }

  Result<void> listen() {
    boost::system::error_code error;
    const auto& options = shared_->options;
    const auto address = asio::ip::make_address(options.address, error);
    if (error) return fail(ErrorCode::kInvalid, "listen", "bad_address");
    const Tcp::endpoint endpoint(address, options.port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(1024, error);
    if (error) return fail(ErrorCode::kUnavailable, "listen", "cannot_listen");
    port_ = acceptor_.local_endpoint(error).port();
    return {};
  }

  Result<void> load_tls() {
    const auto& options = shared_->options;
    if (options.tls_certificate_file.empty() && options.tls_key_file.empty()) return {};
    auto& tls = tls_.emplace(asio::ssl::context::tls_server);
    boost::system::error_code error;
    tls.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                        asio::ssl::context::no_tlsv1_1 | asio::ssl::context::no_compression,
                    error);
    if (!error) tls.use_certificate_chain_file(options.tls_certificate_file, error);
    if (error) return fail(ErrorCode::kInvalid, "tls_cert", "cannot_read");
    tls.use_private_key_file(options.tls_key_file, asio::ssl::context::pem, error);
    if (error) return fail(ErrorCode::kInvalid, "tls_key", "cannot_read");
    return {};
  }

  void run() {
    accept();
    int count = shared_->options.thread_count;
    if (count <= 0) count = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    for (int i = 0; i < count; ++i) threads_.emplace_back([this] { work(); });
  }

  std::uint16_t port() const override { return port_; }
  const HttpCounters& counters() const override { return shared_->counters; }

  void drain(int timeout_ms) override {
    shared_->is_draining = true;
    asio::post(acceptor_.get_executor(), [this] {
      boost::system::error_code ignored;
      acceptor_.close(ignored);
      const std::lock_guard lock(shared_->mutex);
      shared_->is_listening = false;
      shared_->changed.notify_all();
    });
    for (const auto& connection : open_connections()) connection->begin_drain();
    std::unique_lock lock(shared_->mutex);
    shared_->changed.wait_for(lock, ms(timeout_ms), [this] {
      return !shared_->is_listening && shared_->open.empty();
    });
  }

 private:
  std::vector<std::shared_ptr<Drainable>> open_connections() const {
    std::vector<std::shared_ptr<Drainable>> open;
    const std::lock_guard lock(shared_->mutex);
    for (const auto& [key, weak] : shared_->open)
      if (auto strong = weak.lock()) open.push_back(std::move(strong));
    return open;
  }

  // A WebSocket whose closing waits for the other side holds itself: it has to be ended, not left.
  void cut_what_is_open() {
    for (const auto& connection : open_connections()) connection->cut();
    std::unique_lock lock(shared_->mutex);
    shared_->changed.wait_for(lock, ms(1000), [this] { return shared_->open.empty(); });
  }

  // Nothing that one request does may end the process; a handler that throws loses its request.
  void work() {
    for (;;) {
      try {
        context_.run();
        return;
      } catch (...) {
        ++shared_->counters.responses_5xx;
      }
    }
  }

  void accept() {
    acceptor_.async_accept(asio::make_strand(context_),
                           [this](boost::system::error_code error, Tcp::socket socket) {
                             if (error == asio::error::operation_aborted || shared_->is_draining)
                               return;
                             if (error) return pause();
                             admit(std::move(socket));
                             accept();
                           });
  }

  // Out of descriptors, most likely: try again when some may have been returned.
  void pause() {
    auto timer = std::make_shared<asio::steady_timer>(acceptor_.get_executor(), ms(100));
    timer->async_wait([this, timer](boost::system::error_code error) {
      if (!error) accept();
    });
  }

  void admit(Tcp::socket socket) {
    const auto& counters = shared_->counters;
    if (counters.connections + counters.sockets >= shared_->options.limits.connections_max) return;
    boost::system::error_code ignored;
    socket.set_option(Tcp::no_delay(true), ignored);
    if (tls_) {
      std::make_shared<Connection<TlsStream>>(
          shared_, TlsStream(beast::tcp_stream(std::move(socket)), *tls_))
          ->run();
    } else {
      std::make_shared<Connection<PlainStream>>(shared_, PlainStream(std::move(socket)))->run();
    }
  }

  std::shared_ptr<Shared> shared_;
  std::optional<asio::ssl::context> tls_;
  asio::io_context context_;
  Tcp::acceptor acceptor_;
  std::vector<std::thread> threads_;
  std::uint16_t port_ = 0;
};

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::start(HttpServerOptions options,
                                                      HttpHandler& handler) {
  auto shared = std::make_shared<Shared>(std::move(options), handler);
  for (const auto& proxy : shared->options.trusted_proxies)
    if (!shared->proxies.add(proxy))
      return fail(ErrorCode::kInvalid, "trusted_proxy", "bad_address");
  auto server = std::make_unique<BeastServer>(std::move(shared));
  FOYER_TRY(server->load_tls());
  FOYER_TRY(server->listen());
  server->run();
  return server;
}

}  // namespace foyer::server
