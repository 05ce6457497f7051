#include "import_values.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "foyer/base/text.h"

namespace foyer::server {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Up to seven numbers with what stands between them; nothing for any other shape.
struct DateParts {
  std::array<std::int64_t, 7> numbers{};
  std::array<std::size_t, 7> digits{};
  std::size_t count = 0;
  bool is_afternoon = false, has_half_day = false;
};

std::optional<DateParts> split_date(std::string_view text) {
  DateParts parts;
  if (text.ends_with('Z')) text.remove_suffix(1);
  for (const auto& [mark, is_afternoon] : {std::pair{" AM", false}, {" PM", true}}) {
    const auto tail = text.size() >= 3 ? text.substr(text.size() - 3) : std::string_view();
    if (!equals_ignoring_case(tail, mark)) continue;
    parts.has_half_day = true;
    parts.is_afternoon = is_afternoon;
    text.remove_suffix(3);
  }
  constexpr std::array<std::string_view, 6> kBetween = {"/-.", "/-.", " T,", ":", ":", ".,"};
  std::size_t at = 0;
  char date_separator = 0;
  while (parts.count < 7) {
    const auto start = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    parts.digits[parts.count] = at - start;
    if (at == start || at - start > 9) return std::nullopt;
    std::from_chars(text.data() + start, text.data() + at, parts.numbers[parts.count]);
    ++parts.count;
    if (at == text.size()) return parts;
    if (parts.count == 7 || kBetween[parts.count - 1].find(text[at]) == std::string_view::npos)
      return std::nullopt;
    if (parts.count == 1) date_separator = text[at];
    if (parts.count == 2 && text[at] != date_separator) return std::nullopt;
    ++at;
    while (parts.count == 3 && at < text.size() && text[at] == ' ') ++at;
  }
  return std::nullopt;
}

bool is_separator(char c) { return c == ',' || c == '.' || c == '\'' || c == ' '; }

}  // namespace

std::string_view known_text(std::string_view cell) {
  const auto text = trim(cell);
  for (const std::string_view unknown : {"?", "-", "--", "n/a", "na", "null", "none", "unknown"})
    if (equals_ignoring_case(text, unknown)) return {};
  return text;
}

std::optional<bool> parse_yes_no(std::string_view cell) {
  const auto text = trim(cell);
  for (const std::string_view yes : {"true", "yes", "y", "t", "1", "wahr", "ja", "vrai", "oui"})
    if (equals_ignoring_case(text, yes)) return true;
  for (const std::string_view no : {"false", "no", "n", "f", "0", "falsch", "nein", "faux", "non"})
    if (equals_ignoring_case(text, no)) return false;
  return std::nullopt;
}

std::optional<std::int64_t> parse_number(std::string_view cell, int decimals) {
  auto text = trim(cell);
  bool is_negative = false;
  for (const std::string_view sign : {"$", "€", "£", "USD", "EUR"}) {
    if (text.starts_with(sign)) text.remove_prefix(sign.size());
    if (text.ends_with(sign)) text.remove_suffix(sign.size());
  }
  text = trim(text);
  if (text.starts_with('-') || text.starts_with('+')) {
    is_negative = text.front() == '-';
    text = trim(text.substr(1));
  }
  if (text.empty() || !is_digit(text.front()) || !is_digit(text.back())) return std::nullopt;
  const auto last = text.find_last_of(",.");
  const auto tail = last == std::string_view::npos ? 0 : text.size() - last - 1;
  const bool is_only_one =
      last != std::string_view::npos && text.find_first_of(",.") == last;
  const bool is_repeated = last != std::string_view::npos &&
                           std::count(text.begin(), text.end(), text[last]) > 1;
  const bool is_grouping =
      is_repeated || (is_only_one && tail == 3 && text[last] == ',' && text.front() != '0');
  const bool has_fraction = last != std::string_view::npos && !is_grouping;
  std::int64_t value = 0;
  int fraction_digits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_separator(text[i])) continue;
    if (!is_digit(text[i])) return std::nullopt;
    const bool is_fraction = has_fraction && i > last;
    if (is_fraction && fraction_digits == decimals) {
      if (text[i] != '0') return std::nullopt;
      continue;
    }
    fraction_digits += is_fraction;
    if (__builtin_mul_overflow(value, 10, &value)) return std::nullopt;
    if (__builtin_add_overflow(value, text[i] - '0', &value)) return std::nullopt;
  }
  for (; fraction_digits < decimals; ++fraction_digits)
    if (__builtin_mul_overflow(value, 10, &value)) return std::nullopt;
  return is_negative ? -value : value;
}

std::optional<DateOrder> find_date_order(const std::vector<std::string_view>& cells,
                                         DateOrder prefer) {
  std::vector<DateOrder> candidates = {prefer};
  for (const auto order : {DateOrder::kYearFirst, DateOrder::kMonthFirst, DateOrder::kDayFirst})
    if (order != prefer) candidates.push_back(order);
  for (const auto order : candidates) {
    const bool fits_all = std::all_of(cells.begin(), cells.end(), [order](std::string_view cell) {
      return known_text(cell).empty() || parse_date(cell, order).has_value();
    });
    if (fits_all) return order;
  }
  return std::nullopt;
}

DateOrder usual_date_order(const std::vector<std::string_view>& cells, DateOrder prefer) {
  if (const auto order = find_date_order(cells, prefer)) return *order;
  auto best = prefer;
  std::ptrdiff_t best_count = -1;
  for (const auto order :
       {prefer, DateOrder::kYearFirst, DateOrder::kMonthFirst, DateOrder::kDayFirst}) {
    const auto count = std::count_if(cells.begin(), cells.end(), [order](std::string_view cell) {
      return parse_date(cell, order).has_value();
    });
    if (count > best_count) best_count = count, best = order;
  }
  return best;
}

std::optional<Instant> parse_date(std::string_view cell, DateOrder order) {
  const auto parts = split_date(known_text(cell));
  if (!parts || parts->count < 3 || parts->count == 4) return std::nullopt;
  const auto& numbers = parts->numbers;
  const std::size_t year_at = order == DateOrder::kYearFirst ? 0 : 2;
  if (parts->digits[year_at] != 4 && !(year_at == 2 && parts->digits[2] == 2)) return std::nullopt;
  CivilTime civil;
  civil.year = numbers[year_at];
  if (parts->digits[year_at] == 2) civil.year += civil.year < 70 ? 2000 : 1900;
  const std::size_t month_at = order == DateOrder::kMonthFirst ? 0 : 1;
  const std::size_t day_at = order == DateOrder::kYearFirst ? 2 : 1 - month_at;
  if (parts->digits[month_at] > 2 || parts->digits[day_at] > 2) return std::nullopt;
  civil.month = static_cast<int>(numbers[month_at]);
  civil.day = static_cast<int>(numbers[day_at]);
  civil.hour = static_cast<int>(numbers[3]);
  civil.minute = static_cast<int>(numbers[4]);
  civil.second = static_cast<int>(numbers[5]);
  if (parts->has_half_day) {
    if (civil.hour < 1 || civil.hour > 12) return std::nullopt;
    civil.hour = civil.hour % 12 + (parts->is_afternoon ? 12 : 0);
  }
  if (!is_valid(civil)) return std::nullopt;
  return from_civil(civil);
}

std::optional<std::int64_t> leading_number(std::string_view cell) {
  const auto text = trim(cell);
  std::int64_t number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  if (rest != text.data() + text.size() && *rest != ' ' && *rest != '-') return std::nullopt;
  return number;
}

std::string loose_key(std::string_view text) {
  std::string key;
  for (const char c : to_ascii_lower(text)) {
    const bool is_kept = (c >= 'a' && c <= 'z') || is_digit(c) ||
                         static_cast<unsigned char>(c) >= 0x80;
    if (is_kept) key += c;
  }
  return key;
}

}  // namespace foyer::server
