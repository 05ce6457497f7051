// Synchronisation by requests, for hosts that cannot hold a socket: an exchange is a run of
// requests, each a Hello and at most one Push, until nothing is left to say. Not the transport: it
// says what to post, and is told what came back.
// Invariant: one request at a time.
#pragma once

#include <deque>
#include <functional>
#include <vector>

#include "foyer/sync/sync_client.h"

namespace foyer {

class PostLink final : public SyncLink {
 public:
  using Done = std::function<void(bool is_current)>;

  // `post` sends a body of frames; answered() or failed() has to follow.
  explicit PostLink(std::function<void(std::string body)> post) : post_(std::move(post)) {}
  void attach(SyncClient& device) { device_ = &device; }

  // `done` hears whether the device holds all that the server had when this was called, and the
  // server all that waited. To be called after a command was saved: send() alone asks nothing.
  void exchange(Instant device_now, Done done);
  void send(std::string frame) override;

  void answered(std::string_view frames, Instant device_now);
  void failed();
  bool is_busy() const { return is_busy_; }

 private:
  void ask(Instant device_now);

  std::function<void(std::string)> post_;
  SyncClient* device_ = nullptr;
  std::deque<std::string> pushes_;
  std::vector<Done> waiting_, asked_later_;
  bool is_busy_ = false, is_connected_ = false, wants_more_ = false;
  int requests_ = 0;  // of this exchange
};

}  // namespace foyer
