#include "foyer/query/typo.h"

#include <algorithm>
#include <array>
#include <span>

#include "foyer/base/text.h"

namespace foyer {
namespace {

constexpr std::size_t kLettersMin = 4, kLettersMax = 60;

using Letters = std::span<const std::uint32_t>;

// The rest of the token is the rest of the word, or begins with it.
bool goes_on(Letters word, Letters token, bool is_beginning) {
  if (token.size() < word.size() || (!is_beginning && token.size() > word.size())) return false;
  return std::equal(word.begin(), word.end(), token.begin());
}

Letters after(Letters letters, std::size_t count) {
  return letters.subspan(std::min(count, letters.size()));
}

}  // namespace

MeantWord::MeantWord(std::string_view word) {
  bool has_digit = false;
  for (std::size_t at = 0; at < word.size();) {
    letters_.push_back(next_code_point(word, at));
    has_digit |= letters_.back() >= '0' && letters_.back() <= '9';
  }
  is_forgiven_ =
      !has_digit && letters_.size() >= kLettersMin && letters_.size() <= kLettersMax;
}

bool MeantWord::is_close(std::string_view token, bool is_beginning) const {
  // No letter takes more than four bytes, and none less than one.
  if (4 * letters_.size() + 4 < token.size() && !is_beginning) return false;
  if (token.size() + 1 < letters_.size()) return false;
  std::array<std::uint32_t, kLettersMax + 2> buffer;
  std::size_t count = 0;
  for (std::size_t at = 0; at < token.size() && count < letters_.size() + 2 &&
                           count < buffer.size();)
    buffer[count++] = next_code_point(token, at);
  const Letters word(letters_), read(buffer.data(), count);
  const auto differ = std::mismatch(word.begin(), word.end(), read.begin(), read.end()).first;
  const auto same = static_cast<std::size_t>(differ - word.begin());
  const Letters word_rest = after(word, same), rest = after(read, same);
  if (word_rest.empty()) return is_beginning || rest.size() <= 1;
  if (goes_on(after(word_rest, 1), after(rest, 1), is_beginning)) return true;  // another letter
  if (goes_on(after(word_rest, 1), rest, is_beginning)) return true;            // one too many
  if (goes_on(word_rest, after(rest, 1), is_beginning)) return true;            // one too few
  return word_rest.size() >= 2 && rest.size() >= 2 && word_rest[0] == rest[1] &&
         word_rest[1] == rest[0] && goes_on(after(word_rest, 2), after(rest, 2), is_beginning);
}

}  // namespace foyer
