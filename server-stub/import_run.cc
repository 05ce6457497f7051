#include "import_run.h"

#include <unordered_map>

#include "foyer/base/text.h"
#include "foyer/model/contract.h"
#include "foyer/model/people.h"
#include "foyer/schema/row.h"
#include "import_columns.h"
#include "import_values.h"

namespace foyer::server {
namespace {

struct KindName {
  std::string_view name;
  ImportKind kind;
};
constexpr KindName kKinds[] = {{"accounts", ImportKind::kAccounts},
                               {"products", ImportKind::kProducts},
                               {"sales-teams", ImportKind::kSalesTeams}};

// All ids of imported rows derive from this one, so that a second run meets the first one's rows.
constexpr Uuid kImportSpace{{0x1f, 0x0e, 0x5a, 0x0c, 0x3b, 0x7d, 0x8a, 0x11, 0x9c, 0x42, 0x66,
                             0x6f, 0x79, 0x65, 0x72, 0x01}};

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
struct Run {
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

  template <class T>
  void store(const T& row) {
    const auto before = get(writer, row.id);
    if (before && equal_rows(*before, row)) {
      ++report.unchanged;
      return;
    }
    ++(before ? report.updated : report.created);
    put(writer, row);
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

const std::vector<ImportField> kAccountFields = {
    {"name", Need::kRequired, {"account", "account name", "company", "customer"}},
    {"sector", Need::kOptional, {"industry"}},
    {"founded_year", Need::kOptional, {"year established", "founded"}},
    {"revenue", Need::kOptional, {"annual revenue"}},
    {"employees", Need::kOptional, {"number of employees"}},
    {"country", Need::kOptional, {"office location", "location"}},
    {"parent", Need::kOptional, {"subsidiary of", "parent account"}},
};

void import_accounts(Run& run) {
  std::unordered_map<std::string, std::size_t> seen;
  std::vector<std::pair<const CsvRecord*, Account>> rows;
  for (const auto& record : run.table.records) {
    const auto key = run.take_key(record, "name", seen);
    if (!key) continue;
    auto row = run.row_of<&Account::external_key>(*key);
    row.name = *key;
    if (row.lifecycle_stage == LifecycleStage::kNone)
      row.lifecycle_stage = LifecycleStage::kCustomer;
    if (run.take_text<&Account::sector>(record, "sector", row) &&
        run.take_text<&Account::country>(record, "country", row) &&
        run.take_number(record, "founded_year", row.founded_year) &&
        run.take_number(record, "employees", row.employees) &&
        run.take_money(record, "revenue", row.revenue))
      rows.emplace_back(&record, std::move(row));
  }
  // A parent may stand below its subsidiary in the file, or be known from before.
  std::unordered_map<std::string, Id<Account>> by_name;
  for (const auto& account : all<Account>(run.writer))
    by_name[loose_key(account.name)] = account.id;
  for (const auto& [record, row] : rows) by_name[loose_key(row.name)] = row.id;
  for (auto& [record, row] : rows) {
    const auto parent = run.columns.cell(*record, "parent");
    const auto found = by_name.find(loose_key(parent));
    if (!parent.empty() && (found == by_name.end() || found->second == row.id))
      run.leave_value_out(*record, "parent", "unknown_account");
    else if (run.columns.has("parent"))
      row.parent = parent.empty() ? Id<Account>() : found->second;
    run.store(row);
  }
}

const std::vector<ImportField> kProductFields = {
    {"name", Need::kRequired, {"product", "product name"}},
    {"series", Need::kOptional, {"family", "product line"}},
    {"list_price", Need::kOptional, {"sales price", "price"}},
};

void import_products(Run& run) {
  std::unordered_map<std::string, std::size_t> seen;
  for (const auto& record : run.table.records) {
    const auto key = run.take_key(record, "name", seen);
    if (!key) continue;
    auto row = run.row_of<&Product::external_key>(*key);
    row.name = *key;
    if (run.take_text<&Product::series>(record, "series", row) &&
        run.take_money(record, "list_price", row.list_price))
      run.store(row);
  }
}

const std::vector<ImportField> kSalesTeamFields = {
    {"name", Need::kRequired, {"sales agent", "agent", "sales rep"}},
    {"manager", Need::kOptional, {"sales manager"}},
    {"team", Need::kOptional, {"regional office", "region", "office"}},
};

// A manager appears only as a cell of others' rows: the first mention makes the user.
Id<User> manager_named(Run& run, std::string_view name, const std::string& team) {
  auto row = run.row_of<&User::external_key>(name);
  const auto before = get(run.writer, row.id);
  row.name = name;
  row.roles.add(Role::kSales);
  row.roles.add(Role::kSegmentManager);
  if (row.team.empty()) row.team = team;
  if (!before) ++run.report.created_beside;
  if (!before || !equal_rows(*before, row)) put(run.writer, row);
  return row.id;
}

void import_sales_teams(Run& run) {
  std::unordered_map<std::string, std::size_t> seen;
  for (const auto& record : run.table.records) {
    const auto key = run.take_key(record, "name", seen);
    if (!key) continue;
    auto row = run.row_of<&User::external_key>(*key);
    row.name = *key;
    row.roles.add(Role::kSales);
    if (!run.take_text<&User::team>(record, "team", row)) continue;
    const auto manager = run.columns.cell(record, "manager");
    if (count_code_points(manager) > 200) {
      run.leave_out(record, "manager", "too_long");
      continue;
    }
    if (!manager.empty()) row.manager = manager_named(run, manager, row.team);
    run.store(row);
  }
}

struct KindWork {
  ImportKind kind;
  const std::vector<ImportField>& fields;
  void (*work)(Run&);
};
const KindWork kWork[] = {{ImportKind::kAccounts, kAccountFields, import_accounts},
                          {ImportKind::kProducts, kProductFields, import_products},
                          {ImportKind::kSalesTeams, kSalesTeamFields, import_sales_teams}};

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

Result<ImportReport> run_import(ImportKind kind, const CsvTable& table,
                                const ImportOptions& options, Writer& writer) {
  for (const auto& work : kWork) {
    if (work.kind != kind) continue;
    const auto columns = ImportColumns::match(work.fields, table.header, options.mapping);
    if (!columns) return std::unexpected(columns.error());
    ImportReport report;
    report.rows = table.records.size();
    report.columns = columns->used();
    Run run{table, *columns, options, writer, report};
    work.work(run);
    return report;
  }
  return fail(ErrorCode::kInvalid, "kind", "unknown_kind");
}

std::string_view explain_issue(std::string_view detail) {
  if (detail == "required") return "the value is missing";
  if (detail == "too_long") return "the value is too long";
  if (detail == "duplicate") return "the same key stands in an earlier row";
  if (detail == "not_a_number") return "this is not a whole number";
  if (detail == "not_an_amount") return "this is not an amount of money";
  if (detail == "unknown_account") return "there is no account of this name";
  return "the value cannot be used";
}

}  // namespace foyer::server
