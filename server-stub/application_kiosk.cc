// The part of Application that lets kiosks in. Somebody types a one-time code at the device, which
// then has a key of its own and signs itself in with it for ever, until it is revoked.
// Invariant: only an answer to a right signature makes a kiosk forget (410), never a doubt (401).
#include "application.h"
#include "foyer/command/kiosk_device.h"
#include "foyer/model/people.h"
#include "foyer/pages/kiosk_pages.h"
#include "foyer/schema/json.h"
#include "foyer/schema/validate.h"
#include "kiosk_bodies.h"
#include "log.h"
#include "random_ids.h"
#include "secrets.h"
#include "server_tables.h"

namespace foyer::server {
namespace {

constexpr std::int64_t kCookieSeconds = 12 * 3600;
// Younger sessions go on when their device reports, and with them its socket.
constexpr std::int64_t kSessionKeptMs = 6 * kMsPerHour;

template <class Body>
Result<Body> read_body(const HttpRequest& request) {
  Body body{};
  const auto& entity = entity_of<Body>();
  auto errors = read_json(entity, request.body, &body);
  if (errors.empty()) errors = validate(entity, &body);
  if (!errors.empty()) return std::unexpected(errors.front());
  return body;
}

std::string hash_of_code(const Installation& installation, std::string_view plain_code) {
  return keyed_hash(installation.form_key(), plain_code);
}

// What a kiosk seals to, and the time.
std::string server_json(const Installation& installation, Instant now) {
  return "\"server_key\":" + json_string(to_base64url(installation.seal_key().public_key)) +
         ",\"key_id\":" + std::to_string(kSealKeyId) + ",\"now\":" + std::to_string(now.ms);
}

}  // namespace

void Application::api_device_code(Call& call) {
  const auto actor = admit_api(call);
  if (!actor) return;
  if (!actor->is_staff() || !actor->roles.has_any_of(kKioskKeepers))
    return answer_problem(call, {ErrorCode::kForbidden, "", "role"});
  const auto body = read_body<DeviceCodeBody>(*call.request);
  if (!body) return answer_problem(call, body.error());
  std::optional<Device> device;
  {
    auto lease = installation_.readers().acquire();
    device = get(ScopedReader(lease.store(), *actor), body->device);
  }
  if (!device || device->kind != DeviceKind::kKiosk)
    return answer_problem(call, {ErrorCode::kNotFound, "device", "not_found"});
  if (!device->revoked_at.is_none())
    return answer_problem(call, {ErrorCode::kConflict, "device", "device_revoked"});
  if (!device->enrolled_at.is_none())
    return answer_problem(call, {ErrorCode::kConflict, "device", "already_enrolled"});
  const auto now = options_.clock();
  const auto code = make_device_code();
  const DeviceCode stored{.device = device->id,
                          .code_hash = hash_of_code(installation_, plain_device_code(code)),
                          .expires_at = now + kDeviceCodeMs,
                          .used_by = {}};
  const auto store = [this, stored, now] {
    return store_device_code(installation_.database(), stored, now);
  };
  const auto done = [this, call, code, stored](bool is_durable) {
    if (!is_durable) return answer_error(call, 503);
    call.respond(json_response(200, "{\"code\":" + json_string(code) + ",\"expires_at\":" +
                                        std::to_string(stored.expires_at.ms) + '}'));
  };
  if (!installation_.writer().submit({store, done})) answer_error(call, 503);
}

void Application::submit_enrol(Call& call) {
  const auto now = options_.clock();
  const std::string address = call.request->peer_address;
  if (const auto wait = enrol_limit_.begin_attempt(address, address, now); wait > 0) {
    auto response = problem_response(429, "too_many_attempts", {}, call.request->request_id);
    response.set("Retry-After", std::to_string((wait + 999) / 1000));
    return call.respond(std::move(response));
  }
  const auto body = read_body<EnrolBody>(*call.request);
  if (!body) return answer_problem(call, body.error());
  const auto key = from_base64url(body->key, kSignatureKeyBytes);
  if (!key) return answer_problem(call, {ErrorCode::kInvalid, "key", "wrong_type"});
  const auto code = plain_device_code(body->code);
  if (code.empty()) return answer_problem(call, {ErrorCode::kNotFound, "code", "unknown_code"});
  const auto outcome =
      std::make_shared<Result<Device>>(fail(ErrorCode::kUnavailable, "not_stored"));
  const auto enrol = [this, outcome, hash = hash_of_code(installation_, code), key = *key,
                      version = body->version] {
    *outcome = enrol_device(hash, key, version);
    return outcome->has_value();
  };
  const auto done = [this, call, outcome, address](bool is_durable) {
    if (!*outcome) return answer_problem(call, outcome->error());
    if (!is_durable) return answer_error(call, 503);
    const Device& device = **outcome;
    enrol_limit_.succeeded(address, address);
    call.respond(json_response(
        200, "{\"device\":" + json_string(to_string(device.id)) + ",\"series\":" +
                 json_string(device.series) + ',' + server_json(installation_, options_.clock()) +
                 '}'));
  };
  if (!installation_.writer().submit({enrol, done})) answer_error(call, 503);
}

// On the writer thread. A code that is unknown, over or used is the same; but the device that used
// it, and never heard the answer, gets it again.
Result<Device> Application::enrol_device(const std::string& code_hash, const std::string& key,
                                         const std::string& version) {
  auto& database = installation_.database();
  const auto now = options_.clock();
  const auto unknown = fail(ErrorCode::kNotFound, "code", "unknown_code");
  auto code = load_device_code(database, code_hash, now);
  if (!code) return unknown;
  const Id<Device> id(code->device);
  if (code->used_by.empty()) {
    EnrolDevice args{};
    args.device = id;
    args.public_key.data = key;
    args.app_version = version;
    FOYER_TRY(gate_.execute(make_command(args), {.actor = server_about(id),
                                                 .now = now,
                                                 .command = random_uuid(now)}));
    code->used_by = key;
    if (!store_device_code(database, *code, now))
      return fail(ErrorCode::kUnavailable, "not_stored");
  }
  const auto device = get(installation_.store(), id);
  if (code->used_by != key || !device || actor_of(installation_.store(), id).is_anonymous())
    return unknown;
  return *device;
}

void Application::show_challenge(Call& call) {
  const auto now = options_.clock();
  call.respond(json_response(200, "{\"nonce\":" + json_string(challenges_.make(now)) +
                                      ",\"now\":" + std::to_string(now.ms) + '}'));
}

// The device that signed `text`, revoked or not; nothing if it did not, or not just now.
std::optional<Device> Application::device_that_signed(Id<Device> id, std::string_view nonce,
                                                      std::string_view text,
                                                      std::string_view signature) {
  const auto now = options_.clock();
  std::optional<Device> device;
  {
    auto lease = installation_.readers().acquire();
    device = get(lease.store(), id);
  }
  const auto bytes = from_base64url(signature, kSignatureBytes);
  if (!device || device->kind != DeviceKind::kKiosk || !bytes) return std::nullopt;
  if (!is_signed_by(device->public_key.data, text, *bytes)) return std::nullopt;
  return challenges_.take(nonce, now) ? device : std::nullopt;
}

void Application::submit_kiosk_session(Call& call) {
  const auto body = read_body<KioskSessionBody>(*call.request);
  if (!body) return answer_problem(call, body.error());
  const auto device = device_that_signed(
      body->device, body->nonce,
      "foyer kiosk session\n" + to_string(body->device) + '\n' + body->nonce, body->signature);
  if (!device) return answer_problem(call, {ErrorCode::kUnauthenticated, "", "signed_out"});
  if (!device->revoked_at.is_none())
    return call.respond(problem_response(410, "revoked", {}, call.request->request_id));
  ReportDevice report{};
  report.waiting = body->waiting;
  report.oldest_waiting_at = {body->oldest};
  report.storage = body->storage;
  report.app_version = body->version;
  report.drift_ms = body->drift_ms;
  const auto done = [this, call, id = device->id](Result<void> result) {
    if (!result && result.error().code == ErrorCode::kUnavailable) return answer_error(call, 503);
    // A strange report is no reason to leave what waits in the kiosk.
    if (!result)
      log(LogLevel::kWarning, "device_report_refused",
          {{"device", to_string(id)},
           {"field", result.error().field},
           {"detail", result.error().detail}});
    begin_kiosk_session(call, id);
  };
  if (!gate_.submit({make_command(report), random_uuid(options_.clock()), Principal(device->id)},
                    done))
    answer_error(call, 503);
}

void Application::begin_kiosk_session(const Call& call, Id<Device> device) {
  auto& sessions = installation_.sessions();
  const auto now = options_.clock();
  const auto old = session_of(*call.request);
  if (old && old->user == device && now - old->created_at < kSessionKeptMs)
    return call.respond(json_response(200, '{' + server_json(installation_, now) + '}'));
  if (old) sessions.end(old->id, [](bool) {});
  sessions.begin(SiteKind::kKiosk, device, device_label(call.request->header("user-agent")), now,
                 [this, call](auto begun) {
                   if (!begun) return answer_error(call, 503);
                   auto response =
                       json_response(200, '{' + server_json(installation_, options_.clock()) + '}');
                   response.set("Set-Cookie",
                                session_cookie(SiteKind::kKiosk, begun->token, kCookieSeconds));
                   call.respond(std::move(response));
                 });
}

// A live kiosk that is signed in, or nothing.
std::optional<Principal> Application::kiosk_of(const HttpRequest& request) {
  const auto session = session_of(request);
  if (!session || session->site != SiteKind::kKiosk) return std::nullopt;
  const auto who = principal_of(*session);
  auto lease = installation_.readers().acquire();
  if (actor_of(lease.store(), who).is_anonymous()) return std::nullopt;
  return who;
}

void Application::post_kiosk_sync(Call& call) {
  const auto who = kiosk_of(*call.request);
  if (!who) return answer_problem(call, {ErrorCode::kUnauthenticated, "", "signed_out"});
  sync_.answer_post(*who, {}, call.request->body, call.respond);
}

// The same page for all of them: the device's own worker makes what visitors see.
void Application::show_kiosk(Call& call) {
  if (call.request->path == "/kiosk") return call.respond(redirect_response("/kiosk/"));
  auto made = made_page(page_request(call, ""), {},
                        [](const PageInput& input) { return render_kiosk_entry(input); });
  if (!made) return answer_error(call, 500);
  call.respond(std::move(*made));
}

// On the writer thread, after a commit: whoever may not sign in any more is signed out now.
void Application::end_revoked(const std::set<Scope>& scopes) {
  for (const auto& scope : scopes) {
    if (scope.kind != ScopeKind::kDevice) continue;
    const Id<Device> id(scope.id);
    if (actor_of(installation_.store(), id).is_anonymous())
      installation_.sessions().end_all(id, {});
  }
}

}  // namespace foyer::server
