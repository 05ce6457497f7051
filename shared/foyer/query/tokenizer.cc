#include "foyer/query/tokenizer.h"

#include <cstdint>

#include "foyer/base/text.h"

namespace foyer {
namespace {

// Base letters of U+00C0..U+017F, two characters for ligatures; a space keeps the letter.
constexpr std::string_view kLatin[] = {
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i",
    "d", "n", "o", "o", "o", "o", "o", " ", "o", "u", "u", "u", "u", "y", "th", "ss",
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i",
    "d", "n", "o", "o", "o", "o", "o", " ", "o", "u", "u", "u", "u", "y", "th", "y",
    "a", "a", "a", "a", "a", "a", "c", "c", "c", "c", "c", "c", "c", "c", "d", "d",
    "d", "d", "e", "e", "e", "e", "e", "e", "e", "e", "e", "e", "g", "g", "g", "g",
    "g", "g", "g", "g", "h", "h", "h", "h", "i", "i", "i", "i", "i", "i", "i", "i",
    "i", "i", "ij", "ij", "j", "j", "k", "k", "k", "l", "l", "l", "l", "l", "l", "l",
    "l", "l", "l", "n", "n", "n", "n", "n", "n", "n", "n", "n", "o", "o", "o", "o",
    "o", "o", "oe", "oe", "r", "r", "r", "r", "r", "r", "s", "s", "s", "s", "s", "s",
    "s", "s", "t", "t", "t", "t", "t", "t", "u", "u", "u", "u", "u", "u", "u", "u",
    "u", "u", "u", "u", "w", "w", "y", "y", "y", "z", "z", "z", "z", "z", "z", "s"};
static_assert(std::size(kLatin) == 0x180 - 0xc0);

bool is_pair_script(std::uint32_t c) {
  return (c >= 0x3040 && c <= 0x30ff) || (c >= 0x3400 && c <= 0x9fff) ||
         (c >= 0xac00 && c <= 0xd7a3) || (c >= 0x20000 && c <= 0x3134f);
}

bool is_word_letter(std::uint32_t c) {
  if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  if (c < 0xc0) return c == 0xaa || c == 0xb5 || c == 0xba;
  if (c == 0xd7 || c == 0xf7) return false;
  if (c >= 0x2000 && c <= 0x2bff) return false;  // punctuation, symbols, arrows
  if (c >= 0x3000 && c <= 0x303f) return false;  // CJK punctuation
  if (c >= 0xfe00 && c <= 0xfe6f) return false;
  if (c >= 0xff00 && c <= 0xff0f) return false;
  return c < 0xfff0 || c > 0xffff;
}

bool is_combining(std::uint32_t c) { return c >= 0x300 && c <= 0x36f; }

void append_folded(std::string& out, std::uint32_t c) {
  if (is_combining(c)) return;
  if (c >= 'A' && c <= 'Z') c += 32;
  else if (c >= 0xc0 && c < 0x180 && kLatin[c - 0xc0] != " ") {
    out += kLatin[c - 0xc0];
    return;
  } else if (c >= 0x391 && c <= 0x3a9 && c != 0x3a2) c += 32;  // Greek capitals: one gap
  else if (c == 0x3c2) c = 0x3c3;                              // final sigma
  else if (c >= 0x410 && c <= 0x42f) c += 32;    // Cyrillic capitals
  else if (c >= 0x400 && c <= 0x40f) c += 80;
  append_code_point(out, c);
}

}  // namespace

std::string fold(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) append_folded(out, next_code_point(text, at));
  return out;
}

std::vector<std::string> tokens_of(std::string_view text) {
  std::vector<std::string> tokens;
  std::string word;
  std::uint32_t previous_pair = 0;  // the last letter of a run written without spaces
  bool pair_is_alone = false;
  const auto end_word = [&] {
    if (!word.empty()) tokens.push_back(std::move(word));
    word.clear();
  };
  const auto end_run = [&] {
    if (pair_is_alone) {
      std::string single;
      append_code_point(single, previous_pair);
      tokens.push_back(std::move(single));
    }
    previous_pair = 0;
    pair_is_alone = false;
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::uint32_t c = next_code_point(text, at);
    if (is_combining(c)) continue;  // parts nothing: a folded text has none
    if (is_pair_script(c)) {
      end_word();
      pair_is_alone = previous_pair == 0;
      if (previous_pair != 0) {
        std::string pair;
        append_code_point(pair, previous_pair);
        append_code_point(pair, c);
        tokens.push_back(std::move(pair));
      }
      previous_pair = c;
      continue;
    }
    end_run();
    if (is_word_letter(c)) append_folded(word, c);
    else end_word();
  }
  end_run();
  end_word();
  return tokens;
}

}  // namespace foyer
