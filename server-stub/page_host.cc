#include "page_host.h"

#include "flat_json.h"
#include "locale_data.h"

namespace foyer::server {

ServerPageHost::ServerPageHost(const StaticFiles& files, std::function<Instant()> clock)
    : assets_(parse_text_map(files.text_of("/assets.json")).value_or(TextMap{})),
      clock_(std::move(clock)) {}

std::string ServerPageHost::format_instant(Instant at, std::string_view zone,
                                           std::string_view language,
                                           std::string_view style) const {
  return server::format_instant(
      at, {.zone = zone, .language = language, .style = style, .now = clock_()});
}

std::string ServerPageHost::format_money(Money amount, std::string_view language) const {
  return server::format_money(amount, language);
}

std::string ServerPageHost::asset_url(std::string_view name) const {
  const auto found = assets_.find(name);
  const std::string path(found == assets_.end() ? name : std::string_view(found->second));
  return path.starts_with('/') ? path : '/' + path;
}

}  // namespace foyer::server
