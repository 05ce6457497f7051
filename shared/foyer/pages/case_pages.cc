#include "foyer/pages/case_pages.h"

#include <algorithm>

#include "foyer/base/sort.h"
#include "foyer/base/text.h"
#include "foyer/command/confirm_case.h"
#include "foyer/command/open_case.h"
#include "foyer/command/reopen_case.h"
#include "foyer/command/reply_case.h"
#include "foyer/model/change.h"
#include "foyer/rules/case_state.h"
#include "foyer/rules/next_update.h"
#include "foyer/rules/sla.h"

namespace foyer {
namespace {

using nlohmann::json;

std::string path_of(const Uuid& id) { return "/cases/" + to_string(id); }

std::string number_of(const PageView& view, const Case& row) {
  if (!row.number.empty()) return row.number;
  return row.device_number.empty() ? view.t("case.no_number") : row.device_number;
}

std::string state_key(const Case& row) {
  return "case.state." + std::string(name_of(row.state));
}

// Colour never stands alone: the words say the same.
std::string_view tone_of(const Case& row) {
  switch (row.state) {
    case CaseState::kPending: return "need";
    case CaseState::kResolved: return "good";
    case CaseState::kNew:
    case CaseState::kAssigned:
    case CaseState::kInProgress:
    case CaseState::kHeld: return "busy";
    default: return "calm";
  }
}

std::optional<SlaView> promise(const PageView& view, const Case& row, SlaMetric metric) {
  const Reader& reader = view.input().reader;
  for (const SlaTarget& target : find<&SlaTarget::case_id>(reader, row.id)) {
    if (target.metric != metric) continue;
    // Of the updates only the next one is a promise; the others were.
    if (metric == SlaMetric::kNextUpdate && !is_running(target)) continue;
    if (const auto calendar = get(reader, target.calendar))
      return view_of(target, *calendar, view.request().now);
  }
  return std::nullopt;
}

// Numbers are the server's to give.
bool has_arrived(const Case& row) { return !row.number.empty(); }

// One sentence: what happens next, or what the customer should do.
std::string what_next(const PageView& view, const Case& row) {
  if (!has_arrived(row)) return view.t("case.next.waiting");
  switch (row.state) {
    case CaseState::kPending: return view.t("case.next.pending", {{"need", row.wait_need}});
    case CaseState::kHeld:
      return view.t(row.wait_until.is_none() ? "case.next.held" : "case.next.held_until",
                    {{"reason", view.t("wait." + std::string(name_of(row.wait_reason)))},
                     {"time", view.date(row.wait_until)}});
    case CaseState::kResolved: return view.t("case.next.resolved");
    case CaseState::kNew:
    case CaseState::kAssigned:
    case CaseState::kInProgress: {
      const auto reply = promise(view, row, SlaMetric::kFirstReply);
      if (reply && row.first_reply_at.is_none() && !reply->due.is_none())
        return view.t(reply->status == SlaStatus::kBreached ? "case.next.reply_late"
                                                            : "case.next.reply_by",
                      {{"time", view.time(reply->due)}});
      const auto update = promise(view, row, SlaMetric::kNextUpdate);
      const auto solution = promise(view, row, SlaMetric::kResolution);
      if (update && update->status == SlaStatus::kBreached)
        return view.t("case.next.reply_late", {{"time", view.time(update->due)}});
      if (update && !update->due.is_none() &&
          (!solution || solution->due.is_none() || update->due < solution->due))
        return view.t("case.next.update_by", {{"time", view.time(update->due)}});
      if (solution && !solution->due.is_none())
        return view.t("case.next.solution_by", {{"time", view.time(solution->due)}});
      return view.t("case.next.working");
    }
    default: return {};
  }
}

json row_view(const PageView& view, const Case& row) {
  return {{"id", to_string(row.id)},
          {"subject", row.subject},
          {"number", number_of(view, row)},
          {"state", view.t(state_key(row))},
          {"tone", tone_of(row)},
          {"waiting", view.waiting_mark(row.id)},
          {"next", PageView::optional(what_next(view, row))}};
}

enum class Show : std::uint8_t { kOpen, kAll, kEnded };
constexpr std::string_view kShowNames[] = {"open", "all", "ended"};

bool belongs(const Case& row, Show show) {
  if (show == Show::kAll) return true;
  return is_ended(row.state) == (show == Show::kEnded);
}

// All cases that the reader shows, the newest change first.
std::vector<Case> visible_cases(const Reader& reader) {
  std::vector<Case> rows;
  const Scan newest{&field_of<&Case::updated_at>(), {}, {}, true, 2000};
  for (const Uuid& id : reader.scan(entity_of<Case>(), newest))
    if (auto row = get(reader, Id<Case>(id))) rows.push_back(std::move(*row));
  return rows;
}

std::vector<Case> found_cases(const Reader& reader, std::string_view text) {
  std::vector<Case> rows;
  const TextQuery query{text, {&entity_of<Case>(), &entity_of<Message>()}, 200};
  for (const TextHit& hit : reader.search(query)) {
    Id<Case> id(hit.id);
    if (hit.entity == &entity_of<Message>()) {
      const auto message = get(reader, Id<Message>(hit.id));
      if (!message) continue;
      id = message->case_id;
    }
    const bool is_known =
        std::any_of(rows.begin(), rows.end(), [&](const Case& row) { return row.id == id; });
    if (is_known) continue;
    if (auto row = get(reader, id)) rows.push_back(std::move(*row));
  }
  return rows;
}

json message_views(const PageView& view, Id<Case> id) {
  auto rows = find<&Message::case_id>(view.input().reader, id);
  sort_list(rows, [](const Message& a, const Message& b) { return a.at < b.at; });
  json list = json::array();
  for (const Message& message : rows) {
    if (message.visibility != Visibility::kPublic) continue;
    const bool is_mine = message.author == view.request().actor.user && !message.author.is_null();
    json paragraphs = json::array();
    for (const std::string_view line : split(message.body, '\n'))
      if (!trim(line).empty()) paragraphs.push_back(trim(line));
    list.push_back({{"id", to_string(message.id)},
                    {"who", is_mine ? view.t("case.you") : message.author_name},
                    {"side", message.author_kind == AuthorKind::kCustomer ? "ours" : "theirs"},
                    {"iso", to_iso(message.at)},
                    {"at", view.time(message.at)},
                    {"waiting", view.waiting_mark(message.id)},
                    {"paragraphs", paragraphs}});
  }
  return list;
}

json fact(std::string label, std::string text, Instant at = {}) {
  return {{"label", std::move(label)},
          {"text", std::move(text)},
          {"iso", at.is_none() ? json() : json(to_iso(at))},
          {"tag", json()},
          {"tone", json()},
          {"why", json()}};
}

json promise_fact(const PageView& view, const Case& row, SlaMetric metric) {
  const auto promised = promise(view, row, metric);
  if (!promised || promised->status == SlaStatus::kCancelled) return {};
  const std::string name(name_of(metric));
  const std::string status(name_of(promised->status));
  const bool is_paused = promised->due.is_none();
  const std::int64_t minutes = std::max<std::int64_t>(promised->left_ms, 0) / kMsPerMinute;
  json entry = is_paused ? fact(view.t("promise." + name),
                                view.t("promise.left", {{"hours", std::to_string(minutes / 60)},
                                                        {"minutes", std::to_string(minutes % 60)}}))
                         : fact(view.t("promise." + name), view.time(promised->due), promised->due);
  entry["tag"] = view.t("promise.status." + status);
  const bool is_late = promised->status == SlaStatus::kBreached ||
                       promised->status == SlaStatus::kMetLate;
  entry["tone"] = is_late ? "late"
                  : is_paused                                  ? "need"
                  : promised->status == SlaStatus::kMet        ? "good"
                                                               : "busy";
  if (is_paused) entry["why"] = view.t("promise.restarts");
  return entry;
}

json facts_of(const PageView& view, const Case& row) {
  json facts = json::array();
  // Nobody has promised anything yet for what has not arrived.
  if (has_arrived(row))
    for (const SlaMetric metric :
         {SlaMetric::kFirstReply, SlaMetric::kNextUpdate, SlaMetric::kResolution})
      if (auto entry = promise_fact(view, row, metric); !entry.is_null())
        facts.push_back(std::move(entry));
  if (!row.owner_name.empty()) facts.push_back(fact(view.t("case.owner"), row.owner_name));
  facts.push_back(fact(view.t("case.opened_at"), view.time(row.opened_at), row.opened_at));
  if (const auto asset = get(view.input().reader, row.asset))
    facts.push_back(fact(view.t("case.asset"), asset->name));
  if (const auto entitlement = get(view.input().reader, row.entitlement))
    facts.push_back(fact(view.t("case.covered_by"), entitlement->name));
  return facts;
}

json reply_view(const PageView& view, const Case& row) {
  const bool is_reopen = view.asked("reopen") == "1" && row.state == CaseState::kResolved;
  const bool was_reopen = view.posted("action") == "reopen";
  if (is_ended(row.state) && row.state != CaseState::kClosed) return {};
  const bool reopens = is_reopen || was_reopen;
  const std::string kind = row.state == CaseState::kClosed ? "follow_up"
                           : reopens                        ? "reopen"
                                                            : "reply";
  const PageView::FieldView field{.name = "body",
                                  .kind = "paragraph",
                                  .label = view.t("case." + kind + ".label"),
                                  .rows = 6};
  return {{"title", view.t("case." + kind + ".title")},
          {"hint", row.state == CaseState::kPending ? PageView::optional(row.wait_need)
                   : row.state == CaseState::kClosed
                       ? json(view.t("case.follow_up.hint"))
                   : row.state == CaseState::kResolved && !reopens
                       ? json(view.t("case.reopen.hint"))
                       : json()},
          {"action", row.state == CaseState::kResolved ? "reopen" : "reply"},
          {"button", view.t("case." + kind + ".button")},
          {"fields", json::array({view.field(field)})}};
}

// A change of a customer's own that met one of ours and is not decided yet, or null.
json met_view(const PageView& view, const Case& row) {
  for (const Conflict& conflict : find<&Conflict::row>(view.input().reader, row.id))
    if (conflict.state == ConflictState::kOpen &&
        conflict.author_kind == AuthorKind::kCustomer)
      return view.t("case.met", {{"at", view.time(conflict.at)}});
  return {};
}

Response case_response(const PageView& view, const Case& row) {
  const Request& request = view.request();
  json data = {{"id", to_string(row.id)},
               {"number", number_of(view, row)},
               {"state", view.t(state_key(row))},
               {"tone", tone_of(row)},
               {"facts", facts_of(view, row)},
               {"messages", message_views(view, row.id)},
               {"met", met_view(view, row)},
               {"confirm", row.state == CaseState::kResolved},
               {"reply", reply_view(view, row)},
               {"ids",
                {{"command", to_string(form_id(request, "command"))},
                 {"message", to_string(form_id(request, "message"))},
                 {"row", to_string(form_id(request, "row"))},
                 {"confirm", to_string(form_id(request, "confirm"))}}},
               {"opened", json()}};
  const std::string next = what_next(view, row);
  data["now"] = next.empty() ? view.t(state_key(row)) : next;
  const std::string opened = has_arrived(row) ? "case.opened" : "case.saved";
  if (view.asked("opened") == "1")
    data["opened"] = {{"title", view.t(opened + ".title")},
                      {"number", view.t(opened + ".number", {{"number", number_of(view, row)}})},
                      {"next", next}};
  const int status =
      request.failure ? error_info(request.failure->code).http_status : 200;
  return view.respond(status, "case", "cases", row.subject, std::move(data));
}

PageResult run_then_show(const PageView& view, Command command, const Uuid& row) {
  PageResult result;
  result.command = std::move(command);
  result.command_id = view.posted_id("command_id");
  result.location = path_of(row);
  return result;
}

}  // namespace

PageResult show_cases(const PageView& view) {
  const std::string asked = view.asked("show");
  const Show show = asked == "all" ? Show::kAll : asked == "ended" ? Show::kEnded : Show::kOpen;
  const std::string text = view.asked("q").substr(0, 200);
  const auto everything = visible_cases(view.input().reader);
  const auto rows = text.empty() ? everything : found_cases(view.input().reader, text);
  json list = json::array();
  for (const Case& row : rows)
    if (!text.empty() || belongs(row, show)) list.push_back(row_view(view, row));
  json filters = json::array();
  for (std::size_t i = 0; i < std::size(kShowNames); ++i) {
    const auto count = std::count_if(everything.begin(), everything.end(), [&](const Case& row) {
      return belongs(row, static_cast<Show>(i));
    });
    filters.push_back({{"href", "/cases?show=" + std::string(kShowNames[i])},
                       {"text", view.t("cases.show." + std::string(kShowNames[i]))},
                       {"count", count},
                       {"current", text.empty() && static_cast<Show>(i) == show}});
  }
  const std::string empty = text.empty() ? "cases.empty." + std::string(kShowNames[int(show)])
                                         : "cases.empty.search";
  json data = {{"rows", list},
               {"filters", filters},
               {"q", text},
               {"show", kShowNames[static_cast<std::size_t>(show)]},
               {"empty_title", view.t(empty + ".title")},
               {"empty_text", view.t(empty + ".text")}};
  return {view.respond(200, "cases", "cases", view.t("cases.title"), std::move(data)), {}, {}, {}};
}

PageResult new_case(const PageView& view) {
  const Request& request = view.request();
  if (request.method == "POST" && !request.failure) {
    OpenCase args;
    args.case_id = Id<Case>(view.posted_id("case_id"));
    args.message = Id<Message>(view.posted_id("message_id"));
    args.subject = trim(view.posted("subject"));
    args.body = trim(view.posted("body"));
    args.asset = Id<Asset>(view.posted_id("asset"));
    auto result = run_then_show(view, make_command(args), args.case_id);
    result.location += "?opened=1";
    return result;
  }
  json options = json::array({{{"value", ""}, {"text", view.t("new_case.asset.none")}}});
  for (const Asset& asset : all<Asset>(view.input().reader, 200))
    options.push_back({{"value", to_string(asset.id)}, {"text", asset.name}});
  json fields = json::array();
  fields.push_back(view.field({.name = "subject",
                               .label = view.t("new_case.subject"),
                               .hint = view.t("new_case.subject.hint")}));
  fields.push_back(view.field({.name = "body",
                               .kind = "paragraph",
                               .label = view.t("new_case.body"),
                               .hint = view.t("new_case.body.hint"),
                               .rows = 7}));
  if (options.size() > 1)
    fields.push_back(view.field({.name = "asset",
                                 .kind = "select",
                                 .label = view.t("new_case.asset"),
                                 .is_optional = true,
                                 .options = options}));
  // After a refusal the form keeps its ids: it is still the same case.
  const auto keep = [&](std::string_view field, std::string_view purpose) {
    const std::string posted = view.posted(field);
    return parse_uuid(posted) ? posted : to_string(form_id(request, purpose));
  };
  json data = {{"fields", fields},
               {"ids",
                {{"command", to_string(form_id(request, "command"))},
                 {"row", keep("case_id", "row")},
                 {"message", keep("message_id", "message")}}}};
  const int status = request.failure ? error_info(request.failure->code).http_status : 200;
  return {view.respond(status, "new_case", "cases", view.t("new_case.title"), std::move(data)),
          {}, {}, {}};
}

PageResult one_case(const PageView& view, Id<Case> id) {
  const auto row = get(view.input().reader, id);
  if (!row) return {render_error(view.input(), 404), {}, {}, {}};
  const Request& request = view.request();
  if (request.method != "POST" || request.failure)
    return {case_response(view, *row), {}, {}, {}};
  const std::string action = view.posted("action");
  const Id<Message> message(view.posted_id("message_id"));
  const std::string body(trim(view.posted("body")));
  if (action == "confirm") {
    ConfirmCase args;
    args.case_id = id;
    return run_then_show(view, make_command(args), id);
  }
  if (action == "reopen") {
    ReopenCase args;
    args.case_id = id;
    args.message = message;
    args.reason = body;
    auto result = run_then_show(view, make_command(args), id);
    return result;
  }
  ReplyCase args;
  args.case_id = id;
  args.message = message;
  args.body = body;
  args.follow_up = Id<Case>(view.posted_id("row_id"));
  const bool follows = row->state == CaseState::kClosed;
  auto result = run_then_show(view, make_command(args), follows ? Uuid(args.follow_up) : Uuid(id));
  result.location += follows ? "?opened=1" : "#m-" + to_string(message);
  return result;
}

}  // namespace foyer
