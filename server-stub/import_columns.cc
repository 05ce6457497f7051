#include "import_columns.h"

#include <algorithm>

#include "import_values.h"

namespace foyer::server {

Result<ImportColumns> ImportColumns::match(const std::vector<ImportField>& fields,
                                           const std::vector<std::string>& header,
                                           const std::map<std::string, std::string>& mapping) {
  ImportColumns columns;
  std::vector<bool> is_taken(header.size(), false);
  for (const auto& [column, field] : mapping) {
    const auto place = std::find(header.begin(), header.end(), column);
    if (place == header.end()) return fail(ErrorCode::kInvalid, column, "unknown_column");
    const auto index = static_cast<std::size_t>(place - header.begin());
    is_taken[index] = true;
    if (field.empty()) continue;
    const bool is_known = std::any_of(fields.begin(), fields.end(),
                                      [&field = field](const auto& f) { return f.name == field; });
    if (!is_known) return fail(ErrorCode::kInvalid, field, "unknown_field");
    columns.places_[field] = {index, column};
  }
  for (const auto& field : fields) {
    if (columns.has(field.name)) continue;
    auto names = field.aliases;
    names.insert(names.begin(), field.name);
    for (const auto name : names) {
      if (columns.has(field.name)) break;
      for (std::size_t i = 0; i < header.size(); ++i) {
        if (is_taken[i] || loose_key(header[i]) != loose_key(name)) continue;
        columns.places_[std::string(field.name)] = {i, header[i]};
        is_taken[i] = true;
        break;
      }
    }
    if (!columns.has(field.name) && field.need == Need::kRequired && columns.missing_.empty())
      columns.missing_ = field.name;
  }
  return columns;
}

std::string_view ImportColumns::cell(const CsvRecord& record, std::string_view field) const {
  const auto place = places_.find(field);
  if (place == places_.end() || place->second.index >= record.cells.size()) return {};
  return known_text(record.cells[place->second.index]);
}

std::string ImportColumns::column_of(std::string_view field) const {
  const auto place = places_.find(field);
  return place == places_.end() ? std::string(field) : place->second.column;
}

std::map<std::string, std::string> ImportColumns::used() const {
  std::map<std::string, std::string> used;
  for (const auto& [field, place] : places_) used[field] = place.column;
  return used;
}

std::vector<std::string_view> ImportColumns::column(const CsvTable& table,
                                                    std::string_view field) const {
  std::vector<std::string_view> cells;
  for (const auto& record : table.records) cells.push_back(cell(record, field));
  return cells;
}

}  // namespace foyer::server
