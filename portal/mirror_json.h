// The semantics tree as the page's mirror reads it: an array of nodes in reading order.
#pragma once

#include <string>

#include "ui/semantics.h"

namespace foyer::portal {

// [{"id","role","name","value","x","y","w","h","disabled","current","multiline","row","rows"}, ...]
std::string mirror_json(const Semantics& semantics);

}  // namespace foyer::portal
