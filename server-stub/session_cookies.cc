#include "session_cookies.h"

#include <algorithm>

#include "secrets.h"

namespace foyer::server {
namespace {

bool is_known_origin(std::string_view origin, const HttpRequest& request,
                     const std::vector<std::string>& allowed) {
  if (!allowed.empty())
    return std::find(allowed.begin(), allowed.end(), origin) != allowed.end();
  return origin == request.origin();
}

}  // namespace

std::string_view cookie_name(SiteKind site) {
  switch (site) {
    case SiteKind::kStaff: return "__Host-foyer-staff";
    case SiteKind::kKiosk: return "__Host-foyer-kiosk";
    case SiteKind::kCustomer: break;
  }
  return "__Host-foyer";
}

std::string session_cookie(SiteKind site, std::string_view token, std::int64_t age_max_s) {
  std::string cookie(cookie_name(site));
  cookie += '=';
  cookie += token;
  cookie += "; Path=/; Secure; HttpOnly; SameSite=";
  // Nobody follows a link to a kiosk.
  cookie += site == SiteKind::kKiosk ? "Strict" : "Lax";
  // Staff sessions end with the browser; a customer's own phone stays signed in.
  if (site == SiteKind::kCustomer || age_max_s == 0)
    cookie += "; Max-Age=" + std::to_string(age_max_s);
  return cookie;
}

OriginVerdict check_origin(const HttpRequest& request, const std::vector<std::string>& allowed) {
  const auto origin = request.header("origin");
  if (!origin.empty())
    return is_known_origin(origin, request, allowed) ? OriginVerdict::kOurs
                                                     : OriginVerdict::kForeign;
  const auto site = request.header("sec-fetch-site");
  if (!site.empty() && site != "same-origin") return OriginVerdict::kForeign;
  return OriginVerdict::kOurs;
}

OriginVerdict check_socket_origin(const HttpRequest& request,
                                  const std::vector<std::string>& allowed) {
  return is_known_origin(request.header("origin"), request, allowed) ? OriginVerdict::kOurs
                                                                     : OriginVerdict::kForeign;
}

std::string_view browser_cookie_name() { return "__Host-foyer-form"; }

std::string browser_cookie(std::string_view value) {
  return std::string(browser_cookie_name()) + '=' + std::string(value) +
         "; Path=/; Secure; HttpOnly; SameSite=Lax";
}

std::string browser_form_token(std::string_view key, std::string_view cookie_value) {
  return to_base64url(keyed_hash(key, cookie_value));
}

}  // namespace foyer::server
