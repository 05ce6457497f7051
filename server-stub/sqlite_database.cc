#include "sqlite_database.h"

#include <sqlite3.h>

#include <cstring>
#include <filesystem>

#include "foyer/base/assert.h"

namespace foyer::server {
namespace {

constexpr int kVersionMin = 3'051'003;

FailureKind kind_of(int code) {
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG: return FailureKind::kConstraint;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return FailureKind::kBusy;
    default: return FailureKind::kStorage;
  }
}

// In this order: a busy file must be waited for before the mode of its log can be changed.
constexpr const char* kWriterPragmas[] = {
    "PRAGMA busy_timeout=5000",   "PRAGMA journal_mode=WAL",   "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",     "PRAGMA trusted_schema=OFF", "PRAGMA cell_size_check=ON",
    "PRAGMA mmap_size=0",         "PRAGMA wal_autocheckpoint=0",
    "PRAGMA temp_store=MEMORY",   "PRAGMA cache_size=-65536",
};
constexpr const char* kReaderPragmas[] = {
    "PRAGMA busy_timeout=5000",   "PRAGMA query_only=ON",      "PRAGMA trusted_schema=OFF",
    "PRAGMA synchronous=FULL",    "PRAGMA wal_autocheckpoint=0",
    "PRAGMA cell_size_check=ON",  "PRAGMA temp_store=MEMORY",  "PRAGMA cache_size=-16384",
};

}  // namespace

Result<void> check_sqlite_version() {
  if (sqlite3_libversion_number() >= kVersionMin) return {};
  return fail(ErrorCode::kUnavailable, "sqlite", "too_old");
}

std::string sqlite_version() { return sqlite3_libversion(); }

Statement::~Statement() { sqlite3_finalize(handle_); }

// A statement that a damaged file made unpreparable takes anything; its step then fails.
void Statement::check_bound(int code) const {
  FOYER_ASSERT(code == SQLITE_OK || code == SQLITE_NOMEM || !handle_);
}

Statement& Statement::bind(int at, std::int64_t value) {
  check_bound(sqlite3_bind_int64(handle_, at, value));
  return *this;
}

Statement& Statement::bind(int at, std::string_view text) {
  // A null pointer would bind NULL, and an empty view may have one.
  const char* data = text.empty() ? "" : text.data();
  check_bound(sqlite3_bind_text64(handle_, at, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind_blob(int at, std::string_view bytes) {
  const char* data = bytes.empty() ? "" : bytes.data();
  check_bound(sqlite3_bind_blob64(handle_, at, data, bytes.size(), SQLITE_TRANSIENT));
  return *this;
}

Statement& Statement::bind_id(int at, const Uuid& id) {
  return bind_blob(at, {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()});
}

Statement& Statement::bind_null(int at) {
  check_bound(sqlite3_bind_null(handle_, at));
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) database_.record(sqlite3_extended_errcode(database_.handle_));
  sqlite3_reset(handle_);
  return false;
}

bool Statement::run() {
  const int code = sqlite3_step(handle_);
  const bool is_done = code == SQLITE_DONE || code == SQLITE_ROW;
  if (!is_done) database_.record(sqlite3_extended_errcode(database_.handle_));
  sqlite3_reset(handle_);
  return is_done;
}

void Statement::reset() { sqlite3_reset(handle_); }

bool Statement::is_null(int column) const {
  return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }

std::string_view Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  return {data ? data : "", static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

std::string_view Statement::blob(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(handle_, column));
  return {data ? data : "", static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

Uuid Statement::id(int column) const {
  Uuid id;
  const auto bytes = blob(column);
  if (bytes.size() == id.bytes.size()) std::memcpy(id.bytes.data(), bytes.data(), bytes.size());
  return id;
}

Result<std::unique_ptr<Database>> Database::open(const std::string& path, OpenMode mode,
                                                const char* file_system) {
  FOYER_TRY(check_sqlite_version());
  const int flags = mode == OpenMode::kWriter ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                              : SQLITE_OPEN_READWRITE;
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX, file_system);
  std::unique_ptr<Database> database(new Database(handle));
  if (code != SQLITE_OK) return fail(ErrorCode::kUnavailable, "data", "cannot_open");
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
  const auto apply = [&](const auto& pragmas) {
    for (const char* pragma : pragmas)
      if (!database->execute(pragma)) return false;
    return true;
  };
  const bool is_set = mode == OpenMode::kWriter ? apply(kWriterPragmas) : apply(kReaderPragmas);
  if (is_set) {
    sqlite3_wal_hook(
        handle,
        [](void* pages, sqlite3*, const char*, int count) {
          *static_cast<int*>(pages) = count;
          return SQLITE_OK;
        },
        &database->log_pages_);
    return database;
  }
  const auto failure = database->take_failure();
  if (failure && ((failure->code & 0xff) == SQLITE_NOTADB ||
                  (failure->code & 0xff) == SQLITE_CORRUPT))
    return fail(ErrorCode::kCorrupt, "data", "not_a_database");
  return fail(ErrorCode::kUnavailable, "data", "cannot_open");
}

Database::~Database() {
  statements_.clear();
  sqlite3_close(handle_);
}

Statement& Database::statement(std::string_view sql) {
  std::string key(sql);
  const auto found = statements_.find(key);
  if (found != statements_.end()) return *found->second;
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  // A damaged file can make a sound statement unpreparable: that is no programmer's error.
  if (code != SQLITE_OK) record(sqlite3_extended_errcode(handle_));
  FOYER_ASSERT(code != SQLITE_ERROR);
  std::unique_ptr<Statement> statement(new Statement(*this, handle));
  return *statements_.emplace(std::move(key), std::move(statement)).first->second;
}

bool Database::execute(const std::string& sql) {
  if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return true;
  record(sqlite3_extended_errcode(handle_));
  return false;
}

Result<std::int64_t> Database::integer_of(std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v2(handle_, sql.data(), static_cast<int>(sql.size()), &handle,
                                      nullptr);
  Statement statement(*this, handle);
  if (code == SQLITE_OK && statement.step()) return statement.integer(0);
  return fail(ErrorCode::kUnavailable, "data", "cannot_read");
}

bool Database::begin() { return statement("BEGIN IMMEDIATE").run(); }
bool Database::commit() { return statement("COMMIT").run(); }
void Database::rollback() {
  if (in_transaction()) execute("ROLLBACK");
}
bool Database::savepoint() { return statement("SAVEPOINT one_command").run(); }
void Database::release_savepoint() { statement("RELEASE one_command").run(); }
void Database::rollback_savepoint() {
  statement("ROLLBACK TO one_command").run();
  statement("RELEASE one_command").run();
}
bool Database::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

std::optional<StorageFailure> Database::take_failure() {
  return std::exchange(failure_, std::nullopt);
}

void Database::record(int code) {
  // A storage failure is never hidden behind a milder one that came first.
  const StorageFailure failure{kind_of(code), code};
  if (!failure_ || failure.kind > failure_->kind) failure_ = failure;
}

std::int64_t Database::changes() const { return sqlite3_changes64(handle_); }

void Database::checkpoint() {
  const int code =
      sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  log_pages_ = 0;
  const int kind = code & 0xff;
  if (kind == SQLITE_OK || kind == SQLITE_BUSY || kind == SQLITE_LOCKED || kind == SQLITE_FULL)
    return;
  record(sqlite3_extended_errcode(handle_));
}

Result<void> Database::backup_to(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored))
    return fail(ErrorCode::kConflict, "file", "already_exists");
  const auto folder = std::filesystem::path(path).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, ignored);
  auto result = copy_to(path);
  // Half a copy would only be mistaken for a whole one.
  if (!result)
    for (const char* suffix : {"", "-journal", "-wal", "-shm"})
      std::filesystem::remove(path + suffix, ignored);
  return result;
}

Result<void> Database::copy_to(const std::string& path) {
  sqlite3* target = nullptr;
  int code = sqlite3_open_v2(path.c_str(), &target,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  std::unique_ptr<Database> copy(new Database(target));
  if (code != SQLITE_OK) return fail(ErrorCode::kUnavailable, "file", "cannot_write");
  sqlite3_backup* backup = sqlite3_backup_init(target, "main", handle_, "main");
  if (!backup) return fail(ErrorCode::kUnavailable, "file", "cannot_write");
  // Few pages at a time, so that the server keeps working while its file is copied.
  do {
    code = sqlite3_backup_step(backup, 256);
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED) sqlite3_sleep(10);
  } while (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED);
  sqlite3_backup_finish(backup);
  if (code != SQLITE_DONE) return fail(ErrorCode::kUnavailable, "file", "cannot_write");
  // A single file, without a log beside it: easy to carry.
  copy->execute("PRAGMA journal_mode=DELETE");
  if (copy->check_integrity() != "ok") return fail(ErrorCode::kCorrupt, "file", "damaged");
  return {};
}

std::string Database::check_integrity() {
  std::string found;
  Statement& integrity = statement("PRAGMA integrity_check(20)");
  while (integrity.step()) {
    if (integrity.text(0) == "ok") continue;
    found += integrity.text(0);
    found += '\n';
  }
  Statement& keys = statement("PRAGMA foreign_key_check");
  while (keys.step()) {
    found += "a row of " + std::string(keys.text(0)) + " points at nothing in " +
             std::string(keys.text(2)) + '\n';
  }
  if (failure_) found += "the file cannot be read to its end\n";
  return found.empty() ? "ok" : found;
}

}  // namespace foyer::server
