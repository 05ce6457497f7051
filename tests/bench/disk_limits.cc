// foyer_bench_disk_limits FOLDER SECONDS: what this disk and SQLite give at best, as one JSON
// object: a block of a file overwritten and fdatasync; a row inserted and a counter raised in WAL
// mode with FULL, one commit for each and one for 64.
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>

#include "sqlite_database.h"

namespace foyer::server {
namespace {

using Steady = std::chrono::steady_clock;

// How often `work` can be done in a second; it says how many things one call did.
template <class Work>
double rate_of(double seconds, Work work) {
  const auto start = Steady::now();
  double done = 0, spent = 0;
  while (spent < seconds) {
    done += work();
    spent = std::chrono::duration<double>(Steady::now() - start).count();
  }
  return done / spent;
}

double syncs(const std::string& folder, double seconds) {
  const auto path = folder + "/overwritten";
  const int file = open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
  const std::string block(4096, 'x');
  constexpr int kBlocks = 1024;  // a write-ahead log overwrites itself too, once it has its size
  for (int i = 0; i < kBlocks; ++i)
    if (write(file, block.data(), block.size()) < 0) return 0;
  fsync(file);
  off_t at = 0;
  const double rate = rate_of(seconds, [&] {
    at = (at + 1) % kBlocks;
    const auto written = pwrite(file, block.data(), block.size(), at * 4096);
    return written == static_cast<ssize_t>(block.size()) && fdatasync(file) == 0 ? 1.0 : 0.0;
  });
  close(file);
  unlink(path.c_str());
  return rate;
}

double commits(Database& database, double seconds, int rows) {
  std::int64_t id = database.integer_of("SELECT count(*) FROM note").value_or(0);
  return rate_of(seconds, [&] {
    if (!database.begin()) std::exit(1);
    for (int i = 0; i < rows; ++i) {
      ++id;
      database.statement("INSERT INTO note VALUES (?1, ?2, ?3)")
          .bind(1, id)
          .bind(2, id % 1000)
          .bind(3, "Looked at it again; the part is ordered and comes on Thursday.")
          .run();
      database.statement("UPDATE device SET last = last + 1 WHERE id = ?1")
          .bind(1, id % 256)
          .run();
    }
    if (!database.commit()) std::exit(1);
    if (database.log_pages() > 2'000) database.checkpoint();
    return static_cast<double>(rows);
  });
}

int measure(const std::string& folder, double seconds) {
  auto database = Database::open(folder + "/limits.db", OpenMode::kWriter);
  if (!database) return 1;
  (*database)->execute(
      "CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY, case_id INTEGER, body TEXT);"
      "CREATE INDEX IF NOT EXISTS note_case ON note (case_id);"
      "CREATE TABLE IF NOT EXISTS device (id INTEGER PRIMARY KEY, last INTEGER);"
      "WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i < 255) "
      "INSERT OR IGNORE INTO device SELECT i, 0 FROM n");
  const double one = commits(**database, seconds, 1);
  const double many = commits(**database, seconds, 64);
  std::cout << "{\"fdatasync_per_second\":" << syncs(folder, seconds)
            << ",\"sqlite_groups_of_1_per_second\":" << one
            << ",\"sqlite_groups_of_64_per_second\":" << many << "}\n";
  return 0;
}

}  // namespace
}  // namespace foyer::server

int main(int count, char** arguments) {
  if (count != 3) {
    std::cerr << "usage: foyer_bench_disk_limits FOLDER SECONDS\n";
    return 2;
  }
  return foyer::server::measure(arguments[1], std::strtod(arguments[2], nullptr));
}
