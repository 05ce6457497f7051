// The part of Application that programs talk to: JSON in, JSON out, problems as RFC 9457. A request
// that changes something carries the form token of its session in the header X-Form-Token.
#include "application.h"
#include "foyer/base/text.h"
#include "foyer/command/registry.h"
#include "foyer/model/people.h"
#include "foyer/schema/binary.h"
#include "foyer/schema/json.h"
#include "import_answer.h"
#include "secrets.h"

namespace foyer::server {
namespace {

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
  for (std::size_t i = 0; i < std::min(report.issues.size(), kImportIssuesMax); ++i) {
    const auto& issue = report.issues[i];
    issues += (issues.empty() ? "" : ",") + std::string("{\"line\":") +
              std::to_string(issue.line) + ",\"column\":" + json_string(issue.column) +
              ",\"detail\":" + json_string(issue.detail) + ",\"text\":" +
              json_string(explain_issue(issue.detail)) + ",\"row_left_out\":" +
              (issue.severity == Severity::kLeftOut ? "true" : "false") + '}';
  }
  return json + ",\"columns\":{" + columns + "},\"issues\":[" + issues + "]}";
}

constexpr std::string_view kImportPath = "/staff/api/import/";

// Pieces of "COLUMN=FIELD,...", each column percent-encoded once more. False for anything else.
bool read_mapping(std::string_view text, std::map<std::string, std::string>& mapping) {
  for (const auto pair : split(text, ',')) {
    if (trim(pair).empty()) continue;
    const auto equals = pair.rfind('=');
    if (equals == std::string_view::npos) return false;
    const auto column = percent_decode(trim(pair.substr(0, equals)), false);
    if (!column.ok) return false;
    mapping[column.text] = trim(pair.substr(equals + 1));
  }
  return true;
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

// Large files are read only for who may import them; anything else keeps to the usual limit.
void Application::admit_body(SharedRequest head, AdmitBody answer) {
  if (head->method != "POST" || !head->path.starts_with(kImportPath))
    return answer({.refusal = problem_response(413, "body_too_large", {}, head->request_id)});
  const auto refuse = [head, answer](const Error& error) {
    const auto& info = error_info(error.code);
    answer({.refusal = problem_response(info.http_status, info.name, error.field,
                                        head->request_id)});
  };
  const auto session = session_of(*head);
  if (!session) return refuse({ErrorCode::kUnauthenticated, "", "signed_out"});
  const bool is_ours =
      check_origin(*head, options_.allowed_origins) != OriginVerdict::kForeign &&
      equal_in_constant_time(head->header("x-form-token"), session->form_token);
  if (!is_ours) return refuse({ErrorCode::kForbidden, "form_token", "stale"});
  const auto look = [this, refuse, answer, user = session->user] {
    auto lease = installation_.readers().acquire();
    if (!may_import(actor_of(lease.store(), Id<User>(user))))
      return refuse({ErrorCode::kForbidden, "", "role"});
    answer({.bytes_max = kImportBytesMax, .refusal = {}});
  };
  if (!pages_.submit(look)) refuse({ErrorCode::kUnavailable, "", "busy"});
}

void Application::api_import(Call& call) {
  const auto actor = admit_api(call);
  if (!actor) return;
  if (!may_import(*actor)) return answer_problem(call, {ErrorCode::kForbidden, "", "role"});
  ImportRequest request{.kind = call.request->path.substr(kImportPath.size()),
                        .file_name = std::string(call.query.get("file").substr(0, 200)),
                        .bytes = {},
                        .options = {},
                        .is_dry_run = call.query.get("dry_run") == "1"};
  if (!is_valid_utf8(request.file_name)) request.file_name.clear();
  if (!read_mapping(call.query.get("map"), request.options.mapping))
    return answer_problem(call, {ErrorCode::kInvalid, "map", "bad_mapping"});
  const auto table = parse_csv(call.request->body);
  Result<ImportOutcome> outcome = fail(ErrorCode::kInvalid, "kind", "unknown_kind");
  if (table)
    outcome = import_now(installation_, gate_, request, *table, *actor, options_.clock());
  else
    outcome = std::unexpected(table.error());
  // The portal shows what is wrong with a file beside the file; to a program it is an error.
  if (call.request->header("accept") == "application/octet-stream") {
    HttpResponse response;
    response.set("Content-Type", "application/octet-stream");
    response.body = encode(describe_import(request, table ? &*table : nullptr, outcome));
    return call.respond(std::move(response));
  }
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
