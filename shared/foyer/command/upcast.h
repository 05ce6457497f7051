// Brings a command that an older build wrote to what this one runs: pure functions from one version
// of a command's arguments to the next. A device may come back with it after a year. What is older
// than the table is not run: it is parked for a person.
#pragma once

#include <span>

#include "foyer/command/command.h"

namespace foyer {

// Raised with each new command and each new version of one: names what a build can run, so that a
// device that is ahead of its server knows that it is.
inline constexpr std::uint64_t kCommandSet = 2;

struct Upcaster {
  std::string_view name;  // of the command as it was
  std::uint16_t version = 0;
  // The arguments of the next version; nothing: they make no sense.
  std::optional<std::string> (*arguments)(std::string_view older) = nullptr;
  std::string_view renamed = {};  // empty: the name stays
};

std::span<const Upcaster> upcasters();

// The command at the version of `commands`. kInvalid "unknown_command" or "unknown_version": nobody
// knows how; kCorrupt "arguments".
Result<Command> upcast(Command command, std::span<const CommandInfo> commands,
                       std::span<const Upcaster> table);

}  // namespace foyer
