// Imports from a sales system: accounts, products, sales teams, opportunities.
#include "import_step.h"

namespace foyer::server {

const std::vector<ImportField> kAccountFields = {
    {"name", Need::kRequired, {"account", "account name", "company", "customer"}},
    {"sector", Need::kOptional, {"industry"}},
    {"founded_year", Need::kOptional, {"year established", "founded"}},
    {"revenue", Need::kOptional, {"annual revenue"}},
    {"employees", Need::kOptional, {"number of employees"}},
    {"country", Need::kOptional, {"office location", "location"}},
    {"parent", Need::kOptional, {"subsidiary of", "parent account"}},
};

void import_accounts(ImportStep& step) {
  std::unordered_map<std::string, std::size_t> seen;
  std::vector<std::pair<const CsvRecord*, Account>> rows;
  for (const auto& record : step.table.records) {
    const auto key = step.take_key(record, "name", seen);
    if (!key) continue;
    auto row = step.row_of<&Account::external_key>(*key);
    row.name = *key;
    if (row.lifecycle_stage == LifecycleStage::kNone)
      row.lifecycle_stage = LifecycleStage::kCustomer;
    if (step.take_text<&Account::sector>(record, "sector", row) &&
        step.take_text<&Account::country>(record, "country", row) &&
        step.take_number(record, "founded_year", row.founded_year) &&
        step.take_number(record, "employees", row.employees) &&
        step.take_money(record, "revenue", row.revenue))
      rows.emplace_back(&record, std::move(row));
  }
  // A parent may stand below its subsidiary in the file, or be known from before.
  std::unordered_map<std::string, Id<Account>> by_name;
  for (const auto& account : all<Account>(step.writer))
    by_name[loose_key(account.name)] = account.id;
  for (const auto& [record, row] : rows) by_name[loose_key(row.name)] = row.id;
  for (auto& [record, row] : rows) {
    const auto parent = step.columns.cell(*record, "parent");
    const auto found = by_name.find(loose_key(parent));
    if (!parent.empty() && (found == by_name.end() || found->second == row.id))
      step.leave_value_out(*record, "parent", "unknown_account");
    else if (step.columns.has("parent"))
      row.parent = parent.empty() ? Id<Account>() : found->second;
    step.store(*record, row);
  }
}

const std::vector<ImportField> kProductFields = {
    {"name", Need::kRequired, {"product", "product name"}},
    {"series", Need::kOptional, {"family", "product line"}},
    {"list_price", Need::kOptional, {"sales price", "price"}},
};

void import_products(ImportStep& step) {
  std::unordered_map<std::string, std::size_t> seen;
  for (const auto& record : step.table.records) {
    const auto key = step.take_key(record, "name", seen);
    if (!key) continue;
    auto row = step.row_of<&Product::external_key>(*key);
    row.name = *key;
    if (step.take_text<&Product::series>(record, "series", row) &&
        step.take_money(record, "list_price", row.list_price))
      step.store(record, row);
  }
}

const std::vector<ImportField> kSalesTeamFields = {
    {"name", Need::kRequired, {"sales agent", "agent", "sales rep"}},
    {"manager", Need::kOptional, {"sales manager"}},
    {"team", Need::kOptional, {"regional office", "region", "office"}},
};

// A manager appears only as a cell of others' rows: the first mention makes the user.
Id<User> manager_named(ImportStep& step, std::string_view name, const std::string& team) {
  auto row = step.row_of<&User::external_key>(name);
  const auto before = get(step.writer, row.id);
  row.name = name;
  row.roles.add(Role::kSales);
  row.roles.add(Role::kSegmentManager);
  if (!before) {
    row.team = team;  // of a user with a row of their own, that row says it
    ++step.report.created_beside;
  }
  if (!before || !equal_rows(*before, row)) put(step.writer, row);
  return row.id;
}

void import_sales_teams(ImportStep& step) {
  std::unordered_map<std::string, std::size_t> seen;
  for (const auto& record : step.table.records) {
    const auto key = step.take_key(record, "name", seen);
    if (!key) continue;
    auto row = step.row_of<&User::external_key>(*key);
    row.name = *key;
    row.roles.add(Role::kSales);
    if (!step.take_text<&User::team>(record, "team", row)) continue;
    const auto manager = step.columns.cell(record, "manager");
    if (count_code_points(manager) > 200) {
      step.leave_out(record, "manager", "too_long");
      continue;
    }
    if (manager == row.external_key) {
      row.manager = row.id;  // one row, which storing it twice would overwrite
      row.roles.add(Role::kSegmentManager);
    } else if (!manager.empty()) {
      row.manager = manager_named(step, manager, row.team);
    }
    step.store(record, row);
  }
}

const std::vector<ImportField> kOpportunityFields = {
    {"external_key", Need::kRequired, {"opportunity id", "id"}},
    {"owner", Need::kOptional, {"sales agent", "agent", "sales rep"}},
    {"product", Need::kOptional, {}},
    {"account", Need::kOptional, {"customer", "company"}},
    {"stage", Need::kRequired, {"deal stage", "status"}},
    {"engaged_on", Need::kOptional, {"engage date", "created date"}},
    {"closed_on", Need::kOptional, {"close date"}},
    {"amount", Need::kOptional, {"close value", "value"}},
};

std::optional<OpportunityStage> stage_named(std::string_view name) {
  for (std::size_t i = 0; i < kNames<OpportunityStage>.size(); ++i)
    if (loose_key(kNames<OpportunityStage>[i]) == loose_key(name))
      return static_cast<OpportunityStage>(i);
  return std::nullopt;
}

// Names as the files of one system write them differently: "GTXPro" is "GTX Pro".
template <class T>
std::unordered_map<std::string, T> by_loose_name(const Reader& reader) {
  std::unordered_map<std::string, T> rows;
  for (auto& row : all<T>(reader)) {
    auto key = loose_key(row.name);
    rows.emplace(std::move(key), std::move(row));
  }
  return rows;
}

struct KnownNames {
  std::unordered_map<std::string, Account> accounts;
  std::unordered_map<std::string, Product> products;
  std::unordered_map<std::string, User> users;
};

// False, with an issue, when a name is given that nothing has.
bool take_references(ImportStep& step, const CsvRecord& record, const KnownNames& known,
                     Opportunity& row) {
  const auto refuse = [&](std::string_view field, const char* detail) {
    step.leave_out(record, field, detail);
    return false;
  };
  const auto account = step.columns.cell(record, "account");
  if (!account.empty()) {
    const auto found = known.accounts.find(loose_key(account));
    if (found == known.accounts.end()) return refuse("account", "unknown_account");
    row.account = found->second.id;
  }
  const auto product = step.columns.cell(record, "product");
  if (!product.empty()) {
    const auto found = known.products.find(loose_key(product));
    if (found == known.products.end()) return refuse("product", "unknown_product");
    row.product = found->second.id;
  }
  const auto owner = step.columns.cell(record, "owner");
  if (!owner.empty()) {
    const auto found = known.users.find(loose_key(owner));
    if (found == known.users.end()) return refuse("owner", "unknown_person");
    row.owner = found->second.id;
    row.owner_name = found->second.name;
  }
  return true;
}

void import_opportunities(ImportStep& step) {
  const KnownNames known{by_loose_name<Account>(step.writer), by_loose_name<Product>(step.writer),
                         by_loose_name<User>(step.writer)};
  auto dates = step.columns.column(step.table, "engaged_on");
  const auto closing = step.columns.column(step.table, "closed_on");
  dates.insert(dates.end(), closing.begin(), closing.end());
  const auto order = usual_date_order(dates, DateOrder::kMonthFirst);
  std::unordered_map<std::string, std::size_t> seen;
  for (const auto& record : step.table.records) {
    const auto key = step.take_key(record, "external_key", seen);
    if (!key) continue;
    auto row = step.row_of<&Opportunity::external_key>(*key);
    const auto stage = stage_named(step.columns.cell(record, "stage"));
    if (!stage) {
      step.leave_out(record, "stage", "unknown_stage");
      continue;
    }
    row.stage = *stage;
    if (!take_references(step, record, known, row) ||
        !step.take_date(record, "engaged_on", order, row.engaged_on) ||
        !step.take_date(record, "closed_on", order, row.closed_on) ||
        !step.take_money(record, "amount", row.amount))
      continue;
    if (!row.closed_on.is_none() && row.closed_on < row.engaged_on) {
      step.leave_out(record, "closed_on", "closed_before_engaged");
      continue;
    }
    step.store(record, row);
  }
}

}  // namespace foyer::server
