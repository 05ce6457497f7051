// A blocking TCP client for tests that sends any bytes, also wrong ones, and a WebSocket client on
// top that masks its frames by hand. Not a well-behaved client: that is its use.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace foyer::server {

enum class Pace : std::uint8_t { kUsual, kSlow };  // slow: its window takes 32 kB

class RawClient {
 public:
  // `source`: the address that the server sees, any of 127.0.0.0/8.
  explicit RawClient(std::uint16_t port, const std::string& source = "127.0.0.1",
                     Pace pace = Pace::kUsual)
      : handle_(socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval limit{5, 0};
    setsockopt(handle_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(handle_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    const int window = 16 * 1024;  // which the kernel doubles
    if (pace == Pace::kSlow)
      setsockopt(handle_, SOL_SOCKET, SO_RCVBUF, &window, sizeof window);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    inet_pton(AF_INET, source.c_str(), &address.sin_addr);
    const int yes = 1;
    setsockopt(handle_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    if (bind(handle_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    is_open_ = connect(handle_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~RawClient() { close(handle_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  // Connected, and nothing that was to be sent was in vain.
  bool is_open() const { return is_open_; }
  int handle() const { return handle_; }
  // What has come and was not taken yet.
  const std::string& received() const { return received_; }
  void drop(std::size_t size) { received_.erase(0, size); }

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(handle_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) {
        is_open_ = false;
        return;
      }
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  void stop_sending() { shutdown(handle_, SHUT_WR); }

  // Waits for some bytes; false at the end or after five seconds.
  bool receive() {
    char chunk[16384];
    const auto size = recv(handle_, chunk, sizeof chunk, 0);
    if (size <= 0) return false;
    received_.append(chunk, static_cast<std::size_t>(size));
    return true;
  }
  std::string receive_all() {
    while (receive()) {
    }
    return std::exchange(received_, {});
  }
  // Until `size` bytes are there, or nothing more comes.
  std::string take(std::size_t size) {
    while (received_.size() < size && receive()) {
    }
    auto bytes = received_.substr(0, size);
    received_.erase(0, bytes.size());
    return bytes;
  }
  // One header block, with its blank line.
  std::string take_head() {
    for (;;) {
      const auto end = received_.find("\r\n\r\n");
      if (end != std::string::npos) return take(end + 4);
      if (!receive()) return std::exchange(received_, {});
    }
  }

 private:
  int handle_;
  bool is_open_ = false;
  std::string received_;
};

struct RawResponse {
  int status = 0;
  std::string head, body;

  std::string header(std::string_view name) const {
    const auto at = head.find("\r\n" + std::string(name) + ": ");
    if (at == std::string::npos) return {};
    const auto start = at + name.size() + 4;
    return head.substr(start, head.find("\r\n", start) - start);
  }
};

// Sends one request and reads one answer with Content-Length.
inline RawResponse exchange(RawClient& client, std::string_view request, bool is_head = false) {
  client.send(request);
  RawResponse response;
  response.head = client.take_head();
  if (response.head.size() > 12) response.status = std::atoi(response.head.c_str() + 9);
  const auto length = std::strtoul(response.header("Content-Length").c_str(), nullptr, 10);
  if (!is_head) response.body = client.take(length);
  return response;
}

struct RequestParts {
  std::string method = "GET", path = "/", headers = "", body = "", host = "localhost",
              source = "127.0.0.1";
};

inline RawResponse request(std::uint16_t port, const RequestParts& parts) {
  RawClient client(port, parts.source);
  std::string text = parts.method + " " + parts.path + " HTTP/1.1\r\nHost: " + parts.host +
                     "\r\nConnection: close\r\n" + parts.headers;
  if (!parts.body.empty()) text += "Content-Length: " + std::to_string(parts.body.size()) + "\r\n";
  return exchange(client, text + "\r\n" + parts.body, parts.method == "HEAD");
}

// Frames as RFC 6455, section 5.2; the mask is zero, which is legal and keeps tests readable.
class RawSocket {
 public:
  RawSocket(std::uint16_t port, std::string_view path, std::string_view headers,
            Pace pace = Pace::kUsual)
      : client_(port, "127.0.0.1", pace) {
    client_.send("GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n" +
                 "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + std::string(headers) +
                 "\r\n");
    head_ = client_.take_head();
    if (head_.size() > 12) status_ = std::atoi(head_.c_str() + 9);
  }

  int status() const { return status_; }
  const std::string& head() const { return head_; }
  RawClient& raw() { return client_; }

  void send(int opcode, std::string_view payload, bool is_last = true) {
    std::string frame(1, static_cast<char>(opcode | (is_last ? 0x80 : 0)));
    if (payload.size() < 126) {
      frame += static_cast<char>(0x80 | payload.size());
    } else if (payload.size() < 65536) {
      frame += static_cast<char>(0x80 | 126);
      frame += static_cast<char>(payload.size() >> 8);
      frame += static_cast<char>(payload.size() & 255);
    } else {
      frame += static_cast<char>(0x80 | 127);
      for (int shift = 56; shift >= 0; shift -= 8)
        frame += static_cast<char>((payload.size() >> shift) & 255);
    }
    frame += std::string(4, '\0');
    client_.send(frame + std::string(payload));
  }

  struct Frame {
    int opcode = -1;  // -1: the connection is gone
    std::string payload;
  };
  Frame receive() {
    const auto head = client_.take(2);
    if (head.size() < 2) return {};
    std::uint64_t size = static_cast<unsigned char>(head[1]) & 0x7f;
    const int extra = size == 126 ? 2 : size == 127 ? 8 : 0;
    if (extra > 0) {
      size = 0;
      for (const char c : client_.take(static_cast<std::size_t>(extra)))
        size = size << 8 | static_cast<unsigned char>(c);
    }
    return {static_cast<unsigned char>(head[0]) & 0x0f, client_.take(size)};
  }

 private:
  RawClient client_;
  std::string head_;
  int status_ = 0;
};

}  // namespace foyer::server
