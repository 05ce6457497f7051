#include "foyer/view/import.h"

#include <algorithm>

#include "foyer/base/text.h"
#include "foyer/command/import_rows.h"
#include "foyer/command/roles.h"
#include "foyer/schema/binary.h"
#include "foyer/view/route.h"

namespace foyer {
namespace {

constexpr ImportKindWords kKinds[] = {
    {"accounts", "Accounts", "Companies: name, sector, country, revenue, parent company."},
    {"products", "Products", "What is sold and serviced: name, series, price."},
    {"sales-teams", "Sales teams", "People in sales with their manager and office."},
    {"opportunities", "Opportunities", "Deals with their stage, dates and amount."},
    {"incidents", "Incidents", "A log of incidents: each becomes one case with its history."},
};
constexpr std::string_view kLeaveOut = "Leave out";

struct ProblemWords {
  std::string_view problem, words;
};
constexpr ProblemWords kProblems[] = {
    {"empty", "There is nothing in this file."},
    {"too_large", "This file is larger than 64 MiB. Export it in parts."},
    {"not_utf8", "This is no text that can be read. Export it as CSV in UTF-8."},
    {"too_many_columns", "This file has more than 500 columns. Export fewer of them."},
    {"duplicate_column", "Two columns have the same name. Rename one of them."},
    {"unknown_column", "The file does not have this column any more. Choose the file again."},
    {"unknown_field", "This kind of import has no such field."},
    {"cannot_write", "The server cannot write at the moment. Nothing was changed; try again."},
};

std::string count_words(std::int64_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

void add_part(std::string& text, std::int64_t count, std::string_view words) {
  if (count == 0) return;
  text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(words);
}

}  // namespace

std::span<const ImportKindWords> import_kinds() { return kKinds; }

std::string title_of_import(std::string_view kind) {
  for (const auto& each : kKinds)
    if (each.name == kind) return std::string(each.title);
  return std::string(kind);
}

std::optional<ImportAnswer> parse_import_answer(std::string_view bytes) {
  auto answer = decode<ImportAnswer>(bytes);
  if (!answer) return std::nullopt;
  const std::size_t issues = answer->issue_lines.size();
  const bool fits = answer->samples.size() == answer->header.size() &&
                    answer->required.size() == answer->fields.size() &&
                    answer->columns.size() == answer->fields.size() &&
                    answer->issue_columns.size() == issues &&
                    answer->issue_words.size() == issues &&
                    answer->issue_rows_left_out.size() == issues;
  if (!fits) return std::nullopt;
  return std::move(*answer);
}

std::string import_path(std::string_view kind, std::string_view file_name,
                        const ImportMapping& mapping, bool is_rehearsal) {
  std::string pairs;
  for (const auto& [column, field] : mapping)
    pairs += (pairs.empty() ? "" : ",") + encode_address_part(column) + "=" + field;
  return "/staff/api/import/" + encode_address_part(kind) +
         "?file=" + encode_address_part(file_name) + (is_rehearsal ? "&dry_run=1" : "") +
         (pairs.empty() ? "" : "&map=" + encode_address_part(pairs));
}

ImportColumnList import_columns_of(const ImportAnswer& answer) {
  ImportColumnList list;
  list.choices.emplace_back(kLeaveOut);
  for (std::size_t i = 0; i < answer.fields.size(); ++i)
    list.choices.push_back(title_of_import_field(answer.fields[i]));
  for (std::size_t i = 0; i < answer.header.size(); ++i) {
    ImportColumnLine line{answer.header[i], answer.samples[i], 0};
    for (std::size_t field = 0; field < answer.columns.size(); ++field)
      if (!answer.columns[field].empty() && answer.columns[field] == line.column)
        line.choice = field + 1;
    list.lines.push_back(std::move(line));
  }
  return list;
}

std::string title_of_import_field(std::string_view field) {
  if (field == "external_key") return "Number there";
  std::string title(field);
  std::replace(title.begin(), title.end(), '_', ' ');
  if (!title.empty() && title[0] >= 'a' && title[0] <= 'z')
    title[0] = static_cast<char>(title[0] - 'a' + 'A');
  return title;
}

std::string refuse_import_file(std::string_view name, std::uint64_t size, std::string_view head) {
  if (size == 0) return "This file is empty: it has 0 bytes.";
  if (size > kImportBytesMax)
    return "This file has " + file_size_words(size) +
           ", and 64 MiB is the most that can be imported at once. Export it in parts.";
  if (head.starts_with("PK\x03\x04") || head.starts_with("\xd0\xcf\x11\xe0"))
    return "This is an office document or an archive, not a table in text. Open it and save it "
           "as CSV.";
  const bool is_utf16 = head.starts_with("\xff\xfe") || head.starts_with("\xfe\xff");
  if (!is_utf16 && head.find('\0') != std::string_view::npos)
    return std::string(name) + " is not a text file. Export the table as CSV.";
  return {};
}

std::string import_problem_words(const ImportAnswer& answer, std::string_view kind) {
  if (answer.problem.empty()) return {};
  const std::string& field = answer.problem_field;
  if (answer.problem == "missing_column") {
    std::string words = "No column of this file gives the " +
                        to_ascii_lower(title_of_import_field(field)) + ", which " +
                        to_ascii_lower(title_of_import(kind)) + " must have. ";
    if (!answer.other_kind.empty())
      return words + "The file looks like " +
             to_ascii_lower(title_of_import(answer.other_kind)) +
             ": choose that kind above, or say below which column it is.";
    return words + "Say below which column it is, or choose another file.";
  }
  if (answer.problem == "unclosed_quote")
    return "A quotation mark that opens in " + field + " never closes.";
  if (answer.problem == "cell_too_long")
    return "A value in " + field + " is longer than 64 KiB: this is hardly a table.";
  for (const auto& each : kProblems)
    if (each.problem == answer.problem) return std::string(each.words);
  return "The server could not read this file (" + answer.problem + ").";
}

std::string import_failure_words(int status) {
  switch (status) {
    case 0: return "The server could not be reached. Nothing was changed; try again.";
    case 401: return "You are signed out. Reload the page and sign in; nothing was changed.";
    case 403: return "Your role may not import, or the page is too old: reload it.";
    case 404: return "The server knows no such import.";
    case 409: return "This import was undone already.";
    case 413: return "The server takes files of at most 64 MiB. Export it in parts.";
    case 503: return "The server is busy. Nothing was changed; try again in a moment.";
    default:
      return "The server answered with an error (" + std::to_string(status) +
             "). Nothing was changed.";
  }
}

std::string import_summary(const ImportAnswer& answer) {
  std::string text;
  add_part(text, answer.created + answer.created_beside, "new");
  add_part(text, answer.updated, "updated");
  add_part(text, answer.unchanged, "unchanged");
  add_part(text, answer.left_out, "left out");
  return text.empty() ? "nothing" : text;
}

std::string file_size_words(std::uint64_t bytes) {
  if (bytes < 1024) return count_words(static_cast<std::int64_t>(bytes), "byte", "bytes");
  const bool is_large = bytes >= 1024 * 1024;
  const std::uint64_t tenths = bytes / (is_large ? 1024 * 1024 / 10 : 1024 / 10);
  const std::string fraction = tenths < 100 ? "." + std::to_string(tenths % 10) : "";
  return std::to_string(tenths / 10) + fraction + (is_large ? " MiB" : " KiB");
}

std::vector<ImportRunRow> import_runs(const Reader& reader, const TimeWords& words) {
  std::vector<ImportRunRow> list;
  const Scan newest{&field_of<&ImportRun::started_at>(), {}, {}, true, 200};
  for (const Uuid& id : reader.scan(entity_of<ImportRun>(), newest)) {
    const auto run = get(reader, Id<ImportRun>(id));
    if (!run) continue;
    const bool is_outbox = run->kind == kOutboxImport;
    std::string counts;
    add_part(counts, run->created, is_outbox ? "sent" : "new");
    add_part(counts, run->updated, "updated");
    add_part(counts, run->unchanged, "unchanged");
    add_part(counts, run->rejected, is_outbox ? "not accepted" : "left out");
    if (run->state == ImportState::kUndone) {
      counts = "taken back";
      if (run->kept > 0)
        counts += "; " + count_words(run->kept, "row was", "rows were") +
                  " changed since and stayed";
    }
    list.push_back({run->id,
                    (is_outbox ? "What a device kept" : title_of_import(run->kind)) +
                        (run->file_name.empty() ? "" : " from " + run->file_name),
                    words.when(run->started_at) + ", " + run->actor_name + ": " + counts,
                    can_be_undone(*run)});
  }
  return list;
}

bool may_import(const Actor& actor) {
  return actor.is_staff() && actor.roles.has_any_of(kImporters);
}

}  // namespace foyer
