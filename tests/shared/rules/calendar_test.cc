#include "foyer/rules/calendar.h"

#include <gtest/gtest.h>

#include "foyer/base/random.h"

namespace foyer {
namespace {

// Berlin around 2026: +1 h, summer time from 29 March 01:00 UTC to 25 October 01:00 UTC.
Calendar berlin() {
  Calendar calendar;
  const Instant spring = *parse_iso("2026-03-29T01:00:00Z");
  const Instant autumn = *parse_iso("2026-10-25T01:00:00Z");
  calendar.transitions = {0, 60, spring.ms, 120, autumn.ms, 60};
  for (std::int64_t day = 0; day < 5; ++day)
    calendar.intervals.insert(calendar.intervals.end(), {day, 480, 720, day, 780, 1080});
  return calendar;
}
Instant at(const char* text) { return *parse_iso(text); }

TEST(Calendar, ADayWithALunchBreakHasNineHours) {
  EXPECT_EQ(business_ms(berlin(), at("2026-11-26T00:00:00+01:00"), at("2026-11-27T00:00:00+01:00")),
            9 * kMsPerHour);
  EXPECT_EQ(business_ms(berlin(), at("2026-11-28T00:00:00+01:00"), at("2026-11-30T00:00:00+01:00")),
            0);
}

TEST(Calendar, DaysOf23And25HoursAreCountedAsTheyAre) {
  Calendar calendar = berlin();
  calendar.intervals.clear();
  for (std::int64_t day = 0; day < 7; ++day)
    calendar.intervals.insert(calendar.intervals.end(), {day, 0, 1440});
  const auto hours = [&](const char* from, const char* to) {
    return business_ms(calendar, at(from), at(to)) / kMsPerHour;
  };
  EXPECT_EQ(hours("2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"), 23);
  EXPECT_EQ(hours("2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"), 25);
}

TEST(Calendar, AddingInvertsCountingAndCountingAddsUp) {
  const Calendar calendar = berlin();
  Random random(6);
  for (int i = 0; i < 300; ++i) {
    const Instant from{at("2026-03-01").ms + std::int64_t(random.below(300 * kMsPerDay))};
    const auto ms = 1 + std::int64_t(random.below(60 * kMsPerHour));
    const auto end = add_business_ms(calendar, from, ms);
    ASSERT_TRUE(end);
    EXPECT_EQ(business_ms(calendar, from, *end), ms);
    const Instant middle{from.ms + (end->ms - from.ms) / 3};
    EXPECT_EQ(business_ms(calendar, from, middle) + business_ms(calendar, middle, *end), ms);
  }
}

TEST(Calendar, AHolidayNeverShortensADeadline) {
  Calendar calendar = berlin();
  const Instant from = at("2026-11-25T15:00:00Z");
  const auto before = add_business_ms(calendar, from, 10 * kMsPerHour);
  calendar.exceptions = {days_from_civil(2026, 11, 26), 0, 0};
  const auto after = add_business_ms(calendar, from, 10 * kMsPerHour);
  EXPECT_EQ(*after - *before, kMsPerDay);
}

TEST(Calendar, WithoutAnHourThereIsNoAnswer) {
  EXPECT_FALSE(add_business_ms(Calendar(), at("2026-11-25"), kMsPerHour));
  EXPECT_EQ(business_ms(Calendar(), at("2026-11-25"), at("2027-11-25")), 0);
}

}  // namespace
}  // namespace foyer
