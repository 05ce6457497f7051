// Holds the tree against the house rules.
#include <gtest/gtest.h>

#include "tidy/rules.h"

namespace foyer::tidy {
namespace {

struct NamedRule {
  const char* name;
  Rule rule;
};

const NamedRule kRules[] = {
    {"layers", layers},
    {"one_name", one_name},
    {"libraries", libraries},
    {"folders", folders},
    {"banned_words", banned_words},
    {"long_lines", long_lines},
    {"long_functions", long_functions},
    {"dead_headers", dead_headers},
    {"missing_tests", missing_tests},
    {"headers_once", headers_once},
    {"file_heads", file_heads},
    {"readmes", readmes},
    {"top_level", top_level},
    {"unfinished", unfinished},
    {"machine_traces", machine_traces},
};

const std::vector<SourceFile>& tree() {
  static const auto files = read_tree(FOYER_SOURCE_DIR);
  return files;
}

class Tidy : public testing::TestWithParam<NamedRule> {};

TEST_P(Tidy, tree_follows) {
  const auto findings = GetParam().rule(tree());
  EXPECT_TRUE(findings.empty()) << as_text(findings);
}

INSTANTIATE_TEST_SUITE_P(rules, Tidy, testing::ValuesIn(kRules),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(Tree, is_read_whole) {
  std::size_t sources = 0;
  for (const auto& file : tree()) sources += is_cpp(file) ? 1 : 0;
  EXPECT_GT(sources, 50u);
}

}  // namespace
}  // namespace foyer::tidy
