// Lists in SQL columns: a JSON array of strings or of integers, nothing nested. Not a JSON library.
// Invariant: parse(format(x)) = x; what format() did not write is nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace foyer::server {

std::string format_texts(const std::vector<std::string>& texts);
std::string format_integers(const std::vector<std::int64_t>& numbers);

std::optional<std::vector<std::string>> parse_texts(std::string_view json);
std::optional<std::vector<std::int64_t>> parse_integers(std::string_view json);

}  // namespace foyer::server
