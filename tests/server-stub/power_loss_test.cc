// The power goes at random moments under the production writer: at synchronous=FULL nothing that
// was acknowledged is lost, and the same cuts at NORMAL lose some, so the cuts are real ones.
// The seed says when and what is cut; which jobs share a commit is the scheduler's.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <set>
#include <thread>

#include "power_loss_vfs.h"
#include "sqlite_database.h"
#include "writer_thread.h"

namespace foyer::server {
namespace {

constexpr int kCuts = 60;

struct Outcome {
  std::size_t acknowledged = 0;
  std::size_t lost = 0;
};

class PowerLoss {
 public:
  PowerLoss(const char* name, std::string synchronous, std::uint64_t seed)
      : disk_(name, seed), random_(seed + 1), synchronous_(std::move(synchronous)) {}

  Outcome run() {
    EXPECT_TRUE(open()->execute("CREATE TABLE t (i INTEGER PRIMARY KEY, s TEXT) STRICT"));
    for (int cut = 0; cut < kCuts; ++cut) {
      const auto first = next_;
      write_until_cut();
      disk_.restore();
      compare(first);
      if (testing::Test::HasFailure()) break;
    }
    EXPECT_GT(disk_.sectors_dropped(), 100U);
    return outcome_;
  }

 private:
  std::unique_ptr<Database> open() {
    auto database = *Database::open("foyer.db", OpenMode::kWriter, disk_.name());
    EXPECT_EQ(database->integer_of("PRAGMA synchronous").value(), 2);  // FULL is what is shipped
    EXPECT_TRUE(database->execute("PRAGMA synchronous=" + synchronous_));
    return database;
  }

  void write_until_cut() {
    const auto database = open();
    // Few pages, so that cuts meet checkpoints and the log's new start as well: the writer's own,
    // and in every other round the checkpointer's, which are of another connection.
    const auto copier = *Database::open("foyer.db", OpenMode::kReader, disk_.name());
    const bool has_copier = random_.chance(1, 2);
    std::atomic<int> fatal_count = 0;
    WriterThread writer(*database, {.group_max = 8, .queue_max = 32, .checkpoint_pages = 20},
                        [&](int) { ++fatal_count; });
    writer.around_commit({.before = nullptr, .after = [&] {
                            if (has_copier && database->log_pages() > 10) copier->checkpoint();
                          }});
    disk_.cut_after(static_cast<int>(random_.below(500)));
    while (fatal_count == 0) {
      const auto number = next_;
      const bool is_queued = writer.submit(
          {[&database, number] {
             return database->statement("INSERT INTO t VALUES (?1, ?2)")
                 .bind(1, number)
                 .bind(2, std::string(300, 'x'))
                 .run();
           },
           [this, number](bool is_durable) {
             if (is_durable) acknowledged_.insert(number);
           }});
      if (is_queued) ++next_;
      else std::this_thread::yield();
    }
    writer.stop();
    EXPECT_EQ(fatal_count, 1);
    EXPECT_FALSE(disk_.has_power());
  }

  void compare(std::int64_t first) {
    const auto database = open();
    EXPECT_EQ(database->check_integrity(), "ok");
    std::set<std::int64_t> found;
    auto& rows = database->statement("SELECT i FROM t ORDER BY i");
    while (rows.step()) found.insert(rows.integer(0));
    // Commits are lost from the end only, never from the middle.
    const auto start = found.lower_bound(first);
    const auto count = std::distance(start, found.end());
    if (count > 0) {
      EXPECT_EQ(*start, first);
      EXPECT_EQ(*found.rbegin(), first + count - 1);
    }
    outcome_.acknowledged += static_cast<std::size_t>(
        std::distance(acknowledged_.lower_bound(first), acknowledged_.end()));
    outcome_.lost += std::erase_if(
        acknowledged_, [&](std::int64_t number) { return !found.contains(number); });
  }

  PowerLossDisk disk_;
  Random random_;
  std::string synchronous_;
  std::int64_t next_ = 1;
  std::set<std::int64_t> acknowledged_;
  Outcome outcome_;
};

void print(const char* synchronous, const Outcome& outcome) {
  std::cout << "measured: " << kCuts << " power cuts at " << synchronous << ": "
            << outcome.acknowledged << " acknowledged, " << outcome.lost << " lost\n";
}

TEST(PowerLossTest, NothingAcknowledgedIsLostAtFull) {
  const auto outcome = PowerLoss("power_loss_full", "FULL", 7).run();
  print("FULL", outcome);
  EXPECT_GT(outcome.acknowledged, 500U);
  EXPECT_EQ(outcome.lost, 0U);
}

TEST(PowerLossTest, TheSameCutsAtNormalLoseSome) {
  const auto outcome = PowerLoss("power_loss_normal", "NORMAL", 7).run();
  print("NORMAL", outcome);
  EXPECT_GT(outcome.acknowledged, 500U);
  EXPECT_GT(outcome.lost, 0U);
}

}  // namespace
}  // namespace foyer::server
