// The customer site inside the service worker: the pages of shared/pages over the device's own
// replica. Not the events of a worker (web/src/sw.ts), which decide what comes here and take what
// this passes on.
// Invariant: a form is answered as done only when its command is durable on this device.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "foyer/pages/pages.h"
#include "foyer/sync/post_link.h"
#include "indexed_db_store.h"

namespace foyer::web {

class WorkerSite {
 public:
  // Whose site it is. `keeps`: the device is the person's own, and a replica is kept at rest; else
  // it is in memory only and forms are not taken.
  struct Settings {
    std::string user;
    std::string form_token;
    bool keeps = false;
    bool is_demo = false;
  };
  // status 0: not ours to answer, ask the server. 507: it could not be saved here; the body is the
  // form with its words, for when the server cannot be asked either.
  struct Answer {
    int status = 0;
    DeviceDeed deed = DeviceDeed::kNone;
    std::string location;
    std::string body;
  };
  using Answered = std::function<void(Answer)>;

  WorkerSite(Settings settings, std::function<void(bool is_open)> done);

  void answer(Request request, Answered done);
  void exchange(PostLink::Done done);
  // What came of the request of that number; status 0: the server was not reached.
  void posted(int number, int status, std::string_view frames);
  void set_form_token(std::string token) { settings_.form_token = std::move(token); }
  // What is being written in the form of that path, on a device that keeps; empty: nothing.
  std::string draft(std::string_view path) const;
  void keep_draft(const std::string& path, std::string words, std::function<void(bool)> done);
  // Nothing may be asked after it. kOver: what the person wrote stays for their return, sent or
  // not; kLeft: what waits to be sent stays; kForgotten: nothing does.
  enum class Farewell : std::uint8_t { kOver, kLeft, kForgotten };
  void erase(Farewell farewell, std::function<void()> done);

  const ClientEngine& engine() const { return client_->engine(); }
  bool is_open() const { return client_ != nullptr; }

 private:
  void open(const Uuid& client, DeviceStore& store, Stored stored);
  void run(const Request& request, PageResult result, Answered done);
  void refuse(Request request, Error error, const Answered& done);
  void run_deed(const PageResult& result, const Answered& done);
  const OutboxEntry* in_outbox(const Command& command) const;

  Settings settings_;
  std::unique_ptr<IndexedDbStore> disk_;
  NoDeviceStore memory_;
  PostLink link_;
  int post_ = 0;  // the number of the request under way
  std::unique_ptr<SyncClient> client_;
  // Forms that came again while they were being saved, by mid.
  std::map<std::uint64_t, std::vector<Answered>> repeats_;
};

}  // namespace foyer::web
