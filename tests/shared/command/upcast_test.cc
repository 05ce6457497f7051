#include "foyer/command/upcast.h"

#include <gtest/gtest.h>

#include "foyer/base/checksum.h"
#include "foyer/base/random.h"
#include "foyer/command/registry.h"

namespace foyer {
namespace {

std::optional<std::string> with_x(std::string_view older) { return std::string(older) + "x"; }
std::optional<std::string> nothing(std::string_view) { return std::nullopt; }

constexpr CommandInfo kCommands[] = {{.name = "case.reply", .title_key = "", .version = 3},
                                     {.name = "case.answer", .title_key = "", .version = 2}};
constexpr Upcaster kTable[] = {
    {"case.reply", 1, with_x, {}},       {"case.reply", 2, with_x, {}},
    {"case.say", 1, with_x, "case.answer"}, {"case.answer", 1, nothing, {}},
    {"round", 1, with_x, "round2"},
};

TEST(Upcast, StepByStepToTheNewestAndUnderItsNewName) {
  struct Case {
    Command older;
    std::string name;
    std::uint16_t version;
    std::string arguments;
  };
  const Case cases[] = {
      {{"case.reply", 3, "a"}, "case.reply", 3, "a"},
      {{"case.reply", 2, "a"}, "case.reply", 3, "ax"},
      {{"case.reply", 1, "a"}, "case.reply", 3, "axx"},
      {{"case.say", 1, "a"}, "case.answer", 2, "ax"},
  };
  for (const Case& each : cases) {
    const auto newest = upcast(each.older, kCommands, kTable);
    ASSERT_TRUE(newest) << each.older.name;
    EXPECT_EQ(newest->name, each.name);
    EXPECT_EQ(newest->version, each.version);
    EXPECT_EQ(newest->arguments, each.arguments);
  }
}

TEST(Upcast, WhatTheTableDoesNotReachIsSaidToBeUnknownAndNeverGuessed) {
  const auto detail = [](Command command) {
    const auto newest = upcast(std::move(command), kCommands, kTable);
    return newest ? std::string() : newest.error().detail + newest.error().field;
  };
  EXPECT_EQ(detail({"case.reply", 0, "a"}), "unknown_version");
  EXPECT_EQ(detail({"case.reply", 4, "a"}), "unknown_version");
  EXPECT_EQ(detail({"case.shout", 1, "a"}), "unknown_command");
  EXPECT_EQ(detail({"case.answer", 1, "a"}), "arguments");
  EXPECT_EQ(detail({"round", 1, "a"}), "unknown_command");
  EXPECT_EQ(detail({"", 0, ""}), "unknown_command");
}

TEST(Upcast, AnyBytesEndInACommandOrAnError) {
  Random random(77);
  for (int i = 0; i < 2000; ++i) {
    Command noise{commands()[random.below(commands().size())].name.data(),
                  static_cast<std::uint16_t>(random.next()), std::string(random.below(40), 0)};
    for (char& c : noise.arguments) c = static_cast<char>(random.next());
    const auto newest = upcast(noise, commands(), upcasters());
    if (newest) EXPECT_EQ(newest->version, find_command(newest->name)->version);
  }
}

// Whoever adds a command or a version raises kCommandSet, and writes the new sum here.
TEST(Upcast, TheCommandSetIsRaisedWithEachCommandAndVersion) {
  std::string all;
  for (const CommandInfo& info : commands())
    all += std::string(info.name) + "/" + std::to_string(info.version) + "\n";
  const std::pair<std::uint64_t, std::string> known{kCommandSet, to_hex(sha256(all)).substr(0, 16)};
  EXPECT_EQ(known, (std::pair<std::uint64_t, std::string>{2, "5deff4dc5ab5685a"})) << all;
}

}  // namespace
}  // namespace foyer
