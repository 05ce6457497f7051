// Bringing in what another person's device could not send: the file, whose changes it holds and
// what they say, sending them, and what became of each. Nothing is stored here.
// Invariant: one question is under way at a time; an answer to an older one is dropped.
#pragma once

#include "foyer/view/outbox_file.h"
#include "screen/outbox_desk.h"

namespace foyer::portal {

class OutboxFileDesk {
 public:
  explicit OutboxFileDesk(Port& port) : port_(port) {}

  bool is_open() const { return is_open_; }
  // Opens the desk, if it is not.
  void picked(PickedFile file);
  void answered(std::uint64_t question, int status, std::string_view body);
  // While it is closed: what it is for, and the way in.
  void draw_door(Ui& ui);
  void draw(Ui& ui);

 private:
  enum class Deed : std::uint8_t { kNone, kLook, kSend };

  void start_over();
  void ask(Deed deed);
  void draw_file(Ui& ui);
  void draw_found(Ui& ui, const OutboxFileView& view);
  void draw_lines(Ui& ui, OutboxMark mark, const std::vector<StaffOutboxLine>& lines);

  Port& port_;
  bool is_open_ = false;
  std::optional<PickedFile> file_;
  std::optional<OutboxFileAnswer> answer_;
  bool is_sent_ = false;  // the answer is of sending, not of looking
  std::string trouble_;
  Deed deed_ = Deed::kNone;
  std::uint64_t question_ = 0;  // under way
};

}  // namespace foyer::portal
