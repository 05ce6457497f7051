// An amount of money: minor units with their currency. Not a price rule, not a conversion.
// Invariant: amounts of two currencies never add.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "foyer/base/result.h"

namespace foyer {

// ISO 4217 code, three capital letters; all zero bytes means "no amount at all".
struct Currency {
  std::array<char, 3> code{};

  constexpr Currency() = default;
  constexpr explicit Currency(std::string_view text) {
    if (text.size() == 3)
      for (std::size_t i = 0; i < 3; ++i) code[i] = text[i];
  }
  constexpr bool is_none() const { return code[0] == 0; }
  constexpr std::string_view view() const {
    return is_none() ? std::string_view() : std::string_view(code.data(), code.size());
  }
  friend constexpr auto operator<=>(const Currency&, const Currency&) = default;
};

struct Money {
  std::int64_t minor = 0;  // cents for EUR and USD, whole yen for JPY
  Currency currency;

  constexpr bool is_none() const { return currency.is_none(); }
  friend constexpr auto operator<=>(const Money&, const Money&) = default;
};

// Decimals of the minor unit (ISO 4217): 2 for most, 0 for JPY and KRW, 3 for KWD.
int decimals_of(Currency currency);
bool is_valid(Currency currency);

// kInvalid if the currencies differ, kExhausted on overflow.
Result<Money> add(Money a, Money b);

// "1054", "1,054.50", "-3.2" -> minor units; grouping commas are dropped. kInvalid otherwise, also
// for more decimals than the currency has.
Result<Money> parse_money(std::string_view text, Currency currency);

// "1054.50": plain digits for files and forms. People read the host's formatting instead.
std::string to_decimal(Money amount);

}  // namespace foyer
