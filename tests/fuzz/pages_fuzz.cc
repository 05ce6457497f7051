// The pages of the customer site: any person, any address, any form, in order, with the commands
// that they ask for run as a host runs them.
//
//   input   := request*     request := person method address language? options? "\n" form "\n"
//   options := any of: o offline, d own device, w something waits, m demonstration, s stale form
#include "foyer/base/text.h"
#include "foyer/pages/pages.h"
#include "fuzz/demo_site.h"
#include "fuzz/html.h"
#include "http_message.h"
#include "page_host.h"

namespace foyer::fuzz {
namespace {

const PageHost& host() {
  static const server::StaticFiles files;
  static const server::ServerPageHost host(files, [] { return kNow; });
  return host;
}

std::vector<OutboxLine> some_outbox() {
  std::vector<OutboxLine> lines(2);
  const auto cases = all<Case>(DemoSite::get().store(), 2);
  lines[0] = {.mid = 1, .command = "case.reply", .words = "a <b>\n\nc", .case_id = cases[0].id};
  lines[1] = {.mid = 2, .command = "case.open", .words = "\"'&", .case_id = cases[1].id};
  lines[0].ids = {cases[0].id};
  lines[1].is_refused = true;
  lines[1].error = {ErrorCode::kConflict, "subject", "case_state"};
  return lines;
}

void judge(const Response& response, bool may_read_secrets) {
  static constexpr int kStatuses[] = {200, 303, 400, 403, 404, 405, 409, 422, 500};
  bool is_known = false;
  for (const int status : kStatuses) is_known |= response.status == status;
  expect(is_known && response.status != 500, "a status that no page has",
         std::to_string(response.status));
  for (const auto& [name, value] : response.headers)
    expect(name.find_first_of("\r\n") == std::string::npos &&
               value.find_first_of("\r\n") == std::string::npos,
           "a header is two", value);
  if (response.status == 303) {
    std::string_view location;
    for (const auto& [name, value] : response.headers)
      if (equals_ignoring_case(name, "location")) location = value;
    expect(location.starts_with('/') && !location.starts_with("//"), "a redirection leads away",
           location);
    return;
  }
  expect_page(response.body);
  expect(may_read_secrets || response.body.find(kSecret) == std::string::npos,
         "a page shows what its reader may not know", response.body);
}

bool decode_fields(std::string_view text, Fields& fields) {
  auto form = server::parse_form(text);
  fields = std::move(form.fields);
  return form.ok;
}

struct Call {
  Request request;
  bool has_outbox = false, is_usable = true;
};

Call read_call(std::string_view& text) {
  auto line = take_line(text);
  Call call;
  auto& request = call.request;
  request.actor = DemoSite::get().who(take_word(line));
  request.method = take_word(line) == "POST" ? "POST" : "GET";
  const auto target = take_word(line);
  const auto question = target.find('?');
  auto path = server::percent_decode(target.substr(0, question), false);
  request.path = std::move(path.text);
  const auto query =
      question == std::string_view::npos ? std::string_view() : target.substr(question + 1);
  call.is_usable = path.ok && decode_fields(query, request.query);
  const auto form = take_line(text);
  if (request.method == "POST") call.is_usable &= decode_fields(form, request.form);
  request.language = take_word(line);
  if (!is_valid_utf8(request.language)) call.is_usable = false;
  const auto has = [options = line](char c) { return options.find(c) != std::string_view::npos; };
  request.offline = has('o');
  request.own_device = has('d');
  request.demo = has('m');
  call.has_outbox = has('w');
  if (has('s')) request.failure = Error{ErrorCode::kForbidden, "", "form_token"};
  request.form_token = "token";
  request.now = kNow;
  return call;
}

void show(Call& call, bool may_read_secrets) {
  auto& store = DemoSite::get().store();
  const auto page = [&] {
    const ScopedReader reader(store, call.request.actor);
    return render_page({call.request, reader, host(),
                        call.has_outbox ? some_outbox() : std::vector<OutboxLine>()});
  };
  const auto wanted = page();
  if (!wanted.command) return judge(wanted.response, may_read_secrets);
  const Uuid id = wanted.command_id.is_null() ? derive_uuid({}, "id") : wanted.command_id;
  const auto done = run_command(*wanted.command, store, {call.request.actor, kNow, id});
  if (done) return expect(wanted.location.starts_with('/'), "nowhere to go", wanted.location);
  call.request.failure = done.error();
  const auto again = page();
  if (!again.command) judge(again.response, may_read_secrets);
}

}  // namespace

void try_input(std::string_view input) {
  auto& site = DemoSite::get();
  const auto expanded = site.expand(input.substr(0, 8000));
  // Whoever writes the word themselves reads it again.
  const bool is_told = expanded.find("secret") != std::string::npos;
  site.store().begin();
  std::string_view rest = expanded;
  for (int requests = 0; !rest.empty() && requests < 6; ++requests) {
    auto call = read_call(rest);
    if (call.is_usable) show(call, is_told || call.request.actor.is_staff());
  }
  site.store().rollback();
}

}  // namespace foyer::fuzz
