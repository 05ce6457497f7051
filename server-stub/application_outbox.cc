// The part of Application that lets a device's outbox travel as a file: the key that the device
// seals it with, and the file that a supervisor brings.
#include <algorithm>

#include "application.h"
#include "foyer/base/text.h"
#include "foyer/schema/binary.h"
#include "foyer/view/import.h"
#include "outbox_import.h"
#include "secrets.h"

namespace foyer::server {
namespace {

bool reads_what_is_said(const Actor& actor) {
  const auto scopes = scopes_of_actor(actor);
  const Scope service{ScopeKind::kStaff, StaffArea::kService, {}};
  return std::find(scopes.begin(), scopes.end(), service) != scopes.end();
}

// Of what an administrator brings the titles are shown: the words are not theirs to read.
void hide_words(OutboxFileAnswer& answer) {
  auto text = decode_outbox_text(answer.text.data);
  if (!text) return;
  for (auto& [mid, entry] : text->entries) entry.command.arguments.clear();
  answer.text.data = encode_outbox_text(*text);
  answer.is_hidden = 1;
}

}  // namespace

// Never in a log: neither bodies nor answers are.
void Application::api_outbox_key(Call& call) {
  const auto actor = admit_api(call);
  if (!actor) return;
  if (!actor->is_staff()) return answer_problem(call, {ErrorCode::kForbidden, "", "role"});
  const auto client = parse_uuid(call.query.get("client"));
  if (!client || client->is_null())
    return answer_problem(call, {ErrorCode::kInvalid, "client", "required"});
  const auto key = outbox_file_key(installation_.outbox_secret(), actor->user, *client);
  call.respond(json_response(200, "{\"head\":" + json_string(to_base64url(key.head)) +
                                      ",\"key\":" + json_string(to_base64url(key.key)) + '}'));
}

void Application::api_outbox_file(Call& call) {
  const auto actor = admit_api(call);
  if (!actor) return;
  if (!may_import(*actor)) return answer_problem(call, {ErrorCode::kForbidden, "", "role"});
  OutboxImportRequest request{.by = *actor,
                              .file_name = std::string(call.query.get("file").substr(0, 200)),
                              .now = options_.clock()};
  if (!is_valid_utf8(request.file_name)) request.file_name.clear();
  auto file = open_outbox_file(installation_.outbox_secret(), call.request->body);
  OutboxFileAnswer answer;
  if (!file) {
    answer.problem = file.error().detail;
  } else if (call.query.get("dry_run") == "1") {
    auto lease = installation_.readers().acquire();
    answer = look_at_outbox(lease.store(), lease.database(), std::move(*file));
  } else {
    answer = import_outbox(installation_, gate_, std::move(*file), request);
  }
  if (!reads_what_is_said(*actor)) hide_words(answer);
  auto response = text_response(200, encode(answer));
  response.headers.front().value = "application/octet-stream";
  call.respond(std::move(response));
}

}  // namespace foyer::server
