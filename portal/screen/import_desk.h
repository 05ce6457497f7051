// Importing a file: kind, file, rehearsal with columns and problems, import, undo; and the imports
// there were. Nothing is stored here: leaving the page forgets the choice.
// Invariant: one question is under way at a time; an answer to an older one is dropped.
#pragma once

#include <utility>

#include "foyer/view/import.h"
#include "port.h"
#include "ui/ui.h"

namespace foyer::portal {

class ImportDesk {
 public:
  explicit ImportDesk(Port& port) : port_(port) {}

  void picked(PickedFile file);
  void progressed(std::uint64_t question, float fraction);
  void answered(std::uint64_t question, int status, std::string_view body);
  void draw(Ui& ui);
  // The imports there were, the newest first.
  void draw_runs(Ui& ui);
  // No file is being looked at: there is room for other things.
  bool is_at_rest() const { return !file_ && !done_; }
  // What the person asked to be shown of the import, once.
  enum class Wish : std::uint8_t { kNone, kAccounts, kCases };
  Wish took_wish() { return std::exchange(wish_, Wish::kNone); }

 private:
  enum class Deed : std::uint8_t { kNone, kRehearse, kImport, kUndo };

  void start_over();
  void rehearse();
  void ask(Deed deed, std::string path, bool has_file);
  void draw_kinds(Ui& ui);
  void draw_file(Ui& ui);
  void draw_work(Ui& ui);
  void draw_preview(Ui& ui);
  void draw_numbers(Ui& ui);
  void draw_columns(Ui& ui);
  void draw_issues(Ui& ui);
  void draw_issue_table(Ui& ui);
  void draw_done(Ui& ui);
  void draw_undo(Ui& ui, Id<ImportRun> run, const std::string& prefix);

  Port& port_;
  std::string kind_ = "accounts";
  std::optional<PickedFile> file_;
  ImportMapping mapping_;
  std::optional<ImportAnswer> found_;  // by the last rehearsal
  std::optional<ImportAnswer> done_;   // by the import
  std::string trouble_, notice_;
  Deed deed_ = Deed::kNone;
  std::uint64_t question_ = 0;  // under way
  float fraction_ = 0;
  std::string cell_;  // of the row that is drawn
  bool shows_columns_ = false;
  Id<ImportRun> confirming_, undoing_;
  Wish wish_ = Wish::kNone;
};

}  // namespace foyer::portal
