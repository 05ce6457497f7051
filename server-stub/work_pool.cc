#include "work_pool.h"

namespace foyer::server {

WorkPool::WorkPool(WorkPoolOptions options) : queue_max_(options.queue_max) {
  for (int i = 0; i < options.thread_count; ++i) threads_.emplace_back([this] { work(); });
}

WorkPool::~WorkPool() { stop(); }

bool WorkPool::submit(Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (is_stopping_ || queue_.size() >= queue_max_) return false;
    queue_.push_back(std::move(job));
  }
  changed_.notify_one();
  return true;
}

void WorkPool::stop() {
  std::deque<Job> dropped;
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
    dropped.swap(queue_);
  }
  changed_.notify_all();
  for (auto& thread : threads_)
    if (thread.joinable()) thread.join();
}

std::size_t WorkPool::waiting() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

void WorkPool::work() {
  for (;;) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return is_stopping_ || !queue_.empty(); });
      if (is_stopping_) return;
      job = std::move(queue_.front());
      queue_.pop_front();
    }
    job();
  }
}

}  // namespace foyer::server
