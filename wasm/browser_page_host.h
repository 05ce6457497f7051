// Words of the pages as the browser has them: times, money, addresses of assets.
#pragma once

#include "foyer/pages/http.h"

namespace foyer::web {

class BrowserPageHost final : public PageHost {
 public:
  std::string format_instant(Instant at, std::string_view zone, std::string_view language,
                             std::string_view style) const override;
  std::string format_money(Money amount, std::string_view language) const override;
  std::string asset_url(std::string_view name) const override;
};

}  // namespace foyer::web
