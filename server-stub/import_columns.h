// Which column of a file holds which field: by the person's mapping, else by the names that the
// known systems use.
#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "csv_file.h"
#include "foyer/base/result.h"

namespace foyer::server {

enum class Need : std::uint8_t { kOptional, kRequired };

struct ImportField {
  std::string_view name;
  Need need;
  std::vector<std::string_view> aliases;  // compared by loose_key; the name itself counts too
};

class ImportColumns {
 public:
  // A mapping to an empty field leaves the column out. Errors as run_import, but "missing_column".
  static Result<ImportColumns> match(const std::vector<ImportField>& fields,
                                     const std::vector<std::string>& header,
                                     const std::map<std::string, std::string>& mapping);

  // The first required field that no column is for, or empty.
  const std::string& missing() const { return missing_; }
  bool has(std::string_view field) const { return places_.contains(field); }
  // The known text of a cell: empty when there is no such column or cell, or it says "unknown".
  std::string_view cell(const CsvRecord& record, std::string_view field) const;
  // The file's own name of the column, for messages.
  std::string column_of(std::string_view field) const;
  std::map<std::string, std::string> used() const;
  // All cells of a column.
  std::vector<std::string_view> column(const CsvTable& table, std::string_view field) const;

 private:
  struct Place {
    std::size_t index = 0;
    std::string column;
  };
  std::map<std::string, Place, std::less<>> places_;
  std::string missing_;
};

}  // namespace foyer::server
