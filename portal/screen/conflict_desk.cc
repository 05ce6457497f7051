#include "screen/conflict_desk.h"

#include "foyer/command/resolve_conflict.h"

namespace foyer::portal {

void ConflictDesk::count() { count_ = count_open_conflicts(port_.rows()); }

void ConflictDesk::refresh(const Uuid& row) {
  lines_ = open_conflicts(port_.rows(), port_.actor(), row, port_.words());
}

void ConflictDesk::draw(Ui& ui) {
  ui.heading("Changes that met");
  ui.text("Two people changed the same thing without seeing each other's change. Both are kept: "
          "choose which one counts.",
          Size::kBody, true);
  if (!notice_.empty()) ui.banner(notice_, is_refused_ ? Tone::kLate : Tone::kGood);
  if (lines_.empty()) {
    if (!port_.status().is_loaded) return ui.empty("Loading", "They are on their way.");
    return ui.empty("Nothing to decide", "No two changes have met.");
  }
  const auto shown = lines_;  // what is pressed changes them
  for (const ConflictLine& line : shown) draw_line(ui, line, false);
}

void ConflictDesk::draw_cards(Ui& ui) {
  if (!notice_.empty()) ui.banner(notice_, is_refused_ ? Tone::kLate : Tone::kGood);
  if (lines_.empty()) return;
  ui.section("Changes that met", lines_.size());
  const auto shown = lines_;
  for (const ConflictLine& line : shown) draw_line(ui, line, true);
  ui.space(0.6F);
}

void ConflictDesk::draw_line(Ui& ui, const ConflictLine& line, bool is_on_record) {
  const std::string id = "conflict/" + to_string(line.id);
  ui.space(0.4F);
  ui.text_as(id + "/field", line.field, Size::kTitle);
  if (!is_on_record) ui.text_as(id + "/about", line.about, Size::kBody, true);
  ui.text_as(id + "/theirs", "Now: " + line.theirs);
  if (!line.theirs_by.empty())
    ui.text_as(id + "/theirs/by", line.theirs_by, Size::kSmall, true);
  ui.text_as(id + "/mine", "Set aside: " + line.mine);
  ui.text_as(id + "/mine/by", line.mine_by, Size::kSmall, true);
  for (std::size_t i = 0; i < line.words.size(); ++i)
    ui.text_as(id + "/words/" + std::to_string(i),
               line.words[i].label + ": " + line.words[i].text, Size::kSmall);
  if (!line.may_decide) {
    ui.text_as(id + "/role", "People at the desk decide it.", Size::kSmall, true);
  } else {
    const std::string keep = "Keep " + line.theirs, use = "Use " + line.mine;
    if (ui.button(id + "/keep", keep)) return decide(line, false);
    ui.flow(use);
    if (ui.button(id + "/use", use)) return decide(line, true);
    ui.flow("Something else");
    if (line.may_do_otherwise && ui.button(id + "/other", "Something else")) other_ = line.id;
  }
  if (is_on_record || line.case_id.is_null()) return;
  if (line.may_decide) ui.flow("Open the case");
  if (ui.button(id + "/case", "Open the case", Weight::kQuiet)) case_ = line.case_id;
}

void ConflictDesk::decide(const ConflictLine& line, bool is_mine) {
  ResolveConflict args;
  args.conflict = line.id;
  args.choice = is_mine ? ConflictState::kMine : ConflictState::kTheirs;
  const auto done = port_.submit(make_command(args));
  is_refused_ = !done;
  notice_ = done ? line.field + ": " + (is_mine ? line.mine : line.theirs) + " counts."
                 : line.field + ": this cannot be chosen now. " + refusal_words(done.error());
  is_changed_ = true;
}

}  // namespace foyer::portal
