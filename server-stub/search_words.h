// The words of a text as the search index holds them: lower case, letters and digits only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "foyer/base/text.h"

namespace foyer::server {

// In order, with repetitions. Bytes above ASCII count as letters.
inline std::vector<std::string> search_words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : to_ascii_lower(text)) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                           static_cast<unsigned char>(c) >= 0x80;
    if (is_letter) {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

}  // namespace foyer::server
