// Importing a file of another system, as the portal shows it: kinds, what the server answers, and
// words. Not the import itself, which runs on the server. ImportAnswer travels in the binary codec.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "foyer/model/import_run.h"
#include "foyer/model/store.h"
#include "foyer/rules/access.h"
#include "foyer/view/time_words.h"

namespace foyer {

inline constexpr std::size_t kImportBytesMax = 64 * 1024 * 1024;
inline constexpr std::size_t kImportIssuesMax = 1000;  // that travel; all are counted

struct ImportKindWords {
  std::string_view name;  // in the address: "sales-teams"
  std::string_view title;
  std::string_view about;  // what such a file holds
};
std::span<const ImportKindWords> import_kinds();
std::string title_of_import(std::string_view kind);

// What a rehearsal found, or what an import did. A file that cannot be imported at all has a
// `problem`, a message key, and counts of 0.
struct ImportAnswer {
  std::int64_t rows = 0;
  std::int64_t folded = 0;  // cases that the rows of an incident log make
  std::int64_t created = 0;
  std::int64_t created_beside = 0;
  std::int64_t updated = 0;
  std::int64_t unchanged = 0;
  std::int64_t left_out = 0;
  Id<ImportRun> run;                     // null: a rehearsal, or nothing changed
  std::vector<std::string> header;       // the file's columns
  std::vector<std::string> samples;      // a value of each
  std::vector<std::string> fields;       // what a column can become
  std::vector<std::int64_t> required;    // of each field: 1 if a column must become it
  std::vector<std::string> columns;      // of each field: the column that becomes it, or empty
  std::int64_t issues = 0;               // all there are; the five lists below hold the first ones
  std::vector<std::int64_t> issue_lines;
  std::vector<std::string> issue_columns;
  std::vector<std::string> issue_words;
  std::vector<std::int64_t> issue_rows_left_out;  // 1: the row, 0: only the value
  std::string problem;
  std::string problem_field;
  std::string other_kind;  // that the columns would fit, if this one they do not
  UnknownFields unknown;
};
template <>
struct Table<ImportAnswer> {
  static constexpr std::string_view name = "import_answer";
  static constexpr auto fields = std::array{
      field<&ImportAnswer::rows>(1, "rows", {}),
      field<&ImportAnswer::folded>(2, "folded", {}),
      field<&ImportAnswer::created>(3, "created", {}),
      field<&ImportAnswer::created_beside>(4, "created_beside", {}),
      field<&ImportAnswer::updated>(5, "updated", {}),
      field<&ImportAnswer::unchanged>(6, "unchanged", {}),
      field<&ImportAnswer::left_out>(7, "left_out", {}),
      field<&ImportAnswer::run>(8, "run", {}),
      field<&ImportAnswer::header>(9, "header", {}),
      field<&ImportAnswer::samples>(10, "samples", {}),
      field<&ImportAnswer::fields>(11, "fields", {}),
      field<&ImportAnswer::required>(12, "required", {}),
      field<&ImportAnswer::columns>(13, "columns", {}),
      field<&ImportAnswer::issues>(14, "issues", {}),
      field<&ImportAnswer::issue_lines>(15, "issue_lines", {}),
      field<&ImportAnswer::issue_columns>(16, "issue_columns", {}),
      field<&ImportAnswer::issue_words>(17, "issue_words", {}),
      field<&ImportAnswer::issue_rows_left_out>(18, "issue_rows_left_out", {}),
      field<&ImportAnswer::problem>(19, "problem", {}),
      field<&ImportAnswer::problem_field>(20, "problem_field", {}),
      field<&ImportAnswer::other_kind>(21, "other_kind", {}),
  };
};

// An answer whose lists fit together; nothing for anything else.
std::optional<ImportAnswer> parse_import_answer(std::string_view bytes);

// Column -> field that the person chose; an empty field leaves the column out.
using ImportMapping = std::map<std::string, std::string>;

// "/staff/api/import/accounts?file=...&map=...".
std::string import_path(std::string_view kind, std::string_view file_name,
                        const ImportMapping& mapping, bool is_rehearsal);

// One line per column of the file: its field, as an index into `choices` (0: not imported).
struct ImportColumnLine {
  std::string column, sample;
  std::size_t choice = 0;
};
struct ImportColumnList {
  std::vector<std::string> choices;  // titles; the first is "Leave out"
  std::vector<ImportColumnLine> lines;
};
ImportColumnList import_columns_of(const ImportAnswer& answer);

// "external_key" -> "Number there".
std::string title_of_import_field(std::string_view field);

// Why a chosen file is not even sent: empty, too large, no text. Empty: send it. `head`: its first
// bytes.
std::string refuse_import_file(std::string_view name, std::uint64_t size, std::string_view head);
// Why the server could not read it, for people; empty if there is no problem.
std::string import_problem_words(const ImportAnswer& answer, std::string_view kind);
// An answer that is none: refused (403), too large, no connection (0).
std::string import_failure_words(int status);
// "85 new, 1 left out".
std::string import_summary(const ImportAnswer& answer);
std::string file_size_words(std::uint64_t bytes);

struct ImportRunRow {
  Id<ImportRun> id;
  std::string title;   // "Accounts from accounts.csv"
  std::string detail;  // "today 14:30, Robin Clarke: 85 new"
  bool can_be_undone = false;
};
// The newest first.
std::vector<ImportRunRow> import_runs(const Reader& reader, const TimeWords& words);

bool may_import(const Actor& actor);

}  // namespace foyer
