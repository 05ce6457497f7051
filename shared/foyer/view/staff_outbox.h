// What the staff portal shows of what this device has not handed over: what waits, what was refused
// and why, with the words. Plain structs and strings; no drawing, and nothing is changed here.
#pragma once

#include "foyer/view/command_words.h"
#include "foyer/view/outbox.h"

namespace foyer {

struct StaffOutboxLine {
  std::uint64_t mid = 0;
  std::string title;  // "Reply to the customer"
  std::string about;  // the case's number and subject; empty: about none, or none that is here
  Id<Case> case_id;   // of `about`
  std::vector<ArgumentLine> words;
  std::string since;
  bool is_refused = false;
  std::string reason;  // of a refused one
};
struct StaffOutbox {
  std::vector<StaffOutboxLine> refused, waiting;  // the oldest first
};
StaffOutbox staff_outbox(const std::map<std::uint64_t, OutboxEntry>& outbox, const Reader& rows,
                         const TimeWords& words);

}  // namespace foyer
