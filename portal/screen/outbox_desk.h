// The outbox, as its person sees it: what waits, what was refused and why, with the words, and what
// can be done about it. Entries come through the port; nothing goes without being asked for.
#pragma once

#include <utility>

#include "foyer/view/staff_outbox.h"
#include "port.h"
#include "ui/ui.h"

namespace foyer::portal {

// Each is a card with its words: more at once nobody reads.
inline constexpr std::size_t kOutboxShownMax = 100;
// What a line says, under ids that begin with `id`; `state` in a word or two.
struct OutboxMark {
  std::string_view state;
  Tone tone;
};
void draw_outbox_words(Ui& ui, const std::string& id, const StaffOutboxLine& line,
                       OutboxMark mark);

class OutboxDesk {
 public:
  explicit OutboxDesk(Port& port) : port_(port) {}

  void refresh();
  void draw(Ui& ui);
  // The screen is left: what was asked and said there goes.
  void turn();
  void answered(std::uint64_t question, int status);
  // What its person wants, once: a refused entry to be written anew, a case to be shown.
  std::uint64_t took_edit() { return std::exchange(edit_, 0); }
  Id<Case> took_case() { return std::exchange(case_, Id<Case>()); }
  bool took_change() { return std::exchange(is_changed_, false); }

 private:
  void draw_room(Ui& ui);
  void draw_line(Ui& ui, const StaffOutboxLine& line);
  void draw_deeds(Ui& ui, const StaffOutboxLine& line);
  void draw_discard(Ui& ui, const StaffOutboxLine& line);
  void draw_save(Ui& ui);

  Port& port_;
  StaffOutbox lines_;
  std::uint64_t edit_ = 0;
  std::uint64_t discarding_ = 0;  // asked whether they are sure
  std::uint64_t saving_ = 0;      // the question that a file is being made for
  Id<Case> case_;
  std::string notice_;
  bool is_refused_ = false;  // what the notice says
  bool is_changed_ = false;
};

}  // namespace foyer::portal
