// The demonstration company: a seeded list of commands relative to the start, run like any others.
// Everything in it is invented. Invariant: the same start gives the same rows.
#pragma once

#include <string>
#include <vector>

#include "foyer/command/command.h"

namespace foyer {

struct DemoSignIn {
  std::string_view name;
  std::string_view email;
  std::string_view what;  // "Customer: sees the whole company", in English, for the terminal
};
// Passwords are the host's affair; these are the people worth signing in as.
std::vector<DemoSignIn> demo_sign_ins();

struct DemoStep {
  std::string actor_email;  // empty: the installation itself
  Command command;
  Instant at;
};

struct DemoOptions {
  Instant start;  // "now" of the demonstration
  // Calendar::transitions of Europe/Berlin around the start.
  std::vector<std::int64_t> transitions;
};
std::vector<DemoStep> demo_steps(const DemoOptions& options);

// Acts where nobody is there yet: the first rows of an installation.
Actor installation_actor();

}  // namespace foyer
