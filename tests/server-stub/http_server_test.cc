// The adapter against well-formed, hostile and broken bytes, over a real loopback connection.
#include "http_server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "raw_client.h"

namespace foyer::server {
namespace {

class Echo final : public SocketListener {
 public:
  void opened(std::shared_ptr<Socket> socket) override { socket_ = std::move(socket); }
  void received(std::string bytes, MessageKind kind) override {
    if (bytes == "flood") return flood();
    socket_->send(std::make_shared<const std::string>("echo " + bytes), kind);
  }
  void writable() override { ++writable_count; }
  void closed() override {
    ++closed_count;
    socket_.reset();
  }

  std::atomic<int> writable_count{0}, closed_count{0}, refused_count{0};

 private:
  void flood() {
    const auto block = std::make_shared<const std::string>(256 * 1024, 'x');
    for (int i = 0; i < 64; ++i)
      if (!socket_->send(block, MessageKind::kBinary)) ++refused_count;
  }
  std::shared_ptr<Socket> socket_;
};

class Handler final : public HttpHandler {
 public:
  void handle(SharedRequest request, Respond respond) override {
    if (request->path == "/dropped") return;
    if (request->path == "/later") {
      std::thread([respond = std::move(respond)] {
        respond(text_response(200, "from another thread"));
        respond(text_response(200, "a second answer is ignored"));
      }).detach();
      return;
    }
    respond(text_response(200, request->method + " " + request->path + " " + request->body + " " +
                                   request->peer_address + " " + request->origin()));
  }
  void upgrade(SharedRequest request, RespondUpgrade respond) override {
    if (request->header("origin") != "http://localhost")
      return respond({nullptr, problem_response(403, "foreign_origin")});
    respond({echo, {}});
  }

  std::shared_ptr<Echo> echo = std::make_shared<Echo>();
};

class HttpServerTest : public testing::Test {
 protected:
  void start(HttpServerOptions options = {}) {
    auto started = HttpServer::start(std::move(options), handler_);
    ASSERT_TRUE(started.has_value()) << started.error().detail;
    server_ = std::move(*started);
    port_ = server_->port();
  }
  static HttpServerOptions quick_options() {
    HttpServerOptions options;
    options.limits.header_ms = 300;
    options.limits.body_ms = 300;
    options.limits.idle_ms = 300;
    return options;
  }

  Handler handler_;
  std::unique_ptr<HttpServer> server_;
  std::uint16_t port_ = 0;
};

constexpr std::string_view kPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";

TEST_F(HttpServerTest, AnswersAndKeepsTheConnection) {
  start();
  RawClient client(port_);
  for (int i = 0; i < 3; ++i) {
    const auto response = exchange(client, "GET /a%20b?x=1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "GET /a b  127.0.0.1 http://localhost");
  }
  const auto later = exchange(client, "GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(later.body, "from another thread");
}

TEST_F(HttpServerTest, HeadHasLengthButNoBody) {
  start();
  RawClient client(port_);
  const auto response = exchange(client, "HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n", true);
  EXPECT_NE(response.header("Content-Length"), "0");
  const auto next = exchange(client, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(next.status, 200);
}

TEST_F(HttpServerTest, EveryAnswerCarriesTheSecurityHeaders) {
  start();
  const std::string long_header = "X-Long: " + std::string(9000, 'x') + "\r\n";
  const RequestParts cases[] = {
      {.path = "/"},
      {.path = "/dropped"},
      {.path = "/%zz"},
      {.headers = long_header},
      {.method = "POST", .headers = "Content-Length: 2000000\r\n"},
  };
  const int statuses[] = {200, 500, 400, 431, 413};
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    const auto response = request(port_, cases[i]);
    EXPECT_EQ(response.status, statuses[i]);
    EXPECT_TRUE(response.header("Content-Security-Policy").starts_with(kPolicy)) << i;
    EXPECT_EQ(response.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(response.header("Cross-Origin-Opener-Policy"), "same-origin");
    EXPECT_EQ(response.header("Cross-Origin-Resource-Policy"), "same-origin");
    EXPECT_FALSE(response.header("Referrer-Policy").empty());
    EXPECT_TRUE(response.header("Strict-Transport-Security").empty());
    EXPECT_EQ(response.header("X-Request-Id").size(), 16u);
  }
  const RawSocket socket(port_, "/socket", "Origin: http://localhost\r\n");
  EXPECT_NE(socket.head().find("Content-Security-Policy: default-src 'none'"), std::string::npos);
}

TEST_F(HttpServerTest, RefusesWhatNoBrowserSends) {
  start();
  const std::string_view cases[] = {
      "GET / HTTP/1.1\r\n\r\n",                                      // no host
      "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",                // two hosts
      "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",                         // not a host
      "GET http://else.where/ HTTP/1.1\r\nHost: localhost\r\n\r\n",  // absolute form
      "GET /../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET /%2e%2e/etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET /a%00b HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET /a%5cb HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET /%ff%fe HTTP/1.1\r\nHost: localhost\r\n\r\n",             // not UTF-8
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
      "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",                 // smuggling
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
      "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",                // TLS to a plain port
      "hello\r\n\r\n",
  };
  for (const auto bytes : cases) {
    RawClient client(port_);
    client.send(bytes);
    client.stop_sending();
    const auto answer = client.receive_all();
    EXPECT_TRUE(answer.empty() || answer.starts_with("HTTP/1.1 400")) << bytes << answer;
  }
  EXPECT_EQ(request(port_, {}).status, 200);
}

TEST_F(HttpServerTest, StaysUpUnderGarbage) {
  start();
  std::uint64_t state = 7;
  for (int round = 0; round < 200; ++round) {
    RawClient client(port_);
    std::string bytes = round % 2 ? "GET / HTTP/1.1\r\nHost: localhost\r\n" : "";
    for (int i = 0; i < 200; ++i) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      bytes += static_cast<char>(state >> 56);
    }
    client.send(bytes);
    if (round % 3 == 0) client.stop_sending();
  }
  EXPECT_EQ(request(port_, {}).status, 200);
}

TEST_F(HttpServerTest, ChunkedBodyAboveTheLimitIsRefused) {
  start();
  RawClient client(port_);
  client.send("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "10000\r\n" + std::string(65536, 'x') + "\r\n";
  for (int i = 0; i < 20; ++i) client.send(chunk);
  EXPECT_TRUE(client.take_head().starts_with("HTTP/1.1 413"));
}

TEST_F(HttpServerTest, SlowHeadersBodiesAndIdlersAreCutOff) {
  start(quick_options());
  for (const std::string_view start_bytes :
       {"", "GET / HT", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc"}) {
    RawClient client(port_);
    client.send(start_bytes);
    EXPECT_EQ(client.receive_all(), "") << start_bytes;
  }
}

TEST_F(HttpServerTest, ForwardedHeadersCountOnlyFromTrustedProxies) {
  const std::string headers =
      "X-Forwarded-For: 198.51.100.7, 203.0.113.9\r\nX-Forwarded-Proto: https\r\n"
      "X-Forwarded-Host: service.example.com\r\n";
  start();
  const auto ignored = request(port_, {.headers = headers});
  EXPECT_EQ(ignored.body, "GET /  127.0.0.1 http://localhost");
  server_.reset();
  HttpServerOptions options;
  options.trusted_proxies = {"127.0.0.0/8"};
  start(options);
  const auto believed = request(port_, {.headers = headers});
  EXPECT_EQ(believed.body, "GET /  203.0.113.9 https://service.example.com");
  EXPECT_FALSE(believed.header("Strict-Transport-Security").empty());
}

TEST_F(HttpServerTest, BadOptionsAreErrors) {
  HttpServerOptions bad_address;
  bad_address.address = "not an address";
  EXPECT_EQ(HttpServer::start(bad_address, handler_).error().code, ErrorCode::kInvalid);
  HttpServerOptions bad_proxy;
  bad_proxy.trusted_proxies = {"10.0.0.0/99"};
  EXPECT_EQ(HttpServer::start(bad_proxy, handler_).error().field, "trusted_proxy");
  HttpServerOptions bad_tls;
  bad_tls.tls_certificate_file = "there/is/none.pem";
  EXPECT_EQ(HttpServer::start(bad_tls, handler_).error().field, "tls_cert");
}

TEST_F(HttpServerTest, SocketEchoesTextAndBinaryAndFragments) {
  start();
  RawSocket socket(port_, "/socket", "Origin: http://localhost\r\n");
  ASSERT_EQ(socket.status(), 101);
  socket.send(1, "hello");
  EXPECT_EQ(socket.receive().payload, "echo hello");
  socket.send(2, std::string(100'000, 'b'));
  const auto binary = socket.receive();
  EXPECT_EQ(binary.opcode, 2);
  EXPECT_EQ(binary.payload.size(), 100'005u);
  socket.send(1, "one ", false);
  socket.send(0, "two", true);
  EXPECT_EQ(socket.receive().payload, "echo one two");
}

TEST_F(HttpServerTest, SocketOfAForeignOriginIsRefusedBeforeTheUpgrade) {
  start();
  EXPECT_EQ(RawSocket(port_, "/socket", "Origin: http://evil.example\r\n").status(), 403);
  EXPECT_EQ(RawSocket(port_, "/socket", "").status(), 403);
}

TEST_F(HttpServerTest, SocketMessagesAboveTheLimitsCloseIt) {
  start();
  RawSocket large(port_, "/socket", "Origin: http://localhost\r\n");
  large.send(2, std::string(1024 * 1024 + 1, 'x'));
  EXPECT_EQ(large.receive().opcode, 8);
  RawSocket tiny(port_, "/socket", "Origin: http://localhost\r\n");
  for (int i = 0; i < 2000; ++i) tiny.send(i == 0 ? 1 : 0, "x", false);
  const auto closing = tiny.receive();
  EXPECT_TRUE(closing.opcode == 8 || closing.opcode == -1);
  RawSocket unmasked(port_, "/socket", "Origin: http://localhost\r\n");
  unmasked.raw().send(std::string("\x81\x02hi", 4));
  EXPECT_EQ(unmasked.receive().opcode, 8);
  EXPECT_EQ(request(port_, {}).status, 200);
}

TEST_F(HttpServerTest, AFullSendQueueRefusesAndSaysWhenItHasRoom) {
  start();
  RawSocket socket(port_, "/socket", "Origin: http://localhost\r\n");
  socket.send(1, "flood");
  std::size_t total = 0;
  int frames = 0;
  for (int wait = 0; wait < 500 && handler_.echo->refused_count == 0; ++wait) usleep(10'000);
  const int refused = handler_.echo->refused_count;
  EXPECT_GT(refused, 0);
  for (; frames < 64 - refused; ++frames) total += socket.receive().payload.size();
  EXPECT_EQ(total, static_cast<std::size_t>(frames) * 256 * 1024);
  for (int wait = 0; wait < 500 && handler_.echo->writable_count == 0; ++wait) usleep(10'000);
  EXPECT_GT(handler_.echo->writable_count, 0);
}

TEST_F(HttpServerTest, DrainAnswersRunningRequestsAndClosesSocketsWithAHint) {
  start();
  RawSocket socket(port_, "/socket", "Origin: http://localhost\r\n");
  ASSERT_EQ(socket.status(), 101);
  RawClient idle(port_);
  exchange(idle, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  std::thread closing([this] { server_->drain(5000); });
  const auto frame = socket.receive();
  EXPECT_EQ(frame.opcode, 8);
  ASSERT_GT(frame.payload.size(), 2u);
  EXPECT_EQ(static_cast<unsigned char>(frame.payload[0]) << 8 |
                static_cast<unsigned char>(frame.payload[1]),
            1012);
  EXPECT_NE(frame.payload.find("retry-after-ms="), std::string::npos);
  socket.send(8, frame.payload);
  socket.raw().stop_sending();
  EXPECT_FALSE(idle.receive());
  closing.join();
  EXPECT_EQ(handler_.echo->closed_count, 1);
  EXPECT_FALSE(RawClient(port_).is_open());
}

}  // namespace
}  // namespace foyer::server
