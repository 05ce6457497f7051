// The one thread that owns the read-write connection. Jobs run in order; as many as come while the
// disk would take for one commit share a transaction. Knows no command and no entity.
// Invariant: `done(true)` is called only after COMMIT reached the disk. A full disk fails the group
// that met it; after any other storage failure, the checkpointer's too, nothing is acknowledged and
// `on_fatal` is called once.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "checkpointer.h"
#include "sqlite_database.h"

namespace foyer::server {

struct WriteJob {
  // Runs inside the transaction, in a savepoint of its own; false undoes what this job did. It may
  // read and write through the connection, and leaves no statement open.
  std::function<bool()> run;
  // Called once, on the writer thread: true if the job was kept and is durable.
  std::function<void(bool is_durable)> done;
};

struct WriterOptions {
  std::size_t group_max = 256;
  // So long a group waits for as many jobs as the one before it had, and so long it runs at least.
  int group_ms = 2;
  std::size_t queue_max = 16'384;
  // From so many pages in the log on it is copied into the file: by `checkpointer`, if there is
  // one, and from four times as many on by the writer, whoever waits.
  int checkpoint_pages = 3'000;
  Checkpointer* checkpointer = nullptr;
};

struct WriterCounters {
  std::atomic<std::uint64_t> commits{0};
  std::atomic<std::uint64_t> jobs{0};
  std::atomic<std::uint64_t> commit_us_total{0};
  std::atomic<std::uint64_t> refused_full{0};
  std::atomic<std::uint64_t> disk_full{0};  // groups that failed for it
};

class WriterThread {
 public:
  WriterThread(Database& database, WriterOptions options, std::function<void(int)> on_fatal);
  // Runs what is queued, then stops.
  ~WriterThread();
  WriterThread(const WriterThread&) = delete;
  WriterThread& operator=(const WriterThread&) = delete;

  // False when the queue is full or the writer is stopping: neither function will be called.
  bool submit(WriteJob job);
  // For a job that is running: what it did so far is not undone any more, whatever becomes of the
  // rest. Without it a long job's savepoint makes each step dearer than the one before.
  void keep_so_far();
  // Submits and waits. Not for I/O threads.
  bool run_and_wait(std::function<bool()> run);
  void stop();
  // Both are called on the writer thread: `before` at the end of each transaction, as part of it,
  // `after` when it is durable and acknowledged. Once this returns, the former hooks neither run
  // nor will run.
  enum class Verdict : std::uint8_t {
    kKept,
    kNoRoom,  // not this one, perhaps the next: as after a full disk
    kBroken,  // the writer stops, as after a failure of its own
  };
  struct CommitHooks {
    std::function<Verdict()> before;
    std::function<void()> after;
  };
  void around_commit(CommitHooks hooks);

  const WriterCounters& counters() const { return counters_; }
  std::size_t waiting() const;

 private:
  using Steady = std::chrono::steady_clock;
  struct Group {
    Steady::time_point start = Steady::now();
    std::vector<WriteJob> jobs;
    std::vector<bool> is_kept;
    Verdict verdict = Verdict::kKept;
  };

  void work();
  bool wait_for_work();
  bool take_next(Group& group);
  void run_group();
  bool commit_group(Group& group);
  bool run_job(const WriteJob& job);
  void checkpoint_if_due();
  std::optional<StorageFailure> failure() const;
  void give_up(const Group& group);

  Database& database_;
  const WriterOptions options_;
  std::function<void(int)> on_fatal_;
  WriterCounters counters_;
  std::mutex hooks_mutex_;  // held while a hook runs
  CommitHooks hooks_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<WriteJob> queue_;
  bool is_stopping_ = false;
  // Writer thread only:
  bool is_broken_ = false;
  std::size_t group_size_ = 0;       // of the last one
  Steady::duration commit_time_{0};  // of the last one
  std::thread thread_;
};

}  // namespace foyer::server
