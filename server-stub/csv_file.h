// A table out of a text file as other systems export it: any of the usual separators, quotes, line
// ends and a byte-order mark. Knows no meaning of a column.
//
//   file   := bom? header record*     record := cell (separator cell)* line-end
//   cell   := bare | '"' (any but '"' | '""')* '"'     separator := "," | ";" | tab | "|"
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "foyer/base/result.h"

namespace foyer::server {

struct CsvRecord {
  std::size_t line = 0;  // of the file, counted from 1, where the record starts
  std::vector<std::string> cells;
};

struct CsvTable {
  char separator = ',';
  std::vector<std::string> header;  // trimmed
  std::vector<CsvRecord> records;   // blank lines are left out
};

struct CsvLimits {
  std::size_t file_bytes_max = 256 * 1024 * 1024;
  std::size_t columns_max = 500;
  std::size_t cell_bytes_max = 64 * 1024;
};

// kInvalid with the detail: "empty", "too_large", "not_utf8", "unclosed_quote", "too_many_columns",
// "cell_too_long", "duplicate_column"; `field` holds the line where there is one. UTF-16 with a
// byte-order mark and Windows-1252 are read as well, since spreadsheets write them.
Result<CsvTable> parse_csv(std::string_view bytes, const CsvLimits& limits = {});

}  // namespace foyer::server
