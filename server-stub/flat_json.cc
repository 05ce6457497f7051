#include "flat_json.h"

#include <charconv>

#include "foyer/base/text.h"
#include "http_message.h"

namespace foyer::server {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view input) : input_(input) {}

  bool skip(char expected) {
    skip_space();
    if (at_ >= input_.size() || input_[at_] != expected) return false;
    ++at_;
    return true;
  }
  bool at_end() {
    skip_space();
    return at_ == input_.size();
  }

  bool read(std::string& text) {
    if (!skip('"')) return false;
    text.clear();
    while (at_ < input_.size() && input_[at_] != '"') {
      if (input_[at_] != '\\') {
        text += input_[at_++];
      } else if (!read_escape(text)) {
        return false;
      }
    }
    // A second half of a surrogate pair alone is no text.
    return skip('"') && is_valid_utf8(text);
  }

  bool read(std::int64_t& number) {
    skip_space();
    const char* end = input_.data() + input_.size();
    const auto [rest, error] = std::from_chars(input_.data() + at_, end, number);
    if (error != std::errc()) return false;
    at_ = static_cast<std::size_t>(rest - input_.data());
    return true;
  }

 private:
  void skip_space() {
    while (at_ < input_.size() && (input_[at_] == ' ' || input_[at_] == '\n' ||
                                   input_[at_] == '\r' || input_[at_] == '\t'))
      ++at_;
  }

  bool read_escape(std::string& text) {
    if (at_ + 1 >= input_.size()) return false;
    const char kind = input_[at_ + 1];
    at_ += 2;
    if (kind == '"' || kind == '\\' || kind == '/') {
      text += kind;
      return true;
    }
    unsigned code = 0;
    if (kind != 'u' || !read_unit(code)) return false;
    if (code >= 0xd800 && code < 0xdc00) {
      unsigned low = 0;
      if (input_.substr(at_, 2) != "\\u") return false;
      at_ += 2;
      if (!read_unit(low) || low < 0xdc00 || low > 0xdfff) return false;
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    append_code_point(text, code);
    return true;
  }

  // Four hexadecimal digits: one unit of UTF-16.
  bool read_unit(unsigned& unit) {
    if (at_ + 4 > input_.size()) return false;
    const char* first = input_.data() + at_;
    const auto [rest, error] = std::from_chars(first, first + 4, unit, 16);
    if (error != std::errc() || rest != first + 4) return false;
    at_ += 4;
    return true;
  }

  std::string_view input_;
  std::size_t at_ = 0;
};

template <class T>
std::optional<std::vector<T>> parse_list(std::string_view json) {
  Reader reader(json);
  std::vector<T> list;
  if (!reader.skip('[')) return std::nullopt;
  if (reader.skip(']')) return reader.at_end() ? std::optional(list) : std::nullopt;
  do {
    T element{};
    if (!reader.read(element)) return std::nullopt;
    list.push_back(std::move(element));
  } while (reader.skip(','));
  if (!reader.skip(']') || !reader.at_end()) return std::nullopt;
  return list;
}

}  // namespace

std::string format_texts(const std::vector<std::string>& texts) {
  std::string json = "[";
  for (const auto& text : texts) {
    if (json.size() > 1) json += ',';
    json += json_string(text);
  }
  return json + ']';
}

std::string format_integers(const std::vector<std::int64_t>& numbers) {
  std::string json = "[";
  for (const auto number : numbers) {
    if (json.size() > 1) json += ',';
    json += std::to_string(number);
  }
  return json + ']';
}

std::optional<std::vector<std::string>> parse_texts(std::string_view json) {
  return parse_list<std::string>(json);
}

std::optional<std::vector<std::int64_t>> parse_integers(std::string_view json) {
  return parse_list<std::int64_t>(json);
}

std::optional<TextMap> parse_text_map(std::string_view json) {
  Reader reader(json);
  TextMap map;
  if (!reader.skip('{')) return std::nullopt;
  if (reader.skip('}')) return reader.at_end() ? std::optional(map) : std::nullopt;
  do {
    std::string key, value;
    if (!reader.read(key) || !reader.skip(':') || !reader.read(value)) return std::nullopt;
    map[std::move(key)] = std::move(value);
  } while (reader.skip(','));
  if (!reader.skip('}') || !reader.at_end()) return std::nullopt;
  return map;
}

}  // namespace foyer::server
