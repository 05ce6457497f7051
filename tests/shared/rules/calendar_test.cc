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

// Looks at every minute's wall clock by itself.
std::int64_t minutes_one_by_one(const Calendar& calendar, Instant from, Instant to) {
  const auto covers = [](const std::vector<std::int64_t>& rows, std::int64_t key,
                         std::int64_t minute) {
    for (std::size_t i = 0; i < rows.size(); i += 3)
      if (rows[i] == key && rows[i + 1] <= minute && minute < rows[i + 2]) return true;
    return false;
  };
  std::int64_t open = 0;
  for (Instant at = from; at < to; at += kMsPerMinute) {
    const CivilTime wall = to_civil(at + offset_minutes(calendar, at) * kMsPerMinute);
    const std::int64_t day = days_from_civil(wall.year, wall.month, wall.day);
    const std::int64_t minute = wall.hour * 60 + wall.minute;
    bool is_exception = false;
    for (std::size_t i = 0; i < calendar.exceptions.size(); i += 3)
      is_exception |= calendar.exceptions[i] == day;
    open += is_exception ? covers(calendar.exceptions, day, minute)
                         : covers(calendar.intervals, weekday_of(day), minute);
  }
  return open;
}

TEST(Calendar, CountsWhatAWallClockCounts) {
  Random random(31);
  for (int round = 0; round < 60; ++round) {
    Calendar calendar = berlin();
    if (round % 3 == 0) calendar.intervals = {0, 0, 1440, 2, 600, 610, 6, 0, 1440};
    for (std::uint64_t n = random.below(4); n > 0; --n) {
      const std::int64_t day = days_from_civil(2026, 3, 1) + std::int64_t(random.below(240));
      calendar.exceptions.insert(calendar.exceptions.end(), {day, 600, n % 2 ? 660 : 600});
    }
    const Instant from = at("2026-03-01") + std::int64_t(random.below(50 * 1440)) * kMsPerMinute;
    const Instant to = from + std::int64_t(random.below(240 * 1440)) * kMsPerMinute;
    EXPECT_EQ(business_ms(calendar, from, to),
              minutes_one_by_one(calendar, from, to) * kMsPerMinute)
        << to_iso(from) << " " << to_iso(to) << " round " << round;
  }
}

TEST(Calendar, ClocksThatGoBackOverMidnightLoseNothing) {
  Calendar calendar;  // one minute after midnight it is 23:01 again, as once in St. John's
  const Instant change = at("2006-10-29T02:31:00Z");
  calendar.transitions = {0, -150, change.ms, -210};
  for (std::int64_t day = 0; day < 7; ++day)
    calendar.intervals.insert(calendar.intervals.end(), {day, 0, 1440});
  for (std::int64_t minute = -90; minute < 90; ++minute) {
    const Instant from = change + minute * kMsPerMinute;
    EXPECT_EQ(business_ms(calendar, from, from + kMsPerMinute), kMsPerMinute) << minute;
    EXPECT_EQ(add_business_ms(calendar, from, kMsPerHour), from + kMsPerHour) << minute;
  }
}

TEST(Calendar, AThousandYearsAreSummedUp) {
  // 146,097 days, exactly 20,871 weeks, are 400 years.
  EXPECT_EQ(business_ms(berlin(), at("2027-01-04"), at("2427-01-04")),
            std::int64_t{20871} * 5 * 9 * kMsPerHour);
}

TEST(Calendar, NoHolidayEverShortensADeadline) {
  Random random(32);
  for (int round = 0; round < 200; ++round) {
    Calendar calendar = berlin();
    const Instant from = at("2026-03-01") + std::int64_t(random.below(200 * kMsPerDay));
    const std::int64_t ms = 1 + std::int64_t(random.below(50 * kMsPerHour));
    const Instant before = *add_business_ms(calendar, from, ms);
    const std::int64_t day = days_from_civil(2026, 3, 1) + std::int64_t(random.below(220));
    calendar.exceptions = {day, 0, 0};
    EXPECT_GE(*add_business_ms(calendar, from, ms), before);
  }
}

TEST(Calendar, WithoutAnHourThereIsNoAnswer) {
  EXPECT_FALSE(add_business_ms(Calendar(), at("2026-11-25"), kMsPerHour));
  EXPECT_EQ(business_ms(Calendar(), at("2026-11-25"), at("2027-11-25")), 0);
}

}  // namespace
}  // namespace foyer
