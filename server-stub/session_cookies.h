// Session cookies and the defence against forged requests. Not the sessions themselves.
// Invariant: a request that changes something passes `check_origin` and carries the form token of
// its session (or, before sign-in, of its browser).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http_message.h"
#include "sessions.h"

namespace foyer::server {

// "__Host-foyer", "__Host-foyer-staff", "__Host-foyer-kiosk".
std::string_view cookie_name(SiteKind site);
// The value of a Set-Cookie header. `age_max_s` 0 removes the cookie.
std::string session_cookie(SiteKind site, std::string_view token, std::int64_t age_max_s);

enum class OriginVerdict : std::uint8_t { kOurs, kForeign };
// Origin when sent, else Sec-Fetch-Site when sent, else ours: old browsers send neither, and the
// form token still stands. `allowed`: when not empty, the only origins accepted; else the request's
// own host.
OriginVerdict check_origin(const HttpRequest& request, const std::vector<std::string>& allowed);
// For WebSocket upgrades, which browsers always send with an Origin: without one, foreign.
OriginVerdict check_socket_origin(const HttpRequest& request,
                                  const std::vector<std::string>& allowed);

// Forms of people who are not signed in: the token is derived from a cookie that only our pages
// could have set.
std::string_view browser_cookie_name();
std::string browser_cookie(std::string_view value);
std::string browser_form_token(std::string_view key, std::string_view cookie_value);

}  // namespace foyer::server
