// What becomes of a change that was made on an older state of a row (domain.md, section 1): merged
// by the kind of its field. Pure; no command, no store.
//
//   register, state   mine, unless somebody else changed it since: then it is contested
//   set               what I added is added, what I took out is taken out; all others stay
//   ledger            numbers: my difference is added; lists: what I appended is appended
#pragma once

#include <vector>

#include "foyer/schema/entity.h"

namespace foyer {

enum class Merged : std::uint8_t {
  kUntouched,  // I did not change it
  kMine,       // only I did, or both to the same value
  kBoth,       // both changes are in the result
  kContested,  // both, to different values: `row` keeps theirs
};

// `seen`, `mine` and `row` are objects of the field's entity: what the author saw, what they made
// of it, and what it is now; `row` becomes the result. Sets and ledgers do not depend on the order
// in which changes arrive.
Merged merge_field(const Field& field, const void* seen, const void* mine, void* row);

// Every field but the id. Returns the contested ones, in the order of the table.
std::vector<const Field*> merge_row(const Entity& entity, const void* seen, const void* mine,
                                    void* row);

}  // namespace foyer
