#include "passwords.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>

#include "secrets.h"

namespace foyer::server {
namespace {

PasswordVerdict verify(Passwords& passwords, std::string hash, std::string password) {
  std::promise<PasswordVerdict> verdict;
  EXPECT_TRUE(passwords.verify(std::move(hash), std::move(password),
                               [&](PasswordVerdict result) { verdict.set_value(result); }));
  return verdict.get_future().get();
}

std::int64_t spent_ms(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               start)
      .count();
}

TEST(PasswordsTest, HashIsArgon2idWithTheStatedCosts) {
  ASSERT_TRUE(secrets_ready());
  const auto hash = hash_password("correct horse");
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=65536,t=2,p=1$")) << hash;
  EXPECT_NE(hash, hash_password("correct horse"));
  EXPECT_FALSE(needs_rehash(hash));
  EXPECT_TRUE(needs_rehash("$argon2id$v=19$m=32768,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
                           "aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g"));
}

TEST(PasswordsTest, TheHashOfNothingIsReadAsOneOfOurs) {
  ASSERT_TRUE(secrets_ready());
  const auto hash = hash_of_nothing();
  EXPECT_FALSE(needs_rehash(hash)) << hash;
  EXPECT_EQ(hash.size(), hash_password("correct horse").size());
  EXPECT_FALSE(verify_password(hash, ""));
  EXPECT_NE(hash, hash_of_nothing());
}

TEST(PasswordsTest, RightWrongAndUnknownTakeTheSameTime) {
  ASSERT_TRUE(secrets_ready());
  Passwords passwords;
  const auto hash = hash_password("correct horse");
  EXPECT_EQ(verify(passwords, hash, "correct horse"), PasswordVerdict::kRight);
  EXPECT_EQ(verify(passwords, hash, "correct horsE"), PasswordVerdict::kWrong);
  EXPECT_EQ(verify(passwords, "", "anything"), PasswordVerdict::kWrong);
  const auto known = spent_ms([&] { verify(passwords, hash, "wrong"); });
  const auto unknown = spent_ms([&] { verify(passwords, "", "wrong"); });
  EXPECT_GT(unknown, 5);
  EXPECT_LT(unknown, 4 * known + 50);
  EXPECT_LT(known, 4 * unknown + 50);
}

TEST(PasswordsTest, AFloodIsRefusedAtOnce) {
  ASSERT_TRUE(secrets_ready());
  std::atomic<int> done_count{0};
  int accepted = 0;
  Passwords passwords;
  for (int i = 0; i < 100; ++i)
    if (passwords.verify("", "x", [&](PasswordVerdict) { ++done_count; })) ++accepted;
  EXPECT_GE(accepted, 32);
  EXPECT_LE(accepted, 36);
  passwords.stop();
  EXPECT_LE(done_count, accepted);
}

TEST(PasswordsTest, WeakOnesAreRefused) {
  const struct {
    std::string password, email, detail;
  } cases[] = {
      {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "", "not_text"},
      {"elevenchars", "", "too_short"},
      {std::string(257, 'a'), "", "too_long"},
      {"Password1234", "", "too_common"},
      {"ann@example.com", "Ann@Example.com", "too_common"},
  };
  for (const auto& row : cases) {
    const auto result = check_password_strength(row.password, row.email);
    ASSERT_FALSE(result.has_value()) << row.detail;
    EXPECT_EQ(result.error().detail, row.detail);
  }
  EXPECT_TRUE(check_password_strength("a fine long sentence", "ann@example.com").has_value());
  EXPECT_TRUE(check_password_strength("пароль-длинный", "").has_value());
}

}  // namespace
}  // namespace foyer::server
