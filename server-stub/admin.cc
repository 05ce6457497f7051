#include "admin.h"

#include <filesystem>
#include <fstream>
#include <istream>
#include <ostream>
#include <sstream>

#include "clock.h"
#include "foyer/base/text.h"
#include "foyer/model/people.h"
#include "foyer/command/demo_data.h"
#include "foyer/command/kiosk_device.h"
#include "first_rows.h"
#include "import_job.h"
#include "installation.h"
#include "passwords.h"
#include "random_ids.h"
#include "server_tables.h"
#include "sqlite_schema.h"
#include "sqlite_scope_log.h"

namespace foyer::server {
namespace {

std::string database_file_of(const Config& config) { return config.get("data") + "/foyer.db"; }

std::string fence_file_of(const Config& config) { return config.get("data") + "/fence"; }

int refuse(std::ostream& out, const Error& error) {
  out << explain(error) << '\n';
  return 1;
}

std::optional<Role> role_named(std::string_view name) {
  for (std::size_t i = 0; i < kNames<Role>.size(); ++i)
    if (kNames<Role>[i] == name) return static_cast<Role>(i);
  return std::nullopt;
}

// Staff roles only: customers are contacts and come in by invitation.
Result<Roles> parse_roles(const std::vector<std::string>& names) {
  Roles roles;
  for (const auto& name : names) {
    const auto role = role_named(name);
    if (!role || kCustomerRoles.has(*role) || *role == Role::kKiosk)
      return fail(ErrorCode::kInvalid, "role", "unknown_role");
    roles.add(*role);
  }
  if (roles.is_none()) return fail(ErrorCode::kInvalid, "role", "required");
  return roles;
}

// How far a copy goes.
std::optional<Fence::Backup> state_of_copy(const std::string& file) {
  const auto copy = Database::open(file, OpenMode::kReader);
  if (!copy) return std::nullopt;
  const SqliteScopeLog log(**copy);
  const Fence::Backup state{log.epoch(), log.seq()};
  if ((*copy)->failure()) return std::nullopt;
  return state;
}

Result<void> check_copy(const std::string& file, const Entities& entities) {
  auto copy = Database::open(file, OpenMode::kWriter);
  if (!copy) return std::unexpected(copy.error());
  if ((*copy)->check_integrity() != "ok") return fail(ErrorCode::kCorrupt, "file", "damaged");
  FOYER_TRY(migrate(**copy, {.entities = entities, .backup_file = {}, .now = wall_clock()}));
  if (!(*copy)->execute("PRAGMA journal_mode=DELETE"))
    return fail(ErrorCode::kUnavailable, "file", "cannot_write");
  return {};
}

void print_report(const ImportReport& report, bool is_dry_run, std::ostream& out) {
  for (const auto& [field, column] : report.columns)
    out << "column \"" << column << "\" is taken as " << field << '\n';
  for (const auto& issue : report.issues) {
    out << "line " << issue.line << ", " << issue.column << ": " << explain_issue(issue.detail)
        << (issue.severity == Severity::kLeftOut ? "; the row is left out\n"
                                                 : "; the row comes in without it\n");
  }
  out << report.rows << " rows";
  if (report.folded > 0) out << " make " << report.folded << " cases";
  out << ": " << report.created << " new, " << report.updated << " changed, "
      << report.unchanged << " as before, " << report.left_out << " left out\n";
  if (report.created_beside > 0)
    out << report.created_beside << " more that the rows mention are new\n";
  if (is_dry_run) out << "This was a dry run: nothing was kept.\n";
}

std::string describe_device(const Device& device) {
  std::string line = to_string(device.id) + "  " + device.series + "  " + device.name + ": ";
  if (!device.revoked_at.is_none()) return line + "revoked " + to_iso(device.revoked_at);
  if (device.enrolled_at.is_none()) return line + "not set up yet";
  line += "last heard of " + to_iso(device.last_contact_at) + ", " +
          std::to_string(device.waiting) + " waiting";
  if (device.waiting > 0) line += " since " + to_iso(device.oldest_waiting_at);
  return line;
}

}  // namespace

std::string explain(const Error& error) {
  struct Words {
    std::string_view detail, text;
  };
  static constexpr Words kWords[] = {
      {"in_use", "Another foyer-server is using this data folder. Stop it first."},
      {"cannot_open", "The database cannot be opened. Is the folder there, and writable?"},
      {"cannot_write", "The file cannot be written. Is there room on the disk?"},
      {"cannot_read", "The file cannot be read."},
      {"not_a_database", "The file is not a database, or it is damaged."},
      {"not_foyer", "The file is a database of some other program."},
      {"damaged", "The file is damaged: it failed its integrity check."},
      {"newer_schema", "The database was written by a newer foyer-server. Use that version."},
      {"changed_migration", "The database's history does not match this program."},
      {"already_exists", "The file exists already and is left as it is. Choose another name."},
      {"too_old", "The SQLite library is too old to be trusted with commits."},
      {"no_entropy", "The system has no source of random numbers."},
      {"no_such_import", "There is no such import."},
      {"no_such_device", "There is no such device. See: foyer-server device list"},
      {"device_revoked", "The device was revoked already."},
      {"not_empty", "This data folder holds real data already: --demo only fills an empty one."},
      {"not_found", "There is nothing of this name."},
      {"already_done", "This was done already."},
      {"unknown_kind", "There is no such kind of import."},
      {"missing_column", "The file has no column for this field. Name one: --map COLUMN=FIELD."},
      {"unknown_column", "The file has no such column."},
      {"unknown_field", "There is no such field."},
      {"bad_mapping", "Give the mapping as COLUMN=FIELD, separated by commas."},
      {"empty", "The file is empty."},
      {"too_large", "The file is too large."},
      {"not_utf8", "The file is no text in a known encoding."},
      {"unclosed_quote", "A quoted value is never closed."},
      {"cell_too_long", "A value is far too long: is this the right file?"},
      {"too_many_columns", "There are far too many columns: is this the right file?"},
      {"duplicate_column", "Two columns have the same name."},
      {"unknown_role", "There is no such staff role."},
      {"required", "A value is missing."},
      {"too_short", "The password needs at least 12 characters."},
      {"too_long", "The value is too long."},
      {"too_common", "The password is too easy to guess."},
      {"already_used", "Somebody already signs in with this e-mail address."},
      {"bad_address", "This is not an address with a port, such as 127.0.0.1:8080."},
      {"cannot_listen", "The address cannot be listened on. Is the port taken?"},
      {"unknown_setting", "There is no such setting."},
      {"needs_value", "This setting needs a value."},
      {"given_twice", "This setting was given twice."},
  };
  for (const auto& words : kWords) {
    if (words.detail != error.detail) continue;
    std::string text(words.text);
    if (!error.field.empty()) text += " (" + error.field + ")";
    return text;
  }
  return "It did not work: " + error.field + " " + error.detail;
}

int back_up(const Config& config, const std::string& file, std::ostream& out) {
  std::error_code ignored;
  if (!std::filesystem::exists(database_file_of(config), ignored))
    return refuse(out, {ErrorCode::kNotFound, "data", "cannot_open"});
  auto database = Database::open(database_file_of(config), OpenMode::kReader);
  if (!database) return refuse(out, database.error());
  const auto result = (*database)->backup_to(file);
  if (!result) return refuse(out, result.error());
  // Devices keep what they sent until they know that it is in a backup.
  const auto state = state_of_copy(file);
  if (!state || !Fence::note_backup(fence_file_of(config), state->epoch, state->seq))
    return refuse(out, {ErrorCode::kUnavailable, "fence", "cannot_write"});
  out << "Backed up and verified: " << file << '\n';
  return 0;
}

int restore(const Config& config, const std::string& file, const Entities& entities,
            std::ostream& out) {
  std::error_code error;
  if (!std::filesystem::exists(file, error))
    return refuse(out, {ErrorCode::kNotFound, "file", "cannot_read"});
  auto folder = DataFolder::lock(config.get("data"));
  if (!folder) return refuse(out, folder.error());
  const auto target = (*folder)->database_file();
  const auto incoming = target + ".incoming";
  std::filesystem::remove(incoming, error);
  {
    auto source = Database::open(file, OpenMode::kReader);
    if (!source) return refuse(out, source.error());
    const auto copied = (*source)->backup_to(incoming);
    if (!copied) return refuse(out, copied.error());
  }
  const auto checked = check_copy(incoming, entities);
  if (!checked) {
    std::filesystem::remove(incoming, error);
    return refuse(out, checked.error());
  }
  // Another history begins with the next start: devices that saw what came after the backup must
  // not trust its numbers.
  const auto state = state_of_copy(incoming);
  if (!state || !Fence::note_restore((*folder)->fence_file(), state->epoch, state->seq)) {
    std::filesystem::remove(incoming, error);
    return refuse(out, {ErrorCode::kUnavailable, "fence", "cannot_write"});
  }
  if (std::filesystem::exists(target, error)) {
    auto old = Database::open(target, OpenMode::kWriter);
    const auto kept = (*folder)->new_backup_file(wall_clock());
    // A damaged file is why one restores: then it is moved aside as it is.
    if (!old || !(*old)->backup_to(kept)) std::filesystem::copy_file(target, kept + ".damaged");
    out << "What was there before is kept in backup/.\n";
  }
  for (const char* suffix : {"-wal", "-shm"}) std::filesystem::remove(target + suffix, error);
  std::filesystem::rename(incoming, target, error);
  if (error) return refuse(out, {ErrorCode::kUnavailable, "data", "cannot_write"});
  out << "Restored from " << file << '\n';
  return 0;
}

int run_doctor(const Config& config, std::ostream& out) {
  out << "SQLite " << sqlite_version() << '\n';
  std::error_code ignored;
  if (!std::filesystem::exists(database_file_of(config), ignored))
    return refuse(out, {ErrorCode::kNotFound, "data", "cannot_open"});
  auto database = Database::open(database_file_of(config), OpenMode::kReader);
  if (!database) return refuse(out, database.error());
  const auto found = (*database)->check_integrity();
  out << "Database: " << found << '\n';
  const auto space = std::filesystem::space(config.get("data"), ignored);
  const auto percent = ignored ? 0 : space.available * 100 / std::max<std::uintmax_t>(
                                                                 1, space.capacity);
  out << "Disk free: " << percent << " %\n";
  const bool is_fine = found == "ok" && percent > 5;
  out << (is_fine ? "Everything looks fine.\n" : "There is a problem.\n");
  return is_fine ? 0 : 1;
}

int add_user(const Config& config, const Entities& entities, std::istream& in,
             std::ostream& out) {
  const auto email = to_ascii_lower(trim(config.get("email")));
  if (email.empty() || email.find('@') == std::string::npos)
    return refuse(out, {ErrorCode::kInvalid, "email", "required"});
  if (!config.has("name")) return refuse(out, {ErrorCode::kInvalid, "name", "required"});
  const auto roles = parse_roles(config.list("role"));
  if (!roles) return refuse(out, roles.error());
  std::string password = config.get("password");
  if (password.empty()) std::getline(in, password);
  const auto strength = check_password_strength(password, email);
  if (!strength) return refuse(out, strength.error());
  const auto now = wall_clock();
  auto installation = Installation::open({.folder = config.get("data"), .entities = entities}, now);
  if (!installation) return refuse(out, installation.error());
  User user{};
  user.id = Id<User>(random_uuid(now));
  user.name = config.get("name");
  user.email = email;
  user.roles = *roles;
  const auto hash = hash_password(password);
  CommandGate gate(**installation, wall_clock);
  Result<void> result = fail(ErrorCode::kUnavailable, "data", "cannot_write");
  const bool is_added = (*installation)->writer().run_and_wait([&] {
    result = run_as_installation(gate, {save_command(entity_of<User>(), &user)}, now);
    return result && !hash.empty() &&
           store_password((*installation)->database(), user.id, hash, now);
  });
  if (!result) return refuse(out, result.error());
  if (!is_added) return refuse(out, {ErrorCode::kUnavailable, "data", "cannot_write"});
  out << "Added " << email << '\n';
  return 0;
}

int import_file(const Config& config, const std::string& kind_name, const std::string& file,
                const Entities& entities, std::ostream& out) {
  const auto kind = import_kind_named(kind_name);
  if (!kind) {
    out << "There is no such kind of import. Choose one of: " << import_kind_names() << '\n';
    return 2;
  }
  ImportOptions options;
  for (const auto& pair : config.list("map")) {
    const auto equals = pair.rfind('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == pair.size())
      return refuse(out, {ErrorCode::kInvalid, pair, "bad_mapping"});
    options.mapping[std::string(trim(pair.substr(0, equals)))] = trim(pair.substr(equals + 1));
  }
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  if (!stream.is_open()) return refuse(out, {ErrorCode::kNotFound, "file", "cannot_read"});
  auto installation = Installation::open({.folder = config.get("data"), .entities = entities},
                                         wall_clock());
  if (!installation) return refuse(out, installation.error());
  CommandGate gate(**installation, wall_clock);
  const ImportRequest request{.kind = kind_name,
                              .file_name = std::filesystem::path(file).filename().string(),
                              .bytes = std::move(bytes).str(),
                              .options = options,
                              .is_dry_run = config.has("dry-run")};
  const auto result =
      import_now(**installation, gate, request, installation_actor(), wall_clock());
  if (!result) return refuse(out, result.error());
  print_report(result->report, request.is_dry_run, out);
  if (!result->run.is_null())
    out << "To take it back: foyer-server undo-import " << to_string(result->run) << '\n';
  return result->report.left_out > 0 ? 3 : 0;
}

int undo_import_run(const Config& config, const std::string& run, const Entities& entities,
                    std::ostream& out) {
  const auto id = parse_uuid(run);
  if (!id) return refuse(out, {ErrorCode::kNotFound, "run", "no_such_import"});
  auto installation = Installation::open({.folder = config.get("data"), .entities = entities},
                                         wall_clock());
  if (!installation) return refuse(out, installation.error());
  CommandGate gate(**installation, wall_clock);
  const auto undone = undo_now(**installation, gate, Id<ImportRun>(*id), installation_actor(),
                               wall_clock());
  if (!undone) return refuse(out, undone.error());
  out << "Taken back: " << undone->created << " rows it made, " << undone->updated
      << " it changed; " << undone->kept << " of them are left because somebody changed them\n";
  return 0;
}

int list_devices(const Config& config, const Entities& entities, std::ostream& out) {
  auto installation = Installation::open({.folder = config.get("data"), .entities = entities},
                                         wall_clock());
  if (!installation) return refuse(out, installation.error());
  auto lease = (*installation)->readers().acquire();
  int count = 0;
  for (const auto& device : all<Device>(lease.store())) {
    if (device.kind != DeviceKind::kKiosk) continue;
    out << describe_device(device) << '\n';
    ++count;
  }
  if (count == 0) out << "There are no kiosks.\n";
  return 0;
}

int revoke_device(const Config& config, const std::string& device, const Entities& entities,
                  std::ostream& out) {
  const auto id = parse_uuid(device);
  if (!id) return refuse(out, {ErrorCode::kNotFound, "device", "no_such_device"});
  const auto now = wall_clock();
  auto installation = Installation::open({.folder = config.get("data"), .entities = entities}, now);
  if (!installation) return refuse(out, installation.error());
  CommandGate gate(**installation, wall_clock);
  RevokeDevice args{};
  args.device = Id<Device>(*id);
  args.reason = "Revoked by the operator";
  Result<void> result = fail(ErrorCode::kUnavailable, "data", "cannot_write");
  const bool is_kept = (*installation)->writer().run_and_wait([&] {
    result = run_as_installation(gate, {make_command(args)}, now);
    return result.has_value();
  });
  if (!result && result.error().code == ErrorCode::kNotFound)
    return refuse(out, {ErrorCode::kNotFound, "device", "no_such_device"});
  if (!result) return refuse(out, result.error());
  if (!is_kept) return refuse(out, {ErrorCode::kUnavailable, "data", "cannot_write"});
  out << "Revoked " << device << '\n';
  return 0;
}

}  // namespace foyer::server
