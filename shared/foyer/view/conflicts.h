// Changes that met, as people read them: what was set aside, what is there, who wrote which and
// when. Plain structs and strings; no drawing. Deciding is a command (command/resolve_conflict.h).
#pragma once

#include "foyer/model/change.h"
#include "foyer/view/command_words.h"

namespace foyer {

struct ConflictLine {
  Id<Conflict> id;
  Id<Case> case_id;    // that it is about, or null
  std::string about;   // the row: "T-10482  Lift stops"
  std::string field;   // "Priority"
  std::string mine;    // what was set aside: "Critical"
  std::string mine_by; // "Ana, today 14:30"
  std::string theirs, theirs_by;  // what is there now, and who wrote it
  std::vector<ArgumentLine> words;  // of the command that was set aside
  bool may_decide = false;
  bool may_do_otherwise = false;  // there is a command to give with other arguments
};
// The open ones, the oldest first; of one row, or of all that `actor` may read.
std::vector<ConflictLine> open_conflicts(const Reader& rows, const Actor& actor, const Uuid& row,
                                         const TimeWords& words);
std::size_t count_open_conflicts(const Reader& rows);

}  // namespace foyer
