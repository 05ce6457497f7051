// Synchronisation over one WebSocket, kept open (web_socket.js). One of these is all a program has.
#pragma once

#include "foyer/sync/sync_client.h"

namespace foyer::web {

class WebSocketLink final : public SyncLink {
 public:
  // `path` of this origin; `signed_out`: the server knows no session, and there is no trying again.
  WebSocketLink(std::string path, std::function<void()> signed_out);
  ~WebSocketLink() override;

  // From now on connected whenever the network allows.
  void connect(SyncClient& client);
  void send(std::string frame) override;

  // Called by web_socket.js.
  SyncClient* client() { return client_; }
  void sign_out() { signed_out_(); }

 private:
  std::string path_;
  std::function<void()> signed_out_;
  SyncClient* client_ = nullptr;
};

}  // namespace foyer::web
