// Fills an empty installation with the demonstration company of shared/foyer/command/demo_data.h.
// Invariant: an installation that holds anything else is left alone.
#pragma once

#include <string>
#include <vector>

#include "command_gate.h"
#include "installation.h"

namespace foyer::server {

// What everybody in the demonstration signs in with.
inline constexpr std::string_view kDemoPassword = "welcome to the foyer";

// Does nothing when the demonstration is in already. kConflict/"not_empty": there is other data.
Result<void> load_demo(Installation& installation, CommandGate& gate, Instant now);

// True if this installation was filled by load_demo.
bool is_demo(Installation& installation);

// "maria@example.com - Customer: sees the whole company", for terminal and sign-in page.
std::vector<std::string> demo_sign_in_lines();

}  // namespace foyer::server
