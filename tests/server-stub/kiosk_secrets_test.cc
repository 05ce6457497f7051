// One-time codes and challenges: what is accepted, how often, and for how long.
#include "kiosk_secrets.h"

#include <gtest/gtest.h>

#include <set>

#include "secrets.h"

namespace foyer::server {
namespace {

constexpr Instant kNow{1'700'000'000'000};

TEST(KioskSecretsTest, CodesAreReadableAndEachIsAnother) {
  std::set<std::string> codes;
  for (int i = 0; i < 500; ++i) {
    const auto code = make_device_code();
    ASSERT_EQ(code.size(), 9u) << code;
    EXPECT_EQ(code[4], '-') << code;
    EXPECT_EQ(code.find_first_of("ILOUilou"), std::string::npos) << code;
    EXPECT_EQ(plain_device_code(code), code.substr(0, 4) + code.substr(5));
    codes.insert(code);
  }
  EXPECT_EQ(codes.size(), 500u);
}

TEST(KioskSecretsTest, ACodeMayBeTypedAsPeopleType) {
  for (const char* typed : {"7KQ4-M2XP", "7kq4m2xp", " 7KQ4 - M2xp ", "7-k-q-4-m-2-x-p"})
    EXPECT_EQ(plain_device_code(typed), "7KQ4M2XP") << typed;
  EXPECT_EQ(plain_device_code("OIL0-o1il"), "01100111");
  for (const char* wrong : {"", "7KQ4-M2X", "7KQ4-M2XPP", "7KQ4-M2X!", "7KQ4-M2XU", "7KQ4\nM2XP"})
    EXPECT_EQ(plain_device_code(wrong), "") << wrong;
}

TEST(KioskSecretsTest, ANonceServesOnceAndNotForLong) {
  Challenges challenges;
  const auto nonce = challenges.make(kNow);
  EXPECT_TRUE(challenges.is_valid(nonce, kNow));
  EXPECT_TRUE(challenges.is_valid(nonce, kNow + (kChallengeMs - 1)));
  EXPECT_FALSE(challenges.is_valid(nonce, kNow + kChallengeMs));
  EXPECT_TRUE(challenges.take(nonce, kNow + 1));
  EXPECT_FALSE(challenges.take(nonce, kNow + 2));
  EXPECT_FALSE(challenges.take(nonce, kNow + kChallengeMs));
  // Others that are over are forgotten, this one is not yet.
  const auto later = challenges.make(kNow + 1000);
  EXPECT_TRUE(challenges.take(later, kNow + (kChallengeMs - 1)));
  EXPECT_FALSE(challenges.take(nonce, kNow + (kChallengeMs - 1)));
  EXPECT_NE(challenges.make(kNow), nonce);
}

TEST(KioskSecretsTest, ANonceOfSomebodyElseOrAChangedOneIsNone) {
  Challenges challenges, others;
  const auto nonce = challenges.make(kNow);
  EXPECT_FALSE(others.is_valid(nonce, kNow));
  for (std::size_t i = 0; i < nonce.size(); ++i) {
    auto changed = nonce;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(challenges.is_valid(changed, kNow)) << i;
    EXPECT_FALSE(challenges.is_valid(nonce.substr(0, i), kNow)) << i;
  }
  EXPECT_FALSE(challenges.is_valid(nonce + "A", kNow));
  EXPECT_FALSE(challenges.is_valid("", kNow));
}

TEST(KioskSecretsTest, Base64UrlIsStrict) {
  EXPECT_EQ(from_base64url("AQID", 3), std::string("\1\2\3"));
  EXPECT_EQ(from_base64url("-_8", 2), std::string("\xfb\xff"));
  for (const char* wrong : {"", "AQI", "AQIDBA", "AQ=D", "AQID=", "AQ+D", "AQ/D", "AQ D"})
    EXPECT_FALSE(from_base64url(wrong, 3)) << wrong;
  EXPECT_FALSE(from_base64url("-_9", 2)) << "bits left over";
}

}  // namespace
}  // namespace foyer::server
