#include "screen/import_desk.h"

#include <algorithm>

namespace foyer::portal {
namespace {

constexpr std::string_view kField = "import/file";
constexpr int kIssueRows = 7;
constexpr std::size_t kIssueLines = 100;
constexpr Ui::Column kIssueColumns[] = {{"Line", 4.5F}, {"Column", 10}, {"What is wrong", 0},
                                        {"Result", 9.5F}};

std::string in_words(std::int64_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

}  // namespace

void ImportDesk::start_over() {
  file_.reset();
  found_.reset();
  done_.reset();
  mapping_.clear();
  trouble_.clear();
  notice_.clear();
  question_ = 0;
  deed_ = Deed::kNone;
  shows_columns_ = false;
}

void ImportDesk::picked(PickedFile file) {
  if (file.field != kField || deed_ == Deed::kImport || deed_ == Deed::kUndo) return;
  start_over();
  trouble_ = refuse_import_file(file.name, file.size, file.head);
  file_ = std::move(file);
  if (trouble_.empty()) rehearse();
}

void ImportDesk::rehearse() {
  if (!file_) return;
  ask(Deed::kRehearse, import_path(kind_, file_->name, mapping_, true), true);
}

void ImportDesk::ask(Deed deed, std::string path, bool has_file) {
  deed_ = deed;
  fraction_ = 0;
  trouble_.clear();
  notice_.clear();
  question_ = port_.ask({std::move(path), has_file ? std::string(kField) : std::string(), {}});
}

void ImportDesk::progressed(std::uint64_t question, float fraction) {
  if (question == question_) fraction_ = fraction;
}

void ImportDesk::answered(std::uint64_t question, int status, std::string_view body) {
  if (question != question_ || deed_ == Deed::kNone) return;
  const Deed deed = std::exchange(deed_, Deed::kNone);
  question_ = 0;
  if (status != 200) {
    trouble_ = import_failure_words(status);
    if (status == 0 && deed == Deed::kImport)
      trouble_ = "The connection broke before the server answered. If the import went through, it "
                 "stands in the list of imports; importing the same file again changes nothing "
                 "twice.";
    return;
  }
  if (deed == Deed::kUndo) {
    if (done_ && done_->run == undoing_) start_over();
    notice_ = "Taken back.";
    undoing_ = {};
    return;
  }
  auto answer = parse_import_answer(body);
  if (!answer) {
    trouble_ = "The server's answer could not be read. Reload the page and try again.";
    return;
  }
  if (deed == Deed::kImport && answer->problem.empty()) {
    done_ = std::move(answer);
    return;
  }
  found_ = std::move(answer);
  if (found_->problem == "missing_column") shows_columns_ = true;
}

void ImportDesk::draw(Ui& ui) {
  ui.heading("Import");
  if (!may_import(port_.actor()))
    return ui.empty("Your role may not import",
                    "Supervisors, service managers and administrators may.");
  if (done_) return draw_done(ui);
  ui.text("Bring in a file that another system exported. You see what would happen before "
          "anything is changed, and can take it back afterwards.",
          Size::kBody, true);
  if (!notice_.empty()) ui.banner(notice_, Tone::kGood);
  ui.space(0.3F);
  if (!port_.status().is_online) {
    ui.banner(
        "Imports need the server: it compares the whole file with all that it knows. You are "
        "offline; this page goes on when the connection is back.",
        Tone::kNeed);
    return;
  }
  draw_kinds(ui);
  draw_file(ui);
  draw_work(ui);
  draw_preview(ui);
}

void ImportDesk::draw_kinds(Ui& ui) {
  ui.text("What the file holds", Size::kTitle);
  std::vector<std::string_view> titles;
  std::size_t current = 0;
  for (const ImportKindWords& kind : import_kinds()) {
    if (kind.name == kind_) current = titles.size();
    titles.push_back(kind.title);
  }
  const int pressed = ui.segments("import/kind", titles, current);
  ui.text(import_kinds()[current].about, Size::kSmall, true);
  ui.space(0.4F);
  if (pressed < 0 || static_cast<std::size_t>(pressed) == current || deed_ == Deed::kImport) return;
  kind_ = import_kinds()[static_cast<std::size_t>(pressed)].name;
  mapping_.clear();
  found_.reset();
  if (file_ && refuse_import_file(file_->name, file_->size, file_->head).empty()) rehearse();
}

void ImportDesk::draw_file(Ui& ui) {
  ui.text("The file", Size::kTitle);
  if (deed_ == Deed::kImport) {
    if (file_) ui.text(file_->name);
    return;
  }
  if (file_)
    ui.file_field(kField, file_->name, file_size_words(file_->size) + ". Choose another one here.");
  else
    ui.file_field(kField, "Choose a CSV file", "or drop it here. At most 64 MiB.");
}

void ImportDesk::draw_work(Ui& ui) {
  if (!trouble_.empty()) {
    ui.banner(trouble_, Tone::kLate);
    const bool is_worth_it =
        file_ && !found_ && refuse_import_file(file_->name, file_->size, file_->head).empty();
    if (is_worth_it && ui.button("import/again", "Try again", Weight::kPrimary)) rehearse();
  }
  if (deed_ == Deed::kNone) return;
  ui.space(0.3F);
  const bool is_sent = fraction_ >= 1;
  ui.progress(deed_ == Deed::kUndo       ? "Taking it back"
              : deed_ == Deed::kRehearse ? (is_sent ? "Checking every row" : "Sending the file")
              : is_sent                  ? "Importing"
                                         : "Sending the file",
              fraction_);
}

void ImportDesk::draw_preview(Ui& ui) {
  if (!found_ || !file_) return;
  const std::string problem = import_problem_words(*found_, kind_);
  ui.space(0.5F);
  if (!problem.empty()) {
    ui.banner(problem, Tone::kLate);
    if (!found_->other_kind.empty() &&
        ui.button("import/other", "It holds " + title_of_import(found_->other_kind))) {
      kind_ = found_->other_kind;
      mapping_.clear();
      found_.reset();
      return rehearse();
    }
    if (!found_->header.empty()) draw_columns(ui);
    return;
  }
  draw_numbers(ui);
  if (deed_ == Deed::kImport) return;
  const ImportAnswer& found = *found_;
  ui.space(0.2F);
  const std::int64_t changes = found.created + found.created_beside + found.updated;
  if (changes == 0) {
    ui.banner(found.left_out == found.rows && found.rows > 0
                  ? "No row of this file can be imported. See below what is wrong with each."
                  : "Nothing to import: everything in this file is here already.",
              found.left_out == found.rows && found.rows > 0 ? Tone::kLate : Tone::kBusy);
  } else if (deed_ == Deed::kNone &&
             ui.button("import/run", "Import " + in_words(found.rows - found.left_out, "row",
                                                          "rows"),
                       Weight::kPrimary)) {
    return ask(Deed::kImport, import_path(kind_, file_->name, mapping_, false), true);
  }
  if (changes > 0 && deed_ == Deed::kNone) ui.same_line();
  if (ui.button("import/over", "Start over", Weight::kQuiet)) return start_over();
  draw_issues(ui);
  draw_columns(ui);
}

void ImportDesk::draw_numbers(Ui& ui) {
  const ImportAnswer& found = *found_;
  ui.text("What would happen", Size::kTitle);
  std::vector<Ui::Stat> stats = {
      {"Rows in the file", std::to_string(found.rows)},
      {"New", std::to_string(found.created), found.created > 0 ? Tone::kGood : Tone::kCalm},
      {"Updated", std::to_string(found.updated), found.updated > 0 ? Tone::kBusy : Tone::kCalm},
      {"Unchanged", std::to_string(found.unchanged)},
      {"Left out", std::to_string(found.left_out),
       found.left_out > 0 ? Tone::kLate : Tone::kCalm}};
  if (found.folded > 0) stats.push_back({"Cases it makes", std::to_string(found.folded)});
  if (found.created_beside > 0)
    stats.push_back({"New beside", std::to_string(found.created_beside), Tone::kGood});
  ui.stats(stats);
}

void ImportDesk::draw_issues(Ui& ui) {
  const ImportAnswer& found = *found_;
  if (found.issues == 0) return;
  ui.space(0.5F);
  ui.text("Problems", Size::kTitle);
  std::string words = in_words(found.left_out, "row is left out", "rows are left out");
  const std::int64_t values = found.issues - found.left_out;
  if (values > 0) words += ", " + in_words(values, "value is left out", "values are left out");
  if (found.issues > static_cast<std::int64_t>(found.issue_lines.size()))
    words += ". The first " + std::to_string(found.issue_lines.size()) + " are shown";
  ui.text(words + ".", Size::kSmall, true);
  if (ui.available_width() > 520) return draw_issue_table(ui);
  const std::size_t shown = std::min(found.issue_lines.size(), kIssueLines);
  for (std::size_t i = 0; i < shown; ++i)
    ui.text_as("import/issue/" + std::to_string(i),
               "Line " + std::to_string(found.issue_lines[i]) + ", " + found.issue_columns[i] +
                   ": " + found.issue_words[i],
               Size::kBody);
  if (shown < found.issue_lines.size())
    ui.text("A wider window shows the rest in a table.", Size::kSmall, true);
}

void ImportDesk::draw_issue_table(Ui& ui) {
  const ImportAnswer& found = *found_;
  ui.table(
      "import/issues", "Problems", kIssueColumns, {},
      static_cast<int>(found.issue_lines.size()), -1,
      [&](int i, std::vector<Ui::Cell>& cells) {
        const auto at = static_cast<std::size_t>(i);
        cell_ = std::to_string(found.issue_lines[at]);
        cells.push_back({cell_, {}});
        cells.push_back({found.issue_columns[at], {}});
        cells.push_back({found.issue_words[at], {}});
        const bool is_row = found.issue_rows_left_out[at] == 1;
        cells.push_back({is_row ? "Row left out" : "Value left out",
                         is_row ? Tone::kLate : Tone::kNeed, true});
      },
      kIssueRows);
}

void ImportDesk::draw_columns(Ui& ui) {
  const ImportColumnList list = import_columns_of(*found_);
  ui.space(0.5F);
  std::size_t used = 0;
  for (const ImportColumnLine& line : list.lines) used += line.choice > 0 ? 1 : 0;
  ui.text("Columns", Size::kTitle);
  ui.text(std::to_string(used) + " of " + in_words(static_cast<std::int64_t>(list.lines.size()),
                                                   "column is used.", "columns are used."),
          Size::kSmall, true);
  ui.space(0.2F);
  if (!shows_columns_) {
    if (ui.button("import/columns", "Show and change the columns")) shows_columns_ = true;
    return;
  }
  if (deed_ != Deed::kNone) return ui.text("The columns are being checked.", Size::kSmall, true);
  for (std::size_t i = 0; i < list.lines.size(); ++i) {
    const ImportColumnLine& line = list.lines[i];
    std::size_t choice = line.choice;
    const std::string sample = line.sample.empty() ? "always empty" : "such as " + line.sample;
    if (!ui.choice_line("import/column/" + std::to_string(i), line.column, sample, list.choices,
                        choice))
      continue;
    mapping_[line.column] = choice == 0 ? "" : found_->fields[choice - 1];
    // A field has one column: the one that had it before is free again.
    for (auto& [column, field] : mapping_)
      if (column != line.column && choice > 0 && field == found_->fields[choice - 1]) field = "";
    return rehearse();
  }
}

void ImportDesk::draw_done(Ui& ui) {
  ui.banner("Imported " + (file_ ? file_->name : std::string()) + ": " + import_summary(*done_) +
                ".",
            Tone::kGood);
  draw_work(ui);
  const bool is_case = kind_ == "incidents";
  if (is_case || kind_ == "accounts") {
    if (ui.button("import/show", is_case ? "Show the cases" : "Show the accounts",
                  Weight::kPrimary))
      wish_ = is_case ? Wish::kCases : Wish::kAccounts;
    ui.same_line();
  }
  if (ui.button("import/next", "Import another file")) return start_over();
  if (done_->run.is_null()) return;
  ui.space(0.5F);
  ui.text("Not what you wanted?", Size::kTitle);
  ui.text("Taking it back removes what it made and restores what it changed. What somebody has "
          "changed since stays.",
          Size::kSmall, true);
  draw_undo(ui, done_->run, "import/done");
}

void ImportDesk::draw_undo(Ui& ui, Id<ImportRun> run, const std::string& prefix) {
  if (deed_ != Deed::kNone) return;
  if (confirming_ != run) {
    if (ui.button(prefix + "/undo", "Undo this import")) confirming_ = run;
    return;
  }
  if (ui.button(prefix + "/sure", "Yes, take it back", Weight::kPrimary)) {
    confirming_ = {};
    undoing_ = run;
    return ask(Deed::kUndo, "/staff/api/undo-import?run=" + to_string(run), false);
  }
  ui.same_line();
  if (ui.button(prefix + "/keep", "Keep it", Weight::kQuiet)) confirming_ = {};
}

void ImportDesk::draw_runs(Ui& ui) {
  if (!may_import(port_.actor())) return;
  ui.text("Imports so far", Size::kTitle);
  const auto runs = import_runs(port_.rows(), port_.words());
  if (runs.empty()) return ui.text("None yet.", Size::kBody, true);
  for (const ImportRunRow& run : runs) {
    const std::string prefix = "import/run/" + to_string(run.id);
    ui.space(0.4F);
    ui.text_as(prefix, run.title, Size::kBody);
    ui.text_as(prefix + "/detail", run.detail, Size::kSmall, true);
    if (run.can_be_undone && port_.status().is_online) draw_undo(ui, run.id, prefix);
  }
}

}  // namespace foyer::portal
