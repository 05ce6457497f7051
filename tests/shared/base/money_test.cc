#include "foyer/base/money.h"

#include <gtest/gtest.h>

namespace foyer {
namespace {

struct MoneyCase {
  const char* text;
  const char* currency;
  std::int64_t minor;
  bool is_read;
};
class ParseMoney : public testing::TestWithParam<MoneyCase> {};
TEST_P(ParseMoney, KnowsTheCurrencysDecimals) {
  const auto& [text, currency, minor, is_read] = GetParam();
  const auto money = parse_money(text, Currency(currency));
  EXPECT_EQ(money.has_value(), is_read) << text;
  if (money) EXPECT_EQ(money->minor, minor) << text;
}
INSTANTIATE_TEST_SUITE_P(
    All, ParseMoney,
    testing::Values(MoneyCase{"1,054.50", "EUR", 105450, true},
                    MoneyCase{"-3.2", "USD", -320, true}, MoneyCase{"500", "JPY", 500, true},
                    MoneyCase{"1.234", "KWD", 1234, true}, MoneyCase{"1.234", "EUR", 0, false},
                    MoneyCase{"1.230", "EUR", 123, true}, MoneyCase{"", "EUR", 0, false},
                    MoneyCase{"12a", "EUR", 0, false},
                    MoneyCase{"99999999999999999999", "EUR", 0, false}));

TEST(Money, CurrenciesDoNotMixAndSumsDoNotWrap) {
  const Money euro{100, Currency("EUR")};
  EXPECT_EQ(add(euro, {1, Currency("USD")}).error().detail, "currency_mismatch");
  EXPECT_EQ(add(euro, {INT64_MAX, Currency("EUR")}).error().code, ErrorCode::kExhausted);
  EXPECT_EQ(add(euro, Money{})->minor, 100);
}

TEST(Money, DecimalTextReadsBack) {
  for (const std::int64_t minor : {0L, 5L, -5L, 123456L, -100L})
    EXPECT_EQ(parse_money(to_decimal({minor, Currency("EUR")}), Currency("EUR"))->minor, minor);
}

}  // namespace
}  // namespace foyer
