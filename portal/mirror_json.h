// The semantics tree as the page's mirror reads it: an array of nodes in reading order.
#pragma once

#include <string>

#include "ui/semantics.h"

namespace foyer::portal {

// [{"id","role","name","value","panel","parent","x","y","w","h","left","top","right","bottom",
//   "row","rows","disabled","multiline","current","focus","cells":["..."]}, ...]
// left, top, right, bottom: how much of each side is out of sight.
std::string mirror_json(const Semantics& semantics);

}  // namespace foyer::portal
