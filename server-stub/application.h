// Routes requests: static files, health, sign-in and set-up here, everything else to the pages and
// to sync. Knows no SQL and no socket.
// Invariant: nothing that reads or writes the database runs on an I/O thread; every request that
// changes something has passed the origin check and carries a form token, or a device's signature.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <string>

#include "clock.h"
#include "command_gate.h"
#include "foyer/pages/sign_in_pages.h"
#include "http_server.h"
#include "installation.h"
#include "kiosk_secrets.h"
#include "kiosk_submission.h"
#include "page_host.h"
#include "passwords.h"
#include "rate_limit.h"
#include "session_cookies.h"
#include "socket_directory.h"
#include "static_files.h"
#include "sync_hub.h"
#include "work_pool.h"

namespace foyer::server {

struct ApplicationOptions {
  std::vector<std::string> allowed_origins;
  bool is_demo = false;
  std::vector<std::string> demo_accounts;
  int page_threads = 4;
  std::size_t page_queue_max = 256;
  RateLimitOptions rate_limit = {};
  // Of one-time codes for devices: per address, and all together, since a guess can be of any.
  RateLimitOptions enrol_limit = {.account_free = 10, .address_free = 10, .total_per_minute = 60};
  std::function<Instant()> clock = wall_clock;
};

class Application final : public HttpHandler {
 public:
  Application(Installation& installation, CommandGate& gate, const StaticFiles& files,
              ApplicationOptions options);
  ~Application() override;

  void handle(SharedRequest request, Respond respond) override;
  void upgrade(SharedRequest request, RespondUpgrade respond) override;
  void admit_body(SharedRequest head, AdmitBody answer) override;

  // From now on /readyz answers 503, so that a load balancer looks elsewhere.
  void begin_drain() { is_draining_ = true; }
  // Waits for running pages; later requests are answered 503.
  void stop();
  // Method and path of every route but files and pages: a test tries each without rights.
  static std::vector<std::pair<std::string_view, std::string_view>> routes();
  // Once a minute: ends sessions that are over.
  void sweep() { installation_.sessions().sweep(options_.clock()); }
  // Tells open pages and devices that something on these scopes changed. On the writer thread.
  void hint(const std::set<Scope>& scopes);
  std::size_t open_sockets() const { return sockets_.size(); }

 private:
  struct Call {
    SharedRequest request;
    Respond respond;
    FormFields form;  // of a POST
    FormFields query;
  };
  using Action = void (Application::*)(Call&);
  enum class Body : std::uint8_t { kForm, kRaw };  // what a POST carries
  struct Route {
    std::string_view method;
    std::string_view path;  // exact, or with a "*" at the end
    Action action;
    Body body = Body::kForm;
  };
  static const Route* find_route(std::string_view method, std::string_view path,
                                 bool& is_known_path);
  static const Route kRoutes[];

  void dispatch(Call& call);
  void readiness(Call& call);
  void show_sign_in(Call& call);
  void submit_sign_in(Call& call);
  void submit_sign_out(Call& call);
  void show_setup(Call& call);
  void submit_setup(Call& call);
  void show_welcome(Call& call);
  void submit_welcome(Call& call);
  void api_invitation(Call& call);
  // `problem`: a message key, or empty.
  void answer_welcome(const Call& call, int status, const User& user, std::string_view problem);
  void store_first_password(const Call& call, const User& user, const std::string& hash);
  std::optional<User> invited_user(std::string_view token);
  void show_sessions(Call& call);
  void submit_end_session(Call& call);
  void describe_session(Call& call);

  void api_device_code(Call& call);
  void submit_enrol(Call& call);
  Result<Device> enrol_device(const std::string& code_hash, const std::string& key,
                              const std::string& version);
  void show_challenge(Call& call);
  void submit_kiosk_session(Call& call);
  void begin_kiosk_session(const Call& call, Id<Device> device);
  std::optional<Device> device_that_signed(Id<Device> id, std::string_view nonce,
                                           std::string_view text, std::string_view signature);
  std::optional<Principal> kiosk_of(const HttpRequest& request);
  void post_kiosk_sync(Call& call);
  void show_kiosk(Call& call);
  void submit_kiosk_batch(Call& call);
  std::optional<Device> device_of_batch(const HttpRequest& request);
  std::optional<SubmissionOutcome> take_submission(const KioskSubmission& submission,
                                                   const Device& device);
  bool park(const KioskSubmission& submission, const Device& device, std::string_view reason);
  void end_revoked(const std::set<Scope>& scopes);

  void api_command(Call& call);
  void api_import(Call& call);
  void api_undo_import(Call& call);
  void api_outbox_key(Call& call);
  void api_outbox_file(Call& call);
  std::optional<Actor> admit_api(const Call& call);
  void answer_problem(const Call& call, const Error& error);
  void host_page(Call& call);
  void answer_page(const Call& call, Request request, const Uuid& user);
  Request page_request(const Call& call, const std::string& form_token) const;
  bool with_page_input(Request& request, const Uuid& user,
                       const std::function<void(const PageInput&)>& work) const;
  // A page that the person asked for, or that of a form; nothing if it could not be made.
  using MakePage = std::function<Response(const PageInput&)>;
  std::optional<HttpResponse> made_page(Request request, const Uuid& user,
                                        const MakePage& make) const;
  void show_staff(Call& call);
  UpgradeAnswer admit_socket(const HttpRequest& request);
  void post_sync(Call& call);
  // `problem`: a message key, or empty.
  void answer_sign_in(const Call& call, int status, std::string_view problem,
                      std::int64_t wait_ms = 0);
  HttpResponse plain_sign_in(const SignInView& view, std::int64_t wait_ms) const;
  void answer_setup(const Call& call, int status, std::string_view field,
                    std::string_view problem);
  void begin_session(const Call& call, const Uuid& user, const std::string& next);
  void check_password(const Call& call, const std::string& email, const std::string& password);
  void create_first_user(const Call& call, const std::string& password_hash);
  void answer_error(const Call& call, int status);
  HttpResponse page(int status, std::string title, std::string_view body) const;
  bool is_setup_token(std::string_view token);
  std::optional<Session> session_of(const HttpRequest& request);
  // What the forms of somebody who is not signed in carry, and the cookie to set for it, if new.
  struct BrowserToken {
    std::string form_token, new_cookie;
  };
  BrowserToken browser_token(const HttpRequest& request) const;
  bool has_browser_token(const Call& call) const;

  Installation& installation_;
  CommandGate& gate_;
  const StaticFiles& files_;
  const ServerPageHost page_host_;
  const ApplicationOptions options_;
  Passwords passwords_;
  RateLimit rate_limit_, enrol_limit_;
  Challenges challenges_;
  SocketDirectory sockets_;
  SyncHub sync_;
  std::atomic<bool> is_draining_{false};
  WorkPool pages_;  // last: stops first
};

// Of "/staff" and "/kiosk" and everything below them; customers have the rest.
SiteKind site_of(std::string_view path);
// `next` if it is a path of this site that can be redirected to, else the site's start page.
std::string safe_next(SiteKind site, std::string_view next);

}  // namespace foyer::server
