#include "checkpointer.h"

namespace foyer::server {

Result<std::unique_ptr<Checkpointer>> Checkpointer::open(const std::string& path,
                                                         const char* file_system) {
  auto database = Database::open(path, OpenMode::kReader, file_system);
  if (!database) return std::unexpected(database.error());
  return std::unique_ptr<Checkpointer>(new Checkpointer(std::move(*database)));
}

Checkpointer::Checkpointer(std::unique_ptr<Database> database) : database_(std::move(database)) {
  thread_ = std::thread([this] { work(); });
}

Checkpointer::~Checkpointer() {
  {
    const std::lock_guard lock(mutex_);
    state_ = State::kStopping;
  }
  changed_.notify_all();
  thread_.join();
}

void Checkpointer::start() {
  {
    const std::lock_guard lock(mutex_);
    if (state_ != State::kIdle) return;
    state_ = State::kAsked;
  }
  changed_.notify_all();
}

std::optional<StorageFailure> Checkpointer::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

bool Checkpointer::take_finished() {
  const std::lock_guard lock(mutex_);
  if (state_ != State::kFinished) return false;
  state_ = State::kIdle;
  return true;
}

void Checkpointer::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return state_ == State::kAsked || state_ == State::kStopping; });
    if (state_ == State::kStopping) return;
    lock.unlock();
    database_->checkpoint();
    lock.lock();
    if (!failure_) failure_ = database_->take_failure();
    if (state_ == State::kAsked) state_ = State::kFinished;
  }
}

}  // namespace foyer::server
