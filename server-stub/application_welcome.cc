// The part of Application for invitations: a link that works once lets its person choose a
// password. Also how a forgotten one is replaced, until mail is there: somebody hands it over.
#include "application.h"
#include "foyer/base/text.h"
#include "foyer/command/invite_contact.h"
#include "foyer/model/people.h"
#include "secrets.h"
#include "server_tables.h"

namespace foyer::server {

// Nothing for a token that is unknown, used or too old, or whose person may not sign in.
std::optional<User> Application::invited_user(std::string_view token) {
  if (token.empty() || token.size() > 100) return std::nullopt;
  auto lease = installation_.readers().acquire();
  const auto id = load_invitation(lease.database(), hash_token(token), options_.clock());
  if (!id) return std::nullopt;
  auto user = get(lease.store(), Id<User>(*id));
  return user && user->state == UserState::kActive ? user : std::nullopt;
}

void Application::show_welcome(Call& call) {
  const auto user = invited_user(call.query.get("token"));
  if (!user) return answer_error(call, 404);
  answer_welcome(call, 200, *user, "");
}

void Application::answer_welcome(const Call& call, int status, const User& user,
                                 std::string_view problem) {
  const auto token = browser_token(*call.request);
  const auto& source = call.request->method == "POST" ? call.form : call.query;
  const WelcomeView view{.token = std::string(source.get("token")),
                         .form_token = token.form_token,
                         .name = user.name,
                         .email = user.email,
                         .problem = std::string(problem)};
  auto response = made_page(page_request(call, view.form_token), {}, [&](const PageInput& input) {
    return render_welcome(input, view);
  });
  if (!response) return answer_error(call, 500);
  response->status = status;
  if (!token.new_cookie.empty()) response->set("Set-Cookie", token.new_cookie);
  call.respond(std::move(*response));
}

void Application::submit_welcome(Call& call) {
  if (rate_limit_.begin_attempt("", call.request->peer_address, options_.clock()) > 0)
    return answer_error(call, 429);
  const auto user = invited_user(call.form.get("token"));
  if (!user) return answer_error(call, 404);
  rate_limit_.succeeded("", call.request->peer_address);
  if (!has_browser_token(call)) return answer_welcome(call, 403, *user, "stale_form");
  const std::string password(call.form.get("password"));
  const auto strength = check_password_strength(password, user->email);
  if (!strength) return answer_welcome(call, 422, *user, strength.error().detail);
  const bool is_queued = passwords_.make(password, [this, call, user = *user](std::string hash) {
    store_first_password(call, user, hash);
  });
  if (!is_queued) answer_error(call, 503);
}

void Application::store_first_password(const Call& call, const User& user,
                                       const std::string& hash) {
  const auto now = options_.clock();
  const auto token_hash = hash_token(call.form.get("token"));
  const auto store = [this, user, hash, now, token_hash] {
    auto& database = installation_.database();
    // Checked again where nobody else writes: the link works once.
    const auto invited = load_invitation(database, token_hash, now);
    return invited && *invited == user.id && !hash.empty() &&
           store_password(database, user.id, hash, now) &&
           erase_invitations(database, user.id);
  };
  const auto done = [this, call, user](bool is_durable) {
    if (!is_durable) return answer_error(call, 404);
    // Whoever was signed in with an older password is not any more.
    installation_.sessions().end_all(user.id, {});
    begin_session(call, user.id, user.contact.is_null() ? "/staff/" : "/");
  };
  if (!installation_.writer().submit({store, done})) answer_error(call, 503);
}

void Application::api_invitation(Call& call) {
  const auto actor = admit_api(call);
  if (!actor) return;
  const auto id = parse_uuid(call.query.get("user"));
  std::optional<User> user;
  bool has_password = false;
  {
    auto lease = installation_.readers().acquire();
    const ScopedReader visible(lease.store(), *actor);
    if (id) user = get(visible, Id<User>(*id));
    if (user) has_password = !password_hash_of(lease.database(), user->id).empty();
  }
  // A link is as good as the password: only an administrator may replace one that is there.
  const bool is_admin = actor->roles.has(Role::kAdmin);
  const bool may = actor->is_staff() && actor->roles.has_any_of(kInviters) && user &&
                   (is_admin || (!user->contact.is_null() && !has_password));
  if (!actor->is_staff() || !actor->roles.has_any_of(kInviters))
    return answer_problem(call, {ErrorCode::kForbidden, "", "role"});
  if (!user) return answer_problem(call, {ErrorCode::kNotFound, "user", "not_found"});
  if (!may) return answer_problem(call, {ErrorCode::kForbidden, "user", "has_password"});
  const auto token = random_token();
  const auto now = options_.clock();
  const auto store = [this, token, user = user->id, now] {
    return erase_invitations(installation_.database(), user) &&
           store_invitation(installation_.database(), hash_token(token), user,
                            now + kInvitationMs);
  };
  const auto done = [this, call, token](bool is_durable) {
    if (!is_durable) return answer_error(call, 503);
    call.respond(json_response(200, "{\"path\":" + json_string("/welcome?token=" + token) + '}'));
  };
  if (!installation_.writer().submit({store, done})) answer_error(call, 503);
}

}  // namespace foyer::server
