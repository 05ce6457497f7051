// The part of Application that lets people in: sign-in, sign-out and the first set-up. The answer
// to a wrong password, an unknown person and a suspended one is the same, and takes as long.
#include "application.h"
#include "first_rows.h"
#include "foyer/base/text.h"
#include "foyer/model/people.h"
#include "locale_data.h"
#include "plain_pages.h"
#include "random_ids.h"
#include "server_tables.h"

namespace foyer::server {
namespace {

constexpr std::int64_t kCustomerCookieSeconds = 30 * 24 * 3600;
constexpr std::size_t kEmailBytesMax = 254;
constexpr std::size_t kPasswordBytesMax = 1024;

// Message keys of the sign-in page.
constexpr std::string_view kWrong = "wrong_credentials";
constexpr std::string_view kStale = "stale_form";
constexpr std::string_view kBusy = "busy";
constexpr std::string_view kTooMany = "too_many_attempts";

std::string wait_in_words(std::int64_t wait_ms) {
  const auto seconds = (wait_ms + 999) / 1000;
  if (seconds < 60) return std::to_string(seconds) + (seconds == 1 ? " second" : " seconds");
  const auto minutes = (seconds + 59) / 60;
  return std::to_string(minutes) + (minutes == 1 ? " minute" : " minutes");
}

// The words of the server's own pages, which stand in when the product's pages cannot.
std::string words_of(std::string_view problem, std::int64_t wait_ms) {
  if (problem == kWrong) return "The e-mail address or the password is not right";
  if (problem == kStale) return "This page was open for long. Please try again";
  if (problem == kBusy) return "Many people are signing in. Please try again in a moment";
  if (problem == kTooMany)
    return "Too many attempts. Please wait " + wait_in_words(wait_ms) + " and try again";
  return {};
}

bool may_enter(const User& user, SiteKind site) {
  if (user.state != UserState::kActive) return false;
  const bool is_customer = !user.contact.is_null();
  if (site == SiteKind::kCustomer) return is_customer;
  Roles staff_roles;
  for (std::size_t i = 0; i < kNames<Role>.size(); ++i) staff_roles.add(static_cast<Role>(i));
  staff_roles.bits &= ~(kCustomerRoles.bits | Roles{Role::kKiosk}.bits);
  return !is_customer && user.roles.has_any_of(staff_roles);
}

}  // namespace

void Application::show_sign_in(Call& call) {
  if (session_of(*call.request))
    return call.respond(redirect_response(
        safe_next(site_of(call.request->path), call.query.get("next"))));
  answer_sign_in(call, 200, "");
}

void Application::answer_sign_in(const Call& call, int status, std::string_view problem,
                                 std::int64_t wait_ms) {
  const auto& request = *call.request;
  const auto token = browser_token(request);
  const auto site = site_of(request.path);
  const auto& source = request.method == "POST" ? call.form : call.query;
  SignInView view;
  view.email = source.get("email").substr(0, kEmailBytesMax);
  if (!is_valid_utf8(view.email)) view.email.clear();
  view.next = safe_next(site, source.get("next"));
  view.problem = problem;
  view.wait_seconds = (wait_ms + 999) / 1000;
  view.form_token = token.form_token;
  view.is_staff = site == SiteKind::kStaff;
  view.demo_accounts = options_.demo_accounts;
  auto response = made_page(page_request(call, view.form_token), {},
                            [&](const PageInput& input) { return render_sign_in(input, view); })
                      .value_or(plain_sign_in(view, wait_ms));
  response.status = status;
  if (!token.new_cookie.empty()) response.set("Set-Cookie", token.new_cookie);
  if (wait_ms > 0) response.set("Retry-After", std::to_string((wait_ms + 999) / 1000));
  call.respond(std::move(response));
}

HttpResponse Application::plain_sign_in(const SignInView& view, std::int64_t wait_ms) const {
  const SignInForm form{.site = view.is_staff ? SiteKind::kStaff : SiteKind::kCustomer,
                        .form_token = view.form_token,
                        .next = view.next,
                        .email = view.email,
                        .problem = words_of(view.problem, wait_ms),
                        .demo_accounts = view.demo_accounts};
  return page(200, form.problem.empty() ? "Sign in" : "Error: Sign in", sign_in_body(form));
}

void Application::submit_sign_in(Call& call) {
  if (!has_browser_token(call)) return answer_sign_in(call, 403, kStale);
  const auto email = to_ascii_lower(trim(call.form.get("email")));
  const std::string password(call.form.get("password"));
  if (email.empty() || email.size() > kEmailBytesMax || password.empty() ||
      password.size() > kPasswordBytesMax)
    return answer_sign_in(call, 422, kWrong);
  const auto wait = rate_limit_.begin_attempt(email, call.request->peer_address, options_.clock());
  if (wait > 0)
    return answer_sign_in(call, 429, kTooMany, wait);
  check_password(call, email, password);
}

void Application::check_password(const Call& call, const std::string& email,
                                 const std::string& password) {
  const auto site = site_of(call.request->path);
  Uuid id;
  std::string hash;
  {
    auto lease = installation_.readers().acquire();
    for (const auto& user : find<&User::email>(lease.store(), email, 1)) {
      if (!may_enter(user, site)) continue;
      id = user.id;
      hash = password_hash_of(lease.database(), id);
    }
  }
  const bool is_queued =
      passwords_.verify(hash, password, [this, call, email, id, password](auto verdict) {
        if (verdict == PasswordVerdict::kWrong) return answer_sign_in(call, 422, kWrong);
        rate_limit_.succeeded(email, call.request->peer_address);
        if (verdict == PasswordVerdict::kRightButOld) {
          const auto fresh = hash_password(password);
          const auto now = options_.clock();
          installation_.writer().submit({[this, id, fresh, now] {
                                           return !fresh.empty() &&
                                                  store_password(installation_.database(), id,
                                                                 fresh, now);
                                         },
                                         [](bool) {}});
        }
        begin_session(call, id, safe_next(site_of(call.request->path), call.form.get("next")));
      });
  if (!is_queued) answer_sign_in(call, 503, kBusy, 2000);
}

// A new token at each sign-in: one that was planted before is worth nothing after.
void Application::begin_session(const Call& call, const Uuid& user, const std::string& next) {
  const auto site = site_of(next);
  const auto old = installation_.sessions().find(
      site, call.request->cookie(cookie_name(site)), options_.clock());
  if (old) installation_.sessions().end(old->id, [](bool) {});
  installation_.sessions().begin(
      site, user, device_label(call.request->header("user-agent")), options_.clock(),
      [respond = call.respond, site, next, id = call.request->request_id](auto begun) {
        if (!begun) return respond(problem_response(503, "unavailable", {}, id));
        auto response = redirect_response(next);
        response.set("Set-Cookie", session_cookie(site, begun->token, kCustomerCookieSeconds));
        respond(std::move(response));
      });
}

void Application::submit_sign_out(Call& call) {
  const auto site = site_of(call.request->path);
  const std::string target = site == SiteKind::kStaff ? "/staff/sign-in" : "/sign-in";
  const auto session = session_of(*call.request);
  const auto leave = [respond = call.respond, site, target](bool) {
    auto response = redirect_response(target);
    response.set("Set-Cookie", session_cookie(site, "", 0));
    respond(std::move(response));
  };
  if (!session) return leave(true);
  if (!equal_in_constant_time(call.form.get("form_token"), session->form_token))
    return answer_error(call, 403);
  installation_.sessions().end(session->id, leave);
}

Application::BrowserToken Application::browser_token(const HttpRequest& request) const {
  BrowserToken token;
  std::string value(request.cookie(browser_cookie_name()));
  if (value.size() != 43) {
    value = random_token();
    token.new_cookie = browser_cookie(value);
  }
  token.form_token = browser_form_token(installation_.form_key(), value);
  return token;
}

bool Application::has_browser_token(const Call& call) const {
  const auto cookie = call.request->cookie(browser_cookie_name());
  return cookie.size() == 43 &&
         equal_in_constant_time(call.form.get("form_token"),
                                browser_form_token(installation_.form_key(), cookie));
}

bool Application::is_setup_token(std::string_view token) {
  if (token.empty() || installation_.is_set_up()) return false;
  auto lease = installation_.readers().acquire();
  const auto stored = load_value(lease.database(), kSetupTokenHash);
  return stored && equal_in_constant_time(*stored, hash_token(token));
}

void Application::show_setup(Call& call) {
  if (!is_setup_token(call.query.get("token"))) return answer_error(call, 404);
  answer_setup(call, 200, "", "");
}

void Application::answer_setup(const Call& call, int status, std::string_view field,
                               std::string_view problem) {
  const auto token = browser_token(*call.request);
  const auto& source = call.request->method == "POST" ? call.form : call.query;
  SetupForm form{.setup_token = std::string(source.get("token")),
                 .form_token = token.form_token,
                 .company = std::string(source.get("company")),
                 .time_zone = std::string(source.get("time_zone")),
                 .name = std::string(source.get("name")),
                 .email = std::string(source.get("email")),
                 .problem_field = std::string(field),
                 .problem = std::string(problem)};
  if (form.time_zone.empty()) form.time_zone = "Europe/Berlin";
  auto response = page(status, problem.empty() ? "Set up" : "Error: Set up", setup_body(form));
  if (!token.new_cookie.empty()) response.set("Set-Cookie", token.new_cookie);
  call.respond(std::move(response));
}

void Application::submit_setup(Call& call) {
  const auto& form = call.form;
  if (rate_limit_.begin_attempt("setup", call.request->peer_address, options_.clock()) > 0)
    return answer_error(call, 429);
  if (!is_setup_token(form.get("token"))) return answer_error(call, 404);
  if (!has_browser_token(call)) return answer_setup(call, 403, "company", words_of(kStale, 0));
  const auto email = trim(form.get("email"));
  const auto at = email.find('@');
  const struct {
    std::string_view field, problem;
    bool is_wrong;
  } checks[] = {
      {"company", "Enter the name of your company", trim(form.get("company")).empty()},
      {"time_zone", "Enter a time zone such as Europe/Berlin",
       trim(form.get("time_zone")).empty() || form.get("time_zone").size() > 60},
      {"name", "Enter your name", trim(form.get("name")).empty()},
      {"email", "Enter an e-mail address such as ann@example.com",
       at == std::string_view::npos || at == 0 || at + 1 == email.size() ||
           email.size() > kEmailBytesMax || has_control_characters(email)},
  };
  for (const auto& check : checks)
    if (check.is_wrong) return answer_setup(call, 422, check.field, check.problem);
  const std::string password(form.get("password"));
  const auto strength = check_password_strength(password, email);
  if (!strength) {
    const auto& detail = strength.error().detail;
    return answer_setup(call, 422, "password",
                        detail == "too_short"  ? "Use at least 12 characters"
                        : detail == "too_long" ? "Use at most 256 characters"
                                               : "Choose a password that is harder to guess");
  }
  const bool is_queued = passwords_.make(password, [this, call](std::string hash) {
    create_first_user(call, hash);
  });
  if (!is_queued) answer_setup(call, 503, "password", words_of(kBusy, 0));
}

void Application::create_first_user(const Call& call, const std::string& password_hash) {
  const auto now = options_.clock();
  auto random = seeded_random();
  FirstRows rows{.company = std::string(trim(call.form.get("company"))),
                 .time_zone = std::string(trim(call.form.get("time_zone"))),
                 .administrator = {}};
  auto& user = rows.administrator;
  user.id = Id<User>(make_uuid(now, random));
  user.name = trim(call.form.get("name"));
  user.email = to_ascii_lower(trim(call.form.get("email")));
  user.roles = {Role::kAdmin, Role::kSupervisor};
  const auto create = [this, rows, password_hash, now] {
    auto& database = installation_.database();
    // Checked again where nobody else writes: two submits make one administrator.
    if (password_hash.empty() || installation_.store().count(entity_of<User>()) > 0) return false;
    return run_as_installation(gate_, first_rows(rows, now), now).has_value() &&
           store_password(database, rows.administrator.id, password_hash, now) &&
           erase_value(database, kSetupTokenHash);
  };
  const auto done = [this, call, id = user.id](bool is_durable) {
    if (!is_durable) return answer_error(call, 409);
    installation_.mark_set_up();
    begin_session(call, id, "/staff/");
  };
  if (!installation_.writer().submit({create, done})) answer_error(call, 503);
}

}  // namespace foyer::server
