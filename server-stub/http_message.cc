#include "http_message.h"

#include "foyer/base/text.h"

namespace foyer::server {
namespace {

constexpr std::size_t kFormFieldsMax = 200;

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

HttpResponse typed_response(int status, std::string_view type, std::string body) {
  HttpResponse response;
  response.status = status;
  response.set("Content-Type", std::string(type));
  // Everything made per request may be personal; static files set their own policy.
  response.set("Cache-Control", "no-store");
  response.body = std::move(body);
  return response;
}

}  // namespace

std::string_view HttpRequest::header(std::string_view name) const {
  for (const auto& header : headers)
    if (header.name == name) return header.value;
  return {};
}

std::string_view HttpRequest::cookie(std::string_view name) const {
  std::string_view found;
  int count = 0;
  for (const auto& header : headers) {
    if (header.name != "cookie") continue;
    for (const auto part : split(header.value, ';')) {
      const auto pair = trim(part);
      const auto equals = pair.find('=');
      if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
      found = pair.substr(equals + 1);
      ++count;
    }
  }
  return count == 1 ? found : std::string_view();
}

std::string HttpRequest::origin() const {
  return (is_secure ? "https://" : "http://") + host;
}

void HttpResponse::set(std::string name, std::string value) {
  headers.push_back({std::move(name), std::move(value)});
}

bool HttpResponse::has(std::string_view name) const {
  for (const auto& header : headers)
    if (equals_ignoring_case(header.name, name)) return true;
  return false;
}

HttpResponse text_response(int status, std::string text) {
  return typed_response(status, "text/plain; charset=utf-8", std::move(text));
}

HttpResponse html_response(int status, std::string html) {
  return typed_response(status, "text/html; charset=utf-8", std::move(html));
}

HttpResponse json_response(int status, std::string json) {
  return typed_response(status, "application/json", std::move(json));
}

HttpResponse problem_response(int status, std::string_view code, std::string_view field,
                              std::string_view request_id) {
  std::string body = "{\"type\":\"about:blank\",\"title\":" + json_string(status_phrase(status)) +
                     ",\"status\":" + std::to_string(status) + ",\"code\":" + json_string(code);
  if (!field.empty()) body += ",\"field\":" + json_string(field);
  if (!request_id.empty()) body += ",\"request_id\":" + json_string(request_id);
  return typed_response(status, "application/problem+json", body + "}");
}

HttpResponse redirect_response(std::string location) {
  auto response = typed_response(303, "text/plain; charset=utf-8", "");
  response.set("Location", std::move(location));
  return response;
}

std::string_view status_phrase(int status) {
  switch (status) {
    case 200: return "OK";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 400: return "This request could not be understood";
    case 401: return "Please sign in";
    case 403: return "You may not do this";
    case 404: return "There is nothing here";
    case 405: return "This address does not take that kind of request";
    case 409: return "Something changed in the meantime";
    case 410: return "This is not available any more";
    case 413: return "This is too large";
    case 415: return "This kind of content is not accepted";
    case 422: return "There is a problem with what was sent";
    case 429: return "Too many attempts, please wait a moment";
    case 431: return "The request headers are too large";
    case 500: return "Something went wrong on our side";
    case 503: return "The service is busy, please try again in a moment";
    default: return "Status";
  }
}

std::string_view FormFields::get(std::string_view name) const {
  for (const auto& [key, value] : fields)
    if (key == name) return value;
  return {};
}

FormFields parse_form(std::string_view encoded) {
  FormFields form;
  const auto give_up = [&form] {
    form.ok = false;
    form.fields.clear();
    return form;
  };
  if (encoded.empty()) return form;
  for (const auto part : split(encoded, '&')) {
    if (part.empty()) continue;
    if (form.fields.size() == kFormFieldsMax) return give_up();
    const auto equals = part.find('=');
    auto name = percent_decode(part.substr(0, equals), true);
    DecodedText value;
    if (equals != std::string_view::npos) value = percent_decode(part.substr(equals + 1), true);
    if (!name.ok || !value.ok) return give_up();
    for (const auto& field : form.fields)
      if (field.first == name.text) return give_up();
    form.fields.emplace_back(std::move(name.text), std::move(value.text));
  }
  return form;
}

DecodedText percent_decode(std::string_view encoded, bool plus_is_space) {
  DecodedText decoded;
  decoded.text.reserve(encoded.size());
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    const char c = encoded[i];
    if (c == '+' && plus_is_space) {
      decoded.text += ' ';
    } else if (c == '%') {
      const bool is_whole = i + 2 < encoded.size();
      const int high = is_whole ? hex_value(encoded[i + 1]) : -1;
      const int low = is_whole ? hex_value(encoded[i + 2]) : -1;
      if (high < 0 || low < 0) return {false, {}};
      decoded.text += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      decoded.text += c;
    }
  }
  if (decoded.text.find('\0') != std::string::npos || !is_valid_utf8(decoded.text))
    return {false, {}};
  return decoded;
}

std::string percent_encode(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
                          c == '~' || c == '/';
    if (is_plain) {
      out += c;
    } else {
      out += '%';
      out += kHex[static_cast<unsigned char>(c) >> 4];
      out += kHex[static_cast<unsigned char>(c) & 15];
    }
  }
  return out;
}

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string json_string(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const auto code_point = next_code_point(text, at);
    if (code_point == '"' || code_point == '\\') {
      out += '\\';
      out += static_cast<char>(code_point);
    } else if (code_point < 0x20) {
      out += "\\u00";
      out += kHex[code_point >> 4];
      out += kHex[code_point & 15];
    } else {
      append_code_point(out, code_point);
    }
  }
  return out + '"';
}

}  // namespace foyer::server
