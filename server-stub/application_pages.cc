// The part of Application that hosts shared/pages: session to actor, form to command, command to
// the gate, answer to page. Which pages there are, and what they show, is decided there.
#include "application.h"
#include "foyer/pages/pages.h"
#include "locale_data.h"
#include "log.h"
#include "random_ids.h"

namespace foyer::server {
namespace {

HttpResponse to_http(Response page) {
  HttpResponse response;
  response.status = page.status;
  for (auto& [name, value] : page.headers) response.set(std::move(name), std::move(value));
  if (!response.has("content-type")) response.set("Content-Type", "text/html; charset=utf-8");
  if (!response.has("cache-control")) response.set("Cache-Control", "no-store");
  response.body = std::move(page.body);
  return response;
}

// A refused form is the person's to correct: 422 says so better than 400.
int status_of_refusal(const Error& error) {
  return error.code == ErrorCode::kInvalid ? 422 : error_info(error.code).http_status;
}

}  // namespace

Request Application::page_request(const Call& call, const std::string& form_token) const {
  static const std::vector<std::string> kLanguages = {"en", "de", "fr", "ar"};
  Request request;
  request.method = call.request->method == "POST" ? "POST" : "GET";
  request.path = call.request->path;
  request.query = call.query.fields;
  request.form = call.form.fields;
  request.language = choose_language(call.request->header("accept-language"), kLanguages);
  request.form_token = form_token;
  request.now = options_.clock();
  request.demo = options_.is_demo;
  return request;
}

void Application::host_page(Call& call) {
  const auto session = session_of(*call.request);
  const bool is_post = call.request->method == "POST";
  if (is_post && !session)
    return call.respond(redirect_response("/sign-in?next=" + percent_encode(call.request->path)));
  auto request = page_request(call, session ? session->form_token : std::string());
  // Of an earlier session: the form comes back with its words, and nothing is done.
  if (is_post && !equal_in_constant_time(call.form.get("form_token"), session->form_token))
    request.failure = Error{ErrorCode::kForbidden, "", "form_token"};
  answer_page(call, std::move(request), session ? session->user : Uuid{});
}

void Application::answer_page(const Call& call, Request request, const Uuid& user) {
  PageResult result;
  const bool is_whole = with_page_input(request, user, [&result](const PageInput& input) {
    result = render_page(input);
  });
  if (!is_whole) return answer_error(call, 500);
  if (!result.command) {
    if (request.failure && result.response.status == 200)
      result.response.status = status_of_refusal(*request.failure);
    return call.respond(to_http(std::move(result.response)));
  }
  // A form without a usable id is still one command: only its repetition is not recognised.
  auto id = result.command_id;
  if (id.is_null()) id = random_uuid(options_.clock());
  const auto done = [this, call, request, user, location = result.location](Result<void> outcome) {
    if (outcome) return call.respond(redirect_response(location));
    if (outcome.error().code == ErrorCode::kUnavailable) return answer_error(call, 503);
    auto again = request;
    again.failure = outcome.error();
    // Rendering reads, and the writer thread has better things to do.
    if (!pages_.submit([this, call, again, user] { answer_page(call, again, user); }))
      answer_error(call, 503);
  };
  if (!gate_.submit({*result.command, id, Id<User>(user)}, done)) answer_error(call, 503);
}

// False when the page could not be made: a template and its data do not fit, which is our mistake.
bool Application::with_page_input(Request& request, const Uuid& user,
                                  const std::function<void(const PageInput&)>& work) const {
  try {
    auto lease = installation_.readers().acquire();
    if (!user.is_null()) request.actor = actor_of(lease.store(), Id<User>(user));
    const ScopedReader visible(lease.store(), request.actor);
    work({request, visible, page_host_, {}});
    return true;
  } catch (const std::exception&) {
    log(LogLevel::kError, "page_failed", {{"path", request.path}});
    return false;
  }
}

std::optional<HttpResponse> Application::made_page(Request request, const Uuid& user,
                                                   const MakePage& make) const {
  std::optional<HttpResponse> response;
  with_page_input(request, user,
                  [&](const PageInput& input) { response = to_http(make(input)); });
  return response;
}

}  // namespace foyer::server
