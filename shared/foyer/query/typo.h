// Whether a word of a text is what somebody meant who made one slip: a letter too many, too few,
// another one, or two that changed places.
// Invariant: letters are code points, so that a slip in any script is one slip.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace foyer {

class MeantWord {
 public:
  explicit MeantWord(std::string_view word);

  // Short words are too close to others to be guessed at, and a number one digit off is another.
  bool is_forgiven() const { return is_forgiven_; }
  // The token is one slip from the word, or equal.
  bool matches(std::string_view token) const { return is_close(token, false); }
  // Some beginning of the token is.
  bool matches_beginning_of(std::string_view token) const { return is_close(token, true); }

 private:
  bool is_close(std::string_view token, bool is_beginning) const;

  std::vector<std::uint32_t> letters_;
  bool is_forgiven_ = false;
};

}  // namespace foyer
