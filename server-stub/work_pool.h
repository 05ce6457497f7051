// A few threads with a bounded queue. Not a scheduler: first in, first out, no priorities.
// Invariant: at most `queue_max` jobs wait; who comes later is told at once.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace foyer::server {

struct WorkPoolOptions {
  int thread_count = 2;
  std::size_t queue_max = 32;
};

class WorkPool {
 public:
  using Job = std::function<void()>;

  explicit WorkPool(WorkPoolOptions options);
  // Waits for running jobs; jobs that still wait are dropped without being run.
  ~WorkPool();
  WorkPool(const WorkPool&) = delete;
  WorkPool& operator=(const WorkPool&) = delete;

  // False when the queue is full or the pool is stopping; the job is then not run.
  bool submit(Job job);
  void stop();
  std::size_t waiting() const;

 private:
  void work();

  const std::size_t queue_max_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> queue_;
  bool is_stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace foyer::server
