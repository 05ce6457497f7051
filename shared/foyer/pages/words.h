// The words people read, by key and language, from the compiled-in locales.
// Invariant: English is complete; another language falls back to it key by key.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace foyer {

using WordArguments = std::vector<std::pair<std::string_view, std::string>>;

class Words {
 public:
  // `language`: BCP 47; an unknown one means English.
  explicit Words(std::string_view language);

  // The text of a key with its {name} arguments filled in; the key itself if there is none.
  std::string text(std::string_view key, const WordArguments& arguments = {}) const;
  // The plural form for a count (keys "<key>.one", "<key>.other", ...), {count} filled in.
  std::string plural(std::string_view key, std::int64_t count) const;
  bool has(std::string_view key) const;

  std::string_view language() const { return language_; }
  bool is_right_to_left() const { return language_ == "ar"; }

 private:
  const std::string* find(std::string_view key) const;
  std::string language_;
};

// The best of the languages there are for an Accept-Language header; "en" if none fits.
std::string best_language(std::string_view accept_language);
// In the order of their names.
std::vector<std::string> languages();

}  // namespace foyer
