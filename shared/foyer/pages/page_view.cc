#include "foyer/pages/page_view.h"

#include "foyer/base/random.h"
#include "foyer/model/registry.h"
#include "foyer/pages/render.h"

namespace foyer {
namespace {

constexpr std::string_view kTabs[] = {"cases", "contracts", "articles"};

// The zone of the person's site, else of the account, else of the company.
std::string zone_for(const Reader& reader, const Actor& actor, const Tenant& tenant) {
  if (const auto site = get(reader, actor.site); site && !site->time_zone.empty())
    return site->time_zone;
  if (const auto account = get(reader, actor.account); account && !account->time_zone.empty())
    return account->time_zone;
  return tenant.time_zone.empty() ? "UTC" : tenant.time_zone;
}

Tenant the_tenant(const Reader& reader) {
  auto tenants = all<Tenant>(reader, 1);
  return tenants.empty() ? Tenant() : std::move(tenants.front());
}

}  // namespace

std::string value_of_field(const Fields& fields, std::string_view name) {
  for (const auto& [key, value] : fields)
    if (key == name) return value;
  return {};
}

Response redirect(std::string location) {
  return {303, {{"Location", std::move(location)}, {"Content-Type", "text/plain"}}, {}};
}

Uuid form_id(const Request& request, std::string_view purpose) {
  // Unpredictable enough to be unique: the token is secret, the time moves on.
  std::uint64_t seed = static_cast<std::uint64_t>(request.now.ms);
  for (const char c : request.form_token + request.path + std::string(purpose))
    seed = (seed ^ static_cast<std::uint8_t>(c)) * 0x100000001b3ULL;
  Random random(seed);
  return make_uuid(request.now, random);
}

PageView::PageView(const PageInput& input)
    : input_(input), words_(input.request.language), tenant_(the_tenant(input.reader)) {
  zone_ = zone_for(input.reader, input.request.actor, tenant_);
}

std::string PageView::time(Instant at) const {
  return input_.host.format_instant(at, zone_, words_.language(), "datetime");
}

std::string PageView::date(Instant at) const {
  return input_.host.format_instant(at, zone_, words_.language(), "date");
}

std::string PageView::money(Money amount) const {
  return input_.host.format_money(amount, words_.language());
}

nlohmann::json PageView::optional(std::string_view text) {
  return text.empty() ? nlohmann::json() : nlohmann::json(text);
}

std::string PageView::posted(std::string_view name) const {
  return value_of_field(request().form, name);
}

std::string PageView::asked(std::string_view name) const {
  return value_of_field(request().query, name);
}

Uuid PageView::posted_id(std::string_view name) const {
  return parse_uuid(posted(name)).value_or(Uuid());
}

std::string PageView::error_text(const Error& error) const {
  const std::string exact = "error." + error.field + "." + error.detail;
  if (words_.has(exact)) return t(exact);
  const std::string general = "error." + error.detail;
  return t(words_.has(general) ? general : "error.general");
}

std::string PageView::error_for(std::string_view field) const {
  const auto& failure = request().failure;
  return failure && failure->field == field ? error_text(*failure) : std::string();
}

nlohmann::json PageView::waiting_mark(const Uuid& row) const {
  if (waiting_for(input_.outbox, row) == nullptr) return {};
  return t("waiting.mark");
}

// {text, refused} for the line above every page, or null.
nlohmann::json PageView::waiting_notice() const {
  std::int64_t refused = 0;
  for (const OutboxLine& line : input_.outbox) refused += line.is_refused;
  const auto waiting = static_cast<std::int64_t>(input_.outbox.size()) - refused;
  if (refused > 0) return {{"text", words_.plural("layout.refused", refused)}, {"refused", true}};
  if (waiting > 0) return {{"text", words_.plural("layout.waiting", waiting)}, {"refused", false}};
  return {};
}

nlohmann::json PageView::errors() const {
  nlohmann::json list = nlohmann::json::array();
  if (const auto& failure = request().failure)
    list.push_back({{"field", optional(failure->field)}, {"text", error_text(*failure)}});
  return list;
}

nlohmann::json PageView::field(const FieldView& view) const {
  const std::string error = error_for(view.name);
  std::string described_by;
  if (!view.hint.empty()) described_by = std::string(view.name) + "-hint";
  if (!error.empty()) described_by += " " + std::string(view.name) + "-error";
  nlohmann::json options = view.options;
  const std::string value = posted(view.name);
  for (auto& option : options) option["selected"] = option["value"] == value;
  return {{"name", view.name},         {"kind", view.kind},
          {"label", view.label},       {"hint", optional(view.hint)},
          {"error", optional(error)},  {"optional", view.is_optional},
          {"value", view.kind == "password" ? std::string() : value},
          {"rows", view.rows},         {"autocomplete", optional(view.autocomplete)},
          {"options", options},        {"describedby", optional(described_by)}};
}

Response PageView::respond(int status, std::string_view name, std::string_view tab,
                           std::string title, nlohmann::json view) const {
  const Actor& actor = request().actor;
  const bool is_signed_in = actor.is_customer();
  nlohmann::json navigation = nlohmann::json::array();
  for (const std::string_view entry : kTabs) {
    if (!is_signed_in && entry != "articles") continue;
    navigation.push_back({{"href", "/" + std::string(entry)},
                          {"text", t("tab." + std::string(entry))},
                          {"current", entry == tab}});
  }
  const auto problems = errors();
  view["page"] = {{"language", words_.language()},
                  {"direction", words_.is_right_to_left() ? "rtl" : "ltr"},
                  {"title", std::move(title)},
                  {"name", name},
                  {"company", tenant_.name.empty() ? "Foyer" : tenant_.name},
                  {"help_line", tenant_.help_line},
                  {"zone", zone_},
                  {"signed_in", is_signed_in},
                  {"user", is_signed_in ? to_string(actor.user) : std::string()},
                  {"person", actor.name},
                  {"form_token", request().form_token},
                  {"navigation", navigation},
                  {"demo", request().demo},
                  {"offline", request().offline},
                  {"own_device", request().own_device},
                  {"waiting", waiting_notice()},
                  {"has_errors", !problems.empty()},
                  {"errors", problems}};
  return {status,
          {{"Content-Type", "text/html; charset=utf-8"},
           {"Content-Language", std::string(words_.language())},
           {"Cache-Control", "no-store"}},
          render_template(name, view, words_, input_.host)};
}

}  // namespace foyer
