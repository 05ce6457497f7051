#include "import_answer.h"

#include <algorithm>

#include "import_columns.h"
#include "import_values.h"

namespace foyer::server {
namespace {

constexpr std::size_t kSampleBytes = 60;
constexpr std::size_t kSampleRows = 200;

// Cut between characters.
std::string short_text(std::string_view text) {
  if (text.size() <= kSampleBytes) return std::string(text);
  std::size_t end = kSampleBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

std::string sample_of(const CsvTable& table, std::size_t column) {
  const std::size_t rows = std::min(table.records.size(), kSampleRows);
  for (std::size_t i = 0; i < rows; ++i) {
    const auto& cells = table.records[i].cells;
    if (column < cells.size() && !known_text(cells[column]).empty())
      return short_text(known_text(cells[column]));
  }
  return {};
}

void describe_columns(const ImportRequest& request, const CsvTable& table, ImportAnswer& answer) {
  for (std::size_t i = 0; i < table.header.size(); ++i) {
    answer.header.push_back(table.header[i]);
    answer.samples.push_back(sample_of(table, i));
  }
  const auto kind = import_kind_named(request.kind);
  if (!kind) return;
  const auto& fields = fields_of(*kind);
  const auto columns = ImportColumns::match(fields, table.header, request.options.mapping);
  for (const auto& field : fields) {
    answer.fields.emplace_back(field.name);
    answer.required.push_back(field.need == Need::kRequired ? 1 : 0);
    const bool is_given = columns && columns->has(field.name);
    answer.columns.push_back(is_given ? columns->column_of(field.name) : std::string());
  }
}

void describe_report(const ImportReport& report, ImportAnswer& answer) {
  const auto number = [](std::size_t value) { return static_cast<std::int64_t>(value); };
  answer.rows = number(report.rows);
  answer.folded = number(report.folded);
  answer.created = number(report.created);
  answer.created_beside = number(report.created_beside);
  answer.updated = number(report.updated);
  answer.unchanged = number(report.unchanged);
  answer.left_out = number(report.left_out);
  answer.issues = number(report.issues.size());
  for (const auto& issue : report.issues) {
    if (answer.issue_lines.size() >= kImportIssuesMax) break;
    answer.issue_lines.push_back(number(issue.line));
    answer.issue_columns.push_back(issue.column);
    answer.issue_words.emplace_back(explain_issue(issue.detail));
    answer.issue_rows_left_out.push_back(issue.severity == Severity::kLeftOut ? 1 : 0);
  }
}

}  // namespace

ImportAnswer describe_import(const ImportRequest& request, const CsvTable* table,
                             const Result<ImportOutcome>& outcome) {
  ImportAnswer answer;
  if (table != nullptr) describe_columns(request, *table, answer);
  if (outcome) {
    describe_report(outcome->report, answer);
    answer.run = outcome->run;
    return answer;
  }
  answer.problem = outcome.error().detail;
  answer.problem_field = outcome.error().field;
  if (answer.problem == "missing_column" && table != nullptr)
    answer.other_kind = fitting_kind(table->header);
  return answer;
}

}  // namespace foyer::server
