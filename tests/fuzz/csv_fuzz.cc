// Tables of other systems: reading them, matching their columns, and importing them, twice.
//
//   input := kind mapping? "\n" file       mapping: (" " column "=" field)*
#include "csv_file.h"
#include "foyer/base/text.h"
#include "foyer/query/memory_store.h"
#include "fuzz/fuzz.h"
#include "import_answer.h"
#include "import_table.h"

namespace foyer::server {
namespace {

using fuzz::expect;

MemoryStore& shared_store() {
  static MemoryStore store(Numbering::kAuthority);
  return store;
}

void check_table(const CsvTable& table) {
  std::size_t line = 0;
  expect(!table.header.empty(), "a table without columns");
  for (const auto& name : table.header)
    expect(is_valid_utf8(name) && trim(name) == name, "a column's name is no trimmed text", name);
  for (const auto& record : table.records) {
    expect(record.line > line, "lines do not ascend");
    line = record.line;
    for (const auto& cell : record.cells)
      expect(is_valid_utf8(cell), "a cell that is no text");
  }
}

void check_import(ImportKind kind, const CsvTable& table, const ImportOptions& options) {
  auto& store = shared_store();
  store.begin();
  const auto first = run_import(kind, table, options, store);
  if (first) {
    for (const auto& issue : first->issues)
      expect(is_valid_utf8(issue.column) && !explain_issue(issue.detail).empty(),
             "an issue without words", issue.detail);
    const auto digest = store.digest();
    const auto second = run_import(kind, table, options, store);
    expect(second.has_value(), "a file is refused the second time");
    expect(second->created == 0 && second->updated == 0 && store.digest() == digest,
           "the same file changes something the second time");
    expect(second->left_out == first->left_out, "other rows are left out the second time");
  }
  store.rollback();
}

ImportOptions options_of(std::string_view words) {
  ImportOptions options;
  options.now = {1764160000000};
  while (!words.empty()) {
    const auto pair = fuzz::take_word(words);
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos)
      options.mapping[std::string(pair.substr(0, equals))] = pair.substr(equals + 1);
  }
  return options;
}

void check(std::string_view kind_name, std::string_view mapping, std::string_view file) {
  const auto table = parse_csv(
      file, {.file_bytes_max = 1 << 20, .columns_max = 60, .cell_bytes_max = 20'000});
  if (!table) return expect(!table.error().detail.empty(), "a refusal without words");
  check_table(*table);
  const auto kind = import_kind_named(kind_name);
  if (!kind) return;
  const auto options = options_of(mapping);
  check_import(*kind, *table, options);
  const ImportRequest request{.kind = std::string(kind_name),
                              .file_name = "f",
                              .bytes = {},
                              .options = options,
                              .is_dry_run = true};
  describe_import(request, &*table, fail(ErrorCode::kInvalid, "kind", "unknown_kind"));
}

}  // namespace
}  // namespace foyer::server

void foyer::fuzz::try_input(std::string_view input) {
  auto line = take_line(input);
  const auto kind = take_word(line);
  server::check(kind, line, input);
}
