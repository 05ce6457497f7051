#include "first_rows.h"

#include "foyer/command/demo_data.h"
#include "foyer/command/save_record.h"
#include "foyer/model/service.h"
#include "foyer/schema/binary.h"
#include "locale_data.h"
#include "random_ids.h"

namespace foyer::server {
namespace {

constexpr std::int64_t kDaysBack = 800, kDaysAhead = 1200, kDaysLeftMin = 365;
constexpr std::int64_t kWorkdayStart = 9 * 60, kWorkdayEnd = 17 * 60;

std::vector<std::int64_t> transitions_around(std::string_view zone, Instant now) {
  return zone_transitions(zone, now - kDaysBack * kMsPerDay, now + kDaysAhead * kMsPerDay);
}

}  // namespace

Command save_command(const Entity& entity, const void* row) {
  SaveRecord save{};
  save.entity = entity.name;
  save.row.data = encode(entity, row);
  return make_command(save);
}

std::vector<Command> first_rows(const FirstRows& rows, Instant now) {
  auto random = seeded_random();
  Calendar calendar{};
  calendar.id = Id<Calendar>(make_uuid(now, random));
  calendar.name = "Business hours";
  calendar.time_zone = rows.time_zone;
  for (std::int64_t weekday = 0; weekday < 5; ++weekday)
    calendar.intervals.insert(calendar.intervals.end(), {weekday, kWorkdayStart, kWorkdayEnd});
  calendar.transitions = transitions_around(rows.time_zone, now);
  SlaPolicy policy{};
  policy.id = Id<SlaPolicy>(make_uuid(now, random));
  policy.name = "Standard";
  policy.version = 1;
  policy.calendar = calendar.id;
  // Business minutes: first reply, next update, restore, resolution; normal, low, high, critical.
  policy.budgets = {480, 960, 0, 2400, 960, 1920, 0, 4800, 240, 480, 0, 1200, 60, 120, 0, 480};
  Tenant tenant{};
  tenant.id = Id<Tenant>(make_uuid(now, random));
  tenant.name = rows.company;
  tenant.time_zone = rows.time_zone;
  tenant.calendar = calendar.id;
  tenant.currency = "EUR";
  tenant.language = "en";
  return {save_command(entity_of<Calendar>(), &calendar),
          save_command(entity_of<SlaPolicy>(), &policy),
          save_command(entity_of<Tenant>(), &tenant),
          save_command(entity_of<User>(), &rows.administrator)};
}

std::vector<Command> calendar_updates(const Reader& reader, Instant now) {
  std::vector<Command> commands;
  for (auto& calendar : all<Calendar>(reader)) {
    const auto fresh = transitions_around(calendar.time_zone, now);
    const auto last_of = [](const std::vector<std::int64_t>& rows) {
      return rows.size() < 2 ? 0 : rows[rows.size() - 2];
    };
    // A zone without changes has one row for ever.
    const bool is_steady = fresh.size() == 2 && calendar.transitions.size() == 2 &&
                           calendar.transitions[1] == fresh[1];
    if (fresh.empty() || is_steady ||
        last_of(calendar.transitions) > now.ms + kDaysLeftMin * kMsPerDay)
      continue;
    calendar.transitions = fresh;
    commands.push_back(save_command(entity_of<Calendar>(), &calendar));
  }
  return commands;
}

Result<void> run_as_installation(CommandGate& gate, const std::vector<Command>& commands,
                                 Instant now) {
  auto random = seeded_random();
  for (const auto& command : commands)
    FOYER_TRY(gate.execute(command, {.actor = installation_actor(),
                                     .now = now,
                                     .command = make_uuid(now, random)}));
  return {};
}

}  // namespace foyer::server
