// What a new installation begins with: the company, its business hours, a first promise, and the
// first administrator; and the transitions of calendars, which only the server can compute.
#pragma once

#include <string>
#include <vector>

#include "command_gate.h"
#include "foyer/model/people.h"

namespace foyer::server {

struct FirstRows {
  std::string company, time_zone;
  User administrator;
};
// As record.save commands, in order.
std::vector<Command> first_rows(const FirstRows& rows, Instant now);

// record.save of each calendar whose transitions end within a year of `now`.
std::vector<Command> calendar_updates(const Reader& reader, Instant now);

// Runs commands as the installation itself, in the writer's transaction; stops at a refusal.
Result<void> run_as_installation(CommandGate& gate, const std::vector<Command>& commands,
                                 Instant now);

// record.save of one row.
Command save_command(const Entity& entity, const void* row);

}  // namespace foyer::server
