// Words of a text as every search index of Foyer holds them, in browsers and on the server alike.
// Invariant: tokens(fold(x)) = tokens(x); a token holds letters and digits only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace foyer {

// Lower case without diacritics, for Latin, Greek and Cyrillic; other letters stay as they are.
std::string fold(std::string_view text);

// The folded words in order, with repetitions. Han, Hiragana, Katakana and Hangul, which are
// written without spaces or inflect at the end, give one token per pair of letters.
std::vector<std::string> tokens_of(std::string_view text);

}  // namespace foyer
