// The part of Application that programs talk to: JSON in, JSON out, problems as RFC 9457. A request
// that changes something carries the form token of its session in the header X-Form-Token.
#include "application.h"
#include "foyer/base/text.h"
#include "foyer/command/registry.h"
#include "foyer/command/roles.h"
#include "foyer/model/people.h"
#include "foyer/schema/binary.h"
#include "foyer/schema/json.h"
#include "import_job.h"
#include "secrets.h"

namespace foyer::server {
namespace {

constexpr std::size_t kIssuesMax = 1'000;

std::string import_json(const ImportOutcome& outcome) {
  const auto& report = outcome.report;
  const auto number = [](std::string_view name, std::size_t value) {
    return json_string(name) + ':' + std::to_string(value) + ',';
  };
  std::string json = '{' + number("rows", report.rows) + number("folded", report.folded) +
                     number("created", report.created) +
                     number("created_beside", report.created_beside) +
                     number("updated", report.updated) + number("unchanged", report.unchanged) +
                     number("left_out", report.left_out);
  json += "\"run\":" + json_string(outcome.run.is_null() ? "" : to_string(outcome.run));
  std::string columns;
  for (const auto& [field, column] : report.columns)
    columns += (columns.empty() ? "" : ",") + json_string(field) + ':' + json_string(column);
  std::string issues;
  for (std::size_t i = 0; i < std::min(report.issues.size(), kIssuesMax); ++i) {
    const auto& issue = report.issues[i];
    issues += (issues.empty() ? "" : ",") + std::string("{\"line\":") +
              std::to_string(issue.line) + ",\"column\":" + json_string(issue.column) +
              ",\"detail\":" + json_string(issue.detail) + ",\"text\":" +
              json_string(explain_issue(issue.detail)) + ",\"row_left_out\":" +
              (issue.severity == Severity::kLeftOut ? "true" : "false") + '}';
  }
  return json + ",\"columns\":{" + columns + "},\"issues\":[" + issues + "]}";
}

bool may_import(const Actor& actor) {
  return actor.is_staff() && actor.roles.has_any_of(kImporters);
}

}  // namespace

void Application::answer_problem(const Call& call, const Error& error) {
  const auto& info = error_info(error.code);
  auto body = problem_response(info.http_status, info.name, error.field,
                               call.request->request_id);
  body.body.insert(body.body.size() - 1, ",\"detail\":" + json_string(error.detail));
  call.respond(std::move(body));
}

// The actor of a signed-in program, or nothing after a problem was answered.
std::optional<Actor> Application::admit_api(const Call& call) {
  const auto session = session_of(*call.request);
  if (!session) {
    answer_problem(call, {ErrorCode::kUnauthenticated, "", "signed_out"});
    return std::nullopt;
  }
  if (!equal_in_constant_time(call.request->header("x-form-token"), session->form_token)) {
    answer_problem(call, {ErrorCode::kForbidden, "form_token", "stale"});
    return std::nullopt;
  }
  auto lease = installation_.readers().acquire();
  return actor_of(lease.store(), Id<User>(session->user));
}

void Application::api_import(Call& call) {
  const auto actor = admit_api(call);
  if (!actor) return;
  if (!may_import(*actor)) return answer_problem(call, {ErrorCode::kForbidden, "", "role"});
  constexpr std::string_view kPath = "/staff/api/import/";
  ImportRequest request{.kind = call.request->path.substr(kPath.size()),
                        .file_name = std::string(call.query.get("file").substr(0, 200)),
                        .bytes = call.request->body,
                        .options = {},
                        .is_dry_run = call.query.get("dry_run") == "1"};
  if (!is_valid_utf8(request.file_name)) request.file_name.clear();
  for (const auto pair : split(call.query.get("map"), ',')) {
    const auto equals = pair.rfind('=');
    if (trim(pair).empty()) continue;
    if (equals == std::string_view::npos)
      return answer_problem(call, {ErrorCode::kInvalid, "map", "bad_mapping"});
    request.options.mapping[std::string(trim(pair.substr(0, equals)))] =
        trim(pair.substr(equals + 1));
  }
  const auto outcome = import_now(installation_, gate_, request, *actor, options_.clock());
  if (!outcome) return answer_problem(call, outcome.error());
  call.respond(json_response(200, import_json(*outcome)));
}

void Application::api_undo_import(Call& call) {
  const auto actor = admit_api(call);
  if (!actor) return;
  if (!may_import(*actor)) return answer_problem(call, {ErrorCode::kForbidden, "", "role"});
  const auto id = parse_uuid(call.query.get("run"));
  if (!id) return answer_problem(call, {ErrorCode::kNotFound, "run", "not_found"});
  const auto run =
      undo_now(installation_, gate_, Id<ImportRun>(*id), *actor, options_.clock());
  if (!run) return answer_problem(call, run.error());
  call.respond(json_response(200, "{\"kept\":" + std::to_string(run->kept) + '}'));
}

// The same commands as forms and devices send; the header Idempotency-Key is the command's id.
void Application::api_command(Call& call) {
  const auto actor = admit_api(call);
  if (!actor) return;
  const auto& path = call.request->path;
  const std::string name = path.substr(path.rfind('/') + 1);
  const auto* info = find_command(name);
  if (!info) return answer_problem(call, {ErrorCode::kNotFound, "", "unknown_command"});
  const auto id = parse_uuid(call.request->header("idempotency-key"));
  if (!id || id->is_null())
    return answer_problem(call, {ErrorCode::kInvalid, "Idempotency-Key", "required"});
  AnyRow arguments(*info->arguments);
  const auto errors = read_json(*info->arguments, call.request->body, arguments.get());
  if (!errors.empty()) return answer_problem(call, errors.front());
  const Command command{name, info->version, encode(*info->arguments, arguments.get())};
  const auto done = [this, call](Result<void> result) {
    if (!result) return answer_problem(call, result.error());
    call.respond(json_response(200, "{\"ok\":true}"));
  };
  if (!gate_.submit({command, *id, actor->user}, done)) answer_error(call, 503);
}

}  // namespace foyer::server
