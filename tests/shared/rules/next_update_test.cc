#include "foyer/rules/next_update.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "foyer/base/random.h"
#include "foyer/rules/sla.h"

namespace foyer {
namespace {

constexpr Instant kBegin{1764158400000};  // Wednesday 2025-11-26 12:00 UTC

// The rows of one case, as a store would hold them.
struct Stretches {
  std::map<Uuid, SlaTarget> rows;

  std::vector<SlaTarget> in_order() const {
    std::vector<SlaTarget> list;
    for (const auto& [id, row] : rows) list.push_back(row);
    std::sort(list.begin(), list.end(),
              [](const SlaTarget& a, const SlaTarget& b) { return a.start < b.start; });
    return list;
  }
  void hear(std::int64_t minute, Rearm rearm = Rearm::kYes, std::int64_t budget = 120) {
    SlaTarget fresh;
    fresh.id = Id<SlaTarget>(derive_uuid({}, std::to_string(minute)));
    fresh.start = kBegin + minute * kMsPerMinute;
    fresh.budget_minutes = budget;
    for (auto& row : keep_next_update(in_order(), fresh, rearm)) rows[row.id] = row;
  }
  // "10-40 40-": from minute to minute, the last running.
  std::string text() const {
    const auto minute = [](Instant at) { return std::to_string((at - kBegin) / kMsPerMinute); };
    std::string text;
    for (const SlaTarget& row : in_order())
      text += (text.empty() ? "" : " ") + minute(row.start) + "-" +
              (row.stop.is_none() ? "" : minute(row.stop));
    return text;
  }
};

TEST(NextUpdate, EveryWordKeepsOneAndPromisesAnother) {
  Stretches stretches;
  stretches.hear(10);
  EXPECT_EQ(stretches.text(), "10-");
  stretches.hear(40);
  stretches.hear(200);
  EXPECT_EQ(stretches.text(), "10-40 40-200 200-");
}

TEST(NextUpdate, AWordThatArrivesLateSplitsTheStretchItWasSaidIn) {
  Stretches stretches;
  stretches.hear(100);
  stretches.hear(300);
  stretches.hear(50);   // before what was taken for the first reply
  stretches.hear(200);
  stretches.hear(200);  // and comes once more
  EXPECT_EQ(stretches.text(), "50-100 100-200 200-300 300-");
}

TEST(NextUpdate, SolvedIsPromisedNothing) {
  Stretches stretches;
  stretches.hear(10);
  stretches.rows.begin()->second.stop = kBegin + 60 * kMsPerMinute;
  stretches.hear(70, Rearm::kNo);
  EXPECT_EQ(stretches.text(), "10-60");
  stretches.hear(30, Rearm::kNo);  // said before it was solved
  EXPECT_EQ(stretches.text(), "10-30 30-60");
  stretches.hear(80);
  EXPECT_EQ(stretches.text(), "10-30 30-60 80-");
  stretches.hear(70);  // in the gap
  EXPECT_EQ(stretches.text(), "10-30 30-60 80-");
}

TEST(NextUpdate, APolicyWithoutItOnlyEndsWhatRuns) {
  Stretches stretches;
  stretches.hear(10);
  stretches.hear(40, Rearm::kYes, 0);
  EXPECT_EQ(stretches.text(), "10-40");
}

TEST(NextUpdate, BothPartsOfASplitKeepTheWaitInThem) {
  Stretches stretches;
  stretches.hear(0);
  SlaTarget& first = stretches.rows.begin()->second;
  open_pause(first, kBegin + 30 * kMsPerMinute, WaitReason::kAwaitingCustomer);
  close_pause(first, kBegin + 90 * kMsPerMinute);
  stretches.hear(60);
  Calendar always;
  for (std::int64_t day = 0; day < 7; ++day)
    always.intervals.insert(always.intervals.end(), {day, 0, 1440});
  const auto rows = stretches.in_order();
  const Instant end = kBegin + 100 * kMsPerMinute;
  EXPECT_EQ(elapsed_ms(rows[0], always, end), 30 * kMsPerMinute);
  EXPECT_EQ(elapsed_ms(rows[1], always, end), 10 * kMsPerMinute);
}

TEST(NextUpdate, TheOrderOfArrivalDoesNotMatterAndTheStretchesTile) {
  Random random(31);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::int64_t> minutes;
    for (std::uint64_t n = 1 + random.below(12); n > 0; --n)
      minutes.push_back(static_cast<std::int64_t>(random.below(1000)));
    Stretches sorted, mixed;
    auto in_order = minutes;
    std::sort(in_order.begin(), in_order.end());
    for (const auto minute : in_order) sorted.hear(minute);
    for (std::size_t n = minutes.size(); n > 1; --n)
      std::swap(minutes[n - 1], minutes[random.below(n)]);
    for (const auto minute : minutes) mixed.hear(minute);
    ASSERT_EQ(mixed.text(), sorted.text());
    const auto rows = mixed.in_order();
    for (std::size_t i = 0; i + 1 < rows.size(); ++i) EXPECT_EQ(rows[i].stop, rows[i + 1].start);
    EXPECT_TRUE(is_running(rows.back()));
    for (const auto& [id, row] : sorted.rows) EXPECT_EQ(mixed.rows.at(id).start, row.start);
  }
}

}  // namespace
}  // namespace foyer
