// The log is copied while the writer goes on, and begun anew by it.
#include "checkpointer.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "writer_thread.h"

namespace foyer::server {
namespace {

// The operating system's disk, where syncs of the database's own file fail as the test says.
class FailingDisk {
 public:
  explicit FailingDisk(const char* name) {
    disk = this;
    vfs_ = *sqlite3_vfs_find(nullptr);
    system_open = vfs_.xOpen;
    vfs_.zName = name;
    vfs_.pNext = nullptr;
    vfs_.xOpen = [](sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out) {
      const int code = system_open(vfs, path, file, flags, out);
      if (code != SQLITE_OK || !(flags & SQLITE_OPEN_MAIN_DB)) return code;
      system_methods = file->pMethods;
      methods = *system_methods;
      methods.xSync = [](sqlite3_file* synced, int how) {
        if (disk->fault == SQLITE_OK) return system_methods->xSync(synced, how);
        ++disk->failures;
        return disk->fault.load();
      };
      file->pMethods = &methods;
      return code;
    };
    sqlite3_vfs_register(&vfs_, 0);
  }
  ~FailingDisk() { sqlite3_vfs_unregister(&vfs_); }
  FailingDisk(const FailingDisk&) = delete;
  FailingDisk& operator=(const FailingDisk&) = delete;

  const char* name() const { return vfs_.zName; }
  std::atomic<int> fault{SQLITE_OK}, failures{0};

 private:
  static inline FailingDisk* disk = nullptr;
  static inline int (*system_open)(sqlite3_vfs*, const char*, sqlite3_file*, int, int*) = nullptr;
  static inline const sqlite3_io_methods* system_methods = nullptr;
  static inline sqlite3_io_methods methods{};
  sqlite3_vfs vfs_{};
};

template <class Condition>
bool holds_in_time(Condition condition) {
  for (int wait = 0; wait < 10'000; ++wait) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

TEST(CheckpointerTest, TheLogStaysShortWhileTheWriterGoesOn) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "foyer_checkpointer_test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const auto path = (folder / "foyer.db").string();
  auto database = *Database::open(path, OpenMode::kWriter);
  ASSERT_TRUE(database->execute("CREATE TABLE t (i INTEGER, x BLOB) STRICT"));
  auto checkpointer = *Checkpointer::open(path);
  constexpr std::int64_t kRows = 500;
  {
    WriterThread writer(
        *database, {.checkpoint_pages = 50, .checkpointer = checkpointer.get()}, nullptr);
    for (std::int64_t i = 0; i < kRows; ++i)
      ASSERT_TRUE(writer.run_and_wait([&] {
        return database->statement("INSERT INTO t VALUES (?1, zeroblob(9000))").bind(1, i).run();
      }));
    // 500 rows are about 1,700 pages: a log that nobody copies would hold them all.
    EXPECT_LT(database->log_pages(), 500);
    EXPECT_GT(std::filesystem::file_size(path), 300u * 9'000u);
  }
  checkpointer.reset();
  EXPECT_EQ(database->check_integrity(), "ok");
  EXPECT_EQ(database->integer_of("SELECT count(*) FROM t").value_or(0), kRows);
  database.reset();
  std::filesystem::remove_all(folder);
}

TEST(CheckpointerTest, SaysOnceThatACopyHasEnded) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "foyer_checkpointer_test_2";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const auto path = (folder / "foyer.db").string();
  {
    const auto database = *Database::open(path, OpenMode::kWriter);
    ASSERT_TRUE(database->execute("CREATE TABLE t (i INTEGER) STRICT; INSERT INTO t VALUES (7)"));
    const auto checkpointer = *Checkpointer::open(path);
    EXPECT_FALSE(checkpointer->take_finished());
    checkpointer->start();
    EXPECT_TRUE(holds_in_time([&] { return checkpointer->take_finished(); }));
    EXPECT_FALSE(checkpointer->take_finished());
    // What is in the file itself, without the log.
    std::filesystem::copy_file(path, path + ".copy");
    const auto copy = *Database::open(path + ".copy", OpenMode::kWriter);
    EXPECT_EQ(copy->integer_of("SELECT i FROM t").value_or(0), 7);
  }
  std::filesystem::remove_all(folder);
}

TEST(CheckpointerTest, ADamagedFileIsMetByTheNextGroupAndEndsTheWriter) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "foyer_checkpointer_test_3";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const auto path = (folder / "foyer.db").string();
  {
    FailingDisk disk("checkpointer_test");
    const auto database = *Database::open(path, OpenMode::kWriter);
    ASSERT_TRUE(database->execute("CREATE TABLE t (i INTEGER) STRICT"));
    const auto checkpointer = *Checkpointer::open(path, disk.name());
    std::atomic<int> fatal_code = 0, fatal_count = 0;
    WriterThread writer(*database, {.checkpoint_pages = 2, .checkpointer = checkpointer.get()},
                        [&](int code) { fatal_code = code, ++fatal_count; });
    const auto insert = [&] {
      return writer.run_and_wait([&] { return database->execute("INSERT INTO t VALUES (1)"); });
    };
    // A full disk only postpones the copy.
    disk.fault = SQLITE_FULL;
    ASSERT_TRUE(insert());
    EXPECT_TRUE(holds_in_time([&] { return checkpointer->take_finished(); }));
    EXPECT_GT(disk.failures, 0);
    EXPECT_FALSE(checkpointer->failure());
    disk.fault = SQLITE_IOERR_FSYNC;
    ASSERT_TRUE(insert());
    EXPECT_TRUE(holds_in_time([&] { return checkpointer->failure().has_value(); }));
    EXPECT_FALSE(insert());
    EXPECT_FALSE(insert());
    EXPECT_EQ(fatal_count, 1);
    EXPECT_EQ(fatal_code, SQLITE_IOERR_FSYNC);
    disk.fault = SQLITE_OK;
    EXPECT_EQ(database->integer_of("SELECT count(*) FROM t").value_or(0), 2);
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace foyer::server
