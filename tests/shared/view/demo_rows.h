// The demonstration company in memory, as its commands leave it, for tests of what people see.
#pragma once

#include <gtest/gtest.h>

#include "foyer/command/demo_data.h"
#include "foyer/command/execute.h"
#include "foyer/model/registry.h"
#include "foyer/query/memory_store.h"
#include "foyer/view/staff_cases.h"

namespace foyer {

struct DemoRows {
  static constexpr Instant kStart{1764160000000};
  MemoryStore store{Numbering::kAuthority};

  DemoRows() {
    std::uint64_t index = 0;
    for (const DemoStep& step : demo_steps({kStart, {0, 60}})) {
      Context context;
      context.now = step.at;
      context.command = derive_uuid(Uuid(), std::to_string(index++));
      context.actor =
          step.actor_email.empty() ? installation_actor() : actor_named(step.actor_email);
      const auto done = run_command(step.command, store, context);
      EXPECT_TRUE(done) << step.command.name;
    }
  }
  Actor actor_named(std::string_view email) const {
    return actor_of(store, find<&User::email>(store, email, 1).front().id);
  }
};

// Instants in milliseconds: tests need no calendar to compare them.
class PlainWords final : public TimeWords {
 public:
  std::string when(Instant at) const override { return std::to_string(at.ms); }
};

}  // namespace foyer
