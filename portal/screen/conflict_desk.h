// Changes that met, and what people decide about them: a list of its own, and the same cards on the
// case that they are about. Rows come through the port.
#pragma once

#include <utility>

#include "foyer/view/conflicts.h"
#include "port.h"
#include "ui/ui.h"

namespace foyer::portal {

class ConflictDesk {
 public:
  explicit ConflictDesk(Port& port) : port_(port) {}

  // For the rail, whatever is shown; and the lines of one row, or of all for a null one.
  void count();
  void refresh(const Uuid& row);
  std::size_t size() const { return count_; }
  // The screen of its own.
  void draw(Ui& ui);
  // On the record: nothing if there are none.
  void draw_cards(Ui& ui);
  void turn() { notice_.clear(); }
  // What its person wants, once: to do something else, or to see the case.
  Id<Conflict> took_other() { return std::exchange(other_, Id<Conflict>()); }
  Id<Case> took_case() { return std::exchange(case_, Id<Case>()); }
  bool took_change() { return std::exchange(is_changed_, false); }

 private:
  void draw_line(Ui& ui, const ConflictLine& line, bool is_on_record);
  void decide(const ConflictLine& line, bool is_mine);

  Port& port_;
  std::vector<ConflictLine> lines_;
  std::size_t count_ = 0;
  Id<Conflict> other_;
  Id<Case> case_;
  std::string notice_;
  bool is_refused_ = false;
  bool is_changed_ = false;
};

}  // namespace foyer::portal
