// The one thread that owns the read-write connection. Jobs run in order; as many as are waiting
// share one transaction (group commit). Knows no command and no entity.
// Invariant: `done(true)` is called only after COMMIT reached the disk. A full disk fails the group
// that met it; after any other storage failure nothing is acknowledged and `on_fatal` is called
// once.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

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
  int group_ms = 2;
  std::size_t queue_max = 16'384;
  int checkpoint_pages = 2'000;
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
  // Called on the writer thread after each commit and its acknowledgements. Once this returns, the
  // former listener neither runs nor will run.
  void after_commit(std::function<void()> listener);

  const WriterCounters& counters() const { return counters_; }
  std::size_t waiting() const;

 private:
  void work();
  std::vector<WriteJob> take_group();
  void run_group(std::vector<WriteJob> group);
  bool run_job(const WriteJob& job);
  void give_up(std::vector<WriteJob>& group);

  Database& database_;
  const WriterOptions options_;
  std::function<void(int)> on_fatal_;
  WriterCounters counters_;
  std::mutex listener_mutex_;  // held while the listener runs
  std::function<void()> after_commit_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<WriteJob> queue_;
  bool is_stopping_ = false;
  bool is_broken_ = false;  // writer thread only
  std::thread thread_;
};

}  // namespace foyer::server
