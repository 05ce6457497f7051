// What the staff portal shows of what kiosks handed over in vain: nothing of it is dropped, a
// person reads the words and says what was done. Plain structs and strings; no drawing.
#pragma once

#include "foyer/view/arrivals.h"

namespace foyer {

// What a kiosk handed over in vain and nobody has settled yet.
struct UntakenRow {
  Id<ParkedSubmission> id;
  std::string what, number, reason, when, where;
};
std::vector<UntakenRow> untaken_rows(const Reader& reader, const TimeWords& words);
std::size_t count_untaken(const Reader& reader);
// "The kiosk had been revoked when it handed this over."
std::string untaken_reason_words(std::string_view reason);

struct UntakenView {
  Id<ParkedSubmission> id;
  std::string title, reason, words;
  std::vector<CaseFact> facts;
  bool is_settled = false, may_settle = false;
};
std::optional<UntakenView> untaken_view(const Reader& reader, const Actor& actor,
                                        Id<ParkedSubmission> id, const TimeWords& words);

}  // namespace foyer
