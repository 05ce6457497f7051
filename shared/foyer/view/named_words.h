// Words for what has a technical name, as a table.
#pragma once

#include <span>
#include <string_view>

namespace foyer {

struct NamedWords {
  std::string_view name, words;
};

// Empty: the table does not know the name.
inline std::string_view words_for(std::span<const NamedWords> table, std::string_view name) {
  for (const NamedWords& each : table)
    if (each.name == name) return each.words;
  return {};
}

}  // namespace foyer
