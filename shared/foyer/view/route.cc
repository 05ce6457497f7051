#include "foyer/view/route.h"

#include <algorithm>

#include "foyer/base/text.h"

namespace foyer {
namespace {

constexpr std::string_view kRoot = "/staff/";
constexpr std::string_view kShow[kQueueFilters] = {"open", "mine", "unassigned", "ended", "all"};

template <class E>
std::optional<E> value_named(std::string_view name) {
  for (std::size_t i = 0; i < kNames<E>.size(); ++i)
    if (kNames<E>[i] == name) return static_cast<E>(i);
  return std::nullopt;
}

std::vector<QueueSort> parse_sorts(std::string_view text) {
  std::vector<QueueSort> sorts;
  for (std::string_view name : split(text, ',')) {
    const bool descending = name.starts_with('-');
    if (descending) name.remove_prefix(1);
    const auto order = value_named<QueueOrder>(name);
    const bool is_new = order && std::none_of(sorts.begin(), sorts.end(), [&](const auto& sort) {
                          return sort.order == *order;
                        });
    if (is_new && sorts.size() < kSortsMax) sorts.push_back({*order, descending});
  }
  return sorts;
}

void take_parameter(std::string_view key, std::string_view value, PortalRoute& route) {
  QueueQuery& query = route.query;
  if (key == "show") {
    for (std::size_t i = 0; i < kQueueFilters; ++i)
      if (value == kShow[i]) query.filter = static_cast<QueueFilter>(i);
  } else if (key == "state") {
    query.state = value_named<CaseState>(value);
  } else if (key == "priority") {
    query.priority = value_named<Priority>(value);
  } else if (key == "owner") {
    query.owner = Id<User>(parse_uuid(value).value_or(Uuid()));
  } else if (key == "sort") {
    query.sorts = parse_sorts(value);
  } else if (key == "rating") {
    route.ratings = value_named<RatingFilter>(value).value_or(RatingFilter::kAll);
  } else if (key == "q") {
    query.text = decode_address_part(value);
  }
}

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
  const QueueQuery& query = route.query;
  std::string path(kRoot), rest;
  path += name_of(route.screen);
  if (!route.selected.is_null()) path += "/" + to_string(route.selected);
  const auto add = [&](std::string_view key, std::string value) {
    rest += (rest.empty() ? "?" : "&") + std::string(key) + "=" + std::move(value);
  };
  if (query.filter != QueueFilter::kOpen)
    add("show", std::string(kShow[static_cast<std::size_t>(query.filter)]));
  if (query.state) add("state", std::string(name_of(*query.state)));
  if (query.priority) add("priority", std::string(name_of(*query.priority)));
  if (!query.owner.is_null()) add("owner", to_string(query.owner));
  std::string sorts;
  for (const QueueSort& sort : query.sorts)
    sorts += (sorts.empty() ? "" : ",") + std::string(sort.descending ? "-" : "") +
             std::string(name_of(sort.order));
  if (!sorts.empty()) add("sort", std::move(sorts));
  if (route.ratings != RatingFilter::kAll) add("rating", std::string(name_of(route.ratings)));
  if (!query.text.empty()) add("q", encode_address_part(query.text));
  return path + rest;
}

PortalRoute parse_route(std::string_view address) {
  PortalRoute route;
  const std::size_t question = address.find('?');
  const std::string_view path = address.substr(0, question);
  if (!path.starts_with(kRoot)) return route;
  const auto parts = split(path.substr(kRoot.size()), '/');
  route.screen = value_named<Screen>(parts[0]).value_or(Screen::kCases);
  if (parts.size() > 1) route.selected = parse_uuid(parts[1]).value_or(Uuid());
  if (question == std::string_view::npos) return route;
  for (const std::string_view pair : split(address.substr(question + 1), '&')) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    take_parameter(pair.substr(0, equals), pair.substr(equals + 1), route);
  }
  return route;
}

}  // namespace foyer
