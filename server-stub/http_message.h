// HTTP requests and responses as plain values. Not a parser and not a socket: http_server.cc turns
// bytes into these and back, and tests make them by hand.
// Invariant: header names of a request are lower case; `path` is percent-decoded, valid UTF-8.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace foyer::server {

struct HttpHeader {
  std::string name;
  std::string value;
};

struct HttpRequest {
  std::string method;  // "GET"
  std::string path;    // "/cases/T-10482"
  std::string query;   // without "?", still encoded
  std::vector<HttpHeader> headers;
  std::string body;
  std::string peer_address;  // of the client; behind a trusted proxy, as the proxy states it
  std::string host;          // "service.example.com" or "localhost:8080"
  std::string request_id;    // made here, for the log and for the person who reports a problem
  bool is_secure = false;    // TLS here or at a trusted proxy

  // The first value, or empty. `name` in lower case.
  std::string_view header(std::string_view name) const;
  // The value of one cookie, or empty. A name sent twice counts as absent: someone is playing.
  std::string_view cookie(std::string_view name) const;
  // "https://service.example.com": what a browser sends as Origin from our own pages.
  std::string origin() const;
};

struct HttpResponse {
  int status = 200;
  std::vector<HttpHeader> headers;
  std::string body;
  // Bytes shared by many responses (static files); used instead of `body` when set.
  std::shared_ptr<const std::string> shared_body;

  void set(std::string name, std::string value);
  bool has(std::string_view name) const;
};

// Answers a request exactly once, from any thread.
using Respond = std::function<void(HttpResponse)>;

HttpResponse text_response(int status, std::string text);
HttpResponse html_response(int status, std::string html);
HttpResponse json_response(int status, std::string json);
// RFC 9457. `code` is stable and meant for programs; the title is for people.
HttpResponse problem_response(int status, std::string_view code, std::string_view field = {},
                              std::string_view request_id = {});
// 303: what a form answers with, so that a reload does not send it again.
HttpResponse redirect_response(std::string location);
std::string_view status_phrase(int status);

// application/x-www-form-urlencoded, in order. Nothing (and `ok` false) for malformed escapes,
// invalid UTF-8, more than 200 fields or a name given twice.
struct FormFields {
  bool ok = true;
  std::vector<std::pair<std::string, std::string>> fields;

  std::string_view get(std::string_view name) const;
};
FormFields parse_form(std::string_view encoded);

struct DecodedText {
  bool ok = true;
  std::string text;
};
DecodedText percent_decode(std::string_view encoded, bool plus_is_space);

// Everything but unreserved characters and "/" as %XX: for a path within a query.
std::string percent_encode(std::string_view text);

std::string escape_html(std::string_view text);
// A JSON string literal with its quotes; invalid UTF-8 becomes U+FFFD.
std::string json_string(std::string_view text);

}  // namespace foyer::server
