// JSON of one level: arrays of strings or integers (lists in SQL columns), objects of strings. Not
// a JSON library.
// Invariant: parse(format(x)) = x; what format() did not write is nothing.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace foyer::server {

std::string format_texts(const std::vector<std::string>& texts);
std::string format_integers(const std::vector<std::int64_t>& numbers);

std::optional<std::vector<std::string>> parse_texts(std::string_view json);
std::optional<std::vector<std::int64_t>> parse_integers(std::string_view json);

// {"a": "b", ...}: strings only, white space anywhere between tokens.
using TextMap = std::map<std::string, std::string, std::less<>>;
std::optional<TextMap> parse_text_map(std::string_view json);

}  // namespace foyer::server
