#include "foyer/pages/words.h"

#include <gtest/gtest.h>

#include <set>

#include "foyer/pages/embedded_files.h"

namespace foyer {
namespace {

TEST(Words, FillInTheirArguments) {
  EXPECT_EQ(Words("en").text("case.opened.number", {{"number", "T-1"}}), "Your case number is T-1");
}

TEST(Words, AnUnknownLanguageIsEnglishAndAnUnknownKeyIsItself) {
  EXPECT_EQ(Words("xx").text("cases.title"), "Your cases");
  EXPECT_EQ(Words("en").text("no.such.key"), "no.such.key");
  EXPECT_FALSE(Words("en").has("no.such.key"));
}

TEST(Words, GermanIsNotEnglish) {
  EXPECT_NE(Words("de").text("cases.title"), Words("en").text("cases.title"));
}

TEST(Words, TheBestLanguageIsTheFirstThatThereIs) {
  EXPECT_EQ(best_language("de-DE,de;q=0.9,en;q=0.8"), "de");
  EXPECT_EQ(best_language("xx, en;q=0.5"), "en");
  EXPECT_EQ(best_language("en;q=0.2, de;q=0.9"), "de");
  EXPECT_EQ(best_language(""), "en");
  EXPECT_EQ(best_language(";;q=,,=\xff"), "en");
}

// Every t("key") of the templates is a key that people can read.
TEST(Words, TemplatesUseOnlyKeysThatThereAre) {
  const Words words("en");
  std::size_t used = 0;
  for (const auto& file : embedded_files()) {
    if (!file.name.ends_with(".html")) continue;
    for (auto at = file.text.find("t(\""); at != file.text.npos;
         at = file.text.find("t(\"", at + 1)) {
      if (at > 0 && std::isalpha(static_cast<unsigned char>(file.text[at - 1]))) continue;
      const auto end = file.text.find('"', at + 3);
      const auto key = file.text.substr(at + 3, end - at - 3);
      ++used;
      EXPECT_TRUE(words.has(key)) << file.name << ": " << key;
    }
  }
  EXPECT_GT(used, 10u);
}

}  // namespace
}  // namespace foyer
