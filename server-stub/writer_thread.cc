#include "writer_thread.h"

#include <algorithm>
#include <future>

namespace foyer::server {

// SQLITE_FULL, of SQLite's frozen list of primary result codes.
constexpr int kDiskFull = 13;
// However slow the disk is, nobody waits longer than this for others to be run.
constexpr auto kGroupTimeMax = std::chrono::milliseconds(20);

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

void WriterThread::around_commit(CommitHooks hooks) {
  const std::lock_guard lock(hooks_mutex_);
  hooks_ = std::move(hooks);
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
  while (wait_for_work()) run_group();
  if (!is_broken_ && !failure()) database_.checkpoint();
}

// The writer's own, or that of the copy that goes on beside it.
std::optional<StorageFailure> WriterThread::failure() const {
  if (database_.failure() || !options_.checkpointer) return database_.failure();
  return options_.checkpointer->failure();
}

// False: there will be no more.
bool WriterThread::wait_for_work() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return is_stopping_ || !queue_.empty(); });
  return !queue_.empty();
}

// False when the group is complete. It runs for as long as its commit is likely to take: a slow
// disk is paid for with larger groups. Those who were in the last group and have their answers are
// likely to come again: for them it waits a moment.
bool WriterThread::take_next(Group& group) {
  const auto size = group.jobs.size();
  const auto least = std::chrono::milliseconds(options_.group_ms);
  const auto longest =
      std::max<Steady::duration>(least, std::min<Steady::duration>(commit_time_, kGroupTimeMax));
  if (size >= options_.group_max) return false;
  if (size > 0 && Steady::now() - group.start > longest) return false;
  std::unique_lock lock(mutex_);
  if (size < group_size_)
    changed_.wait_until(lock, group.start + least,
                        [this] { return is_stopping_ || !queue_.empty(); });
  if (queue_.empty()) return false;
  group.jobs.push_back(std::move(queue_.front()));
  queue_.pop_front();
  return true;
}

void WriterThread::run_group() {
  Group group;
  const bool is_begun = !is_broken_ && database_.begin();
  while (take_next(group)) {
    if (!is_begun) continue;
    group.is_kept.push_back(run_job(group.jobs.back()));
    if (database_.failure()) break;
  }
  group_size_ = group.jobs.size();
  if (!is_begun || !commit_group(group)) return give_up(group);
  for (std::size_t i = 0; i < group.jobs.size(); ++i) group.jobs[i].done(group.is_kept[i]);
  {
    const std::lock_guard lock(hooks_mutex_);
    if (hooks_.after) hooks_.after();
  }
  checkpoint_if_due();
}

void WriterThread::checkpoint_if_due() {
  const int pages = database_.log_pages();
  if (pages < options_.checkpoint_pages) return;
  auto* const other = options_.checkpointer;
  if (other && pages < 4 * options_.checkpoint_pages && !other->take_finished())
    return other->start();
  database_.checkpoint();
  // Those of the last group have their answers already, and rightly.
  const Group nobody;
  if (database_.failure()) give_up(nobody);
}

bool WriterThread::commit_group(Group& group) {
  if (!failure()) {
    const std::lock_guard lock(hooks_mutex_);
    if (hooks_.before) group.verdict = hooks_.before();
    if (group.verdict != Verdict::kKept) return false;
  }
  if (failure()) return false;
  const auto before = Steady::now();
  if (!database_.commit()) return false;
  commit_time_ = Steady::now() - before;
  const auto spent = std::chrono::duration_cast<std::chrono::microseconds>(commit_time_);
  ++counters_.commits;
  counters_.jobs += group.jobs.size();
  counters_.commit_us_total += static_cast<std::uint64_t>(spent.count());
  return true;
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
void WriterThread::give_up(const Group& group) {
  const auto failure = this->failure();
  database_.take_failure();
  database_.rollback();
  const bool is_full = failure ? (failure->code & 0xff) == kDiskFull
                               : group.verdict == Verdict::kNoRoom;
  const bool is_only_full =
      !is_broken_ && is_full && !database_.in_transaction() && !database_.failure();
  const bool is_first = !is_broken_;
  if (is_only_full) ++counters_.disk_full;
  else is_broken_ = true;
  for (const auto& job : group.jobs) job.done(false);
  if (is_only_full) return;
  if (is_first && on_fatal_) on_fatal_(failure ? failure->code : 0);
}

}  // namespace foyer::server
