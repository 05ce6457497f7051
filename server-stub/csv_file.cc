#include "csv_file.h"

#include <algorithm>
#include <array>

#include "foyer/base/text.h"

namespace foyer::server {
namespace {

constexpr std::string_view kSeparators = ",;\t|";

std::unexpected<Error> refuse(std::string detail, std::size_t line = 0) {
  return fail(ErrorCode::kInvalid, line ? "line " + std::to_string(line) : "", std::move(detail));
}

// Windows-1252, rows 8 and 9; zero where it has no character.
constexpr std::array<std::uint16_t, 32> kWindows1252 = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

Result<std::string> from_windows_1252(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    const std::uint32_t code = byte >= 0x80 && byte < 0xa0 ? kWindows1252[byte - 0x80] : byte;
    if (code == 0) return refuse("not_utf8");
    append_code_point(text, code);
  }
  return text;
}

Result<std::string> from_utf16(std::string_view bytes, bool is_big_endian) {
  if (bytes.size() % 2 != 0) return refuse("not_utf8");
  std::string text;
  const auto unit = [&](std::size_t at) -> std::uint32_t {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return is_big_endian ? first << 8 | second : second << 8 | first;
  };
  for (std::size_t at = 0; at < bytes.size(); at += 2) {
    std::uint32_t code = unit(at);
    if (code >= 0xd800 && code < 0xdc00) {
      const std::uint32_t low = at + 3 < bytes.size() ? unit(at + 2) : 0;
      if (low < 0xdc00 || low > 0xdfff) return refuse("not_utf8");
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
      at += 2;
    } else if (code >= 0xdc00 && code < 0xe000) {
      return refuse("not_utf8");
    }
    append_code_point(text, code);
  }
  return text;
}

Result<std::string> to_utf8(std::string_view bytes) {
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  if (bytes.starts_with("\xff\xfe")) return from_utf16(bytes.substr(2), false);
  if (bytes.starts_with("\xfe\xff")) return from_utf16(bytes.substr(2), true);
  if (bytes.find('\0') != std::string_view::npos) return refuse("not_utf8");
  if (is_valid_utf8(bytes)) return std::string(bytes);
  return from_windows_1252(bytes);
}

// The candidate that the header line has most of, outside quotes.
char guess_separator(std::string_view text) {
  std::array<std::size_t, kSeparators.size()> counts{};
  bool is_quoted = false;
  for (const char c : text) {
    if (c == '"') is_quoted = !is_quoted;
    if (!is_quoted && (c == '\n' || c == '\r')) break;
    const auto found = kSeparators.find(c);
    if (!is_quoted && found != std::string_view::npos) ++counts[found];
  }
  const auto most = std::max_element(counts.begin(), counts.end());
  return kSeparators[static_cast<std::size_t>(most - counts.begin())];
}

class Scanner {
 public:
  Scanner(std::string_view text, char separator, const CsvLimits& limits)
      : text_(text), separator_(separator), limits_(limits) {}

  bool at_end() const { return at_ >= text_.size(); }

  Result<CsvRecord> read_record() {
    CsvRecord record;
    record.line = line_;
    for (;;) {
      auto cell = read_cell();
      if (!cell) return std::unexpected(cell.error());
      record.cells.push_back(std::move(*cell));
      if (record.cells.size() > limits_.columns_max) return refuse("too_many_columns", line_);
      if (at_end() || text_[at_] != separator_) break;
      ++at_;
    }
    if (!at_end()) skip_line_end();
    return record;
  }

 private:
  void skip_line_end() {
    if (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
    ++at_;
    ++line_;
  }

  Result<std::string> read_cell() {
    std::string cell;
    if (!at_end() && text_[at_] == '"') {
      const auto start_line = line_;
      for (++at_;; ++at_) {
        if (at_end()) return refuse("unclosed_quote", start_line);
        if (text_[at_] == '"') {
          if (at_ + 1 >= text_.size() || text_[at_ + 1] != '"') break;
          ++at_;
        }
        if (text_[at_] == '\n') ++line_;
        cell += text_[at_];
        if (cell.size() > limits_.cell_bytes_max) return refuse("cell_too_long", start_line);
      }
      ++at_;
    }
    while (!at_end() && text_[at_] != separator_ && text_[at_] != '\n' && text_[at_] != '\r') {
      cell += text_[at_++];
      if (cell.size() > limits_.cell_bytes_max) return refuse("cell_too_long", line_);
    }
    return cell;
  }

  std::string_view text_;
  const char separator_;
  const CsvLimits& limits_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

bool is_blank(const CsvRecord& record) {
  return std::all_of(record.cells.begin(), record.cells.end(),
                     [](const std::string& cell) { return trim(cell).empty(); });
}

}  // namespace

Result<CsvTable> parse_csv(std::string_view bytes, const CsvLimits& limits) {
  if (bytes.size() > limits.file_bytes_max) return refuse("too_large");
  const auto text = to_utf8(bytes);
  if (!text) return std::unexpected(text.error());
  CsvTable table;
  table.separator = guess_separator(*text);
  Scanner scanner(*text, table.separator, limits);
  while (!scanner.at_end()) {
    auto record = scanner.read_record();
    if (!record) return std::unexpected(record.error());
    if (is_blank(*record)) continue;
    if (!table.header.empty()) {
      table.records.push_back(std::move(*record));
      continue;
    }
    for (const auto& cell : record->cells) {
      const std::string name(trim(cell));
      const auto& header = table.header;
      if (!name.empty() && std::find(header.begin(), header.end(), name) != header.end())
        return refuse("duplicate_column", record->line);
      table.header.push_back(name);
    }
  }
  if (table.header.empty()) return refuse("empty");
  return table;
}

}  // namespace foyer::server
