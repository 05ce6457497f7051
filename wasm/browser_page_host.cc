#include "browser_page_host.h"

extern "C" {
void foyer_format_instant(double ms, const char* zone, const char* language, const char* style,
                          char* out, int max);
void foyer_format_money(const char* decimal, const char* currency, const char* language, char* out,
                        int max);
void foyer_host_asset(const char* name, char* out, int max);
}

namespace foyer::web {

std::string BrowserPageHost::format_instant(Instant at, std::string_view zone,
                                            std::string_view language,
                                            std::string_view style) const {
  if (at.is_none()) return {};
  char text[160] = {};
  foyer_format_instant(static_cast<double>(at.ms), std::string(zone).c_str(),
                       std::string(language).c_str(), std::string(style).c_str(), text,
                       sizeof text);
  return text;
}

std::string BrowserPageHost::format_money(Money amount, std::string_view language) const {
  if (amount.is_none()) return {};
  char text[160] = {};
  foyer_format_money(to_decimal(amount).c_str(), std::string(amount.currency.view()).c_str(),
                     std::string(language).c_str(), text, sizeof text);
  return text;
}

std::string BrowserPageHost::asset_url(std::string_view name) const {
  char text[256] = {};
  foyer_host_asset(std::string(name).c_str(), text, sizeof text);
  return text;
}

}  // namespace foyer::web
