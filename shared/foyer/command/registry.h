// Every command of Foyer. Adding one: its header, and one line in registry.cc.
#pragma once

#include <span>

#include "foyer/command/command.h"

namespace foyer {

std::span<const CommandInfo> commands();
// Null if there is no such command.
const CommandInfo* find_command(std::string_view name);

}  // namespace foyer
