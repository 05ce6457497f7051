#include "foyer/rules/sla.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "foyer/base/random.h"

namespace foyer {
namespace {

Calendar weekdays() {
  Calendar calendar;
  for (std::int64_t day = 0; day < 5; ++day)
    calendar.intervals.insert(calendar.intervals.end(), {day, 540, 1020});
  return calendar;
}
const Instant kMonday = *parse_iso("2026-11-23T09:00:00Z");

SlaTarget target(std::int64_t minutes) {
  SlaTarget row;
  row.start = kMonday;
  row.budget_minutes = minutes;
  return row;
}

TEST(Sla, StatusFollowsTheClock) {
  const SlaTarget row = target(240);
  const auto status = [&](std::int64_t minutes) {
    return view_of(row, weekdays(), kMonday + minutes * kMsPerMinute).status;
  };
  EXPECT_EQ(status(0), SlaStatus::kRunning);
  EXPECT_EQ(status(179), SlaStatus::kRunning);
  EXPECT_EQ(status(180), SlaStatus::kAtRisk);
  EXPECT_EQ(status(240), SlaStatus::kAtRisk);
  EXPECT_EQ(status(241), SlaStatus::kBreached);
}

TEST(Sla, AStopAtTheDeadlineIsKept) {
  SlaTarget row = target(60);
  row.stop = kMonday + 60 * kMsPerMinute;
  EXPECT_EQ(view_of(row, weekdays(), row.stop + kMsPerDay).status, SlaStatus::kMet);
  row.stop = row.stop + 1;
  EXPECT_EQ(view_of(row, weekdays(), row.stop + kMsPerDay).status, SlaStatus::kMetLate);
}

TEST(Sla, WhilePausedThereIsTimeLeftAndNoDeadline) {
  SlaTarget row = target(240);
  open_pause(row, kMonday + 60 * kMsPerMinute, WaitReason::kAwaitingCustomer);
  const SlaView view = view_of(row, weekdays(), kMonday + 7 * kMsPerDay);
  EXPECT_EQ(view.status, SlaStatus::kPaused);
  EXPECT_TRUE(view.due.is_none());
  EXPECT_EQ(view.left_ms, 180 * kMsPerMinute);
  EXPECT_EQ(view.paused_for, WaitReason::kAwaitingCustomer);
  close_pause(row, kMonday + 120 * kMsPerMinute);
  EXPECT_EQ(view_of(row, weekdays(), kMonday + 121 * kMsPerMinute).due,
            kMonday + 300 * kMsPerMinute);
}

TEST(Sla, PropertiesOverRandomHistories) {
  Random random(12);
  const Calendar calendar = weekdays();
  for (int i = 0; i < 300; ++i) {
    SlaTarget row = target(30 + std::int64_t(random.below(2000)));
    Instant at = kMonday;
    for (std::uint64_t n = random.below(5); n > 0; --n) {
      at += std::int64_t(random.below(2 * kMsPerDay));
      open_pause(row, at, WaitReason::kAwaitingCustomer);
      at += std::int64_t(random.below(2 * kMsPerDay));
      close_pause(row, at);
    }
    const Instant due = view_of(row, calendar, at + kMsPerDay).due;
    ASSERT_FALSE(due.is_none());
    EXPECT_EQ(elapsed_ms(row, calendar, due), row.budget_minutes * kMsPerMinute);
    // A pause out of hours changes nothing; neither does splitting one.
    SlaTarget more = row;
    const Instant sunday = *parse_iso("2026-11-29T10:00:00Z");
    more.pauses.insert(more.pauses.end(), {sunday.ms, (sunday + kMsPerHour).ms, 1});
    EXPECT_EQ(view_of(more, calendar, at + kMsPerDay).due, due);
    SlaTarget split = row;
    if (split.pauses.size() >= 3) {
      const std::int64_t middle = (split.pauses[0] + split.pauses[1]) / 2, end = split.pauses[1];
      split.pauses[1] = middle;
      split.pauses.insert(split.pauses.end(), {middle, end, 1});
      EXPECT_EQ(view_of(split, calendar, at + kMsPerDay).due, due);
    }
  }
}

}  // namespace
}  // namespace foyer
