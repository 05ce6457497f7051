#include "rate_limit.h"

#include <gtest/gtest.h>

namespace foyer::server {
namespace {

constexpr Instant kStart{1'000'000'000};

TEST(RateLimitTest, WaitsDoubleAfterTheFreeAttemptsAndStopAtTheBound) {
  RateLimit limit;
  Instant now = kStart;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(limit.begin_attempt("ann", "192.0.2.1", now), 0) << i;
  std::int64_t expected = 1000;
  for (int i = 0; i < 15; ++i) {
    EXPECT_EQ(limit.begin_attempt("ann", "192.0.2.1", now), expected);
    now = now + (expected - 1);
    EXPECT_EQ(limit.begin_attempt("ann", "192.0.2.1", now), 1);
    now = now + 1;
    ASSERT_EQ(limit.begin_attempt("ann", "192.0.2." + std::to_string(i + 2), now), 0);
    expected = std::min<std::int64_t>(expected * 2, 15 * kMsPerMinute);
  }
}

TEST(RateLimitTest, NobodyIsLockedOutForEver) {
  RateLimit limit;
  for (int i = 0; i < 200; ++i)
    limit.begin_attempt("ann", "198.51.100." + std::to_string(i), kStart);
  EXPECT_GT(limit.begin_attempt("ann", "192.0.2.1", kStart), 0);
  EXPECT_EQ(limit.begin_attempt("ann", "192.0.2.1", kStart + 15 * kMsPerMinute), 0);
}

TEST(RateLimitTest, SuccessForgivesTheAccountButNotTheAddress) {
  RateLimit limit({.address_free = 6});
  for (int i = 0; i < 5; ++i) limit.begin_attempt("ann", "192.0.2.1", kStart);
  limit.succeeded("ANN", "192.0.2.1");
  EXPECT_EQ(limit.begin_attempt("ann", "192.0.2.1", kStart), 0);
  EXPECT_EQ(limit.begin_attempt("ben", "192.0.2.1", kStart), 0);
  EXPECT_GT(limit.begin_attempt("cem", "192.0.2.1", kStart), 0);
  EXPECT_EQ(limit.begin_attempt("cem", "192.0.2.2", kStart), 0);
}

TEST(RateLimitTest, WhoNamesNoAccountIsCountedByAddressAlone) {
  RateLimit limit({.address_free = 6});
  for (int i = 0; i < 6; ++i) EXPECT_EQ(limit.begin_attempt("", "192.0.2.1", kStart), 0);
  EXPECT_GT(limit.begin_attempt("", "192.0.2.1", kStart), 0);
  EXPECT_EQ(limit.begin_attempt("", "192.0.2.2", kStart), 0);
  limit.succeeded("", "192.0.2.1");
  EXPECT_EQ(limit.begin_attempt("", "192.0.2.1", kStart), 0);
}

TEST(RateLimitTest, AnIpv6NetworkIsOneAddress) {
  RateLimit limit({.address_free = 2});
  limit.begin_attempt("a", "2001:db8:1:2::1", kStart);
  limit.begin_attempt("b", "2001:db8:1:2:ffff::2", kStart);
  EXPECT_GT(limit.begin_attempt("c", "2001:db8:1:2:3::4", kStart), 0);
  EXPECT_EQ(limit.begin_attempt("c", "2001:db8:1:3::1", kStart), 0);
}

TEST(RateLimitTest, TheTotalPerMinuteIsBounded) {
  RateLimit limit({.total_per_minute = 10});
  for (int i = 0; i < 10; ++i) {
    const auto key = std::to_string(i);
    EXPECT_EQ(limit.begin_attempt("u" + key, "192.0.2." + key, kStart), 0);
  }
  EXPECT_GT(limit.begin_attempt("new", "203.0.113.1", kStart + 1000), 0);
  EXPECT_EQ(limit.begin_attempt("new", "203.0.113.1", kStart + kMsPerMinute), 0);
}

TEST(RateLimitTest, MemoryStaysBoundedUnderManyKeys) {
  RateLimit limit({.total_per_minute = 1'000'000, .keys_max = 100});
  for (int i = 0; i < 10'000; ++i)
    EXPECT_EQ(limit.begin_attempt("u" + std::to_string(i), "h" + std::to_string(i), kStart), 0);
}

}  // namespace
}  // namespace foyer::server
