// Read-only connections for the threads that answer pages. Not for I/O threads: `acquire` waits.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "sqlite_database.h"
#include "sqlite_store.h"

namespace foyer::server {

class ReaderPool {
 public:
  static Result<std::unique_ptr<ReaderPool>> open(const std::string& path, int size,
                                                  const StoreLayout& layout);

  // One connection inside a read transaction: everything read through it is of one instant.
  class Lease {
   public:
    Lease(ReaderPool& pool, std::unique_ptr<Database> database);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Database& database() { return *database_; }
    const SqliteStore& store() const { return store_; }

   private:
    ReaderPool& pool_;
    std::unique_ptr<Database> database_;
    SqliteStore store_;
  };
  Lease acquire();

 private:
  explicit ReaderPool(const StoreLayout& layout) : layout_(layout) {}

  const StoreLayout& layout_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Database>> idle_;
};

}  // namespace foyer::server
