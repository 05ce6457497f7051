// The house rules of the sources. Each rule reads files and gives findings; none of them fixes
// anything. What is allowed stands in the tables at the head of rules.cc.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "tidy/source_file.h"

namespace foyer::tidy {

struct Finding {
  std::string path;
  std::size_t line = 0;  // 1 is the first; 0: the file as a whole
  std::string what;
};

using Files = std::span<const SourceFile>;
using Rule = std::vector<Finding> (*)(Files);

std::vector<Finding> layers(Files files);     // shared: an include points downwards or stays
std::vector<Finding> one_name(Files files);   // shared: no two headers define a type of one name
std::vector<Finding> libraries(Files files);  // an outside library only where it may be
std::vector<Finding> folders(Files files);    // portal, wasm and server-stub never see each other
std::vector<Finding> banned_words(Files files);    // each with what to use instead
std::vector<Finding> long_lines(Files files);      // more than 100 columns
std::vector<Finding> long_functions(Files files);  // more than 70 lines
std::vector<Finding> dead_headers(Files files);    // included by nobody
std::vector<Finding> missing_tests(Files files);   // a .cc of shared without its test
std::vector<Finding> headers_once(Files files);    // #pragma once
std::vector<Finding> file_heads(Files files);      // at most six lines
std::vector<Finding> readmes(Files files);         // each folder has one, under 60 lines
std::vector<Finding> top_level(Files files);       // nothing but what the layout names
std::vector<Finding> unfinished(Files files);      // words that say so
std::vector<Finding> machine_traces(Files files);  // paths of one machine, hosts of registries

// "path:line: what", one finding a line.
std::string as_text(const std::vector<Finding>& findings);

}  // namespace foyer::tidy
