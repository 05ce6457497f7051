#include "foyer/pages/sign_in_pages.h"

#include "foyer/pages/page_view.h"

namespace foyer {
namespace {

using nlohmann::json;

// The request of somebody who is not signed in: its form is not the session's.
Request form_request(const Request& request, std::string_view form_token, std::string_view field,
                     std::string_view problem) {
  Request changed = request;
  changed.form_token = form_token;
  changed.form.clear();
  if (!problem.empty())
    changed.failure = Error{ErrorCode::kInvalid, std::string(field), std::string(problem)};
  return changed;
}

std::string device_words(const PageView& view, const SignedIn& row) {
  const std::string browser = row.browser.empty() ? view.t("sessions.browser") : row.browser;
  if (row.system.empty()) return browser;
  return view.t("sessions.device", {{"browser", browser}, {"system", row.system}});
}

}  // namespace

Response render_sign_in(const PageInput& input, const SignInView& sign_in) {
  Request request = form_request(input.request, sign_in.form_token, "email", sign_in.problem);
  request.form.emplace_back("email", sign_in.email);
  const PageInput changed{request, input.reader, input.host, {}};
  const PageView view(changed);
  json fields = json::array();
  fields.push_back(view.field({.name = "email",
                               .kind = "email",
                               .label = view.t("sign_in.email"),
                               .autocomplete = "username"}));
  fields.push_back(view.field({.name = "password",
                               .kind = "password",
                               .label = view.t("sign_in.password"),
                               .autocomplete = "current-password"}));
  json data = {{"fields", fields},
               {"next", sign_in.next},
               {"action", sign_in.is_staff ? "/staff/sign-in" : "/sign-in"},
               {"demo_accounts", sign_in.demo_accounts}};
  const int status = sign_in.problem.empty() ? 200 : sign_in.wait_seconds > 0 ? 429 : 400;
  return view.respond(status, "sign_in", {},
                      view.t(sign_in.is_staff ? "sign_in.title_staff" : "sign_in.title"),
                      std::move(data));
}

Response render_welcome(const PageInput& input, const WelcomeView& welcome) {
  const Request request =
      form_request(input.request, welcome.form_token, "password", welcome.problem);
  const PageInput changed{request, input.reader, input.host, {}};
  const PageView view(changed);
  json fields = json::array();
  fields.push_back(view.field({.name = "password",
                               .kind = "password",
                               .label = view.t("sign_in.password"),
                               .hint = view.t("welcome.password.hint"),
                               .autocomplete = "new-password"}));
  json data = {{"fields", fields},
               {"token", welcome.token},
               {"email", welcome.email},
               {"greeting", view.t("welcome.greeting", {{"name", welcome.name}})}};
  return view.respond(welcome.problem.empty() ? 200 : 422, "welcome", {}, view.t("welcome.title"),
                      std::move(data));
}

Response render_sessions(const PageInput& input, const SessionsView& sessions) {
  const PageView view(input);
  json rows = json::array();
  for (const SignedIn& row : sessions.sign_ins)
    rows.push_back({{"session", to_string(row.session)},
                    {"device", device_words(view, row)},
                    {"is_this", row.is_this},
                    {"since", view.time(row.since)},
                    {"since_iso", to_iso(row.since)},
                    {"seen", view.time(row.seen)},
                    {"seen_iso", to_iso(row.seen)}});
  return view.respond(200, "sessions", {}, view.t("sessions.title"),
                      {{"rows", rows}, {"action", sessions.action}});
}

}  // namespace foyer
