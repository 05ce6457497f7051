#include "installation.h"

#include "clock.h"
#include "foyer/model/people.h"
#include "secrets.h"
#include "server_tables.h"
#include "sqlite_schema.h"

namespace foyer::server {

Result<std::unique_ptr<Installation>> Installation::open(InstallationOptions options,
                                                         Instant now) {
  if (!secrets_ready()) return fail(ErrorCode::kUnavailable, "random", "no_entropy");
  auto folder = DataFolder::lock(options.folder);
  if (!folder) return std::unexpected(folder.error());
  auto database = Database::open((*folder)->database_file(), OpenMode::kWriter);
  if (!database) return std::unexpected(database.error());
  FOYER_TRY(migrate(**database, {.entities = options.entities,
                                 .backup_file = (*folder)->new_backup_file(now),
                                 .now = now}));
  std::unique_ptr<Installation> installation(
      new Installation(std::move(*folder), std::move(*database), options.entities));
  auto fence = Fence::open(installation->folder_->fence_file(), now);
  if (!fence) return std::unexpected(fence.error());
  installation->fence_ = std::move(*fence);
  FOYER_TRY(installation->load(options, now));
  return installation;
}

Installation::Installation(std::unique_ptr<DataFolder> folder, std::unique_ptr<Database> database,
                           const std::vector<const Entity*>& entities)
    : folder_(std::move(folder)),
      database_(std::move(database)),
      layout_(entities),
      store_(*database_, layout_),
      sessions_(*this) {}

Installation::~Installation() = default;

Result<void> Installation::load(const InstallationOptions& options, Instant now) {
  const auto file = folder_->database_file();
  auto readers = ReaderPool::open(file, options.reader_count, layout_);
  if (!readers) return std::unexpected(readers.error());
  readers_ = std::move(*readers);
  if (!load_keys()) return fail(ErrorCode::kUnavailable, "data", "cannot_write");
  is_set_up_ = store_.count(entity_of<User>()) > 0;
  sessions_.load(load_sessions(*database_), now);
  if (database_->failure()) return fail(ErrorCode::kCorrupt, "data", "cannot_read");
  auto checkpointer = Checkpointer::open(file);
  if (!checkpointer) return std::unexpected(checkpointer.error());
  checkpointer_ = std::move(*checkpointer);
  WriterOptions writer = options.writer;
  writer.checkpointer = checkpointer_.get();
  writer_ = std::make_unique<WriterThread>(*database_, writer, options.on_fatal);
  return {};
}

// Made at the first start. A copy of the database opens what was sealed to it.
bool Installation::load_keys() {
  const auto load_secret = [this](std::string_view name, std::string& secret) {
    const auto known = load_value(*database_, name);
    secret = known ? *known : random_bytes(32);
    return known || store_value(*database_, name, secret);
  };
  if (!load_secret(kFormKey, form_key_) || !load_secret(kOutboxSecret, outbox_secret_))
    return false;
  const auto secret = load_value(*database_, kSealSecret);
  const auto seal_key = secret ? seal_key_of(*secret) : make_seal_key();
  if (!seal_key) return false;
  seal_key_ = *seal_key;
  return secret || store_value(*database_, kSealSecret, seal_key_.secret);
}

void Installation::tidy_up() {
  if (is_tidying_ || !store_.text().wants_merge()) return;
  is_tidying_ = writer_->submit({[this] {
                                   store_.text().merge_some();
                                   return true;
                                 },
                                 [this](bool is_durable) {
                                   is_tidying_ = false;
                                   if (!is_durable) store_.text().forget_merge();
                                 }});
}

void Installation::save(const Session& session, Done done) {
  const auto shared = std::make_shared<Done>(std::move(done));
  const bool is_queued =
      writer_->submit({[this, session] { return store_session(*database_, session); },
                       [shared](bool is_durable) { (*shared)(is_durable); }});
  if (!is_queued) (*shared)(false);
}

void Installation::erase(const Uuid& id, Done done) {
  const auto shared = std::make_shared<Done>(std::move(done));
  const bool is_queued =
      writer_->submit({[this, id] {
                         // Not in a database that comes back from a backup either.
                         return fence_->note({AccessKind::kSession, id, {}, wall_clock()}) &&
                                erase_session(*database_, id);
                       },
                       [shared](bool is_durable) { (*shared)(is_durable); }});
  if (!is_queued) (*shared)(false);
}

}  // namespace foyer::server
