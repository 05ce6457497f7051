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

// The time used stands still from Friday evening on, the promise does not.
TEST(Sla, APromiseForFridayEveningIsLateOnSaturday) {
  SlaTarget row = target(5 * 480);  // the whole week
  const Instant friday_evening = *parse_iso("2026-11-27T17:00:00Z");
  const SlaView view = view_of(row, weekdays(), friday_evening + kMsPerDay);
  EXPECT_EQ(view.due, friday_evening);
  EXPECT_EQ(view.left_ms, 0);
  EXPECT_EQ(view.status, SlaStatus::kBreached);
  row.stop = friday_evening + kMsPerDay;
  EXPECT_EQ(view_of(row, weekdays(), row.stop).status, SlaStatus::kMetLate);
}

TEST(Sla, ABreachedPromiseThatIsPausedStillSaysSinceWhen) {
  SlaTarget row = target(60);
  open_pause(row, kMonday + 90 * kMsPerMinute, WaitReason::kAwaitingCustomer);
  const SlaView view = view_of(row, weekdays(), kMonday + kMsPerDay);
  EXPECT_EQ(view.status, SlaStatus::kBreached);
  EXPECT_EQ(view.due, kMonday + 60 * kMsPerMinute);
  EXPECT_EQ(view.paused_for, WaitReason::kAwaitingCustomer);
}

TEST(Sla, AStopEndsAPauseThatNobodyEnded) {
  SlaTarget row = target(60);
  open_pause(row, kMonday + 30 * kMsPerMinute, WaitReason::kAwaitingCustomer);
  row.stop = kMonday + 120 * kMsPerMinute;
  const SlaView view = view_of(row, weekdays(), kMonday + kMsPerDay);
  EXPECT_EQ(view.status, SlaStatus::kMet);
  EXPECT_EQ(view.elapsed_ms, 30 * kMsPerMinute);
  EXPECT_EQ(view.due, kMonday + 150 * kMsPerMinute);
}

TEST(Sla, CancelledStaysCancelled) {
  SlaTarget row = target(60);
  open_pause(row, kMonday, WaitReason::kCustomerAsked);
  row.cancelled_at = kMonday + kMsPerHour;
  EXPECT_EQ(view_of(row, weekdays(), kMonday + 30 * kMsPerDay).status, SlaStatus::kCancelled);
}

TEST(Sla, ACalendarThatNeverOpensIsNeverLate) {
  const SlaView view = view_of(target(60), Calendar(), kMonday + 400 * kMsPerDay);
  EXPECT_EQ(view.status, SlaStatus::kRunning);
  EXPECT_TRUE(view.due.is_none());
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

// A history of pauses that begin and end, up to `end`.
SlaTarget random_history(Random& random, Instant& end) {
  SlaTarget row = target(30 + std::int64_t(random.below(2000)));
  end = kMonday;
  for (std::uint64_t n = random.below(5); n > 0; --n) {
    end += std::int64_t(random.below(2 * kMsPerDay));
    open_pause(row, end, WaitReason::kAwaitingCustomer);
    end += std::int64_t(random.below(2 * kMsPerDay));
    close_pause(row, end);
  }
  return row;
}

TEST(Sla, PropertiesOverRandomHistories) {
  Random random(12);
  const Calendar calendar = weekdays();
  for (int i = 0; i < 300; ++i) {
    Instant at;
    SlaTarget row = random_history(random, at);
    at += kMsPerDay;
    const Instant due = view_of(row, calendar, at).due;
    ASSERT_FALSE(due.is_none());
    EXPECT_EQ(elapsed_ms(row, calendar, due), row.budget_minutes * kMsPerMinute);
    EXPECT_LT(elapsed_ms(row, calendar, due - 1), row.budget_minutes * kMsPerMinute);
    // A pause out of hours changes nothing; neither does splitting one.
    SlaTarget more = row;
    const Instant sunday = *parse_iso("2026-11-29T10:00:00Z");
    more.pauses.insert(more.pauses.end(), {sunday.ms, (sunday + kMsPerHour).ms, 1});
    EXPECT_EQ(view_of(more, calendar, at).due, due);
    Calendar holiday = calendar;
    holiday.exceptions = {days_from_civil(2026, 11, 24) + std::int64_t(random.below(9)), 0, 0};
    EXPECT_GE(view_of(row, holiday, at).due, due);
    if (row.pauses.empty()) continue;
    SlaTarget split = row;
    const std::int64_t middle = (split.pauses[0] + split.pauses[1]) / 2, end = split.pauses[1];
    split.pauses[1] = middle;
    split.pauses.insert(split.pauses.end(), {middle, end, 1});
    EXPECT_EQ(view_of(split, calendar, at).due, due);
  }
}

TEST(Sla, TheOrderInWhichPausesArriveDoesNotMatter) {
  Random random(13);
  const Calendar calendar = weekdays();
  for (int i = 0; i < 200; ++i) {
    Instant end;
    const SlaTarget row = random_history(random, end);
    SlaTarget shuffled = row;
    for (std::size_t n = row.pauses.size() / 3; n > 1; --n) {
      const auto other = static_cast<std::ptrdiff_t>(3 * random.below(n));
      if (static_cast<std::size_t>(other) == 3 * (n - 1)) continue;  // swap_ranges may not overlap
      const auto last = shuffled.pauses.begin() + static_cast<std::ptrdiff_t>(3 * (n - 1));
      std::swap_ranges(last, last + 3, shuffled.pauses.begin() + other);
    }
    const Instant now = kMonday + std::int64_t(random.below(20 * kMsPerDay));
    const SlaView a = view_of(row, calendar, now), b = view_of(shuffled, calendar, now);
    EXPECT_EQ(a.due, b.due);
    EXPECT_EQ(a.status, b.status);
    EXPECT_EQ(a.elapsed_ms, b.elapsed_ms);
  }
}

TEST(Sla, KeptMeansStoppedByTheDueInstant) {
  Random random(14);
  const Calendar calendar = weekdays();
  int kept = 0, late = 0;
  for (int i = 0; i < 400; ++i) {
    Instant end;
    SlaTarget row = random_history(random, end);
    row.stop = kMonday + 1 + std::int64_t(random.below(14 * kMsPerDay));
    const SlaView view = view_of(row, calendar, row.stop + kMsPerDay);
    if (view.due.is_none()) continue;
    EXPECT_EQ(view.status, row.stop <= view.due ? SlaStatus::kMet : SlaStatus::kMetLate);
    ++(view.status == SlaStatus::kMet ? kept : late);
  }
  EXPECT_GT(kept, 50);
  EXPECT_GT(late, 50);
}

}  // namespace
}  // namespace foyer
