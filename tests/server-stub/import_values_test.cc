#include "import_values.h"

#include <gtest/gtest.h>

namespace foyer::server {
namespace {

TEST(ImportValuesTest, Numbers) {
  const struct {
    std::string_view text;
    int decimals;
    std::optional<std::int64_t> value;
  } cases[] = {
      {"1054", 2, 105'400},       {"1,054", 2, 105'400},    {"1,054.50", 2, 105'450},
      {"1.054,50", 2, 105'450},   {"$3 200.5", 2, 320'050}, {"-3.2", 2, -320},
      {"1100.04", 2, 110'004},    {"1'000'000", 0, 1'000'000}, {"0,125", 3, 125},
      {"1.050", 2, 105},          {"2822", 0, 2822},        {"1,234,567", 0, 1'234'567},
      {"1.005", 2, std::nullopt}, {"1.054", 0, std::nullopt}, {"", 2, std::nullopt},
      {"abc", 2, std::nullopt},   {"1e5", 2, std::nullopt}, {"--1", 2, std::nullopt},
      {".", 2, std::nullopt},     {"99999999999999999999", 0, std::nullopt},
      {"9223372036854775807", 2, std::nullopt},
  };
  for (const auto& row : cases)
    EXPECT_EQ(parse_number(row.text, row.decimals), row.value) << row.text;
}

TEST(ImportValuesTest, DatesInEveryOrderAndWithEverySeparator) {
  const struct {
    std::string_view text;
    DateOrder order;
    std::string_view iso;
  } cases[] = {
      {"10/20/2016", DateOrder::kMonthFirst, "2016-10-20T00:00:00Z"},
      {"3/1/2017", DateOrder::kMonthFirst, "2017-03-01T00:00:00Z"},
      {"3/1/2017", DateOrder::kDayFirst, "2017-01-03T00:00:00Z"},
      {"29/2/2016 01:23", DateOrder::kDayFirst, "2016-02-29T01:23:00Z"},
      {"29-02-2016 1:23:45", DateOrder::kDayFirst, "2016-02-29T01:23:45Z"},
      {"29.2.16", DateOrder::kDayFirst, "2016-02-29T00:00:00Z"},
      {"2016-02-29T01:16:05Z", DateOrder::kYearFirst, "2016-02-29T01:16:05Z"},
      {"2016/2/29", DateOrder::kYearFirst, "2016-02-29T00:00:00Z"},
      {"2/29/2016 12:05 AM", DateOrder::kMonthFirst, "2016-02-29T00:05:00Z"},
      {"2/29/2016 1:05 pm", DateOrder::kMonthFirst, "2016-02-29T13:05:00Z"},
  };
  for (const auto& row : cases) {
    const auto date = parse_date(row.text, row.order);
    ASSERT_TRUE(date) << row.text;
    EXPECT_EQ(to_iso(*date), row.iso);
  }
  for (const char* bad : {"30/2/2016", "1/1", "1/1/1/1", "2016", "x", "", "?", "1/13/2016",
                          "1-1/2016", "1/1/2016 25:00", "1/1/2016 1", "1/1/2016 13:00 PM",
                          "999999999999/1/2016"})
    EXPECT_FALSE(parse_date(bad, DateOrder::kDayFirst)) << bad;
}

TEST(ImportValuesTest, TheOrderIsTheOneThatFitsAllDatesOfAColumn) {
  using Cells = std::vector<std::string_view>;
  EXPECT_EQ(find_date_order(Cells{"3/1/2017", "10/20/2016"}, DateOrder::kDayFirst),
            DateOrder::kMonthFirst);
  EXPECT_EQ(find_date_order(Cells{"1/3/2016", "?", "29/2/2016"}, DateOrder::kMonthFirst),
            DateOrder::kDayFirst);
  EXPECT_EQ(find_date_order(Cells{"1/3/2016"}, DateOrder::kDayFirst), DateOrder::kDayFirst);
  EXPECT_EQ(find_date_order(Cells{"2016-03-01"}, DateOrder::kDayFirst), DateOrder::kYearFirst);
  EXPECT_EQ(find_date_order(Cells{"13/1/2016", "1/13/2016"}, DateOrder::kDayFirst), std::nullopt);
}

TEST(ImportValuesTest, WordsAndKeys) {
  EXPECT_EQ(known_text("  ? "), "");
  EXPECT_EQ(known_text(" N/A"), "");
  EXPECT_EQ(known_text(" Group 56 "), "Group 56");
  EXPECT_EQ(parse_yes_no("TRUE"), true);
  EXPECT_EQ(parse_yes_no("False"), false);
  EXPECT_EQ(parse_yes_no("maybe"), std::nullopt);
  EXPECT_EQ(leading_number("3 - Moderate"), 3);
  EXPECT_EQ(leading_number("Moderate"), std::nullopt);
  EXPECT_EQ(leading_number("3rd"), std::nullopt);
  EXPECT_EQ(loose_key("GTXPro"), loose_key("GTX Pro"));
  EXPECT_NE(loose_key("GTX Plus Pro"), loose_key("GTX Pro"));
}

}  // namespace
}  // namespace foyer::server
