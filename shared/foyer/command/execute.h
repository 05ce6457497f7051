// Running a command the same way everywhere: decode, role, arguments, `check`, `apply`.
// Invariant: what the actor may not read is not found (authorisation is checked before existence).
#pragma once

#include "foyer/command/command.h"

namespace foyer {

// kInvalid "unknown_command"/"unknown_version", kCorrupt "arguments", kUnauthenticated, kForbidden
// "role", kInvalid with the first bad argument, else what the command itself says.
Result<void> check_command(const Command& command, const Reader& reader, const Context& context);

// check_command, then apply. The caller undoes nothing: a refused command has written nothing.
Result<void> run_command(const Command& command, Writer& writer, const Context& context);

}  // namespace foyer
