// What the author of a command had before their eyes goes with it: the fields that it changes, as
// their device shows them. Invariant: a device calls it once, when the command is given.
#pragma once

#include "foyer/command/command.h"

namespace foyer {

// The command with its `seen` from `rows`; unchanged if it has none, or is about no row there.
Command with_seen(Command command, const Reader& rows);
// The command without it: about the row as it will be.
Command without_seen(Command command);

}  // namespace foyer
