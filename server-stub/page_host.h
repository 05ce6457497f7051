// What shared/pages needs of its host, on the server: dates and money through ICU, asset addresses
// through the map that the build leaves beside the web files.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "foyer/pages/http.h"
#include "static_files.h"

namespace foyer::server {

class ServerPageHost final : public PageHost {
 public:
  // Reads "/assets.json" of `files`: {"style/site.css": "assets/site.3f2a9c1b.css", ...}. Without
  // it every asset has its plain address.
  ServerPageHost(const StaticFiles& files, std::function<Instant()> clock);

  std::string format_instant(Instant at, std::string_view zone, std::string_view language,
                             std::string_view style) const override;
  std::string format_money(Money amount, std::string_view language) const override;
  std::string asset_url(std::string_view name) const override;

 private:
  std::map<std::string, std::string, std::less<>> assets_;
  std::function<Instant()> clock_;
};

}  // namespace foyer::server
