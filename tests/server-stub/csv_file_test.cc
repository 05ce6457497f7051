#include "csv_file.h"

#include <gtest/gtest.h>

namespace foyer::server {
namespace {

TEST(CsvFileTest, SeparatorsQuotesAndLineEnds) {
  for (const char* text : {"a,b\n1,2\n", "a;b\r\n1;2\r\n", "a\tb\n1\t2", "a|b\r1|2\r",
                           "\xef\xbb\xbf" "a,b\n\n1,2\n , \n"}) {
    const auto table = parse_csv(text);
    ASSERT_TRUE(table.has_value()) << text;
    EXPECT_EQ(table->header, (std::vector<std::string>{"a", "b"})) << text;
    ASSERT_EQ(table->records.size(), 1u) << text;
    EXPECT_EQ(table->records[0].cells, (std::vector<std::string>{"1", "2"})) << text;
  }
  const auto quoted = parse_csv("a;b\n\"x;\"\"y\"\"\nz\";2\n3;4");
  ASSERT_TRUE(quoted.has_value());
  EXPECT_EQ(quoted->records[0].cells[0], "x;\"y\"\nz");
  EXPECT_EQ(quoted->records[0].line, 2u);
  EXPECT_EQ(quoted->records[1].line, 4u);
}

TEST(CsvFileTest, EncodingsOfSpreadsheets) {
  const auto latin = parse_csv("name\nM\xfcller \x80\n");
  ASSERT_TRUE(latin.has_value());
  EXPECT_EQ(latin->records[0].cells[0], "Müller €");
  const auto utf16 = parse_csv(std::string_view("\xff\xfe" "a\0\n\0\xfc\0\x3d\xd8\x00\xde", 12));
  ASSERT_TRUE(utf16.has_value());
  EXPECT_EQ(utf16->records[0].cells[0], "ü😀");
}

TEST(CsvFileTest, WhatIsNoTableIsSaidWithItsLine) {
  const struct {
    std::string text, field, detail;
  } cases[] = {
      {"", "", "empty"},
      {"\n\n", "", "empty"},
      {"a,b\n1,\"2", "line 2", "unclosed_quote"},
      {"a,a\n", "line 1", "duplicate_column"},
      {std::string("a\0b", 3), "", "not_utf8"},
      {"\xff\xfe" "a", "", "not_utf8"},
      {"a\n\x81\n", "", "not_utf8"},
      {"a\n" + std::string(70'000, 'x'), "line 2", "cell_too_long"},
      {"a\n" + std::string(600, ','), "line 2", "too_many_columns"},
  };
  for (const auto& row : cases) {
    const auto table = parse_csv(row.text);
    ASSERT_FALSE(table.has_value()) << row.detail;
    EXPECT_EQ(table.error().detail, row.detail);
    EXPECT_EQ(table.error().field, row.field);
  }
  EXPECT_EQ(parse_csv("a\n1\n", {.file_bytes_max = 3}).error().detail, "too_large");
}

TEST(CsvFileTest, AnyBytesAreATableOrAnError) {
  std::uint64_t state = 11;
  constexpr std::string_view kAlphabet = "a,;\"\n\r\t|1\xff";
  for (int round = 0; round < 5'000; ++round) {
    std::string text;
    for (int i = 0; i < 40; ++i) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      text += kAlphabet[(state >> 33) % kAlphabet.size()];
    }
    const auto table = parse_csv(text);
    if (table) {
      EXPECT_FALSE(table->header.empty());
    }
  }
}

}  // namespace
}  // namespace foyer::server
