// One case and people who change it without seeing each other: commands are given on what somebody
// saw, and run later on what is there.
#pragma once

#include <gtest/gtest.h>

#include "foyer/command/assign_case.h"
#include "foyer/command/resolve_conflict.h"
#include "foyer/command/seen.h"
#include "foyer/command/set_case_priority.h"
#include "shared/command/desk.h"

namespace foyer {

struct Meeting : Desk {
  Meeting() {
    EXPECT_TRUE(run(customer, opening("c")));
    EXPECT_TRUE(run(agent, AssignCase{id<Case>("c"), agent.user, {}, {}, {}}));
  }
  template <class Args>
  Command given(const Args& args) {
    return with_seen(make_command(args), store);
  }
  Result<void> arrives(const Actor& actor, const Command& command) {
    now = now + kMsPerMinute;
    return run_command(command, store,
                       {actor, now, derive_uuid({}, "arrival" + std::to_string(++arrivals))});
  }
  // Given on the same case: the desk's arrives first, the lead's is set aside.
  void meet() {
    const auto high = given(priority(Priority::kHigh));
    const auto critical = given(priority(Priority::kCritical));
    ASSERT_TRUE(arrives(agent, high));
    ASSERT_TRUE(arrives(lead, critical));
  }
  SetCasePriority priority(Priority value) { return {id<Case>("c"), value, {}, {}}; }
  std::vector<Conflict> conflicts() { return all<Conflict>(store); }
  Result<void> decide(const Actor& actor, ConflictState choice, std::string arguments = {},
                      std::string note = {}) {
    ResolveConflict args;
    args.conflict = conflicts().front().id;
    args.choice = choice;
    args.arguments.data = std::move(arguments);
    args.note = std::move(note);
    return run(actor, args);
  }
  int arrivals = 0;
};

}  // namespace foyer
