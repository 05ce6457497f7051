// One slip against the distance of strings, and the words that are not guessed at.
#include "foyer/query/typo.h"

#include <gtest/gtest.h>

#include <string>

#include "foyer/base/random.h"

namespace foyer {
namespace {

TEST(Typo, EachKindOfSlipIsForgivenOnce) {
  const MeantWord lift("lifts");
  for (const char* token : {"lifts", "lift", "lits", "liftes", "loifts", "lufts", "tifts", "ilfts",
                            "litfs", "lifst", "ifts", "xlifts", "liftx", "liftsx"})
    EXPECT_TRUE(lift.matches(token)) << token;
  for (const char* token : {"", "l", "lif", "litsf", "tfils", "liftsxy", "xliftsx", "lofty"})
    EXPECT_FALSE(lift.matches(token)) << token;
}

TEST(Typo, ABeginningMayHaveTheSlip) {
  const MeantWord word("aufz");
  for (const char* token : {"aufzug", "afzug", "auzfug", "auffzug", "aulzug", "auf"})
    EXPECT_TRUE(word.matches_beginning_of(token)) << token;
  for (const char* token : {"au", "zug", "fuzug", "ausgang"})
    EXPECT_FALSE(word.matches_beginning_of(token)) << token;
}

TEST(Typo, LettersOfAnyScriptCountAsOne) {
  EXPECT_TRUE(MeantWord("лифты").matches("лифт"));
  EXPECT_TRUE(MeantWord("лифты").matches("лтфиы") == false);
  EXPECT_TRUE(MeantWord("лифты").matches("лифыт"));
  EXPECT_FALSE(MeantWord("лифты").matches("лофтя"));
}

TEST(Typo, ShortWordsAndNumbersAreNotGuessedAt) {
  for (const char* word : {"", "a", "cat", "10482", "gtx4000"})
    EXPECT_FALSE(MeantWord(word).is_forgiven()) << word;
  EXPECT_TRUE(MeantWord("cats").is_forgiven());
  EXPECT_FALSE(MeantWord(std::string(61, 'x')).is_forgiven());
  EXPECT_TRUE(MeantWord(std::string(60, 'x')).matches(std::string(61, 'x')));
}

std::size_t distance(const std::string& a, const std::string& b, bool is_beginning) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  std::size_t best = SIZE_MAX;
  for (std::size_t j = 0; j <= b.size(); ++j)
    for (std::size_t i = 0; i <= a.size(); ++i) {
      d[i][j] = i + j;
      if (i > 0 && j > 0)
        d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1,
                            d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      if (i == a.size()) best = is_beginning ? std::min(best, d[i][j]) : d[i][j];
    }
  return best;
}

TEST(Typo, RandomWordsOfThreeLettersAgreeWithTheDistance) {
  Random random(1);
  std::size_t close = 0;
  const auto word = [&](std::size_t size) {
    std::string text;
    while (text.size() < size) text += static_cast<char>('a' + random.below(3));
    return text;
  };
  for (int round = 0; round < 40'000; ++round) {
    const std::string meant = word(4 + random.below(4)), token = word(random.below(10));
    const MeantWord each(meant);
    const bool is_close = distance(meant, token, false) <= 1;
    close += is_close;
    ASSERT_EQ(each.matches(token), is_close) << meant << ' ' << token;
    ASSERT_EQ(each.matches_beginning_of(token), distance(meant, token, true) <= 1)
        << meant << ' ' << token;
  }
  EXPECT_GT(close, 300u);
}

}  // namespace
}  // namespace foyer
