#include "foyer/sync/post_link.h"

namespace foyer {
namespace {

// A device and a server that never agree must not talk for ever.
constexpr int kRequestsMax = 100;

bool is_hello(std::string_view frame) {
  const auto messages = decode_frames(frame);
  return messages && !messages->empty() && std::holds_alternative<Hello>(messages->front());
}

}  // namespace

void PostLink::exchange(Instant device_now, Done done) {
  // The answer that is under way may have been made before the caller's reason to ask.
  (is_busy_ ? asked_later_ : waiting_).push_back(std::move(done));
  if (is_busy_) return;
  requests_ = 0;
  is_busy_ = true;
  ask(device_now);
}

void PostLink::send(std::string frame) {
  // Each request begins with a Hello of its own.
  if (is_hello(frame)) wants_more_ = true;
  else pushes_.push_back(std::move(frame));
}

void PostLink::ask(Instant device_now) {
  if (!std::exchange(is_connected_, true)) device_->connected(device_now);
  else device_->tick(device_now);
  wants_more_ = false;
  ++requests_;
  std::string body = device_->engine().hello();
  if (!pushes_.empty()) {
    body += pushes_.front();
    pushes_.pop_front();
  }
  post_(std::move(body));
}

void PostLink::answered(std::string_view frames, Instant device_now) {
  if (!is_busy_) return;
  if (!device_->received(frames, device_now)) return failed();
  const bool wants_more = wants_more_ || !pushes_.empty();
  if (wants_more && requests_ < kRequestsMax) return ask(device_now);
  if (wants_more) return failed();
  const auto heard = std::exchange(waiting_, std::exchange(asked_later_, {}));
  is_busy_ = !waiting_.empty();
  if (is_busy_) {
    requests_ = 0;
    ask(device_now);
  }
  for (const Done& done : heard) done(device_->engine().status().is_online);
}

void PostLink::failed() {
  if (!is_busy_) return;
  is_busy_ = is_connected_ = wants_more_ = false;
  pushes_.clear();
  device_->disconnected();
  auto heard = std::exchange(waiting_, {});
  for (Done& done : std::exchange(asked_later_, {})) heard.push_back(std::move(done));
  for (const Done& done : heard) done(false);
}

}  // namespace foyer
