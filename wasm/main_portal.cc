// Composition root of the staff portal's program: what it keeps lies in IndexedDB, one outbox for
// each tab; one WebSocket carries it.
#include "browser.h"
#include "indexed_db_store.h"
#include "platform_web.h"
#include "web_socket_link.h"

namespace {

constexpr int kTabsMax = 64;

std::unique_ptr<foyer::web::IndexedDbStore> disk;
foyer::NoDeviceStore memory;

void open_store(std::string user,
                std::function<void(foyer::portal::OpenedStore)> done) {
  disk = std::make_unique<foyer::web::IndexedDbStore>(
      foyer::web::IndexedDbStore::Place{std::move(user), kTabsMax},
      [done = std::move(done)](bool is_open) {
        if (is_open) done({disk.get(), disk->client(), disk->take_stored()});
        else done({&memory, foyer::web::fresh_id(), {}});
      });
}

}  // namespace

extern "C" void foyer_host_signed_out(int status);

int main() {
  auto link = std::make_unique<foyer::web::WebSocketLink>("/staff/sync",
                                                          [] { foyer_host_signed_out(401); });
  auto* socket = link.get();
  foyer::portal::run({open_store, std::move(link),
                      [socket](foyer::SyncClient& client) { socket->connect(client); }});
  return 0;
}
