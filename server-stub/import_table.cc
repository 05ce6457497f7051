#include "import_table.h"

#include "import_step.h"

namespace foyer::server {
namespace {

struct KindName {
  std::string_view name;
  ImportKind kind;
};
constexpr KindName kKinds[] = {{"accounts", ImportKind::kAccounts},
                               {"products", ImportKind::kProducts},
                               {"sales-teams", ImportKind::kSalesTeams},
                               {"opportunities", ImportKind::kOpportunities},
                               {"incidents", ImportKind::kIncidents}};

struct KindWork {
  ImportKind kind;
  const std::vector<ImportField>& fields;
  void (*work)(ImportStep&);
};
const KindWork kWork[] = {{ImportKind::kAccounts, kAccountFields, import_accounts},
                          {ImportKind::kProducts, kProductFields, import_products},
                          {ImportKind::kSalesTeams, kSalesTeamFields, import_sales_teams},
                          {ImportKind::kOpportunities, kOpportunityFields, import_opportunities},
                          {ImportKind::kIncidents, kIncidentFields, import_incidents}};

// The field whose cell holds what no text of ours may hold, or empty.
std::string unreadable_field(const ImportColumns& columns, const CsvRecord& record) {
  for (const auto& [field, column] : columns.used())
    if (has_control_characters(columns.cell(record, field))) return field;
  return {};
}

std::vector<CsvRecord> records_before(const CsvTable& table, const CsvRecord& record) {
  return {table.records.data(), &record};
}

}  // namespace

std::optional<ImportKind> import_kind_named(std::string_view name) {
  for (const auto& kind : kKinds)
    if (kind.name == name) return kind.kind;
  return std::nullopt;
}

std::string import_kind_names() {
  std::string names;
  for (const auto& kind : kKinds) names += (names.empty() ? "" : ", ") + std::string(kind.name);
  return names;
}

const std::vector<ImportField>& fields_of(ImportKind kind) {
  for (const auto& work : kWork)
    if (work.kind == kind) return work.fields;
  return kAccountFields;
}

std::string_view fitting_kind(const std::vector<std::string>& header) {
  for (const auto& kind : kKinds) {
    const auto columns = ImportColumns::match(fields_of(kind.kind), header, {});
    if (columns && columns->missing().empty()) return kind.name;
  }
  return {};
}

Result<ImportReport> run_import(ImportKind kind, const CsvTable& table,
                                const ImportOptions& options, Writer& writer) {
  for (const auto& work : kWork) {
    if (work.kind != kind) continue;
    const auto columns = ImportColumns::match(work.fields, table.header, options.mapping);
    if (!columns) return std::unexpected(columns.error());
    if (!columns->missing().empty())
      return fail(ErrorCode::kInvalid, columns->missing(), "missing_column");
    ImportReport report;
    report.rows = table.records.size();
    report.columns = columns->used();
    std::optional<CsvTable> rest;  // when some records cannot be read
    for (const auto& record : table.records) {
      const auto bad = unreadable_field(*columns, record);
      if (bad.empty()) {
        if (rest) rest->records.push_back(record);
        continue;
      }
      if (!rest) rest = CsvTable{table.separator, table.header, records_before(table, record)};
      ++report.left_out;
      report.issues.push_back(
          {record.line, columns->column_of(bad), "not_text", Severity::kLeftOut});
    }
    ImportStep step{rest ? *rest : table, *columns, options, writer, report};
    work.work(step);
    return report;
  }
  return fail(ErrorCode::kInvalid, "kind", "unknown_kind");
}

std::string_view explain_issue(std::string_view detail) {
  if (detail == "required") return "the value is missing";
  if (detail == "too_long") return "the value is too long";
  if (detail == "not_text") return "the value holds characters that cannot be stored";
  if (detail == "out_of_range") return "the value is out of range";
  if (detail == "duplicate") return "the same key stands in an earlier row";
  if (detail == "not_a_number") return "this is not a whole number";
  if (detail == "not_an_amount") return "this is not an amount of money";
  if (detail == "not_a_date") return "this is not a date";
  if (detail == "unknown_stage") return "this stage is not known";
  if (detail == "unknown_state") return "this state is not known";
  if (detail == "unknown_product") return "there is no product of this name: import products first";
  if (detail == "unknown_person") return "there is nobody of this name: import sales-teams first";
  if (detail == "closed_before_engaged") return "it closed before it began";
  if (detail == "mixed_date_orders") return "the dates of this column fit no single order";
  if (detail == "unknown_account") return "there is no account of this name";
  return "the value cannot be used";
}

}  // namespace foyer::server
