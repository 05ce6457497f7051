#include "reader_pool.h"

namespace foyer::server {

Result<std::unique_ptr<ReaderPool>> ReaderPool::open(const std::string& path, int size,
                                                     const StoreLayout& layout) {
  std::unique_ptr<ReaderPool> pool(new ReaderPool(layout));
  for (int i = 0; i < size; ++i) {
    auto database = Database::open(path, OpenMode::kReader);
    if (!database) return std::unexpected(database.error());
    pool->idle_.push_back(std::move(*database));
  }
  return pool;
}

ReaderPool::Lease::Lease(ReaderPool& pool, std::unique_ptr<Database> database)
    : pool_(pool), database_(std::move(database)), store_(*database_, pool.layout_) {
  database_->execute_kept("BEGIN");
}

ReaderPool::Lease::~Lease() {
  database_->execute_kept("COMMIT");
  database_->take_failure();
  {
    const std::lock_guard lock(pool_.mutex_);
    pool_.idle_.push_back(std::move(database_));
  }
  pool_.returned_.notify_one();
}

ReaderPool::Lease ReaderPool::acquire() {
  std::unique_lock lock(mutex_);
  returned_.wait(lock, [this] { return !idle_.empty(); });
  auto database = std::move(idle_.back());
  idle_.pop_back();
  return Lease(*this, std::move(database));
}

}  // namespace foyer::server
