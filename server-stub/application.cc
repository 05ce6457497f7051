#include "application.h"

#include <algorithm>

#include "foyer/base/text.h"
#include "foyer/model/people.h"
#include "foyer/view/outbox_file.h"
#include "plain_pages.h"
#include "secrets.h"
#include "server_tables.h"

namespace foyer::server {
namespace {

bool is_static_method(std::string_view method) { return method == "GET" || method == "HEAD"; }

SignedIn signed_in(const Session& session, const Uuid& current) {
  SignedIn row{.session = session.id,
               .since = session.created_at,
               .seen = session.seen_at,
               .is_this = session.id == current};
  const auto parts = parts_of_label(session.label);
  row.browser = parts.browser;
  row.system = parts.system;
  return row;
}

}  // namespace

const Application::Route Application::kRoutes[] = {
    {"GET", "/readyz", &Application::readiness},
    {"GET", "/sign-in", &Application::show_sign_in},
    {"POST", "/sign-in", &Application::submit_sign_in},
    {"POST", "/sign-out", &Application::submit_sign_out},
    {"GET", "/sessions", &Application::show_sessions},
    {"POST", "/sessions", &Application::submit_end_session},
    {"GET", "/session.json", &Application::describe_session},
    {"GET", "/staff/sign-in", &Application::show_sign_in},
    {"POST", "/staff/sign-in", &Application::submit_sign_in},
    {"POST", "/staff/sign-out", &Application::submit_sign_out},
    {"GET", "/staff/sessions", &Application::show_sessions},
    {"POST", "/staff/sessions", &Application::submit_end_session},
    {"GET", "/staff/session.json", &Application::describe_session},
    {"GET", "/setup", &Application::show_setup},
    {"POST", "/setup", &Application::submit_setup},
    {"GET", "/welcome", &Application::show_welcome},
    {"POST", "/welcome", &Application::submit_welcome},
    {"POST", "/staff/api/invitation", &Application::api_invitation, Body::kRaw},
    {"POST", "/sync", &Application::post_sync, Body::kRaw},
    {"POST", "/staff/sync", &Application::post_sync, Body::kRaw},
    {"POST", "/api/command/*", &Application::api_command, Body::kRaw},
    {"POST", "/staff/api/command/*", &Application::api_command, Body::kRaw},
    {"POST", "/staff/api/outbox-key", &Application::api_outbox_key, Body::kRaw},
    {"POST", kOutboxFilePath, &Application::api_outbox_file, Body::kRaw},  // before the imports
    {"POST", "/staff/api/import/*", &Application::api_import, Body::kRaw},
    {"POST", "/staff/api/undo-import", &Application::api_undo_import, Body::kRaw},
    {"POST", "/staff/api/device-code", &Application::api_device_code, Body::kRaw},
    {"POST", "/kiosk/enrol", &Application::submit_enrol, Body::kRaw},
    {"GET", "/kiosk/challenge", &Application::show_challenge},
    {"POST", "/kiosk/session", &Application::submit_kiosk_session, Body::kRaw},
    {"POST", "/kiosk/submit", &Application::submit_kiosk_batch, Body::kRaw},
    {"POST", "/kiosk/sync", &Application::post_kiosk_sync, Body::kRaw},
    {"GET", "/kiosk", &Application::show_kiosk},
    {"GET", "/kiosk/*", &Application::show_kiosk},
};

Application::Application(Installation& installation, CommandGate& gate, const StaticFiles& files,
                         ApplicationOptions options)
    : installation_(installation),
      gate_(gate),
      files_(files),
      page_host_(files, options.clock),
      options_(std::move(options)),
      rate_limit_(options_.rate_limit),
      enrol_limit_(options_.enrol_limit),
      sync_(installation, gate, sockets_, options_.clock),
      pages_({.thread_count = options_.page_threads, .queue_max = options_.page_queue_max}) {
  gate_.on_change([this](const std::set<Scope>& scopes) { hint(scopes); });
  installation_.sessions().on_end([this](const Uuid& id) { sockets_.close_session(id); });
}

Application::~Application() { stop(); }

void Application::stop() {
  gate_.on_change({});
  installation_.sessions().on_end({});
  pages_.stop();
  sync_.stop();
  passwords_.stop();
}

void Application::handle(SharedRequest request, Respond respond) {
  if (request->path == "/healthz") return respond(text_response(200, "ok\n"));
  if (is_static_method(request->method) && files_.contains(request->path))
    return respond(files_.respond(*request));
  auto call = std::make_shared<Call>(Call{request, respond, {}, {}});
  if (pages_.submit([this, call] { dispatch(*call); })) return;
  // Without a look at anything that may be busy too.
  const bool is_person = request->header("accept").find("text/html") != std::string_view::npos;
  respond(is_person ? page(503, std::string(status_phrase(503)),
                           error_body(503, request->request_id))
                    : problem_response(503, "busy", {}, request->request_id));
}

void Application::upgrade(SharedRequest request, RespondUpgrade respond) {
  const auto refuse = [&](int status, std::string_view code) {
    respond({nullptr, problem_response(status, code, {}, request->request_id)});
  };
  if (check_socket_origin(*request, options_.allowed_origins) == OriginVerdict::kForeign)
    return refuse(403, "foreign_origin");
  if (!session_of(*request)) return refuse(401, "unauthenticated");
  const auto path = std::string_view(request->path);
  static constexpr std::string_view kSockets[] = {"/hints", "/staff/hints", "/kiosk/hints", "/sync",
                                                  "/staff/sync"};
  if (std::find(std::begin(kSockets), std::end(kSockets), path) == std::end(kSockets))
    return refuse(404, "not_found");
  if (!pages_.submit([this, request, respond] { respond(admit_socket(*request)); }))
    return refuse(503, "busy");
}

std::vector<std::pair<std::string_view, std::string_view>> Application::routes() {
  std::vector<std::pair<std::string_view, std::string_view>> list;
  for (const auto& route : kRoutes) list.emplace_back(route.method, route.path);
  return list;
}

const Application::Route* Application::find_route(std::string_view method, std::string_view path,
                                                  bool& is_known_path) {
  for (const auto& route : kRoutes) {
    const bool is_prefix = route.path.ends_with('*');
    const auto fixed = route.path.substr(0, route.path.size() - is_prefix);
    if (is_prefix ? !path.starts_with(fixed) : path != fixed) continue;
    is_known_path = true;
    if (route.method == method) return &route;
  }
  return nullptr;
}

void Application::dispatch(Call& call) {
  const auto& request = *call.request;
  std::string_view method = request.method;
  if (method == "HEAD") method = "GET";
  bool is_known_path = false;
  const auto* route = find_route(method, request.path, is_known_path);
  call.query = parse_form(request.query);
  if (!call.query.ok) return answer_error(call, 400);
  if (method == "POST") {
    if (check_origin(request, options_.allowed_origins) == OriginVerdict::kForeign)
      return answer_error(call, 403);
    if (!route || route->body == Body::kForm) {
      const auto type = request.header("content-type");
      if (trim(type.substr(0, type.find(';'))) != "application/x-www-form-urlencoded")
        return answer_error(call, 415);
      call.form = parse_form(request.body);
      if (!call.form.ok) return answer_error(call, 400);
    }
  }
  if (route) return (this->*route->action)(call);
  if (is_known_path) return answer_error(call, 405);
  if (site_of(request.path) == SiteKind::kStaff && method == "GET") return show_staff(call);
  if (is_page(request.path)) return host_page(call);
  answer_error(call, 404);
}

void Application::readiness(Call& call) {
  const bool has_disk = installation_.folder().free_percent() > 5;
  // A commit of nothing would also succeed on a disk that takes nothing more.
  const bool is_writable = !is_draining_ && has_disk && installation_.writer().run_and_wait([this] {
    return store_value(installation_.database(), kReadyAt, to_iso(options_.clock()));
  });
  const int status = is_writable ? 200 : 503;
  call.respond(text_response(status, is_draining_  ? "draining\n"
                                     : !has_disk   ? "disk is nearly full\n"
                                     : is_writable ? "ready\n"
                                                   : "database cannot be written\n"));
}

void Application::show_sessions(Call& call) {
  const auto site = site_of(call.request->path);
  const auto session = session_of(*call.request);
  if (!session)
    return call.respond(redirect_response(site == SiteKind::kStaff ? "/staff/sign-in"
                                                                   : "/sign-in"));
  SessionsView view;
  view.action = call.request->path;
  for (const auto& mine : installation_.sessions().list(session->user, options_.clock()))
    view.sign_ins.push_back(signed_in(mine, session->id));
  auto response = made_page(page_request(call, session->form_token), session->user,
                            [&](const PageInput& input) { return render_sessions(input, view); });
  if (!response) return answer_error(call, 500);
  call.respond(std::move(*response));
}

void Application::submit_end_session(Call& call) {
  const auto session = session_of(*call.request);
  if (!session) return answer_error(call, 401);
  if (!equal_in_constant_time(call.form.get("form_token"), session->form_token))
    return answer_error(call, 403);
  const auto id = parse_uuid(call.form.get("session"));
  bool is_mine = false;
  for (const auto& other : installation_.sessions().list(session->user, options_.clock()))
    if (id && other.id == *id) is_mine = true;
  if (!is_mine) return answer_error(call, 404);
  const auto path = call.request->path;
  const auto respond = call.respond;
  installation_.sessions().end(*id, [respond, path](bool is_durable) {
    respond(is_durable ? redirect_response(path) : problem_response(503, "unavailable"));
  });
}

void Application::describe_session(Call& call) {
  const auto session = session_of(*call.request);
  Actor actor;
  if (session) {
    auto lease = installation_.readers().acquire();
    actor = actor_of(lease.store(), Id<User>(session->user));
  }
  if (actor.is_anonymous())
    return call.respond(problem_response(401, "unauthenticated", {}, call.request->request_id));
  std::string roles;
  for (std::size_t i = 0; i < kNames<Role>.size(); ++i) {
    if (!actor.roles.has(static_cast<Role>(i))) continue;
    roles += (roles.empty() ? "" : ",") + json_string(kNames<Role>[i]);
  }
  const auto id = [](const Uuid& value) {
    return json_string(value.is_null() ? "" : to_string(value));
  };
  call.respond(json_response(
      200, "{\"user\":" + id(actor.user) + ",\"name\":" + json_string(actor.name) +
               ",\"roles\":[" + roles + "],\"contact\":" + id(actor.contact) +
               ",\"account\":" + id(actor.account) + ",\"site\":" + id(actor.site) +
               ",\"portal_scope\":" + json_string(name_of(actor.portal_scope)) +
               ",\"form_token\":" + json_string(session->form_token) +
               ",\"session\":" + id(session->id) +
               ",\"is_demo\":" + (options_.is_demo ? "true" : "false") +
               ",\"server_time\":" + std::to_string(options_.clock().ms) + "}"));
}

HttpResponse Application::page(int status, std::string title, std::string_view body) const {
  PlainLayout layout{.title = std::move(title) + " - Foyer",
                     .style_url = files_.size() > 0 ? page_host_.asset_url("style/site.css") : "",
                     .is_demo = options_.is_demo};
  return html_response(status, plain_page(layout, body));
}

// The portal is one page whatever its address says: the program in it reads the address.
void Application::show_staff(Call& call) {
  if (!session_of(*call.request))
    return call.respond(
        redirect_response("/staff/sign-in?next=" + percent_encode(call.request->path)));
  auto response = html_response(
      200, staff_shell({.icon_url = page_host_.asset_url("icons/foyer.svg"),
                        .style_url = page_host_.asset_url("style/portal.css"),
                        .script_url = page_host_.asset_url("src/portal.js"),
                        .is_demo = options_.is_demo}));
  response.set("X-Foyer-Portal", "1");  // the same for everybody: may be kept on a device
  call.respond(std::move(response));
}

// A person gets a page, a program a problem document.
void Application::answer_error(const Call& call, int status) {
  const auto& request = *call.request;
  HttpResponse response;
  if (request.header("accept").find("text/html") != std::string_view::npos) {
    response = made_page(page_request(call, ""), {},
                         [&](const PageInput& input) { return render_error(input, status); })
                   .value_or(page(status, std::string(status_phrase(status)),
                                  error_body(status, request.request_id)));
    response.status = status;
  } else {
    std::string code;
    for (const auto& [number, name] : {std::pair{400, "malformed_request"},
                                       {401, "unauthenticated"},
                                       {403, "forbidden"},
                                       {404, "not_found"},
                                       {405, "method_not_allowed"},
                                       {409, "conflict"},
                                       {415, "unsupported_content"},
                                       {429, "too_many_attempts"},
                                       {503, "busy"}})
      if (number == status) code = name;
    response = problem_response(status, code.empty() ? "internal" : code, {}, request.request_id);
  }
  call.respond(std::move(response));
}

std::optional<Session> Application::session_of(const HttpRequest& request) {
  const auto site = site_of(request.path);
  return installation_.sessions().find(site, request.cookie(cookie_name(site)),
                                       options_.clock());
}

SiteKind site_of(std::string_view path) {
  if (path == "/staff" || path.starts_with("/staff/")) return SiteKind::kStaff;
  if (path == "/kiosk" || path.starts_with("/kiosk/")) return SiteKind::kKiosk;
  return SiteKind::kCustomer;
}

std::string safe_next(SiteKind site, std::string_view next) {
  const bool is_local = next.starts_with('/') && !next.starts_with("//") && next.size() < 2000 &&
                        next.find_first_of("\\\r\n\t") == std::string_view::npos &&
                        !has_control_characters(next) && site_of(next) == site;
  if (is_local && !next.ends_with("/sign-in")) return std::string(next);
  return site == SiteKind::kStaff ? "/staff/" : "/";
}

}  // namespace foyer::server
