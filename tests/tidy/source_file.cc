#include "tidy/source_file.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace foyer::tidy {
namespace {

enum class State { kCode, kLineComment, kBlockComment, kText, kCharacter, kRawText };

bool is_name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// Walks the text once; whatever is not code becomes a space, so that columns stay.
class Blanker {
 public:
  explicit Blanker(std::string_view text) : text_(text), out_(text) {}

  std::string run() {
    while (at_ < text_.size()) step();
    return out_;
  }

 private:
  bool starts(std::string_view token) const { return text_.substr(at_).starts_with(token); }
  void blank(std::size_t count) {
    for (std::size_t i = 0; i < count && at_ < text_.size(); ++i, ++at_)
      if (text_[at_] != '\n') out_[at_] = ' ';
  }

  void step() {
    switch (state_) {
      case State::kCode:
        return step_in_code();
      case State::kLineComment:
        return step_until("\n", 0);
      case State::kBlockComment:
        return step_until("*/", 2);
      case State::kRawText:
        return step_until(raw_end_, raw_end_.size());
      case State::kText:
        return step_in_literal('"');
      case State::kCharacter:
        return step_in_literal('\'');
    }
  }

  void step_in_code() {
    const bool after_name = at_ > 0 && is_name_character(text_[at_ - 1]);
    if (starts("//")) {
      state_ = State::kLineComment;
    } else if (starts("/*")) {
      state_ = State::kBlockComment;
      blank(2);
    } else if (starts("R\"") && !after_name) {
      const auto open = text_.find('(', at_);
      raw_end_ = ")" + std::string(text_.substr(at_ + 2, open - at_ - 2)) + "\"";
      state_ = State::kRawText;
      blank(open - at_ + 1);
    } else if (starts("\"")) {
      state_ = State::kText;
      ++at_;
    } else if (starts("'") && !(after_name && std::isdigit(text_[at_ - 1]))) {
      state_ = State::kCharacter;
      ++at_;
    } else {
      ++at_;
    }
  }

  void step_until(std::string_view end, std::size_t consumed) {
    if (!starts(end)) return blank(1);
    blank(consumed);
    state_ = State::kCode;
  }

  void step_in_literal(char quote) {
    if (text_[at_] == '\\') return blank(2);
    if (text_[at_] == quote || text_[at_] == '\n') {
      ++at_;
      state_ = State::kCode;
      return;
    }
    blank(1);
  }

  std::string_view text_;
  std::string out_;
  std::size_t at_ = 0;
  State state_ = State::kCode;
  std::string raw_end_;
};

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

bool ends_with_one_of(std::string_view path, std::initializer_list<std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return path.ends_with(ending); });
}

bool is_skipped(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  return name == "build" || name == "node_modules" || name == ".git" || name == ".toolchain" ||
         name == ".cache";
}

bool is_text(const std::string& text) { return text.find('\0') == std::string::npos; }

}  // namespace

SourceFile source_file(std::string path, std::string_view text) {
  SourceFile file{std::move(path), {}, {}};
  file.lines = split_lines(std::string(text));
  const bool has_code = ends_with_one_of(file.path, {".h", ".cc"});
  file.code = has_code ? split_lines(Blanker(text).run()) : file.lines;
  return file;
}

std::vector<SourceFile> read_tree(const std::string& root) {
  namespace fs = std::filesystem;
  std::vector<SourceFile> files;
  auto entry = fs::recursive_directory_iterator(root);
  for (; entry != fs::recursive_directory_iterator(); ++entry) {
    if (is_skipped(entry->path())) {
      if (entry->is_directory() && !entry->is_symlink()) entry.disable_recursion_pending();
      continue;
    }
    if (!entry->is_regular_file() || entry->file_size() > 1 << 20) continue;
    std::ifstream stream(entry->path(), std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    if (!is_text(text.str())) continue;
    files.push_back(source_file(fs::relative(entry->path(), root).generic_string(), text.str()));
  }
  if (files.empty()) throw std::runtime_error("no sources below " + root);
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

bool is_header(const SourceFile& file) { return file.path.ends_with(".h"); }
bool is_cpp(const SourceFile& file) { return is_header(file) || file.path.ends_with(".cc"); }

bool has_word(std::string_view line, std::string_view word) {
  for (auto at = line.find(word); at != line.npos; at = line.find(word, at + 1)) {
    const bool starts =
        at == 0 || !is_name_character(word.front()) || !is_name_character(line[at - 1]);
    const auto end = at + word.size();
    const bool ends =
        end == line.size() || !is_name_character(word.back()) || !is_name_character(line[end]);
    if (starts && ends) return true;
  }
  return false;
}

}  // namespace foyer::tidy
