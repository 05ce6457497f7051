// One file of the tree as the rules read it: its lines, and for C++ the same lines with comments
// and the contents of literals blanked out. Not a parser.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace foyer::tidy {

struct SourceFile {
  std::string path;  // from the root of the tree, with slashes: "shared/foyer/base/id.h"
  std::vector<std::string> lines;
  std::vector<std::string> code;  // lines without comments and literals; same count
};

// Splits and blanks; for files that are not C++, TypeScript or JavaScript `code` equals `lines`.
SourceFile source_file(std::string path, std::string_view text);

// Every text file of the tree but what builds leave behind. Fails the process if `root` is not
// there.
std::vector<SourceFile> read_tree(const std::string& root);

bool is_header(const SourceFile& file);
bool is_cpp(const SourceFile& file);
// Letters, digits and underscore next to neither side of the match.
bool has_word(std::string_view line, std::string_view word);

}  // namespace foyer::tidy
