// Turns the rows of an exported table into rows of the model. Pure: it reads and writes through the
// ports and knows no file; a dry run is a real run that the caller undoes.
// Invariant: the same file twice changes nothing the second time; a row is taken whole or left out
// with its line and reason.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "csv_file.h"
#include "foyer/base/instant.h"
#include "foyer/base/money.h"
#include "foyer/base/result.h"
#include "foyer/model/store.h"

namespace foyer::server {

enum class ImportKind : std::uint8_t {
  kAccounts, kProducts, kSalesTeams, kOpportunities, kIncidents,
};

// "accounts", "products", "sales-teams", "opportunities", "incidents".
std::optional<ImportKind> import_kind_named(std::string_view name);
std::string import_kind_names();

enum class Severity : std::uint8_t { kLeftOut, kValueLeftOut };

struct ImportIssue {
  std::size_t line = 0;
  std::string column;  // as the file names it
  std::string detail;  // message key
  Severity severity = Severity::kLeftOut;
};

struct ImportReport {
  std::size_t rows = 0, created = 0, updated = 0, unchanged = 0, left_out = 0;
  std::size_t created_beside = 0;  // rows of the model that are no row of the file: managers
  std::size_t folded = 0;          // cases that the rows of an incident log make; else 0
  std::vector<ImportIssue> issues;
  std::map<std::string, std::string> columns;  // field -> column that was used
};

struct ImportOptions {
  std::map<std::string, std::string> mapping;  // column -> field, before the known names
  Currency currency = Currency("USD");         // of amounts without one
  std::string help_desk = "Internal help desk";  // the account that incidents belong to
  Instant now = {};
};

struct ImportField;  // import_columns.h
const std::vector<ImportField>& fields_of(ImportKind kind);
// The first kind that the columns give all that it needs; empty if there is none.
std::string_view fitting_kind(const std::vector<std::string>& header);

// kInvalid: "missing_column" (field: the one that no column is for), "unknown_column" (a mapped
// column that the file lacks), "unknown_field".
Result<ImportReport> run_import(ImportKind kind, const CsvTable& table,
                                const ImportOptions& options, Writer& writer);

// What a message key of an issue says in words.
std::string_view explain_issue(std::string_view detail);

}  // namespace foyer::server
