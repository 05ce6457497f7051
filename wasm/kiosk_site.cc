#include "kiosk_site.h"

#include "browser.h"
#include "browser_page_host.h"
#include "foyer/command/execute.h"
#include "foyer/sync/submission.h"

extern "C" {
void foyer_post(int number, const char* address, const char* token, const char* bytes, int size);
void foyer_host_changed();
void foyer_host_signed_out(int status);
}

namespace foyer::web {
namespace {

// Articles and a profile, no person's rows: a kiosk without a network goes on for long.
constexpr std::int64_t kLeaseMs = 90 * kMsPerDay;

int posts = 0;

}  // namespace

KioskSite::KioskSite(Settings settings, std::function<void(bool)> done)
    : settings_(settings), link_([this](std::string body) {
        post_ = ++posts;
        foyer_post(post_, "/kiosk/sync", "", body.data(), static_cast<int>(body.size()));
      }),
      disk_({"kiosk." + to_string(settings.device), 1},
            [this, done = std::move(done)](bool is_open) {
              if (is_open) {
                client_ = std::make_unique<SyncClient>(
                    disk_.client(), disk_, link_,
                    SyncClient::Listener{[] { foyer_host_changed(); },
                                         [] { foyer_host_signed_out(401); }});
                link_.attach(*client_);
                client_->load(disk_.stored(), device_now(), kLeaseMs);
              }
              done(is_open);
            }) {}

void KioskSite::exchange(PostLink::Done done) { link_.exchange(device_now(), std::move(done)); }

void KioskSite::posted(int number, int status, std::string_view frames) {
  if (number != post_) return;
  if (status == 200) return link_.answered(frames, device_now());
  link_.failed();
  if (status == 401 || status == 403) foyer_host_signed_out(status);
}

KioskSite::Answer KioskSite::answer(Request request) {
  const ClientEngine& engine = client_->engine();
  if (!engine.status().is_loaded || !is_kiosk_page(request.path)) return {};
  request.actor = engine.actor();
  request.now = engine.corrected(device_now());
  const BrowserPageHost host;
  const PageResult page = render_kiosk_page({request, engine.rows(), host, {}});
  if (page.command) return hand_over(std::move(request), page);
  return {page.response.status, {}, page.response.body, {}};
}

KioskSite::Answer KioskSite::hand_over(Request request, const PageResult& page) {
  const ClientEngine& engine = client_->engine();
  const auto checked =
      check_command(*page.command, engine.rows(), {request.actor, request.now, page.command_id});
  // Done already: the host knows where this form led to.
  if (!checked && checked.error().detail != "already_done") {
    request.failure = checked.error();
    const BrowserPageHost host;
    const PageResult again = render_kiosk_page({request, engine.rows(), host, {}});
    return {422, {}, again.response.body, {}};
  }
  const std::string header =
      encode_header({settings_.key_id, settings_.device, page.command_id});
  const bool is_drift_known = request.kiosk && request.kiosk->drift_ms.has_value();
  const std::string content = encode_content({request.now, is_drift_known, *page.command});
  return {303, page.location, {}, header + signed_text(header, content)};
}

}  // namespace foyer::web
