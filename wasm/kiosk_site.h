// The kiosk inside its service worker (web/src/kiosk_sw.ts): its pages over the device's own
// replica, which is only read. A form's command is checked here and then is the host's, to sign, to
// seal and to keep. Invariant: nothing that a visitor typed outlives the answer to their form.
#pragma once

#include <memory>

#include "foyer/pages/kiosk_pages.h"
#include "foyer/sync/post_link.h"
#include "indexed_db_store.h"

namespace foyer::web {

class KioskSite {
 public:
  struct Settings {
    Id<Device> device;
    std::uint32_t key_id = 0;  // of the server's key
  };
  // status 0: there are no rows yet. With `submission`: to be signed and sealed, and only when it
  // is durable the visitor goes to `location`.
  struct Answer {
    int status = 0;
    std::string location;
    std::string body;
    std::string submission;  // the header, and behind it the text to sign (sync/submission.h)
  };

  KioskSite(Settings settings, std::function<void(bool is_open)> done);

  // With `request.failure` the command was not kept: the form comes back with its words.
  Answer answer(Request request);
  void exchange(PostLink::Done done);
  void posted(int number, int status, std::string_view frames);
  void close(Erase erase, std::function<void()> done) { disk_.close(erase, std::move(done)); }

  bool is_open() const { return client_ != nullptr; }

 private:
  Answer hand_over(Request request, const PageResult& page);

  Settings settings_;
  PostLink link_;
  int post_ = 0;  // the number of the request under way
  std::unique_ptr<SyncClient> client_;
  IndexedDbStore disk_;
};

}  // namespace foyer::web
