#include "worker_site.h"

#include <emscripten/emscripten.h>

#include "browser.h"
#include "browser_page_host.h"
#include "foyer/command/seen.h"

extern "C" {
void foyer_post(int number, const char* address, const char* token, const char* bytes,
                int size);
void foyer_host_changed();
void foyer_host_signed_out(int status);
}

namespace foyer::web {
namespace {

constexpr std::int64_t kLeaseMs = 7 * kMsPerDay;
constexpr int kNoRoom = 507;

int posts = 0;  // of all sites: an answer for an earlier one is nobody's

}  // namespace

WorkerSite::WorkerSite(Settings settings, std::function<void(bool)> done)
    : settings_(std::move(settings)), link_([this](std::string body) {
        post_ = ++posts;
        foyer_post(post_, "/sync", settings_.form_token.c_str(), body.data(),
                   static_cast<int>(body.size()));
      }) {
  if (!settings_.keeps) {
    open(fresh_id(), memory_, {});
    done(true);
    return;
  }
  disk_ = std::make_unique<IndexedDbStore>(
      IndexedDbStore::Place{settings_.user, 1}, [this, done = std::move(done)](bool is_open) {
        if (is_open) open(disk_->client(), *disk_, disk_->take_stored());
        done(is_open);
      });
}

void WorkerSite::open(const Uuid& client, DeviceStore& store, Stored stored) {
  client_ = std::make_unique<SyncClient>(
      client, store, link_,
      SyncClient::Listener{[] { foyer_host_changed(); }, [] { foyer_host_signed_out(401); }});
  link_.attach(*client_);
  client_->load(std::move(stored), device_now(), kLeaseMs);
}

void WorkerSite::exchange(PostLink::Done done) { link_.exchange(device_now(), std::move(done)); }

void WorkerSite::posted(int number, int status, std::string_view frames) {
  if (number != post_) return;
  if (status == 200) return link_.answered(frames, device_now());
  link_.failed();
  if (status == 401 || status == 403) foyer_host_signed_out(status);
}

void WorkerSite::answer(Request request, Answered done) {
  const SyncStatus status = engine().status();
  if (!is_page(request.path) || !status.is_loaded) return done({});
  const bool is_form = request.method == "POST";
  const bool is_ours =
      !is_form || value_of_field(request.form, "form_token") == settings_.form_token;
  request.actor = engine().actor();
  request.form_token = settings_.form_token;
  request.now = engine().corrected(device_now());
  request.demo = settings_.is_demo;
  request.own_device = settings_.keeps;
  if (!is_ours) return refuse(std::move(request), {ErrorCode::kForbidden, "", "form_token"}, done);
  // The replica holds what its actor may read and nothing else: it needs no second look.
  const BrowserPageHost host;
  const PageInput input{request, engine().rows(), host, outbox_lines(engine().outbox())};
  run(request, render_page(input), std::move(done));
}

// The form again, with its words and what is wrong.
void WorkerSite::refuse(Request request, Error error, const Answered& done) {
  const int status = error.code == ErrorCode::kExhausted ? kNoRoom : 422;
  request.failure = std::move(error);
  const BrowserPageHost host;
  const PageResult page =
      render_page({request, engine().rows(), host, outbox_lines(engine().outbox())});
  const bool is_only_shown = settings_.keeps && page.deed == DeviceDeed::kNone && !page.command;
  done(is_only_shown ? Answer{status, DeviceDeed::kNone, {}, page.response.body} : Answer());
}

void WorkerSite::run(const Request& request, PageResult result, Answered done) {
  if (result.deed != DeviceDeed::kNone) return run_deed(result, done);
  if (!result.command) {
    std::string location;
    for (const auto& [name, value] : result.response.headers)
      if (name == "Location") location = value;
    return done({result.response.status, DeviceDeed::kNone, location, result.response.body});
  }
  if (!settings_.keeps) return done({});
  const Answer sent{303, DeviceDeed::kNone, result.location, {}};
  // The same form again: it waits already, is being saved, or has arrived.
  if (const OutboxEntry* same = in_outbox(*result.command)) {
    if (same->state != OutboxState::kSaving) return done(sent);
    return repeats_[same->mid].push_back(std::move(done));
  }
  // What is answered at once comes before there is a number.
  auto answered = std::make_shared<Answered>(std::move(done));
  auto number = std::make_shared<std::uint64_t>(0);
  const auto saved = [this, request, sent, answered, number](bool is_saved) {
    auto all = std::exchange(repeats_[*number], {});
    repeats_.erase(*number);
    all.push_back(std::move(*answered));
    if (is_saved && !value_of_field(request.form, "body").empty())
      keep_draft(request.path, {}, [](bool) {});
    for (const Answered& each : all) {
      if (is_saved) each(sent);
      else refuse(request, {ErrorCode::kExhausted, "", "no_room"}, each);
    }
  };
  const auto mid = result.mid == 0
                       ? client_->submit(*result.command, device_now(), saved)
                       : client_->replace(result.mid, *result.command, device_now(), saved);
  if (mid) {
    *number = *mid;
    return;
  }
  const bool is_kept = engine().outbox().contains(result.mid);
  if (mid.error().detail == "already_done" && !is_kept) return (*answered)(sent);
  // What does not fit our rows may fit the server's newer ones, unless it is about what only this
  // device has; wrong input is wrong anywhere.
  if (mid.error().code != ErrorCode::kInvalid && !is_kept) return (*answered)({});
  refuse(request, mid.error(), *answered);
}

void WorkerSite::run_deed(const PageResult& result, const Answered& done) {
  std::string location = result.location;
  if (result.deed == DeviceDeed::kRetry && !client_->retry(result.mid, device_now()) &&
      engine().outbox().contains(result.mid))
    location += "?still=" + std::to_string(result.mid);
  if (result.deed == DeviceDeed::kDiscard) client_->discard(result.mid);
  done({303, result.deed, location, {}});
}

const OutboxEntry* WorkerSite::in_outbox(const Command& command) const {
  const std::string arguments = without_seen(command).arguments;
  for (const auto& [mid, entry] : engine().outbox())
    if (entry.state != OutboxState::kAttention && entry.command.name == command.name &&
        without_seen(entry.command).arguments == arguments)
      return &entry;
  return nullptr;
}

std::string WorkerSite::draft(std::string_view path) const {
  if (!disk_) return {};
  const auto found = disk_->drafts().find(path);
  return found == disk_->drafts().end() ? std::string() : found->second;
}

void WorkerSite::keep_draft(const std::string& path, std::string words,
                            std::function<void(bool)> done) {
  if (!disk_ || (words.empty() && draft(path).empty())) return done(words.empty());
  disk_->keep_draft(path, std::move(words), std::move(done));
}

void WorkerSite::erase(Farewell farewell, std::function<void()> done) {
  if (!disk_) return done();
  const bool is_sent = client_ == nullptr || engine().outbox().empty();
  const bool is_all = farewell == Farewell::kForgotten ||
                      (is_sent && (farewell == Farewell::kLeft || disk_->drafts().empty()));
  disk_->close(is_all                            ? Erase::kEverything
               : farewell == Farewell::kLeft ? Erase::kCacheAndDrafts
                                             : Erase::kCache,
               std::move(done));
}

}  // namespace foyer::web
