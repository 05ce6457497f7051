#include "foyer/base/text.h"

#include <gtest/gtest.h>

namespace foyer {
namespace {

TEST(Text, Utf8IsJudgedByTheStandard) {
  for (const char* good : {"", "plain", "Grüße", "電梯", "\xf0\x9f\x98\x80"})
    EXPECT_TRUE(is_valid_utf8(good)) << good;
  for (const char* bad : {"\xc0\x80", "\xed\xa0\x80", "\xff", "\xe2\x82", "\xf4\x90\x80\x80",
                          "a\x80"})
    EXPECT_FALSE(is_valid_utf8(bad));
}

TEST(Text, CodePointsAreCountedAndRebuilt) {
  const std::string text = "aß€\xf0\x9f\x98\x80";
  EXPECT_EQ(count_code_points(text), 4u);
  std::string again;
  for (std::size_t at = 0; at < text.size();) append_code_point(again, next_code_point(text, at));
  EXPECT_EQ(again, text);
}

TEST(Text, SplitKeepsEmptyParts) {
  EXPECT_EQ(split("a,,b", ',').size(), 3u);
  EXPECT_EQ(split("", ',').size(), 1u);
  EXPECT_EQ(trim(" \t a b \n"), "a b");
}

TEST(Text, ControlCharactersButNotLineBreaks) {
  EXPECT_FALSE(has_control_characters("a\tb\r\nc"));
  EXPECT_TRUE(has_control_characters(std::string("a\0b", 3)));
  EXPECT_TRUE(has_control_characters("\x1b[31m"));
  EXPECT_TRUE(equals_ignoring_case("TRUE", "true"));
}

}  // namespace
}  // namespace foyer
