// One connection to a SQLite file, and its prepared statements. sqlite_database.cc is the only file
// that includes sqlite3.h. Knows no entity.
// Invariant: a connection is used by one thread at a time; a failure is remembered until taken, so
// that ports without error returns (Writer) can be checked once per command.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "foyer/base/id.h"
#include "foyer/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace foyer::server {

enum class FailureKind : std::uint8_t {
  kConstraint,  // the statement's own fault: the command may be rejected, the file is fine
  kBusy,        // somebody else holds the file
  kStorage,     // disk, memory or file damage: nothing may be acknowledged any more
};

struct StorageFailure {
  FailureKind kind = FailureKind::kStorage;
  int code = 0;  // SQLite's extended result code, for the log
};

class Database;

// A prepared statement. Parameters count from 1, columns from 0.
class Statement {
 public:
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& bind(int at, std::int64_t value);
  Statement& bind(int at, std::string_view text);
  Statement& bind_blob(int at, std::string_view bytes);
  Statement& bind_id(int at, const Uuid& id);  // as 16 bytes
  Statement& bind_null(int at);
  // True while there is a row; false at the end or on failure (see Database::failure), and then the
  // statement is reset and may be bound again.
  bool step();
  // Runs a statement that returns no rows.
  bool run();
  // Ends a read early.
  void reset();

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  std::string_view text(int column) const;  // valid until the next step
  std::string_view blob(int column) const;  // likewise
  Uuid id(int column) const;                // of 16 bytes; null if it holds anything else

 private:
  friend class Database;
  Statement(Database& database, sqlite3_stmt* handle) : database_(database), handle_(handle) {}
  void check_bound(int code) const;

  Database& database_;
  sqlite3_stmt* handle_;
};

enum class OpenMode : std::uint8_t { kWriter, kReader };

class Database {
 public:
  // Opens (the writer creates) the file with the settings of server.md, section 2. kUnavailable
  // when it cannot be opened or another process writes to it, kCorrupt when it is no database.
  // `file_system` names a registered SQLite VFS; null is the operating system's.
  static Result<std::unique_ptr<Database>> open(const std::string& path, OpenMode mode,
                                                const char* file_system = nullptr);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Prepares once and keeps for life. The text must be valid SQL for this schema (FOYER_ASSERT).
  Statement& statement(std::string_view sql);
  // One or several statements without rows.
  bool execute(const std::string& sql);
  // One statement without rows, prepared for life.
  bool execute_kept(std::string_view sql) { return statement(sql).run(); }
  Result<std::int64_t> integer_of(std::string_view sql);

  bool begin();     // BEGIN IMMEDIATE
  bool commit();
  void rollback();
  bool savepoint();
  void release_savepoint();
  void rollback_savepoint();
  bool in_transaction() const;

  // The first failure since the last call, if any.
  std::optional<StorageFailure> take_failure();
  const std::optional<StorageFailure>& failure() const { return failure_; }

  std::int64_t changes() const;
  // Pages in the write-ahead log after the last commit of this connection.
  int log_pages() const { return log_pages_; }
  // Copies the log into the file. A reader in the way, another copy or a full disk only postpones
  // the rest, which the log keeps; anything else is a failure.
  void checkpoint();
  // Online copy to a new file, then its integrity is verified. kConflict if the file exists.
  Result<void> backup_to(const std::string& path);
  // "ok" or the first lines of what PRAGMA integrity_check and foreign_key_check found.
  std::string check_integrity();

 private:
  friend class Statement;
  explicit Database(sqlite3* handle) : handle_(handle) {}
  void record(int code);
  Result<void> copy_to(const std::string& path);

  sqlite3* handle_;
  std::optional<StorageFailure> failure_;
  int log_pages_ = 0;
  std::unordered_map<std::string, std::unique_ptr<Statement>> statements_;
};

// Versions 3.7.0 to 3.51.2 can lose commits (WAL reset): refused.
Result<void> check_sqlite_version();
std::string sqlite_version();

}  // namespace foyer::server
