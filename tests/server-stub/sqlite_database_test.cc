#include "sqlite_database.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace foyer::server {
namespace {

class SqliteDatabaseTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / "foyer_sqlite_database_test";
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  std::unique_ptr<Database> open(OpenMode mode = OpenMode::kWriter) {
    auto database = Database::open(path("foyer.db"), mode);
    EXPECT_TRUE(database.has_value());
    return std::move(*database);
  }

  std::filesystem::path folder_;
};

TEST_F(SqliteDatabaseTest, TheLibraryIsNewEnough) {
  EXPECT_TRUE(check_sqlite_version().has_value()) << sqlite_version();
}

TEST_F(SqliteDatabaseTest, TheWriterHasTheSettingsThatSurviveAPowerCut) {
  const auto database = open();
  const struct {
    const char* pragma;
    std::int64_t value;
  } cases[] = {{"PRAGMA busy_timeout", 5000}, {"PRAGMA synchronous", 2},
               {"PRAGMA foreign_keys", 1},    {"PRAGMA trusted_schema", 0},
               {"PRAGMA cell_size_check", 1}, {"PRAGMA mmap_size", 0},
               {"PRAGMA wal_autocheckpoint", 0}};
  for (const auto& row : cases)
    EXPECT_EQ(database->integer_of(row.pragma).value_or(-1), row.value) << row.pragma;
  Statement& mode = database->statement("PRAGMA journal_mode");
  ASSERT_TRUE(mode.step());
  EXPECT_EQ(mode.text(0), "wal");
}

TEST_F(SqliteDatabaseTest, ValuesOfEveryKindComeBack) {
  const auto database = open();
  ASSERT_TRUE(database->execute("CREATE TABLE t (i INTEGER, s TEXT, b BLOB) STRICT"));
  const std::string bytes("\0\xff\x01", 3);
  EXPECT_TRUE(database->statement("INSERT INTO t VALUES (?1, ?2, ?3)")
                  .bind(1, std::int64_t{INT64_MIN})
                  .bind(2, std::string_view("grüße"))
                  .bind_blob(3, bytes)
                  .run());
  EXPECT_TRUE(database->statement("INSERT INTO t VALUES (?1, ?2, ?3)")
                  .bind(1, std::int64_t{0})
                  .bind(2, std::string_view())
                  .bind_null(3)
                  .run());
  Statement& select = database->statement("SELECT i, s, b FROM t ORDER BY i");
  ASSERT_TRUE(select.step());
  EXPECT_EQ(select.integer(0), INT64_MIN);
  EXPECT_EQ(select.text(1), "grüße");
  EXPECT_EQ(select.blob(2), bytes);
  ASSERT_TRUE(select.step());
  EXPECT_FALSE(select.is_null(1));
  EXPECT_TRUE(select.is_null(2));
  EXPECT_FALSE(select.step());
}

TEST_F(SqliteDatabaseTest, AReaderCannotWriteAndSeesOnlyWhatIsCommitted) {
  const auto writer = open();
  ASSERT_TRUE(writer->execute("CREATE TABLE t (i INTEGER) STRICT"));
  const auto reader = open(OpenMode::kReader);
  EXPECT_FALSE(reader->execute("INSERT INTO t VALUES (1)"));
  EXPECT_TRUE(reader->take_failure().has_value());
  ASSERT_TRUE(writer->begin());
  ASSERT_TRUE(writer->execute("INSERT INTO t VALUES (1)"));
  EXPECT_EQ(reader->integer_of("SELECT count(*) FROM t").value(), 0);
  ASSERT_TRUE(writer->commit());
  EXPECT_EQ(reader->integer_of("SELECT count(*) FROM t").value(), 1);
}

TEST_F(SqliteDatabaseTest, ASavepointUndoesOneCommandOnly) {
  const auto database = open();
  ASSERT_TRUE(database->execute("CREATE TABLE t (i INTEGER UNIQUE) STRICT"));
  ASSERT_TRUE(database->begin());
  for (const std::int64_t value : {1, 2, 1, 3}) {
    ASSERT_TRUE(database->savepoint());
    database->statement("INSERT INTO t VALUES (?1 + 100)").bind(1, value).run();
    if (database->statement("INSERT INTO t VALUES (?1)").bind(1, value).run() &&
        !database->failure()) {
      database->release_savepoint();
      continue;
    }
    EXPECT_EQ(database->take_failure()->kind, FailureKind::kConstraint);
    database->rollback_savepoint();
  }
  ASSERT_TRUE(database->commit());
  EXPECT_EQ(database->integer_of("SELECT count(*) FROM t").value(), 6);
}

TEST_F(SqliteDatabaseTest, ABackupIsWholeAndNeverOverwrites) {
  const auto database = open();
  ASSERT_TRUE(database->execute("CREATE TABLE t (s TEXT) STRICT"));
  ASSERT_TRUE(database->execute(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) "
      "INSERT INTO t SELECT 'row ' || i FROM n"));
  ASSERT_TRUE(database->backup_to(path("copy.db")).has_value());
  EXPECT_EQ(database->backup_to(path("copy.db")).error().code, ErrorCode::kConflict);
  EXPECT_FALSE(std::filesystem::exists(path("copy.db-wal")));
  const auto copy = Database::open(path("copy.db"), OpenMode::kReader);
  ASSERT_TRUE(copy.has_value());
  EXPECT_EQ((*copy)->integer_of("SELECT count(*) FROM t").value(), 5000);
}

TEST_F(SqliteDatabaseTest, DamageIsFoundAndAForeignFileRefused) {
  {
    const auto database = open();
    ASSERT_TRUE(database->execute("CREATE TABLE t (s TEXT) STRICT; CREATE INDEX x ON t(s)"));
    for (int i = 0; i < 500; ++i)
      database->statement("INSERT INTO t VALUES (?1)").bind(1, std::to_string(i * 7919)).run();
    EXPECT_EQ(database->check_integrity(), "ok");
    database->checkpoint();
  }
  const auto size = std::filesystem::file_size(path("foyer.db"));
  std::fstream file(path("foyer.db"), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(size - 3000));
  file << std::string(2000, '\x5a');
  file.close();
  EXPECT_NE(open()->check_integrity(), "ok");
  std::ofstream(path("other.db")) << std::string(9000, 'x');
  EXPECT_EQ(Database::open(path("other.db"), OpenMode::kWriter).error().code,
            ErrorCode::kCorrupt);
  EXPECT_EQ(Database::open(path("none/x.db"), OpenMode::kWriter).error().code,
            ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace foyer::server
