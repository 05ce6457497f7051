#include "foyer/pages/words.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "foyer/base/text.h"
#include "foyer/pages/embedded_files.h"

namespace foyer {
namespace {

using Texts = std::map<std::string, std::string, std::less<>>;
constexpr std::string_view kFolder = "locales/";

const std::map<std::string, Texts, std::less<>>& locales() {
  static const auto* loaded = [] {
    auto* all = new std::map<std::string, Texts, std::less<>>();
    for (const EmbeddedFile& file : embedded_files()) {
      if (!file.name.starts_with(kFolder)) continue;
      std::string_view name = file.name.substr(kFolder.size());
      name.remove_suffix(std::string_view(".json").size());
      const auto json = nlohmann::json::parse(file.text, nullptr, false);
      if (!json.is_object()) continue;
      for (const auto& [key, value] : json.items())
        if (value.is_string()) (*all)[std::string(name)][key] = value.get<std::string>();
    }
    return all;
  }();
  return *loaded;
}

// CLDR cardinal rules of the languages there are, for whole numbers.
std::string_view plural_form(std::string_view language, std::int64_t n) {
  if (language == "fr") return n == 0 || n == 1 ? "one" : "other";
  if (language != "ar") return n == 1 ? "one" : "other";
  if (n == 0) return "zero";
  if (n == 1) return "one";
  if (n == 2) return "two";
  const std::int64_t rest = n % 100;
  if (rest >= 3 && rest <= 10) return "few";
  return rest >= 11 ? "many" : "other";
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

}  // namespace

Words::Words(std::string_view language)
    : language_(locales().contains(language) ? language : std::string_view("en")) {}

const std::string* Words::find(std::string_view key) const {
  for (const std::string_view language : {std::string_view(language_), std::string_view("en")}) {
    const auto texts = locales().find(language);
    if (texts == locales().end()) continue;
    if (const auto found = texts->second.find(key); found != texts->second.end())
      return &found->second;
  }
  return nullptr;
}

bool Words::has(std::string_view key) const { return find(key) != nullptr; }

std::string Words::text(std::string_view key, const WordArguments& arguments) const {
  const std::string* found = find(key);
  if (found == nullptr) return std::string(key);
  std::string text = *found;
  for (const auto& [name, value] : arguments)
    replace_all(text, "{" + std::string(name) + "}", value);
  return text;
}

std::string Words::plural(std::string_view key, std::int64_t count) const {
  std::string chosen = std::string(key) + "." + std::string(plural_form(language_, count));
  if (!has(chosen)) chosen = std::string(key) + ".other";
  return text(chosen, {{"count", std::to_string(count)}});
}

std::string best_language(std::string_view accept_language) {
  std::string best = "en";
  int best_weight = 0;
  for (std::string_view part : split(accept_language.substr(0, 200), ',')) {
    const auto pieces = split(trim(part), ';');
    const std::string tag = to_ascii_lower(split(trim(pieces[0]), '-')[0]);
    int weight = 1000;
    if (pieces.size() > 1 && trim(pieces[1]).starts_with("q=")) {
      const std::string_view q = trim(pieces[1]).substr(2);
      weight = q.starts_with("1") ? 1000 : 0;
      if (q.starts_with("0."))
        for (std::size_t i = 2, scale = 100; i < q.size() && i < 5; ++i, scale /= 10)
          if (q[i] >= '0' && q[i] <= '9') weight += (q[i] - '0') * static_cast<int>(scale);
    }
    if (weight > best_weight && locales().contains(tag)) {
      best = tag;
      best_weight = weight;
    }
  }
  return best;
}

std::vector<std::string> languages() {
  std::vector<std::string> names;
  for (const auto& [name, texts] : locales()) names.push_back(name);
  return names;
}

}  // namespace foyer
