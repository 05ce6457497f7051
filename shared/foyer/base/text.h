// Text as UTF-8 bytes. Not a tokenizer (query/tokenizer.h), not formatting for people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace foyer {

// Well-formed per Unicode 15, table 3-7 (no surrogates, no overlong forms).
bool is_valid_utf8(std::string_view text);

// Number of code points; the text must be valid.
std::size_t count_code_points(std::string_view text);

// Reads one code point at `at` and moves past it; malformed bytes read as U+FFFD, one byte each.
std::uint32_t next_code_point(std::string_view text, std::size_t& at);
void append_code_point(std::string& out, std::uint32_t code_point);

// ASCII white space at both ends removed.
std::string_view trim(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
// ASCII only: for keys and file dialects, not for people's words.
std::string to_ascii_lower(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);

// True if it holds a control character other than tab, line feed and carriage return.
bool has_control_characters(std::string_view text);

}  // namespace foyer
