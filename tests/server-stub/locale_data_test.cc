#include "locale_data.h"

#include <gtest/gtest.h>

namespace foyer::server {
namespace {

constexpr Instant kWednesday{1'480'496'400'000};  // 2016-11-30T09:00:00Z

TEST(LocaleDataTest, InstantsInZoneAndLanguage) {
  const auto text = [](std::string_view zone, std::string_view language, std::string_view style,
                       std::int64_t now_offset_ms) {
    return format_instant(kWednesday, {.zone = zone,
                                    .language = language,
                                    .style = style,
                                    .now = kWednesday + now_offset_ms});
  };
  EXPECT_EQ(text("Europe/Berlin", "en", "datetime", 0), "today, 10:00");
  EXPECT_EQ(text("Europe/Berlin", "de", "datetime", 0), "heute, 10:00");
  EXPECT_EQ(text("UTC", "en", "date", kMsPerDay), "yesterday");
  EXPECT_EQ(text("UTC", "en", "date", -kMsPerDay), "tomorrow");
  EXPECT_EQ(text("UTC", "en", "datetime", 90 * kMsPerDay), "Wed, 30 Nov 2016, 09:00");
  EXPECT_EQ(text("America/New_York", "en", "time", 0), "04:00");
  EXPECT_EQ(text("No/Where", "nonsense-language-tag-!", "time", 0), "09:00");
  // Late in the evening in one zone is tomorrow in another.
  EXPECT_EQ(text("Pacific/Auckland", "en", "date", 3 * kMsPerHour), "yesterday");
  EXPECT_EQ(format_instant({}, {}), "");
}

// Numbers that pages write themselves, and case numbers, have them too.
TEST(LocaleDataTest, ArabicDatesAndMoneyHaveTheDigitsOfTheOtherNumbersOfAPage) {
  const auto date = format_instant(kWednesday, {.zone = "UTC", .language = "ar",
                                                .style = "datetime", .now = {}});
  EXPECT_NE(date.find("2016"), std::string::npos) << date;
  EXPECT_NE(date.find("نوفمبر"), std::string::npos) << date;
  EXPECT_NE(format_money({105'450, Currency("EUR")}, "ar").find("1,054.50"), std::string::npos);
}

TEST(LocaleDataTest, MoneyInLanguage) {
  EXPECT_EQ(format_money({105'450, Currency("EUR")}, "en"), "€1,054.50");
  EXPECT_EQ(format_money({105'450, Currency("EUR")}, "de"), "1.054,50\u00a0€");
  EXPECT_EQ(format_money({500, Currency("JPY")}, "en"), "JP¥500");
  EXPECT_EQ(format_money({-320, Currency("USD")}, "en"), "-US$3.20");
  EXPECT_EQ(format_money({}, "en"), "");
}

TEST(LocaleDataTest, TransitionsOfAZone) {
  const auto from = *parse_iso("2026-01-01"), to = *parse_iso("2026-12-31");
  EXPECT_EQ(zone_transitions("Europe/Berlin", from, to),
            (std::vector<std::int64_t>{from.ms, 60, parse_iso("2026-03-29T01:00:00Z")->ms, 120,
                                       parse_iso("2026-10-25T01:00:00Z")->ms, 60}));
  EXPECT_EQ(zone_transitions("Asia/Kolkata", from, to),
            (std::vector<std::int64_t>{from.ms, 330}));
  EXPECT_TRUE(zone_transitions("No/Where", from, to).empty());
  EXPECT_TRUE(is_known_zone("Europe/Berlin"));
  EXPECT_FALSE(is_known_zone("Europe/Atlantis"));
  EXPECT_FALSE(is_known_zone(""));
}

TEST(LocaleDataTest, TheBestLanguageThatThereIs) {
  const std::vector<std::string> available = {"en", "de", "fr", "ar"};
  EXPECT_EQ(choose_language("de-CH, fr;q=0.9", available), "de");
  EXPECT_EQ(choose_language("fr;q=0.5, ar;q=0.8, it", available), "ar");
  EXPECT_EQ(choose_language("it, *;q=0.1", available), "en");
  EXPECT_EQ(choose_language("", available), "en");
  EXPECT_EQ(choose_language(";;q=;,de;q=x,fr;q=0.1", available), "fr");
}

}  // namespace
}  // namespace foyer::server
