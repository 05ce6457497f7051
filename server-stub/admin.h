// What the operator does from a terminal beside serving: backup, restore, doctor, user add. Each
// takes the settings, prints plain words, and returns the exit status: 0 done, 1 refused or failed.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "config.h"
#include "foyer/schema/entity.h"

namespace foyer::server {

using Entities = std::vector<const Entity*>;

// Online copy of a running or stopped installation into a new file, verified.
int back_up(const Config& config, const std::string& file, std::ostream& out);
// Replaces the database of a stopped installation; what was there goes to backup/.
int restore(const Config& config, const std::string& file, const Entities& entities,
            std::ostream& out);
// Checks the file, its schema and the disk.
int run_doctor(const Config& config, std::ostream& out);
// Adds one person of the staff; the password comes from --password or the first line of `in`.
int add_user(const Config& config, const Entities& entities, std::istream& in, std::ostream& out);

// Imports an exported table into a stopped installation and prints how each row fared. With
// --dry-run nothing is kept. Rows that cannot be taken make the status 3: the others are in.
int import_file(const Config& config, const std::string& kind, const std::string& file,
                const Entities& entities, std::ostream& out);

// Takes an import back, but for rows that somebody changed since.
int undo_import_run(const Config& config, const std::string& run, const Entities& entities,
                    std::ostream& out);

// One line for each kiosk of a stopped installation: who it is and how it fares.
int list_devices(const Config& config, const Entities& entities, std::ostream& out);
// Once it hears of it the device hands over what it holds, and forgets everything.
int revoke_device(const Config& config, const std::string& device, const Entities& entities,
                  std::ostream& out);

// An error in words for a terminal.
std::string explain(const Error& error);

}  // namespace foyer::server
