// One opened data folder: the database, its writer thread and readers, and who is signed in. Knows
// no route and no page.
// Invariant: while it lives no other process writes to the folder.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "data_folder.h"
#include "fence.h"
#include "reader_pool.h"
#include "sealed.h"
#include "sessions.h"
#include "sqlite_store.h"
#include "writer_thread.h"

namespace foyer::server {

struct InstallationOptions {
  std::string folder;
  std::vector<const Entity*> entities = {};
  int reader_count = 4;
  WriterOptions writer = {};
  // Storage failed for good: nothing more will be acknowledged. Called on the writer thread.
  std::function<void(int sqlite_code)> on_fatal = {};
};

class Installation final : public SessionStorage {
 public:
  // Locks, opens, migrates. Errors as DataFolder::lock, Fence::open, Database::open and migrate.
  static Result<std::unique_ptr<Installation>> open(InstallationOptions options, Instant now);
  ~Installation() override;

  WriterThread& writer() { return *writer_; }
  ReaderPool& readers() { return *readers_; }
  Sessions& sessions() { return sessions_; }
  const DataFolder& folder() const { return *folder_; }
  Fence& fence() { return *fence_; }
  const StoreLayout& layout() const { return layout_; }
  // Secret of this installation: derives the form tokens of people who are not signed in.
  const std::string& form_key() const { return form_key_; }
  // Secret of this installation: derives the keys of outbox files (outbox_import.h).
  const std::string& outbox_secret() const { return outbox_secret_; }
  // What devices seal to.
  const SealKey& seal_key() const { return seal_key_; }
  // Only on the writer thread, within a job.
  SqliteStore& store() { return store_; }
  Database& database() { return *database_; }

  // After a commit, on the writer thread: puts in order what gathered, a little at a time.
  void tidy_up();

  bool is_set_up() const { return is_set_up_; }
  void mark_set_up() { is_set_up_ = true; }

  void save(const Session& session, Done done) override;
  void erase(const Uuid& id, Done done) override;

 private:
  Installation(std::unique_ptr<DataFolder> folder, std::unique_ptr<Database> database,
               const std::vector<const Entity*>& entities);
  Result<void> load(const InstallationOptions& options, Instant now);
  bool load_keys();

  std::unique_ptr<DataFolder> folder_;
  std::unique_ptr<Fence> fence_;
  std::unique_ptr<Database> database_;
  StoreLayout layout_;
  SqliteStore store_;
  std::unique_ptr<ReaderPool> readers_;
  Sessions sessions_;
  std::string form_key_, outbox_secret_;
  SealKey seal_key_;
  std::atomic<bool> is_set_up_{false};
  bool is_tidying_ = false;  // writer thread only: a job for it is waiting
  std::unique_ptr<Checkpointer> checkpointer_;
  std::unique_ptr<WriterThread> writer_;  // last: stops first
};

}  // namespace foyer::server
