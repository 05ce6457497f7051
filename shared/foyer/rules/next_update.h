// The promise to write again (domain.md, section 4, rule 4): one SlaTarget per stretch between two
// public words of the staff. The first reply begins the first; each later word keeps one and begins
// the next. What the customer writes never moves a promised instant: only where her answer ends a
// wait, so that none was promised, does the time begin with it.
// Invariant: the same words in any order of arrival give the same rows.
#pragma once

#include <vector>

#include "foyer/model/service.h"

namespace foyer {

bool is_running(const SlaTarget& target);

// Whether a word after the last stretch begins a new one: not once the case is solved.
enum class Rearm : std::uint8_t { kYes, kNo };

// A public word of the staff at `fresh.start`. `stretches` are those of its case in any order;
// `fresh` is the row for a new one. Returns the rows to write, of the earlier ones at most one;
// `fresh` is among them only if its budget is not 0.
std::vector<SlaTarget> keep_next_update(std::vector<SlaTarget> stretches, SlaTarget fresh,
                                        Rearm rearm);

}  // namespace foyer
