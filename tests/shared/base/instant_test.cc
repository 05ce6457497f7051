#include "foyer/base/instant.h"

#include <gtest/gtest.h>

namespace foyer {
namespace {

TEST(Instant, IsoRoundTripOverFourCenturies) {
  for (std::int64_t day = -20000; day < 126097; day += 17) {
    const Instant at{day * kMsPerDay + 12345678};
    EXPECT_EQ(parse_iso(to_iso(at)), at);
  }
}

struct IsoCase {
  const char* text;
  std::int64_t ms;  // -1: refused
};
class Iso : public testing::TestWithParam<IsoCase> {};
TEST_P(Iso, IsReadOrRefused) {
  const auto at = parse_iso(GetParam().text);
  if (GetParam().ms == -1) EXPECT_FALSE(at) << GetParam().text;
  else EXPECT_EQ(at, Instant{GetParam().ms}) << GetParam().text;
}
INSTANTIATE_TEST_SUITE_P(
    All, Iso,
    testing::Values(IsoCase{"1970-01-02", 86400000}, IsoCase{"1970-01-01T01:00:00+01:00", 0},
                    IsoCase{"1970-01-01T00:00:01.5Z", 1500}, IsoCase{"2023-02-29", -1},
                    IsoCase{"2024-13-01", -1}, IsoCase{"2024-01-01T25:00Z", -1},
                    IsoCase{"2024-01-01T10:00:00", -1}, IsoCase{"", -1}, IsoCase{"soon", -1}));

TEST(Instant, WeekdaysFollowIso8601) {
  EXPECT_EQ(weekday_of(0), 3);                            // 1970-01-01, Thursday
  EXPECT_EQ(weekday_of(days_from_civil(2026, 11, 26)), 3);  // Thursday
  EXPECT_EQ(weekday_of(-1), 2);
}

}  // namespace
}  // namespace foyer
