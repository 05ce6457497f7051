// kill -9 at random moments: what was acknowledged is there afterwards, once; the file is sound.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <vector>

#include "foyer/base/random.h"
#include "sqlite_database.h"
#include "writer_thread.h"

namespace foyer::server {
namespace {

// Writes numbers from `first` on and reports each that is durable, until it is killed.
[[noreturn]] void write_until_killed(const std::string& path, std::int64_t first, int report) {
  auto database = *Database::open(path, OpenMode::kWriter);
  WriterThread writer(*database, {.checkpoint_pages = 20}, nullptr);
  for (std::int64_t number = first;; ++number) {
    const bool is_queued = writer.submit(
        {[&, number] {
           return database->statement("INSERT INTO t VALUES (?1, ?2)")
               .bind(1, number)
               .bind(2, std::string(200, 'x'))
               .run();
         },
         [number, report](bool is_durable) {
           if (is_durable && write(report, &number, sizeof number) != sizeof number) _exit(1);
         }});
    if (!is_queued) usleep(100);
  }
}

// Opens the file as a restart does: the log is recovered by the first read.
std::unique_ptr<Database> restart(const std::string& path, std::vector<double>& milliseconds) {
  const auto start = std::chrono::steady_clock::now();
  auto database = *Database::open(path, OpenMode::kWriter);
  EXPECT_TRUE(database->integer_of("SELECT ifnull(max(i), 0) FROM t"));
  const std::chrono::duration<double, std::milli> spent = std::chrono::steady_clock::now() - start;
  milliseconds.push_back(spent.count());
  return database;
}

void print(std::vector<double> milliseconds) {
  std::sort(milliseconds.begin(), milliseconds.end());
  const auto count = milliseconds.size();
  std::cout << "measured: a writer alone, restart after kill -9, "
            << count << " times: p50 " << milliseconds[count / 2]
            << " ms, p99 " << milliseconds[count * 99 / 100] << " ms, max " << milliseconds.back()
            << " ms\n";
}

TEST(CrashTest, NothingAcknowledgedIsLost) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "foyer_crash_test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const auto path = (folder / "foyer.db").string();
  ASSERT_TRUE((*Database::open(path, OpenMode::kWriter))
                  ->execute("CREATE TABLE t (i INTEGER PRIMARY KEY, s TEXT) STRICT"));
  Random random(5);
  std::int64_t acknowledged_total = 0, first = 1;
  std::vector<double> restart_milliseconds;
  for (int round = 0; round < 200; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      close(ends[0]);
      write_until_killed(path, first, ends[1]);
    }
    close(ends[1]);
    std::int64_t number = 0, last = first - 1;
    const auto hear = [&] {
      if (read(ends[0], &number, sizeof number) != sizeof number) return false;
      EXPECT_EQ(number, last + 1);
      last = number;
      ++acknowledged_total;
      return true;
    };
    // Now and then while it starts, else in the midst of its work.
    if (random.chance(7, 8)) EXPECT_TRUE(hear());
    usleep(static_cast<useconds_t>(random.below(40'000)));
    kill(child, SIGKILL);
    while (hear()) continue;
    close(ends[0]);
    waitpid(child, nullptr, 0);
    const auto database = restart(path, restart_milliseconds);
    EXPECT_EQ(database->check_integrity(), "ok");
    EXPECT_GE(database->integer_of("SELECT count(*) FROM t").value(), acknowledged_total);
    EXPECT_GE(database->integer_of("SELECT ifnull(max(i), 0) FROM t").value(), last);
    EXPECT_EQ(database->integer_of("SELECT ifnull(max(i), 0) - count(*) FROM t").value(), 0);
    first = database->integer_of("SELECT ifnull(max(i), 0) + 1 FROM t").value();
    acknowledged_total = first - 1;  // what was written but not reported is kept as well
  }
  EXPECT_GT(first, 100);
  print(restart_milliseconds);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace foyer::server
