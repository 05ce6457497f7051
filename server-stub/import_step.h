// What the kinds of import share: finding or making the row of an external key, taking values out
// of cells, and counting what became of each row. Internal to the import_*.cc files.
#pragma once

#include <unordered_map>

#include "foyer/base/text.h"
#include "foyer/model/registry.h"
#include "foyer/schema/row.h"
#include "foyer/schema/validate.h"
#include "import_columns.h"
#include "import_table.h"
#include "import_values.h"

namespace foyer::server {

// All ids of imported rows derive from this one, so that a second run meets the first one's rows.
inline constexpr Uuid kImportSpace{{0x1f, 0x0e, 0x5a, 0x0c, 0x3b, 0x7d, 0x8a, 0x11, 0x9c, 0x42,
                                   0x66, 0x6f, 0x79, 0x65, 0x72, 0x01}};

template <class T>
Id<T> imported_id(std::string_view key) {
  return Id<T>(derive_uuid(kImportSpace,
                           std::string(entity_of<T>().name) + ':' + std::string(key)));
}

template <class T>
bool equal_rows(const T& a, const T& b) {
  for (const auto& field : entity_of<T>().fields)
    if (!equal_fields(field, &a, &b)) return false;
  return true;
}

// One run over one table: what the kinds share.
struct ImportStep {
  const CsvTable& table;
  const ImportColumns& columns;
  const ImportOptions& options;
  Writer& writer;
  ImportReport& report;

  void leave_out(const CsvRecord& record, std::string_view field, std::string detail) {
    ++report.left_out;
    report.issues.push_back(
        {record.line, columns.column_of(field), std::move(detail), Severity::kLeftOut});
  }
  void leave_value_out(const CsvRecord& record, std::string_view field, std::string detail) {
    report.issues.push_back(
        {record.line, columns.column_of(field), std::move(detail), Severity::kValueLeftOut});
  }

  // The row that has this external key already, or a new one with its derived id.
  template <auto Key>
  auto row_of(std::string_view key) {
    using T = typename internal::MemberTraits<decltype(Key)>::Object;
    auto existing = find<Key>(writer, key, 1);
    if (!existing.empty()) return existing.front();
    T row{};
    row.id = imported_id<T>(key);
    row.*Key = key;
    return row;
  }

  // Leaves it out, with an issue, if the model does not allow it.
  template <class T>
  bool store(const CsvRecord& record, const T& row) {
    if (const auto errors = validate(entity_of<T>(), &row); !errors.empty())
      return leave_out(record, errors.front().field, errors.front().detail), false;
    const auto before = get(writer, row.id);
    if (before && equal_rows(*before, row)) {
      ++report.unchanged;
      return true;
    }
    ++(before ? report.updated : report.created);
    put(writer, row);
    return true;
  }

  // False, with an issue, when the text is longer than the field allows.
  template <auto Member>
  bool take_text(const CsvRecord& record, std::string_view field, auto& row) {
    if (!columns.has(field)) return true;
    const auto text = columns.cell(record, field);
    if (count_code_points(text) > field_of<Member>().options.length_max) {
      leave_out(record, field, "too_long");
      return false;
    }
    row.*Member = text;
    return true;
  }

  bool take_number(const CsvRecord& record, std::string_view field, std::int64_t& target) {
    const auto text = columns.cell(record, field);
    if (text.empty()) return true;
    const auto number = parse_number(text, 0);
    if (!number || *number < 0) return leave_out(record, field, "not_a_number"), false;
    target = *number;
    return true;
  }

  bool take_money(const CsvRecord& record, std::string_view field, Money& target) {
    const auto text = columns.cell(record, field);
    if (text.empty()) return true;
    const auto minor = parse_number(text, decimals_of(options.currency));
    if (!minor) return leave_out(record, field, "not_an_amount"), false;
    target = {*minor, options.currency};
    return true;
  }

  bool take_date(const CsvRecord& record, std::string_view field, DateOrder order,
                 Instant& target) {
    const auto text = columns.cell(record, field);
    if (text.empty()) return true;
    const auto date = parse_date(text, order);
    if (!date) return leave_out(record, field, "not_a_date"), false;
    target = *date;
    return true;
  }

  // The key of a row: required, and once per file.
  std::optional<std::string> take_key(const CsvRecord& record, std::string_view field,
                                      std::unordered_map<std::string, std::size_t>& seen) {
    const std::string key(columns.cell(record, field));
    if (key.empty()) return leave_out(record, field, "required"), std::nullopt;
    if (count_code_points(key) > 200) return leave_out(record, field, "too_long"), std::nullopt;
    if (!seen.emplace(key, record.line).second)
      return leave_out(record, field, "duplicate"), std::nullopt;
    return key;
  }
};

// The fields of each kind and its work.
extern const std::vector<ImportField> kAccountFields, kProductFields, kSalesTeamFields,
    kOpportunityFields, kIncidentFields;
void import_accounts(ImportStep& step);
void import_products(ImportStep& step);
void import_sales_teams(ImportStep& step);
void import_opportunities(ImportStep& step);
void import_incidents(ImportStep& step);

}  // namespace foyer::server
