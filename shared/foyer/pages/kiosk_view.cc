#include "foyer/pages/kiosk_view.h"

#include <algorithm>

#include "foyer/base/sort.h"
#include "foyer/pages/render.h"
#include "foyer/rules/calendar.h"

namespace foyer {
namespace {

using nlohmann::json;

constexpr std::int64_t kIdleSecondsDefault = 60;
// What a visitor can be led to; a refusal may name more.
constexpr std::string_view kVisitorsFields[] = {"reason", "visitor_name", "visitor_contact",
                                                "about",  "subject",      "body",
                                                "rating", "comment"};

bool is_visitors(std::string_view field) {
  return std::find(std::begin(kVisitorsFields), std::end(kVisitorsFields), field) !=
         std::end(kVisitorsFields);
}

// Only a kiosk that may act has a profile here.
Device device_of(const PageInput& input) {
  const Actor& actor = input.request.actor;
  if (actor.device.is_null() || !actor.roles.has(Role::kKiosk)) return {};
  return get(input.reader, actor.device).value_or(Device());
}

std::vector<std::string> spoken_by(const Device& device, const Request& request) {
  const auto known = languages();
  std::vector<std::string> spoken;
  for (const std::string& language : device.languages)
    if (std::find(known.begin(), known.end(), language) != known.end() &&
        std::find(spoken.begin(), spoken.end(), language) == spoken.end())
      spoken.push_back(language);
  if (spoken.empty()) spoken.emplace_back(Words(request.language).language());
  return spoken;
}

// The visitor's own choice if the kiosk speaks it, else its first language.
Request in_their_language(const PageInput& input) {
  Request request = input.request;
  const auto spoken = spoken_by(device_of(input), request);
  std::string wanted = value_of_field(request.form, "lang");
  if (wanted.empty()) wanted = value_of_field(request.query, "lang");
  const bool is_spoken = std::find(spoken.begin(), spoken.end(), wanted) != spoken.end();
  request.language = is_spoken ? wanted : spoken.front();
  return request;
}

Tenant the_tenant(const Reader& reader) {
  auto tenants = all<Tenant>(reader, 1);
  return tenants.empty() ? Tenant() : std::move(tenants.front());
}

}  // namespace

KioskView::KioskView(const PageInput& input)
    : request_(in_their_language(input)),
      input_{request_, input.reader, input.host, {}},
      page_(input_),
      device_(device_of(input_)),
      spoken_(spoken_by(device_, input.request)) {
  if (request_.failure) problems_.push_back(*request_.failure);
}

std::string KioskView::link(std::string_view path) const {
  return std::string(path) + "?lang=" + request_.language;
}

KioskView::Hours KioskView::hours() const {
  std::optional<Calendar> calendar = get(reader(), device_.calendar);
  if (!calendar)
    if (const auto site = get(reader(), device_.site)) calendar = get(reader(), site->calendar);
  if (!calendar) calendar = get(reader(), the_tenant(reader()).calendar);
  if (!calendar) return {};
  const Instant now = request_.now;
  if (business_ms(*calendar, now, now + 1) > 0) return {};
  const auto opened = add_business_ms(*calendar, now, 1);
  return {false, opened ? *opened - 1 : Instant()};
}

void KioskView::order_problems(const std::vector<std::string_view>& fields) {
  const auto place = [&](const Error& error) {
    return std::find(fields.begin(), fields.end(), error.field) - fields.begin();
  };
  sort_list(problems_, [&](const Error& a, const Error& b) { return place(a) < place(b); });
}

bool KioskView::has_problem_in(std::string_view field) const {
  return std::any_of(problems_.begin(), problems_.end(),
                     [&](const Error& error) { return error.field == field; });
}

std::string KioskView::error_text(const Error& error) const {
  const std::string own = "kiosk.error." + error.field + "." + error.detail;
  return page_.words().has(own) ? t(own) : page_.error_text(error);
}

std::string KioskView::error_for(std::string_view field) const {
  for (const Error& error : problems_)
    if (error.field == field) return error_text(error);
  return {};
}

json KioskView::errors() const {
  json list = json::array();
  for (const Error& error : problems_)
    list.push_back({{"field", is_visitors(error.field) ? json(error.field) : json()},
                    {"text", error_text(error)}});
  return list;
}

json KioskView::field(const Field& field) const {
  const std::string error = error_for(field.name);
  std::string described_by;
  if (!field.hint.empty()) described_by = std::string(field.name) + "-hint";
  if (!error.empty()) described_by += " " + std::string(field.name) + "-error";
  return {{"name", field.name},
          {"kind", field.kind},
          {"label", field.label},
          {"hint", PageView::optional(field.hint)},
          {"optional", field.is_optional},
          {"error", PageView::optional(error)},
          {"value", page_.posted(field.name)},
          {"describedby", PageView::optional(described_by)},
          {"mode", field.mode},
          {"capitals", field.capitals},
          {"rows", field.rows}};
}

json KioskView::choices(std::string_view name, std::string label, std::string hint,
                        const std::vector<Choice>& options) const {
  const std::string error = error_for(name), posted = page_.posted(name);
  json list = json::array();
  for (const Choice& option : options) {
    const std::string id(list.empty() ? name : std::string(name) + "-" + option.value);
    list.push_back({{"value", option.value},
                    {"text", option.text},
                    {"icon", option.icon},
                    {"id", id},
                    {"selected", option.value == posted}});
  }
  std::string described_by;
  if (!hint.empty()) described_by = std::string(name) + "-hint";
  if (!error.empty()) described_by += " " + std::string(name) + "-error";
  return {{"name", name},
          {"label", std::move(label)},
          {"hint", PageView::optional(hint)},
          {"error", PageView::optional(error)},
          {"describedby", PageView::optional(described_by)},
          {"options", list}};
}

json KioskView::hidden(std::string_view name, std::string value) {
  return {{"name", name}, {"value", std::move(value)}};
}

json KioskView::hidden_id(std::string_view name) const {
  const std::string posted = page_.posted(name);
  return hidden(name, parse_uuid(posted) ? posted : to_string(form_id(request_, name)));
}

int KioskView::status() const {
  if (problems_.empty()) return 200;
  return error_info(problems_.front().code).http_status;
}

Response KioskView::respond(int status, const Frame& frame, json view) const {
  const Words& words = page_.words();
  const Tenant tenant = the_tenant(reader());
  const auto site = get(reader(), device_.site);
  const bool is_first_language = request_.language == spoken_.front();
  const bool is_at_rest = frame.is_home && is_first_language;
  const auto idle = device_.idle_seconds > 0 ? device_.idle_seconds : kIdleSecondsDefault;
  view["page"] = {{"language", words.language()},
                  {"direction", words.is_right_to_left() ? "rtl" : "ltr"},
                  {"title", frame.title},
                  {"name", frame.name},
                  {"company", tenant.name.empty() ? "Foyer" : tenant.name},
                  {"help_line", PageView::optional(tenant.help_line)},
                  {"place", site ? json(site->name) : PageView::optional(device_.name)},
                  {"home", link("/kiosk/")},
                  {"clock", input_.host.format_instant(request_.now, page_.zone(),
                                                       words.language(), "time")},
                  {"zone", page_.zone()},
                  {"idle_seconds", !is_enrolled() || is_at_rest || !frame.clears ? 0 : idle},
                  {"live", frame.is_live},
                  {"own", is_enrolled()},
                  {"at_home", frame.is_home},
                  {"form_token", request_.form_token},
                  {"has_errors", !problems_.empty()},
                  {"errors", errors()}};
  return {status,
          {{"Content-Type", "text/html; charset=utf-8"},
           {"Content-Language", std::string(words.language())},
           {"Cache-Control", "no-store"}},
          render_template(frame.name, view, words, input_.host)};
}

}  // namespace foyer
