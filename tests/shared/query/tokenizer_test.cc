#include "foyer/query/tokenizer.h"

#include <gtest/gtest.h>

namespace foyer {
namespace {

using Words = std::vector<std::string>;

TEST(Tokenizer, FoldsCaseAndDiacritics) {
  EXPECT_EQ(tokens_of("Ünïted Straße, Œuvre"), (Words{"united", "strasse", "oeuvre"}));
  EXPECT_EQ(tokens_of("ΑΘΗΝΑΣ МОСКВА"), (Words{"αθηνασ", "москва"}));
  EXPECT_EQ(tokens_of("e\xcc\x81t\xc3\xa9"), (Words{"ete"}));  // combining and precomposed
}

TEST(Tokenizer, SplitsAtWhatIsNoLetter) {
  EXPECT_EQ(tokens_of("T-10482: door/lift…(new)"), (Words{"t", "10482", "door", "lift", "new"}));
  EXPECT_TRUE(tokens_of(" .,;!? ").empty());
}

TEST(Tokenizer, WritingWithoutSpacesGivesPairs) {
  EXPECT_EQ(tokens_of("電梯故"), (Words{"電梯", "梯故"}));
  EXPECT_EQ(tokens_of("梯"), (Words{"梯"}));
}

TEST(Tokenizer, FoldedTextGivesTheSameTokens) {
  for (const char* text : {"Ünïted", "Straße Œ", "Ж ΣΑΣ", "plain 123", "-11\u03a2l56",
                           "rr\u4eb1\u0336\u4eb1"})
    EXPECT_EQ(tokens_of(fold(text)), tokens_of(text)) << text;
}

}  // namespace
}  // namespace foyer
