#include "fence.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

namespace foyer::server {
namespace {

class FenceTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = (std::filesystem::path(testing::TempDir()) / "foyer_fence_test").string();
    std::filesystem::remove(path_);
  }
  void TearDown() override { std::filesystem::remove(path_); }

  std::unique_ptr<Fence> open() {
    auto fence = Fence::open(path_, now_);
    EXPECT_TRUE(fence.has_value());
    return std::move(*fence);
  }
  void cut(std::uintmax_t bytes) {
    std::filesystem::resize_file(path_, std::filesystem::file_size(path_) - bytes);
  }

  // Another process, which ends while it runs the command.
  void die_running(const Uuid& command, int signal) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const auto fence = open();
      fence->begin_command(command);
      raise(signal);
      _exit(0);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == signal);
  }

  std::string path_;
  Instant now_{1'700'000'000'000};
  Uuid epoch_ = derive_uuid({}, "epoch"), command_ = derive_uuid({}, "command");
};

TEST_F(FenceTest, NumbersAreReservedBeforeTheyAreUsedAndSurviveTheProcess) {
  {
    const auto fence = open();
    EXPECT_FALSE(fence->was_there());
    ASSERT_TRUE(fence->start_epoch(epoch_, 10));
    EXPECT_EQ(fence->reserved(), 10 + Fence::kBlock);
    ASSERT_TRUE(fence->cover(10 + Fence::kBlock + 1));
    fence->note_used(10 + Fence::kBlock + 1);
  }
  const auto fence = open();
  EXPECT_TRUE(fence->was_there());
  EXPECT_EQ(fence->epoch(), epoch_);
  EXPECT_EQ(fence->used(), 10 + Fence::kBlock + 1);
  EXPECT_EQ(fence->reserved(), 10 + 2 * Fence::kBlock + 1);
}

TEST_F(FenceTest, ATornEndIsCutOffAndDamageInTheMiddleIsNoFence) {
  {
    const auto fence = open();
    ASSERT_TRUE(fence->start_epoch(epoch_, 10));
    ASSERT_TRUE(fence->note({AccessKind::kUser, command_, {}, now_}));
    ASSERT_TRUE(fence->note({AccessKind::kDevice, command_, {}, now_}));
  }
  cut(3);
  {
    const auto fence = open();
    EXPECT_TRUE(fence->was_there());
    EXPECT_EQ(fence->notes().size(), 1u);
    ASSERT_TRUE(fence->note({AccessKind::kDevice, command_, {}, now_}));
    EXPECT_EQ(fence->notes().size(), 2u);
  }
  {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(128 + 12);
    file << 'x';
  }
  const auto fence = open();
  EXPECT_FALSE(fence->was_there());
}

TEST_F(FenceTest, ABackupIsSeenWhileTheFenceIsOpen) {
  const auto fence = open();
  ASSERT_TRUE(fence->start_epoch(epoch_, 10));
  EXPECT_FALSE(fence->backup().has_value());
  ASSERT_TRUE(Fence::note_backup(path_, epoch_, 7));
  ASSERT_TRUE(fence->backup().has_value());
  EXPECT_EQ(fence->backup()->seq, 7u);
  ASSERT_TRUE(fence->cover(10 + 2 * Fence::kBlock));
  EXPECT_EQ(open()->backup()->seq, 7u);
}

TEST_F(FenceTest, ARestoreIsRememberedUntilAnEpochBegins) {
  open()->start_epoch(epoch_, 10);
  ASSERT_TRUE(Fence::note_restore(path_, epoch_, 5));
  {
    const auto fence = open();
    EXPECT_TRUE(fence->is_restored());
    ASSERT_TRUE(fence->start_epoch(command_, 11));
    EXPECT_FALSE(fence->is_restored());
  }
  EXPECT_FALSE(open()->is_restored());
}

TEST_F(FenceTest, ACommandThatWasRunningTwiceWhenTheServerCrashedIsQuarantined) {
  ASSERT_TRUE(open()->start_epoch(epoch_, 10));
  for (int run = 0; run < 2; ++run) {
    EXPECT_FALSE(open()->is_quarantined(command_));
    die_running(command_, SIGABRT);
  }
  {
    const auto fence = open();
    EXPECT_TRUE(fence->is_quarantined(command_));
    fence->begin_command(epoch_);
    fence->end_command();
  }
  const auto fence = open();
  EXPECT_TRUE(fence->is_quarantined(command_));
  EXPECT_FALSE(fence->is_quarantined(epoch_));
}

// Whoever ends the server ends it in the middle of something, which is not to blame at once.
TEST_F(FenceTest, ACommandThatWasRunningWhenTheServerWasEndedIsTriedTwiceAsOften) {
  ASSERT_TRUE(open()->start_epoch(epoch_, 10));
  for (int run = 0; run < 4; ++run) {
    EXPECT_FALSE(open()->is_quarantined(command_)) << run;
    die_running(command_, SIGKILL);
  }
  EXPECT_TRUE(open()->is_quarantined(command_));
}

TEST_F(FenceTest, WhatWasSaidAnewIsWrittenOnceAndOldSessionsAreForgotten) {
  {
    const auto fence = open();
    ASSERT_TRUE(fence->start_epoch(epoch_, 10));
    for (int i = 0; i < 100; ++i)
      ASSERT_TRUE(fence->note({AccessKind::kUser, command_,
                               std::to_string(i) + std::string(3000, 'x'), now_}));
    ASSERT_TRUE(fence->note({AccessKind::kSession, command_, {}, now_}));
    fence->note_used(12);
  }
  const auto before = std::filesystem::file_size(path_);
  now_ = now_ + 100 * kMsPerDay;
  const auto fence = open();
  EXPECT_LT(std::filesystem::file_size(path_), before / 50);
  EXPECT_EQ(fence->used(), 12u);
  ASSERT_TRUE(fence->cover(100'000));
  const auto again = open();
  EXPECT_TRUE(again->was_there());
  EXPECT_EQ(again->epoch(), epoch_);
  EXPECT_EQ(again->reserved(), 100'000 + Fence::kBlock);
  ASSERT_EQ(again->notes().size(), 1u);
  EXPECT_TRUE(again->notes().begin()->second.access.starts_with("99x"));
}

}  // namespace
}  // namespace foyer::server
