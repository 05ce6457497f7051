// Copies the write-ahead log into the file, on a connection and a thread of its own: the writer
// goes on meanwhile. Begins no transaction.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "sqlite_database.h"

namespace foyer::server {

class Checkpointer {
 public:
  // As Database::open.
  static Result<std::unique_ptr<Checkpointer>> open(const std::string& path,
                                                     const char* file_system = nullptr);
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  // Begins a copy, unless one is under way. Does not wait.
  void start();
  // Of any copy so far: the file may be in any state the disk left it in.
  std::optional<StorageFailure> failure() const;
  // True once after a copy has ended: what the log has got since is what the writer copies itself,
  // and then begins the log anew, which nobody else can.
  bool take_finished();

 private:
  explicit Checkpointer(std::unique_ptr<Database> database);
  void work();

  enum class State { kIdle, kAsked, kFinished, kStopping };
  std::unique_ptr<Database> database_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  State state_ = State::kIdle;
  std::optional<StorageFailure> failure_;
  std::thread thread_;
};

}  // namespace foyer::server
