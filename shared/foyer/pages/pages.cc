#include "foyer/pages/pages.h"

#include "foyer/base/text.h"
#include "foyer/model/registry.h"
#include "foyer/pages/case_pages.h"
#include "foyer/pages/contract_pages.h"
#include "foyer/pages/device_pages.h"

namespace foyer {
namespace {

enum class Needs : std::uint8_t { kNobody, kCustomer };

struct Route {
  std::string_view path;  // "*" at the end: an id follows
  Needs needs;
  bool takes_post;
  PageResult (*show)(const PageView& view, const Uuid& id);
};
constexpr Route kRoutes[] = {
    {"/", Needs::kNobody, false,
     [](const PageView& view, const Uuid&) {
       const bool is_known = view.request().actor.is_customer();
       return PageResult{redirect(is_known ? "/cases" : "/sign-in"), {}, {}, {}};
     }},
    {"/cases", Needs::kCustomer, false,
     [](const PageView& view, const Uuid&) { return show_cases(view); }},
    {"/cases/new", Needs::kCustomer, true,
     [](const PageView& view, const Uuid&) { return new_case(view); }},
    {"/cases/*", Needs::kCustomer, true,
     [](const PageView& view, const Uuid& id) { return one_case(view, Id<Case>(id)); }},
    {"/contracts", Needs::kCustomer, false,
     [](const PageView& view, const Uuid&) { return show_contracts(view); }},
    {"/contracts/*", Needs::kCustomer, false,
     [](const PageView& view, const Uuid& id) {
       return one_contract(view, Id<ServiceContract>(id));
     }},
    {"/articles", Needs::kNobody, false,
     [](const PageView& view, const Uuid&) { return show_articles(view); }},
    {"/articles/*", Needs::kNobody, false,
     [](const PageView& view, const Uuid& id) { return one_article(view, Id<Article>(id)); }},
    {"/waiting", Needs::kCustomer, true,
     [](const PageView& view, const Uuid&) { return show_waiting(view); }},
    {"/device", Needs::kCustomer, true,
     [](const PageView& view, const Uuid&) { return show_device(view); }},
    {"/offline", Needs::kNobody, false,
     [](const PageView& view, const Uuid&) { return show_offline(view); }},
};

const Route* find_route(std::string_view path, Uuid& id) {
  for (const Route& route : kRoutes) {
    if (route.path == path) return &route;
    if (!route.path.ends_with('*')) continue;
    const std::string_view prefix = route.path.substr(0, route.path.size() - 1);
    if (!path.starts_with(prefix)) continue;
    const auto parsed = parse_uuid(path.substr(prefix.size()));
    if (!parsed) continue;
    id = *parsed;
    return &route;
  }
  return nullptr;
}

std::string encoded_path(const Request& request) {
  // Paths of pages are plain ASCII; anything else is not worth returning to.
  for (const char c : request.path)
    if (c <= ' ' || c > '~' || c == '%' || c == '&' || c == '#') return "/";
  return request.path;
}

}  // namespace

bool is_page(std::string_view path) {
  Uuid id;
  return find_route(path, id) != nullptr;
}

std::vector<std::string_view> page_paths() {
  std::vector<std::string_view> paths;
  for (const Route& route : kRoutes) paths.push_back(route.path);
  return paths;
}

PageResult render_page(const PageInput& input) {
  Uuid id;
  const Route* route = find_route(input.request.path, id);
  if (route == nullptr) return {render_error(input, 404), {}, {}, {}};
  const bool is_post = input.request.method == "POST";
  if (is_post && !route->takes_post) return {render_error(input, 405), {}, {}, {}};
  if (route->needs == Needs::kCustomer && !input.request.actor.is_customer())
    return {redirect("/sign-in?next=" + encoded_path(input.request)), {}, {}, {}};
  return route->show(PageView(input), id);
}

Response render_error(const PageInput& input, int status) {
  const PageView view(input);
  std::string key = "page_error." + std::to_string(status);
  if (!view.words().has(key + ".title")) key = "page_error.500";
  return view.respond(status, "message", {}, view.t(key + ".title"),
                      {{"text", view.t(key + ".text")},
                       {"link", {{"href", "/"}, {"text", view.t("page_error.home")}}}});
}

}  // namespace foyer
