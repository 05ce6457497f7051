#include "writer_thread.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <future>

#include "power_loss_vfs.h"

namespace foyer::server {
namespace {

class WriterThreadTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / "foyer_writer_thread_test";
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    database_ = *Database::open((folder_ / "foyer.db").string(), OpenMode::kWriter);
    ASSERT_TRUE(database_->execute("CREATE TABLE t (i INTEGER UNIQUE) STRICT"));
  }
  void TearDown() override {
    database_.reset();
    std::filesystem::remove_all(folder_);
  }
  std::int64_t committed() {
    const auto reader = *Database::open((folder_ / "foyer.db").string(), OpenMode::kReader);
    return reader->integer_of("SELECT count(*) FROM t").value();
  }
  bool insert(std::int64_t value) {
    return database_->statement("INSERT INTO t VALUES (?1)").bind(1, value).run();
  }

  std::filesystem::path folder_;
  std::unique_ptr<Database> database_;
};

TEST_F(WriterThreadTest, AcknowledgesOnlyWhatAnotherConnectionCanRead) {
  WriterThread writer(*database_, {}, nullptr);
  for (std::int64_t i = 1; i <= 20; ++i) {
    EXPECT_TRUE(writer.run_and_wait([&] { return insert(i); }));
    EXPECT_EQ(committed(), i);
  }
}

TEST_F(WriterThreadTest, ManyJobsShareOneCommit) {
  std::promise<void> gate;
  auto opened = gate.get_future().share();
  WriterThread writer(*database_, {.group_ms = 1000}, nullptr);
  writer.submit({[opened] { return opened.wait(), true; }, [](bool) {}});
  std::atomic<int> durable{0};
  for (std::int64_t i = 0; i < 200; ++i)
    writer.submit({[this, i] { return insert(i); }, [&](bool done) { durable += done; }});
  gate.set_value();
  writer.stop();
  EXPECT_EQ(durable, 200);
  EXPECT_LE(writer.counters().commits, 3u);
}

TEST_F(WriterThreadTest, WhoWasInTheLastGroupIsWaitedForAndSharesTheNextCommit) {
  WriterThread writer(*database_, {.group_ms = 60'000}, nullptr);
  std::int64_t value = 0;
  for (int round = 0; round < 3; ++round) {
    // The second of two comes only when the first has run, as one who answers an acknowledgement.
    std::promise<void> ran, durable;
    const auto second = [&] {
      writer.submit({[&] { return insert(++value); }, [&](bool) { durable.set_value(); }});
    };
    writer.submit({[&] {
                     if (round == 0) second();
                     ran.set_value();
                     return insert(++value);
                   },
                   [](bool) {}});
    ran.get_future().wait();
    if (round > 0) second();
    durable.get_future().wait();
  }
  EXPECT_EQ(committed(), 6);
  EXPECT_EQ(writer.counters().commits, 3u);
}

TEST_F(WriterThreadTest, WhatIsDoneBeforeACommitIsPartOfIt) {
  std::atomic<int> after_count{0};
  {
    WriterThread writer(*database_, {}, nullptr);
    std::int64_t own = 1'000;
    bool is_refused = false;
    const auto before = [&] {
      if (!is_refused) insert(++own);
      return WriterThread::Verdict::kKept;
    };
    writer.around_commit({.before = before, .after = [&] { ++after_count; }});
    EXPECT_TRUE(writer.run_and_wait([&] { return insert(1); }));
    EXPECT_EQ(committed(), 2);
    EXPECT_FALSE(writer.run_and_wait([&] { return is_refused = true, insert(2), false; }));
    EXPECT_EQ(committed(), 2);
    writer.around_commit({});
    EXPECT_TRUE(writer.run_and_wait([&] { return insert(3); }));
    EXPECT_EQ(committed(), 3);
  }
  EXPECT_EQ(after_count, 2);
}

TEST_F(WriterThreadTest, WhatFailsBeforeACommitFailsTheGroup) {
  std::atomic<int> fatal_count{0};
  WriterThread writer(*database_, {}, [&](int) { ++fatal_count; });
  EXPECT_TRUE(writer.run_and_wait([&] { return insert(1); }));
  const auto before = [&] {
    insert(1);
    return WriterThread::Verdict::kKept;
  };
  writer.around_commit({.before = before, .after = {}});
  EXPECT_FALSE(writer.run_and_wait([&] { return insert(2); }));
  writer.stop();
  EXPECT_EQ(committed(), 1);
  EXPECT_EQ(fatal_count, 1);
}

TEST_F(WriterThreadTest, WithoutRoomBesideTheDatabaseAGroupIsUndoneAndTheNextIsKept) {
  std::atomic<int> fatal_count{0};
  WriterThread writer(*database_, {}, [&](int) { ++fatal_count; });
  auto verdict = WriterThread::Verdict::kNoRoom;
  writer.around_commit({.before = [&] { return verdict; }, .after = {}});
  EXPECT_FALSE(writer.run_and_wait([&] { return insert(1); }));
  verdict = WriterThread::Verdict::kKept;
  EXPECT_TRUE(writer.run_and_wait([&] { return insert(2); }));
  EXPECT_EQ(committed(), 1);
  EXPECT_EQ(writer.counters().disk_full, 1u);
  verdict = WriterThread::Verdict::kBroken;
  EXPECT_FALSE(writer.run_and_wait([&] { return insert(3); }));
  writer.stop();
  EXPECT_EQ(committed(), 1);
  EXPECT_EQ(fatal_count, 1);
}

TEST_F(WriterThreadTest, ARefusedOrFailingJobTakesNoOtherWithIt) {
  WriterThread writer(*database_, {}, nullptr);
  EXPECT_TRUE(writer.run_and_wait([&] { return insert(1); }));
  EXPECT_FALSE(writer.run_and_wait([&] { return insert(2), false; }));
  EXPECT_FALSE(writer.run_and_wait([&] { return insert(3), insert(1), true; }));
  EXPECT_TRUE(writer.run_and_wait([&] { return insert(4); }));
  EXPECT_EQ(committed(), 2);
}

TEST_F(WriterThreadTest, WhatAJobKeptStaysWhenTheRestIsUndone) {
  WriterThread writer(*database_, {}, nullptr);
  const auto keep_one_of_two = [&] { return insert(1), writer.keep_so_far(), insert(2), false; };
  EXPECT_FALSE(writer.run_and_wait(keep_one_of_two));
  EXPECT_EQ(committed(), 1);
  EXPECT_TRUE(writer.run_and_wait([&] { return insert(2); }));
}

TEST_F(WriterThreadTest, AFullQueueRefusesAtOnce) {
  std::promise<void> gate, running;
  WriterThread writer(*database_, {.queue_max = 10}, nullptr);
  writer.submit({[&] {
                   running.set_value();
                   gate.get_future().wait();
                   return true;
                 },
                 [](bool) {}});
  running.get_future().wait();
  int accepted = 0;
  for (int i = 0; i < 100; ++i)
    if (writer.submit({[] { return true; }, [](bool) {}})) ++accepted;
  EXPECT_EQ(accepted, 10);
  EXPECT_EQ(writer.counters().refused_full, 90u);
  gate.set_value();
}

TEST_F(WriterThreadTest, AfterAStorageFailureNothingIsAcknowledged) {
  PowerLossDisk disk("writer_thread_test", 3);
  const auto database = *Database::open("foyer.db", OpenMode::kWriter, disk.name());
  std::atomic<int> fatal_count{0};
  WriterThread writer(*database, {}, [&](int) { ++fatal_count; });
  const auto create = [&] { return database->execute("CREATE TABLE t (i INTEGER) STRICT"); };
  EXPECT_TRUE(writer.run_and_wait(create));
  disk.cut_after(0);
  EXPECT_FALSE(
      writer.run_and_wait([&] { return database->execute("INSERT INTO t VALUES (1)"); }));
  disk.restore();
  EXPECT_FALSE(writer.run_and_wait([&] { return true; }));
  EXPECT_EQ(fatal_count, 1);
}

TEST_F(WriterThreadTest, AFullDiskFailsWhatMetItAndIsSurvived) {
  std::atomic<int> fatal_count{0};
  WriterThread writer(*database_, {}, [&](int) { ++fatal_count; });
  // A file of one page more than it has: the next page that is needed cannot be had.
  EXPECT_TRUE(writer.run_and_wait([&] { return database_->execute("PRAGMA max_page_count=3"); }));
  std::int64_t kept = 0;
  while (kept < 5'000 && writer.run_and_wait([&] { return insert(kept); })) ++kept;
  ASSERT_LT(kept, 5'000);
  EXPECT_FALSE(writer.run_and_wait([&] { return insert(kept); }));
  EXPECT_EQ(committed(), kept);
  EXPECT_EQ(writer.counters().disk_full, 2u);
  const auto make_room = [&] { return database_->execute("PRAGMA max_page_count=100000"); };
  EXPECT_TRUE(writer.run_and_wait(make_room));
  EXPECT_TRUE(writer.run_and_wait([&] { return insert(kept); }));
  EXPECT_EQ(committed(), kept + 1);
  EXPECT_EQ(fatal_count, 0);
}

TEST_F(WriterThreadTest, StopRunsWhatIsQueued) {
  std::atomic<int> durable{0};
  {
    WriterThread writer(*database_, {}, nullptr);
    for (std::int64_t i = 0; i < 1'000; ++i)
      writer.submit({[this, i] { return insert(i); }, [&](bool done) { durable += done; }});
  }
  EXPECT_EQ(durable, 1'000);
  EXPECT_EQ(committed(), 1'000);
}

}  // namespace
}  // namespace foyer::server
