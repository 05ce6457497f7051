#include "writer_thread.h"

#include <chrono>
#include <future>

namespace foyer::server {

using Steady = std::chrono::steady_clock;

// SQLITE_FULL, of SQLite's frozen list of primary result codes.
constexpr int kDiskFull = 13;

WriterThread::WriterThread(Database& database, WriterOptions options,
                           std::function<void(int)> on_fatal)
    : database_(database), options_(options), on_fatal_(std::move(on_fatal)) {
  thread_ = std::thread([this] { work(); });
}

WriterThread::~WriterThread() { stop(); }

bool WriterThread::submit(WriteJob job) {
  {
    const std::lock_guard lock(mutex_);
    if (is_stopping_) return false;
    if (queue_.size() >= options_.queue_max) {
      ++counters_.refused_full;
      return false;
    }
    queue_.push_back(std::move(job));
  }
  changed_.notify_one();
  return true;
}

bool WriterThread::run_and_wait(std::function<bool()> run) {
  std::promise<bool> promise;
  const bool is_queued = submit({std::move(run), [&promise](bool is_durable) {
                                   promise.set_value(is_durable);
                                 }});
  return is_queued && promise.get_future().get();
}

void WriterThread::keep_so_far() {
  if (database_.failure()) return;  // this step's own: it is undone when the job has run
  database_.execute_kept("RELEASE one_job");
  database_.execute_kept("SAVEPOINT one_job");
}

void WriterThread::after_commit(std::function<void()> listener) {
  const std::lock_guard lock(listener_mutex_);
  after_commit_ = std::move(listener);
}

void WriterThread::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

std::size_t WriterThread::waiting() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

void WriterThread::work() {
  for (;;) {
    auto group = take_group();
    if (group.empty()) break;
    run_group(std::move(group));
  }
  if (!is_broken_) database_.checkpoint();
}

std::vector<WriteJob> WriterThread::take_group() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return is_stopping_ || !queue_.empty(); });
  std::vector<WriteJob> group;
  const auto size = std::min(queue_.size(), options_.group_max);
  group.reserve(size);
  for (std::size_t i = 0; i < size; ++i) {
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return group;
}

// A job that takes long ends the group early: those after it wait for the next one.
void WriterThread::run_group(std::vector<WriteJob> group) {
  if (is_broken_ || !database_.begin()) return give_up(group);
  const auto start = Steady::now();
  std::vector<bool> is_kept;
  for (const auto& job : group) {
    is_kept.push_back(run_job(job));
    if (database_.failure()) return give_up(group);
    if (Steady::now() - start > std::chrono::milliseconds(options_.group_ms)) break;
  }
  const auto before_commit = Steady::now();
  if (!database_.commit()) return give_up(group);
  const auto spent = std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() -
                                                                           before_commit);
  ++counters_.commits;
  counters_.jobs += is_kept.size();
  counters_.commit_us_total += static_cast<std::uint64_t>(spent.count());
  if (is_kept.size() < group.size()) {
    const std::lock_guard lock(mutex_);
    for (auto late = group.size(); late > is_kept.size(); --late)
      queue_.push_front(std::move(group[late - 1]));
  }
  for (std::size_t i = 0; i < is_kept.size(); ++i) group[i].done(is_kept[i]);
  {
    const std::lock_guard lock(listener_mutex_);
    if (after_commit_) after_commit_();
  }
  if (database_.log_pages() >= options_.checkpoint_pages) database_.checkpoint();
}

bool WriterThread::run_job(const WriteJob& job) {
  if (!database_.execute_kept("SAVEPOINT one_job")) return false;
  const bool is_wanted = job.run();
  const auto failure = database_.failure();
  if (failure && failure->kind == FailureKind::kConstraint) database_.take_failure();
  if (database_.failure()) return false;
  const bool is_kept = is_wanted && !failure;
  if (!is_kept) database_.execute_kept("ROLLBACK TO one_job");
  database_.execute_kept("RELEASE one_job");
  return is_kept;
}

// A full disk is no reason to stop: nothing of the group was kept, what is there can be read, and
// the next group may find room. After anything else the file may be in any state the disk left it
// in: only a fresh start may look at it again.
void WriterThread::give_up(std::vector<WriteJob>& group) {
  const auto failure = database_.take_failure();
  database_.rollback();
  const bool is_only_full = !is_broken_ && failure && (failure->code & 0xff) == kDiskFull &&
                            !database_.in_transaction() && !database_.failure();
  const bool is_first = !is_broken_;
  if (is_only_full) ++counters_.disk_full;
  else is_broken_ = true;
  for (const auto& job : group) job.done(false);
  if (is_only_full) return;
  if (is_first && on_fatal_) on_fatal_(failure ? failure->code : 0);
}

}  // namespace foyer::server
