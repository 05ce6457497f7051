// Each rule on a small good and a small bad sample: a rule that finds nothing bad is worth nothing.
#include "tidy/rules.h"

#include <gtest/gtest.h>

namespace foyer::tidy {
namespace {

struct Sample {
  const char* path;
  std::string text;
};

std::string found_by(Rule rule, const std::vector<Sample>& samples) {
  std::vector<SourceFile> files;
  for (const auto& sample : samples) files.push_back(source_file(sample.path, sample.text));
  return as_text(rule(files));
}

std::string repeated(std::string_view text, int times) {
  std::string whole;
  for (int i = 0; i < times; ++i) whole += text;
  return whole;
}

TEST(Layers, an_include_points_downwards) {
  EXPECT_EQ(found_by(layers, {{"shared/foyer/rules/a.h", "#include \"foyer/model/case.h\"\n"}}),
            "");
  EXPECT_EQ(found_by(layers, {{"shared/foyer/model/a.h", "#include \"foyer/rules/b.h\"\n"}}),
            "shared/foyer/model/a.h:1: an include upwards, to foyer/rules/b.h\n");
  EXPECT_NE(found_by(layers, {{"shared/foyer/model/a.h", "#include \"portal/app.h\"\n"}}), "");
}

TEST(OneName, two_types_of_one_name_are_found) {
  EXPECT_EQ(found_by(one_name, {{"shared/foyer/view/a.h", "struct Case;\nstruct View {\n};\n"},
                                {"shared/foyer/view/b.h", "struct Case {\n};\nView view;\n"}}),
            "");
  EXPECT_EQ(found_by(one_name, {{"shared/foyer/pages/a.h", "class View final : public Page {\n"},
                                {"shared/foyer/view/b.h", "\nstruct View {\n"}}),
            "shared/foyer/view/b.h:2: View is also in shared/foyer/pages/a.h\n");
  EXPECT_EQ(found_by(one_name, {{"portal/a.h", "struct View {\n"},
                                {"shared/foyer/view/b.h", "struct View {\n"}}),
            "");
}

TEST(Layers, shared_has_no_clock_and_no_streams) {
  EXPECT_EQ(found_by(layers, {{"shared/foyer/base/a.h", "#include <vector>\n"}}), "");
  EXPECT_NE(found_by(layers, {{"shared/foyer/base/a.h", "#include <chrono>\n"}}), "");
  EXPECT_NE(found_by(layers, {{"shared/foyer/base/a.cc", "\n#include <iostream>\n"}}), "");
  EXPECT_EQ(found_by(layers, {{"server-stub/a.cc", "#include <chrono>\n"}}), "");
}

TEST(Libraries, each_only_where_it_is_wrapped) {
  EXPECT_EQ(found_by(libraries, {{"portal/ui/button.cc", "#include <imgui.h>\n"}}), "");
  EXPECT_NE(found_by(libraries, {{"portal/screen/a.cc", "#include \"imgui.h\"\n"}}), "");
  EXPECT_NE(found_by(libraries, {{"shared/foyer/view/a.cc", "#include <nlohmann/json.hpp>\n"}}),
            "");
  EXPECT_NE(found_by(libraries, {{"server-stub/sessions.cc", "#include <sodium.h>\n"}}), "");
}

TEST(Folders, do_not_see_each_other) {
  const Sample port{"portal/port.h", ""};
  EXPECT_EQ(found_by(folders, {port, {"portal/app.cc", "#include \"port.h\"\n"}}), "");
  EXPECT_NE(found_by(folders, {port, {"wasm/clock.cc", "#include \"port.h\"\n"}}), "");
  EXPECT_EQ(found_by(folders, {port, {"wasm/main_portal.cc", "#include \"port.h\"\n"}}), "");
  EXPECT_NE(found_by(folders, {{"wasm/main_portal.cc", repeated("int a;\n", 101)}}), "");
}

TEST(BannedWords, in_code_but_not_in_comments_and_literals) {
  EXPECT_EQ(found_by(banned_words, {{"shared/foyer/model/a.h", "// no double here\n"}}), "");
  EXPECT_EQ(found_by(banned_words, {{"shared/foyer/model/a.h", "auto a = \"double\";\n"}}), "");
  EXPECT_EQ(found_by(banned_words, {{"shared/foyer/model/a.h", "int doubled;\n"}}), "");
  EXPECT_EQ(found_by(banned_words, {{"shared/foyer/model/a.h", "int a;\ndouble b;\n"}}),
            "shared/foyer/model/a.h:2: double: use Money, or integers in the smallest unit\n");
  EXPECT_NE(found_by(banned_words, {{"wasm/a.cc", "ImGui::Text();\n"}}), "");
  EXPECT_EQ(found_by(banned_words, {{"portal/ui/a.cc", "ImGui::Text();\n"}}), "");
}

TEST(LongLines, count_characters_and_not_bytes) {
  EXPECT_EQ(found_by(long_lines, {{"a.cc", repeated("ä", 100) + "\n"}}), "");
  EXPECT_EQ(found_by(long_lines, {{"a.cc", repeated("a", 101) + "\n"}}), "a.cc:1: 101 columns\n");
}

TEST(LongFunctions, are_measured_whole) {
  const auto function = [](int lines) {
    return "int f(int a) {\n" + repeated("  if (a) { a = 1; }\n", lines - 2) + "}\n";
  };
  EXPECT_EQ(found_by(long_functions, {{"a.cc", function(70)}}), "");
  EXPECT_EQ(found_by(long_functions, {{"a.cc", "namespace b {\n" + function(71) + "}\n"}}),
            "a.cc:2: a function of 71 lines: divide it\n");
  EXPECT_EQ(
      found_by(long_functions, {{"a.cc", "struct S {\n" + repeated("int a;\n", 99) + "};\n"}}), "");
  EXPECT_EQ(found_by(long_functions, {{"a.cc", "int a[] = {\n" + repeated("1,\n", 99) + "};\n"}}),
            "");
}

TEST(LongFunctions, constructors_with_initialisers_are_functions) {
  const auto text = "S::S(int a) : a_{a}, b_(a) {\n" + repeated("  a++;\n", 80) + "}\n";
  EXPECT_NE(found_by(long_functions, {{"a.cc", text}}), "");
}

TEST(DeadHeaders, are_found) {
  const Sample user{"server-stub/a.cc", "#include \"a.h\"\n"};
  EXPECT_EQ(found_by(dead_headers, {user, {"server-stub/a.h", ""}}), "");
  EXPECT_NE(found_by(dead_headers, {user, {"server-stub/b.h", ""}}), "");
}

TEST(MissingTests, every_source_of_shared_has_one) {
  const Sample source{"shared/foyer/base/id.cc", ""};
  EXPECT_EQ(found_by(missing_tests, {source, {"tests/shared/base/id_test.cc", ""}}), "");
  EXPECT_EQ(found_by(missing_tests, {source}),
            "shared/foyer/base/id.cc:0: there is no tests/shared/base/id_test.cc\n");
}

TEST(Headers, say_once_and_what_they_are) {
  const Sample good{"a.h", "// What it is.\n#pragma once\n"};
  EXPECT_EQ(found_by(headers_once, {good}), "");
  EXPECT_EQ(found_by(file_heads, {good}), "");
  EXPECT_NE(found_by(headers_once, {{"a.h", "int a;\n"}}), "");
  EXPECT_NE(found_by(file_heads, {{"a.h", "#pragma once\n"}}), "");
  EXPECT_NE(found_by(file_heads, {{"a.h", repeated("// more\n", 7)}}), "");
  EXPECT_EQ(found_by(file_heads, {{"a.h", "// A frame.\n//\n" + repeated("// more\n", 7)}}), "");
}

TEST(Readmes, are_there_and_short) {
  std::vector<Sample> all;
  for (const auto* folder : {"wasm/README.md", "portal/README.md", "shared/README.md",
                             "web/README.md", "server-stub/README.md", "tests/README.md"})
    all.push_back({folder, repeated("text\n", 59)});
  EXPECT_EQ(found_by(readmes, all), "");
  all.back().text += "text\n";
  EXPECT_NE(found_by(readmes, all), "");
  all.pop_back();
  EXPECT_EQ(found_by(readmes, all), "tests/README.md:0: is missing\n");
}

TEST(TopLevel, has_only_what_the_layout_names) {
  EXPECT_EQ(found_by(top_level, {{"foyer", ""}, {"wasm/a.cc", ""}}), "");
  EXPECT_NE(found_by(top_level, {{"notes.md", ""}}), "");
  EXPECT_NE(found_by(top_level, {{"scripts/a.sh", ""}}), "");
}

TEST(Words, that_say_unfinished_or_name_a_machine) {
  EXPECT_EQ(found_by(unfinished, {{"a.cc", "// done\n"}}), "");
  EXPECT_NE(found_by(unfinished, {{"a.cc", "// TODO: all\n"}}), "");
  EXPECT_EQ(found_by(machine_traces, {{"a.md", "see build/web\n"}}), "");
  EXPECT_NE(found_by(machine_traces, {{"a.md", "see /work/here\n"}}), "");
}

}  // namespace
}  // namespace foyer::tidy
