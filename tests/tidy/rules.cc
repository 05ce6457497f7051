#include "tidy/rules.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string_view>

namespace foyer::tidy {
namespace {

constexpr std::size_t kColumnsMax = 100;
constexpr std::size_t kFunctionLinesMax = 70;
constexpr std::size_t kHeadLinesMax = 6;
constexpr std::size_t kReadmeLinesMax = 60;

// From the bottom to the top: a layer may include itself and what stands before it.
constexpr std::array<std::string_view, 9> kLayers = {"base",  "schema", "model", "rules", "command",
                                                     "query", "sync",   "view",  "pages"};

struct LibraryRule {
  std::string_view include;              // how the include begins
  std::vector<std::string_view> places;  // how the paths begin that may have it
};

const std::vector<LibraryRule>& library_rules() {
  static const std::vector<LibraryRule> rules = {
      {"nlohmann/", {"shared/foyer/schema/json", "shared/foyer/pages/", "tests/"}},
      {"inja/", {"shared/foyer/pages/", "tests/shared/pages/"}},
      {"imgui", {"portal/ui/", "portal/platform_web.cc", "tests/portal/"}},
      {"backends/imgui", {"portal/ui/", "portal/platform_web.cc"}},
      {"emscripten", {"wasm/", "portal/platform_web.cc", "tests/web/"}},
      {"sqlite3.h", {"server-stub/sqlite_", "tests/server-stub/"}},
      {"libpq", {"server-stub/postgres_"}},
      {"boost/", {"server-stub/http_server.cc", "tests/server-stub/"}},
      {"openssl/", {"server-stub/http_server.cc", "server-stub/sealed.cc", "tests/server-stub/"}},
      {"sodium.h", {"server-stub/secrets.cc"}},
      {"unicode/", {"server-stub/locale_data.cc"}},
  };
  return rules;
}

// What pure code may not include: the platform comes in through ports.
constexpr std::array<std::string_view, 17> kImpureHeaders = {
    "iostream",   "fstream",     "thread", "mutex",    "condition_variable",
    "filesystem", "format",      "print",  "chrono",   "random",
    "future",     "ctime",       "time.h", "unistd.h", "cstdio",
    "stdio.h",    "shared_mutex"};

struct BannedWord {
  std::string_view word;
  std::string_view instead;
  std::vector<std::string_view> places;  // how paths begin; empty: everywhere
  std::vector<std::string_view> except;
};

const std::vector<BannedWord>& banned_word_table() {
  static const std::vector<BannedWord> table = {
      {"using namespace", "name what you use", {}, {}},
      {"assert(",
       "FOYER_ASSERT, which is always on",
       {"shared/", "portal/", "wasm/", "server-stub/"},
       {}},
      {"throw", "a Result", {"shared/", "portal/", "wasm/"}, {"shared/foyer/pages/"}},
      {"catch", "a Result", {"shared/", "portal/", "wasm/"}, {"shared/foyer/pages/"}},
      {"double",
       "Money, or integers in the smallest unit",
       {"shared/foyer/model/", "shared/foyer/rules/", "shared/foyer/command/"},
       {}},
      {"float",
       "Money, or integers in the smallest unit",
       {"shared/foyer/model/", "shared/foyer/rules/", "shared/foyer/command/"},
       {}},
      {"rand(", "the random source of the context", {}, {}},
      {"system_clock", "the clock of the context", {"shared/", "portal/"}, {}},
      {"std::format", "a string built in place: GCC 12 has none", {}, {}},
      {"std::print", "a string built in place: GCC 12 has none", {}, {}},
      {"getenv", "the settings of the server", {"shared/", "portal/", "wasm/"}, {}},
      {"__EMSCRIPTEN__", "a file per platform, chosen by the linker", {"shared/", "portal/"}, {}},
      {"reinterpret_cast<const double", "a codec", {}, {}},
      {"ImGui::", "a widget of portal/ui", {"portal/", "wasm/"}, {"portal/ui/"}},
      {"printf(", "a string built in place", {"shared/", "portal/", "wasm/"}, {}},
      {"strcpy", "std::string", {}, {}},
      {"sprintf", "a string built in place", {}, {}},
  };
  return table;
}

constexpr std::array<std::string_view, 8> kTopLevelFolders = {
    "wasm", "portal", "shared", "web", "server-stub", "tests", ".ci", ".github"};
constexpr std::array<std::string_view, 8> kTopLevelFiles = {
    "CMakeLists.txt", "CMakePresets.json", "README.md",     "LICENSE",
    "foyer",          ".gitignore",        ".clang-format", ".gitattributes"};
constexpr std::array<std::string_view, 6> kFoldersWithReadme = {"wasm", "portal",      "shared",
                                                                "web",  "server-stub", "tests"};

constexpr std::array<std::string_view, 6> kUnfinishedWords = {
    "TODO", "FIXME", "XXX", "coming soon", "not implemented", "lorem ipsum"};
constexpr std::array<std::string_view, 8> kMachineTraces = {
    "/work/",         "/root/",         "/home/",     "/tmp/",
    "registry.npmjs", "deb.debian.org", "nodesource", "security.debian.org"};

template <class Prefixes>
bool starts_with_one_of(std::string_view path, const Prefixes& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](std::string_view prefix) { return path.starts_with(prefix); });
}

template <class Values>
bool contains(const Values& values, std::string_view value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

// The rules quote what they forbid.
bool is_of_the_rules(const SourceFile& file) { return file.path.starts_with("tests/tidy/"); }

struct Include {
  std::string path;
  bool is_quoted = false;
};

std::optional<Include> include_of(const std::string& line) {
  if (!line.starts_with("#include ")) return std::nullopt;
  const auto open = line.find_first_of("\"<");
  if (open == line.npos) return std::nullopt;
  const auto close = line.find_first_of("\">", open + 1);
  if (close == line.npos) return std::nullopt;
  return Include{line.substr(open + 1, close - open - 1), line[open] == '"'};
}

template <class Look>
void each_include(Files files, Look look) {
  for (const auto& file : files) {
    if (!is_cpp(file)) continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i)
      if (const auto include = include_of(file.lines[i])) look(file, i + 1, *include);
  }
}

// "foyer/model/case.h" -> 2; npos when it is in no layer.
std::size_t layer_of(std::string_view path) {
  if (!path.starts_with("foyer/")) return std::string_view::npos;
  path.remove_prefix(6);
  const auto found = std::find(kLayers.begin(), kLayers.end(), path.substr(0, path.find('/')));
  if (found == kLayers.end()) return std::string_view::npos;
  return static_cast<std::size_t>(found - kLayers.begin());
}

std::size_t columns(const std::string& line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

bool has_columns_rule(const SourceFile& file) {
  static constexpr std::array<std::string_view, 6> kEndings = {".h",   ".cc",    ".ts",
                                                               ".mjs", ".cmake", "CMakeLists.txt"};
  return file.path == "foyer" || std::any_of(kEndings.begin(), kEndings.end(), [&](auto ending) {
           return file.path.ends_with(ending);
         });
}

// Follows braces through blanked code. A block is a function if what stands before its brace since
// the last statement has a parameter list and names no type or namespace; what lies inside belongs
// to it.
class FunctionScan {
 public:
  FunctionScan(const SourceFile& file, std::vector<Finding>& findings)
      : file_(file), findings_(findings) {}

  void run() {
    for (line_ = 0; line_ < file_.code.size(); ++line_) {
      if (file_.code[line_].starts_with("#")) continue;
      for (const char c : file_.code[line_]) take(c);
      head_ += ' ';
    }
  }

 private:
  struct Block {
    std::size_t line = 0;
    bool is_function = false;
    bool is_value = false;  // braces of an initialiser within a head
    std::string head;
  };

  bool in_function() const {
    return std::any_of(blocks_.begin(), blocks_.end(),
                       [](auto& block) { return block.is_function; });
  }

  void take(char c) {
    if (c == '{') return open();
    if (c == '}') return close();
    if (c == ';' && parentheses_ == 0) return head_.clear();
    if (c == '(') ++parentheses_;
    if (c == ')' && parentheses_ > 0) --parentheses_;
    head_ += c;
  }

  void open() {
    Block block{line_, false, false, head_};
    const auto last = head_.find_last_not_of(' ');
    const char before = last == head_.npos ? ' ' : head_[last];
    const bool names_type =
        has_word(head_, "namespace") || has_word(head_, "enum") || has_word(head_, "union") ||
        ((has_word(head_, "struct") || has_word(head_, "class")) && head_.find(')') == head_.npos);
    const bool touches_name = last != head_.npos && last + 1 == head_.size() &&
                              (std::isalnum(static_cast<unsigned char>(before)) || before == '_');
    block.is_value = before == '=' || before == ',' || before == '(' || touches_name;
    block.is_function =
        !names_type && !block.is_value && !in_function() && head_.find(')') != head_.npos;
    blocks_.push_back(block);
    head_.clear();
  }

  void close() {
    if (blocks_.empty()) return;
    const Block block = blocks_.back();
    blocks_.pop_back();
    const auto lines = line_ - block.line + 1;
    if (block.is_function && lines > kFunctionLinesMax)
      findings_.push_back({file_.path, block.line + 1,
                           "a function of " + std::to_string(lines) + " lines: divide it"});
    head_ = block.is_value ? block.head + "{}" : "";
  }

  const SourceFile& file_;
  std::vector<Finding>& findings_;
  std::vector<Block> blocks_;
  std::string head_;
  std::size_t line_ = 0;
  int parentheses_ = 0;
};

std::string folder_of(std::string_view path) { return std::string(path.substr(0, path.find('/'))); }

}  // namespace

std::vector<Finding> layers(Files files) {
  std::vector<Finding> findings;
  each_include(files, [&](const SourceFile& file, std::size_t line, const Include& include) {
    if (!file.path.starts_with("shared/")) return;
    const auto own = layer_of(std::string_view(file.path).substr(7));
    const auto other = layer_of(include.path);
    if (include.is_quoted && other == std::string_view::npos)
      findings.push_back({file.path, line, "shared includes only \"foyer/LAYER/...\""});
    else if (include.is_quoted && own != std::string_view::npos && other > own)
      findings.push_back({file.path, line, "an include upwards, to " + include.path});
    if (!include.is_quoted && contains(kImpureHeaders, include.path))
      findings.push_back({file.path, line, "shared is pure: no <" + include.path + ">"});
  });
  return findings;
}

// The linker keeps one of each inline function: with two types of one name, the wrong one's.
std::vector<Finding> one_name(Files files) {
  static const std::regex definition(R"(^(?:struct|class) (\w+)(?: final)?(?: :[^{;]*)? \{)");
  std::map<std::string, std::string> defined_in;
  std::vector<Finding> findings;
  for (const auto& file : files) {
    if (!file.path.starts_with("shared/") || !file.path.ends_with(".h")) continue;
    for (std::size_t i = 0; i < file.code.size(); ++i) {
      std::smatch found;
      if (!std::regex_search(file.code[i], found, definition)) continue;
      const auto [first, is_new] = defined_in.emplace(found[1], file.path);
      if (!is_new)
        findings.push_back({file.path, i + 1, found[1].str() + " is also in " + first->second});
    }
  }
  return findings;
}

std::vector<Finding> libraries(Files files) {
  std::vector<Finding> findings;
  each_include(files, [&](const SourceFile& file, std::size_t line, const Include& include) {
    for (const auto& rule : library_rules())
      if (include.path.starts_with(rule.include) && !starts_with_one_of(file.path, rule.places))
        findings.push_back({file.path, line, include.path + " may not be included here"});
  });
  return findings;
}

std::vector<Finding> folders(Files files) {
  std::set<std::string, std::less<>> known;
  for (const auto& file : files) known.insert(file.path);
  std::vector<Finding> findings;
  each_include(files, [&](const SourceFile& file, std::size_t line, const Include& include) {
    const auto folder = folder_of(file.path);
    const bool guarded = folder == "portal" || folder == "wasm" || folder == "server-stub";
    const bool composes = file.path.find("/main_") != file.path.npos;
    if (!guarded || !include.is_quoted || composes) return;
    const auto beside = file.path.substr(0, file.path.rfind('/') + 1) + include.path;
    const bool found = known.contains(folder + "/" + include.path) || known.contains(beside) ||
                       known.contains("shared/" + include.path);
    const bool is_library = starts_with_one_of(
        include.path, std::array<std::string_view, 3>{"imgui", "backends/imgui", "sqlite3.h"});
    if (!found && !is_library)
      findings.push_back({file.path, line, include.path + " is neither here nor in shared"});
  });
  for (const auto& file : files)
    if (file.path.find("/main_") != file.path.npos && is_cpp(file) && file.lines.size() > 100)
      findings.push_back({file.path, 0, "a composition root stays under 100 lines"});
  return findings;
}

std::vector<Finding> banned_words(Files files) {
  std::vector<Finding> findings;
  for (const auto& file : files) {
    if (!is_cpp(file) || is_of_the_rules(file)) continue;
    for (const auto& banned : banned_word_table()) {
      if (!banned.places.empty() && !starts_with_one_of(file.path, banned.places)) continue;
      if (starts_with_one_of(file.path, banned.except)) continue;
      for (std::size_t i = 0; i < file.code.size(); ++i)
        if (has_word(file.code[i], banned.word))
          findings.push_back({file.path, i + 1,
                              std::string(banned.word) + ": use " + std::string(banned.instead)});
    }
  }
  return findings;
}

std::vector<Finding> long_lines(Files files) {
  std::vector<Finding> findings;
  for (const auto& file : files) {
    if (!has_columns_rule(file)) continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i)
      if (const auto count = columns(file.lines[i]); count > kColumnsMax)
        findings.push_back({file.path, i + 1, std::to_string(count) + " columns"});
  }
  return findings;
}

std::vector<Finding> long_functions(Files files) {
  std::vector<Finding> findings;
  for (const auto& file : files)
    if (is_cpp(file)) FunctionScan(file, findings).run();
  return findings;
}

std::vector<Finding> dead_headers(Files files) {
  std::set<std::string, std::less<>> included;
  each_include(files, [&](const SourceFile&, std::size_t, const Include& include) {
    included.insert(include.path.substr(include.path.rfind('/') + 1));
  });
  std::vector<Finding> findings;
  for (const auto& file : files)
    if (is_header(file) && !included.contains(file.path.substr(file.path.rfind('/') + 1)))
      findings.push_back({file.path, 0, "nobody includes it"});
  return findings;
}

std::vector<Finding> missing_tests(Files files) {
  std::set<std::string, std::less<>> known;
  for (const auto& file : files) known.insert(file.path);
  std::vector<Finding> findings;
  for (const auto& file : files) {
    if (!file.path.starts_with("shared/foyer/") || !file.path.ends_with(".cc")) continue;
    const auto name = file.path.substr(13, file.path.size() - 13 - 3);
    const auto test = "tests/shared/" + name + "_test.cc";
    if (!known.contains(test)) findings.push_back({file.path, 0, "there is no " + test});
  }
  return findings;
}

std::vector<Finding> headers_once(Files files) {
  std::vector<Finding> findings;
  for (const auto& file : files)
    if (is_header(file) && !contains(file.lines, "#pragma once"))
      findings.push_back({file.path, 0, "no #pragma once"});
  return findings;
}

std::vector<Finding> file_heads(Files files) {
  std::vector<Finding> findings;
  for (const auto& file : files) {
    if (!is_cpp(file)) continue;
    // An empty comment line ends the head: what follows is the grammar of a format.
    const auto end = std::find_if(file.lines.begin(), file.lines.end(), [](const auto& line) {
      return !line.starts_with("//") || line == "//";
    });
    const auto count = static_cast<std::size_t>(end - file.lines.begin());
    if (count > kHeadLinesMax)
      findings.push_back({file.path, count, "a head of " + std::to_string(count) + " lines"});
    if (count == 0 && is_header(file))
      findings.push_back({file.path, 1, "no head says what it is"});
  }
  return findings;
}

std::vector<Finding> readmes(Files files) {
  std::vector<Finding> findings;
  for (const auto folder : kFoldersWithReadme) {
    const auto path = std::string(folder) + "/README.md";
    const auto found = std::find_if(files.begin(), files.end(),
                                    [&](const auto& file) { return file.path == path; });
    if (found == files.end())
      findings.push_back({path, 0, "is missing"});
    else if (found->lines.size() >= kReadmeLinesMax)
      findings.push_back({path, found->lines.size(), "has 60 lines or more"});
  }
  return findings;
}

std::vector<Finding> top_level(Files files) {
  std::vector<Finding> findings;
  for (const auto& file : files) {
    const bool is_file = file.path.find('/') == file.path.npos;
    const bool allowed = is_file ? contains(kTopLevelFiles, file.path)
                                 : contains(kTopLevelFolders, folder_of(file.path));
    if (!allowed) findings.push_back({file.path, 0, "does not belong at the top"});
  }
  return findings;
}

namespace {

template <class Words>
std::vector<Finding> lines_with(Files files, const Words& words) {
  std::vector<Finding> findings;
  for (const auto& file : files) {
    if (is_of_the_rules(file)) continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i)
      for (const std::string_view word : words)
        if (has_word(file.lines[i], word))
          findings.push_back({file.path, i + 1, "\"" + std::string(word) + "\""});
  }
  return findings;
}

}  // namespace

std::vector<Finding> unfinished(Files files) { return lines_with(files, kUnfinishedWords); }
std::vector<Finding> machine_traces(Files files) { return lines_with(files, kMachineTraces); }

std::string as_text(const std::vector<Finding>& findings) {
  std::string text;
  for (const auto& finding : findings)
    text += finding.path + ":" + std::to_string(finding.line) + ": " + finding.what + "\n";
  return text;
}

}  // namespace foyer::tidy
