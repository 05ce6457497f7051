#include "foyer/view/route.h"

#include "foyer/base/text.h"

namespace foyer {
namespace {

constexpr std::string_view kRoot = "/staff/";
constexpr std::string_view kShow[kQueueFilters] = {"open", "mine", "unassigned", "ended", "all"};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

std::string encode_address_part(std::string_view text) {
  constexpr char digits[] = "0123456789ABCDEF";
  constexpr std::string_view plain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
  std::string out;
  for (const char c : text) {
    if (plain.find(c) != std::string_view::npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<std::uint8_t>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

std::string decode_address_part(std::string_view encoded) {
  std::string out;
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    if (encoded[i] != '%') {
      out += encoded[i] == '+' ? ' ' : encoded[i];
      continue;
    }
    const int high = i + 2 < encoded.size() ? hex_digit(encoded[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(encoded[i + 2]) : -1;
    if (low < 0) return {};
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return is_valid_utf8(out) ? out : std::string();
}

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
