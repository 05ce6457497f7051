#include "foyer/base/money.h"

#include <limits>

namespace foyer {

int decimals_of(Currency currency) {
  constexpr std::string_view kWhole[] = {"JPY", "KRW", "ISK", "CLP", "VND", "UGX", "XAF", "XOF"};
  constexpr std::string_view kThousandths[] = {"KWD", "BHD", "OMR", "JOD", "TND", "IQD", "LYD"};
  for (const auto code : kWhole)
    if (currency.view() == code) return 0;
  for (const auto code : kThousandths)
    if (currency.view() == code) return 3;
  return 2;
}

bool is_valid(Currency currency) {
  if (currency.is_none()) return false;
  for (const char c : currency.code)
    if (c < 'A' || c > 'Z') return false;
  return true;
}

Result<Money> add(Money a, Money b) {
  if (a.is_none()) return b;
  if (b.is_none()) return a;
  if (a.currency != b.currency) return fail(ErrorCode::kInvalid, "currency_mismatch");
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a.minor, b.minor, &sum))
    return fail(ErrorCode::kExhausted, "amount_too_large");
  return Money{sum, a.currency};
}

Result<Money> parse_money(std::string_view text, Currency currency) {
  const auto invalid = [] { return fail(ErrorCode::kInvalid, "not_an_amount"); };
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  if (text.empty()) return invalid();
  const int decimals = decimals_of(currency);
  std::int64_t minor = 0;
  int seen_decimals = -1;  // -1: still before the point
  bool any_digit = false;
  for (const char c : text) {
    if (c == ',' && seen_decimals < 0 && any_digit) continue;
    if (c == '.' && seen_decimals < 0) {
      seen_decimals = 0;
      continue;
    }
    if (c < '0' || c > '9') return invalid();
    any_digit = true;
    if (seen_decimals >= 0 && ++seen_decimals > decimals) {
      if (c != '0') return invalid();
      continue;
    }
    if (__builtin_mul_overflow(minor, std::int64_t{10}, &minor) ||
        __builtin_add_overflow(minor, std::int64_t{c - '0'}, &minor))
      return fail(ErrorCode::kExhausted, "amount_too_large");
  }
  if (!any_digit) return invalid();
  for (int i = seen_decimals < 0 ? 0 : seen_decimals; i < decimals; ++i)
    if (__builtin_mul_overflow(minor, std::int64_t{10}, &minor))
      return fail(ErrorCode::kExhausted, "amount_too_large");
  return Money{negative ? -minor : minor, currency};
}

std::string to_decimal(Money amount) {
  const auto decimals = static_cast<std::size_t>(decimals_of(amount.currency));
  const bool negative = amount.minor < 0;
  const std::uint64_t magnitude = negative ? 0 - static_cast<std::uint64_t>(amount.minor)
                                           : static_cast<std::uint64_t>(amount.minor);
  std::string digits = std::to_string(magnitude);
  if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
  if (decimals > 0) digits.insert(digits.size() - decimals, 1, '.');
  return negative ? "-" + digits : digits;
}

}  // namespace foyer
