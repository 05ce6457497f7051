// What a request carries as text, after HTTP itself: forms, queries, paths, cookies, origins, where
// to go next. Not HTTP as bytes: Boost.Beast reads those.
//
//   input := lines: path, cookie header, origin header, next; then a form
#include "application.h"
#include "foyer/base/text.h"
#include "fuzz/fuzz.h"
#include "http_message.h"
#include "session_cookies.h"

namespace foyer::server {
namespace {

using fuzz::expect;

std::string encoded(const FormFields& form) {
  std::string text;
  for (const auto& [name, value] : form.fields)
    text += (text.empty() ? "" : "&") + percent_encode(name) + '=' + percent_encode(value);
  return text;
}

void check_form(std::string_view text) {
  const auto form = parse_form(text);
  expect(form.ok || form.fields.empty(), "a refused form has fields", text);
  expect(form.fields.size() <= 200, "more fields than there may be", text);
  for (const auto& [name, value] : form.fields) {
    expect(is_valid_utf8(name) && is_valid_utf8(value), "a field that is no text", text);
    expect(form.get(name) == value, "a name stands for two values", text);
  }
  const bool has_bare_name = form.fields.size() == 1 && form.fields.front().first.empty();
  if (form.ok && !has_bare_name)
    expect(parse_form(encoded(form)).fields == form.fields, "a form changed on its way", text);
}

void check_next(std::string_view next) {
  for (const auto site : {SiteKind::kCustomer, SiteKind::kStaff}) {
    const auto safe = safe_next(site, next);
    expect(safe.starts_with('/') && !safe.starts_with("//") && !safe.starts_with("/\\"),
           "a redirection leaves the site", safe);
    expect(safe.find_first_of("\r\n") == std::string::npos, "a redirection is two headers", safe);
    expect(site_of(safe) == site, "a redirection leads to the other site", safe);
  }
}

void check_path(std::string_view path) {
  const auto decoded = percent_decode(path, false);
  if (!decoded.ok) return;
  expect(is_valid_utf8(decoded.text), "a path that is no text", path);
  expect(percent_decode(percent_encode(decoded.text), false).text == decoded.text,
         "a path changed on its way", path);
  check_next(decoded.text);
}

void check_headers(std::string_view cookie, std::string_view origin) {
  HttpRequest request;
  request.method = "POST";
  request.host = "service.example";
  request.headers.push_back({"cookie", std::string(cookie)});
  request.headers.push_back({"origin", std::string(origin)});
  for (const auto site : {SiteKind::kCustomer, SiteKind::kStaff})
    expect(request.cookie(cookie_name(site)).find(';') == std::string_view::npos,
           "a cookie's value holds another", cookie);
  if (check_origin(request, {}) == OriginVerdict::kOurs)
    expect(origin.empty() || origin == request.origin(), "a foreign origin is ours", origin);
}

}  // namespace
}  // namespace foyer::server

void foyer::fuzz::try_input(std::string_view input) {
  server::check_path(take_line(input));
  const auto cookie = take_line(input);
  server::check_headers(cookie, take_line(input));
  server::check_next(take_line(input));
  server::device_label(input);
  server::check_form(input);
  const auto html = server::escape_html(input);
  expect(html.find_first_of("<>\"'") == std::string::npos, "escaped text has markup", html);
  expect(is_valid_utf8(server::json_string(input)), "a JSON text that is none");
}
