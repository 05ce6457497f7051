#include "foyer/view/staff_outbox.h"

#include "foyer/command/open_case.h"

namespace foyer {

StaffOutbox staff_outbox(const std::map<std::uint64_t, OutboxEntry>& outbox, const Reader& rows,
                         const TimeWords& words) {
  StaffOutbox all;
  for (const OutboxLine& line : outbox_lines(outbox)) {
    const Command& command = outbox.at(line.mid).command;
    StaffOutboxLine shown;
    shown.mid = line.mid;
    shown.title = title_of_command(line.command);
    shown.words = argument_lines(command, rows, words);
    shown.since = words.when(line.at);
    shown.is_refused = line.is_refused;
    if (line.is_refused) shown.reason = refusal_words(line.error);
    // A case that waits itself is named by its own words.
    const bool is_opening = line.command == Table<OpenCase>::name;
    if (const auto row = is_opening ? std::nullopt : get(rows, line.case_id)) {
      shown.case_id = row->id;
      shown.about = row->number.empty() ? row->device_number : row->number;
      shown.about += (shown.about.empty() ? "" : "  ") + row->subject;
      std::erase_if(shown.words, [](const ArgumentLine& each) { return each.label == "Case"; });
    }
    (line.is_refused ? all.refused : all.waiting).push_back(std::move(shown));
  }
  return all;
}

}  // namespace foyer
