#include "foyer/command/upcast.h"

#include <algorithm>

namespace foyer {

// Every command is at its first version: there is nothing older to bring up.
std::span<const Upcaster> upcasters() { return {}; }

Result<Command> upcast(Command command, std::span<const CommandInfo> commands,
                       std::span<const Upcaster> table) {
  // Each step raises the version or changes the name: a table with a circle ends here too.
  for (std::size_t steps = 0; steps <= table.size(); ++steps) {
    const auto info = std::find_if(
        commands.begin(), commands.end(),
        [&](const CommandInfo& each) { return each.name == command.name; });
    if (info != commands.end() && info->version == command.version) return command;
    const auto step = std::find_if(table.begin(), table.end(), [&](const Upcaster& each) {
      return each.name == command.name && each.version == command.version;
    });
    if (step == table.end())
      return fail(ErrorCode::kInvalid,
                  info == commands.end() ? "unknown_command" : "unknown_version");
    auto arguments = step->arguments(command.arguments);
    if (!arguments) return fail(ErrorCode::kCorrupt, "arguments");
    command.arguments = std::move(*arguments);
    ++command.version;
    if (!step->renamed.empty()) command.name = step->renamed;
  }
  return fail(ErrorCode::kInvalid, "unknown_version");
}

}  // namespace foyer
