#include "web_socket_link.h"

#include <emscripten/emscripten.h>

#include "browser.h"

extern "C" {
void foyer_socket_connect(const char* path);
void foyer_socket_send(const char* bytes, int size);
}

namespace foyer::web {
namespace {

WebSocketLink* the_link = nullptr;

}  // namespace

WebSocketLink::WebSocketLink(std::string path, std::function<void()> signed_out)
    : path_(std::move(path)), signed_out_(std::move(signed_out)) {
  the_link = this;
}

WebSocketLink::~WebSocketLink() { the_link = nullptr; }

void WebSocketLink::connect(SyncClient& client) {
  client_ = &client;
  foyer_socket_connect(path_.c_str());
}

void WebSocketLink::send(std::string frame) {
  foyer_socket_send(frame.data(), static_cast<int>(frame.size()));
}

extern "C" {

EMSCRIPTEN_KEEPALIVE void foyer_socket_opened() {
  if (the_link) the_link->client()->connected(device_now());
}
EMSCRIPTEN_KEEPALIVE void foyer_socket_closed() {
  if (the_link) the_link->client()->disconnected();
}
EMSCRIPTEN_KEEPALIVE void foyer_socket_tick() {
  if (the_link) the_link->client()->tick(device_now());
}
// How long to wait before the next try, in milliseconds.
EMSCRIPTEN_KEEPALIVE int foyer_socket_wait(int failures) {
  if (!the_link) return 1000;
  const auto& engine = the_link->client()->engine();
  return static_cast<int>(engine.reconnect_in_ms(static_cast<unsigned>(failures), device_now()));
}
// False: what came makes no sense, and the connection is to be closed.
EMSCRIPTEN_KEEPALIVE int foyer_socket_received(const char* at, int size) {
  const std::string_view frames(at, static_cast<std::size_t>(size));
  return the_link && the_link->client()->received(frames, device_now()).has_value();
}
EMSCRIPTEN_KEEPALIVE void foyer_socket_signed_out() {
  if (the_link) the_link->sign_out();
}

}  // extern "C"

}  // namespace foyer::web
