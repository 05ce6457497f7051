// The portal in a browser: entry of the program. The page drives it through exported functions;
// what it keeps and how it reaches the server are given to it by main_portal.cc.
#pragma once

#include <functional>
#include <memory>

#include "foyer/sync/sync_client.h"

namespace foyer::portal {

struct OpenedStore {
  DeviceStore* store = nullptr;
  Uuid client;
  Stored stored;
};

struct Platform {
  // What is kept of a user on this device; where nothing can be kept, a store that says so.
  std::function<void(std::string user, std::function<void(OpenedStore)> done)> open_store;
  std::unique_ptr<SyncLink> link;
  std::function<void(SyncClient&)> connect;
};

// Returns at once; everything happens when the page calls.
void run(Platform platform);

}  // namespace foyer::portal
