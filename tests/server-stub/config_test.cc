#include "config.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace foyer::server {
namespace {

TEST(ConfigTest, FlagsBeatVariablesBeatTheFileBeatsDefaults) {
  const auto path = (std::filesystem::path(testing::TempDir()) / "foyer_config_test").string();
  std::ofstream(path) << "# a comment\n\nlisten = 127.0.0.1:1\ndata=from_file\nweb=from_file\n";
  const auto config = Config::parse({"serve", "--web", "from_flag", "--config=" + path},
                                    {{"FOYER_WEB", "from_variable"}, {"FOYER_DATA", "variable"}});
  ASSERT_TRUE(config.has_value());
  EXPECT_EQ(config->words(), std::vector<std::string>{"serve"});
  EXPECT_EQ(config->get("web"), "from_flag");
  EXPECT_EQ(config->get("data"), "variable");
  EXPECT_EQ(config->get("listen"), "127.0.0.1:1");
  EXPECT_EQ(config->get("log-level"), "info");
  EXPECT_FALSE(config->has("demo"));
  std::filesystem::remove(path);
}

TEST(ConfigTest, MistakesNameTheSetting) {
  const struct {
    std::vector<std::string> arguments;
    std::string field, detail;
  } cases[] = {
      {{"serve", "--nonsense"}, "nonsense", "unknown_setting"},
      {{"serve", "--data"}, "data", "needs_value"},
      {{"--demo", "--demo"}, "demo", "given_twice"},
      {{"--config", "there/is/none"}, "config", "cannot_read"},
  };
  for (const auto& row : cases) {
    const auto config = Config::parse(row.arguments, {});
    ASSERT_FALSE(config.has_value());
    EXPECT_EQ(config.error().field, row.field);
    EXPECT_EQ(config.error().detail, row.detail);
  }
}

TEST(ConfigTest, PrintHidesSecretsAndSwitchesCanBeTurnedOff) {
  const auto config = Config::parse({"--password", "hunter2hunter2", "--demo"}, {});
  EXPECT_NE(config->print().find("password=(set)\n"), std::string::npos);
  EXPECT_EQ(config->print().find("hunter2"), std::string::npos);
  EXPECT_TRUE(config->has("demo"));
  EXPECT_FALSE(Config::parse({}, {{"FOYER_DEMO", "0"}})->has("demo"));
  EXPECT_EQ(Config::parse({"--origin", " a , ,b"}, {})->list("origin"),
            (std::vector<std::string>{"a", "b"}));
}

}  // namespace
}  // namespace foyer::server
