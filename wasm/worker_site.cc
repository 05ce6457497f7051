#include "worker_site.h"

#include <emscripten/emscripten.h>

#include <algorithm>

#include "browser.h"

extern "C" {
void foyer_format_instant(double ms, const char* zone, const char* language, const char* style,
                          char* out, int max);
void foyer_format_money(const char* decimal, const char* currency, const char* language, char* out,
                        int max);
void foyer_post(int number, const char* address, const char* token, const char* bytes,
                int size);
void foyer_host_changed();
void foyer_host_signed_out(int status);
void foyer_host_asset(const char* name, char* out, int max);
}

namespace foyer::web {
namespace {

constexpr std::int64_t kLeaseMs = 7 * kMsPerDay;

int posts = 0;  // of all sites: an answer for an earlier one is nobody's

// Words as the browser has them.
class BrowserPageHost final : public PageHost {
 public:
  std::string format_instant(Instant at, std::string_view zone, std::string_view language,
                             std::string_view style) const override {
    if (at.is_none()) return {};
    char text[160] = {};
    foyer_format_instant(static_cast<double>(at.ms), std::string(zone).c_str(),
                         std::string(language).c_str(), std::string(style).c_str(), text,
                         sizeof text);
    return text;
  }
  std::string format_money(Money amount, std::string_view language) const override {
    if (amount.is_none()) return {};
    char text[160] = {};
    foyer_format_money(to_decimal(amount).c_str(), std::string(amount.currency.view()).c_str(),
                       std::string(language).c_str(), text, sizeof text);
    return text;
  }
  std::string asset_url(std::string_view name) const override {
    char text[256] = {};
    foyer_host_asset(std::string(name).c_str(), text, sizeof text);
    return text;
  }
};

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
        if (is_open) open(disk_->client(), *disk_, disk_->stored());
        done(is_open);
      });
}

void WorkerSite::open(const Uuid& client, DeviceStore& store, const Stored& stored) {
  client_ = std::make_unique<SyncClient>(
      client, store, link_,
      SyncClient::Listener{[] { foyer_host_changed(); }, [] { foyer_host_signed_out(401); }});
  link_.attach(*client_);
  client_->load(stored, device_now(), kLeaseMs);
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
  const bool is_form = request.method == "POST";
  const bool is_taken = is_page(request.path) && status.is_loaded &&
                        (!is_form || value_of_field(request.form, "form_token") ==
                                         settings_.form_token);
  if (!is_taken) return done({});
  request.actor = engine().actor();
  request.form_token = settings_.form_token;
  request.now = engine().corrected(device_now());
  request.demo = settings_.is_demo;
  request.own_device = settings_.keeps;
  const BrowserPageHost host;
  // The replica holds what its actor may read and nothing else: it needs no second look.
  const PageInput input{request, engine().rows(), host, outbox_lines(engine().outbox())};
  run(input, render_page(input), std::move(done));
}

void WorkerSite::run(const PageInput& input, PageResult result, Answered done) {
  if (result.deed != DeviceDeed::kNone) return run_deed(result, done);
  if (!result.command) {
    std::string location;
    for (const auto& [name, value] : result.response.headers)
      if (name == "Location") location = value;
    return done({result.response.status, DeviceDeed::kNone, location, result.response.body});
  }
  if (!settings_.keeps) return done({});
  const Answer sent{303, DeviceDeed::kNone, result.location, {}};
  // The same form again: it waits already, or has arrived.
  if (is_in_outbox(*result.command)) return done(sent);
  const auto mid = client_->submit(*result.command, device_now(), [done, sent](bool is_saved) {
    done(is_saved ? sent : Answer());
  });
  if (mid) return;
  if (mid.error().detail == "already_done") return done(sent);
  // What does not fit our rows may fit the server's newer ones; wrong input is wrong anywhere.
  if (mid.error().code != ErrorCode::kInvalid) return done({});
  Request again = input.request;
  again.failure = mid.error();
  const PageResult page = render_page({again, input.reader, input.host, input.outbox});
  done({422, DeviceDeed::kNone, {}, page.response.body});
}

void WorkerSite::run_deed(const PageResult& result, const Answered& done) {
  if (result.deed == DeviceDeed::kRetry) (void)client_->retry(result.mid, device_now());
  if (result.deed == DeviceDeed::kDiscard) client_->discard(result.mid);
  done({303, result.deed, result.location, {}});
}

bool WorkerSite::is_in_outbox(const Command& command) const {
  const auto& outbox = engine().outbox();
  return std::any_of(outbox.begin(), outbox.end(), [&](const auto& entry) {
    return entry.second.state != OutboxState::kAttention &&
           entry.second.command.name == command.name &&
           entry.second.command.arguments == command.arguments;
  });
}

void WorkerSite::erase(bool all, std::function<void()> done) {
  if (!disk_) return done();
  const bool is_empty = client_ == nullptr || engine().outbox().empty();
  disk_->close(all || is_empty ? Erase::kEverything : Erase::kCache, std::move(done));
}

}  // namespace foyer::web
