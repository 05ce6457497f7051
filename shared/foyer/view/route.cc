#include "foyer/view/route.h"

#include "foyer/base/text.h"

namespace foyer {
namespace {

constexpr std::string_view kRoot = "/staff/";
constexpr std::string_view kShow[kQueueFilters] = {"open", "mine", "unassigned", "ended", "all"};

}  // namespace

std::string format(const PortalRoute& route) {
  std::string path(kRoot);
  path += name_of(route.screen);
  if (!route.selected.is_null()) path += "/" + to_string(route.selected);
  if (route.filter != QueueFilter::kOpen)
    path += "?show=" + std::string(kShow[static_cast<std::size_t>(route.filter)]);
  return path;
}

PortalRoute parse_route(std::string_view address) {
  PortalRoute route;
  const std::size_t question = address.find('?');
  const std::string_view path = address.substr(0, question);
  if (!path.starts_with(kRoot)) return route;
  const auto parts = split(path.substr(kRoot.size()), '/');
  for (std::size_t i = 0; i < kNames<Screen>.size(); ++i)
    if (kNames<Screen>[i] == parts[0]) route.screen = static_cast<Screen>(i);
  if (parts.size() > 1) route.selected = parse_uuid(parts[1]).value_or(Uuid());
  if (question == std::string_view::npos) return route;
  for (const std::string_view pair : split(address.substr(question + 1), '&'))
    for (std::size_t i = 0; i < kQueueFilters; ++i)
      if (pair == "show=" + std::string(kShow[i])) route.filter = static_cast<QueueFilter>(i);
  return route;
}

}  // namespace foyer
