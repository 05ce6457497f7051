#include "outbox_import.h"

#include "foyer/command/import_rows.h"
#include "log.h"
#include "random_ids.h"
#include "sealed.h"
#include "secrets.h"
#include "server_tables.h"

namespace foyer::server {
namespace {

Uuid installation_of(std::string_view secret) {
  return derive_uuid({}, keyed_hash(secret, "installation"));
}

// Why nothing of the file may be sent; empty: it may.
std::string problem_of(const Reader& rows, const ScopeLog& log, const OutboxFileHead& head) {
  const auto record = log.client(head.client);
  if (!record.user.is_null() && record.user != head.user) return "not_its_device";
  if (actor_of(rows, head.user).is_anonymous()) return "author_gone";
  return {};
}

void refuse(OutboxEntry& entry, const Error& error) {
  entry.state = OutboxState::kAttention;
  entry.error = error;
}

// What was decided before, however it came, stands. False: nobody has decided it.
bool take_earlier(Database& database, const OutboxFileHead& head, OutboxEntry& entry,
                  OutboxFileAnswer& answer) {
  const auto earlier = load_result(database, command_id(head.client, entry.mid));
  if (!earlier) return false;
  if (earlier->user != head.user)
    refuse(entry, {ErrorCode::kConflict, "id", "already_used"});
  else if (!earlier->result)
    refuse(entry, earlier->result.error());
  else
    answer.arrived.push_back(static_cast<std::int64_t>(entry.mid));
  return true;
}

OutboxFileAnswer begin_answer(const Reader& rows, const ScopeLog& log, const OutboxFileHead& head) {
  OutboxFileAnswer answer;
  answer.problem = problem_of(rows, log, head);
  if (const auto author = get(rows, head.user)) answer.author_name = author->name;
  return answer;
}

// One import, on the writer thread, within its job.
class OutboxImport {
 public:
  OutboxImport(Installation& installation, CommandGate& gate, OpenedOutboxFile& file,
               const OutboxImportRequest& request)
      : installation_(installation), gate_(gate), file_(file), request_(request) {}

  OutboxFileAnswer run() {
    SqliteScopeLog log(installation_.database());
    answer_ = begin_answer(installation_.store(), log, file_.head);
    if (!answer_.problem.empty()) return std::move(answer_);
    // As with a push: from now on nobody else speaks through this device.
    auto record = log.client(file_.head.client);
    record.user = file_.head.user;
    log.set_client(file_.head.client, record);
    for (auto& [mid, entry] : file_.text.entries) {
      if (entry.state != OutboxState::kWaiting ||
          take_earlier(installation_.database(), file_.head, entry, answer_))
        continue;
      send(entry);
      installation_.writer().keep_so_far();
    }
    if (answer_.sent + refused_ > 0) keep_record();
    return std::move(answer_);
  }

 private:
  void send(OutboxEntry& entry) {
    const Context context{.actor = actor_of(installation_.store(), file_.head.user),
                          .now = request_.now,
                          .command = command_id(file_.head.client, entry.mid)};
    const auto result = gate_.execute(entry.command, context);
    if (!result) {
      refuse(entry, result.error());
      ++refused_;
      return;
    }
    store_result(installation_.database(), context.command, {file_.head.user, result},
                 context.now);
    answer_.arrived.push_back(static_cast<std::int64_t>(entry.mid));
    ++answer_.sent;
  }

  // Among the imports there were: who brought it, and what became of it.
  void keep_record() {
    const Id<ImportRun> run(random_uuid(request_.now));
    StartImport start{};
    start.run = run;
    start.kind = kOutboxImport;
    start.file_name = request_.file_name;
    start.created = answer_.sent;
    start.rejected = refused_;
    FinishImport finish{};
    finish.run = run;
    const Context context{.actor = request_.by, .now = request_.now, .command = run};
    if (gate_.execute(make_command(start), context))
      gate_.execute(make_command(finish), context);
    log(LogLevel::kInfo, "outbox_imported",
        {{"author", to_string(file_.head.user)},
         {"device", to_string(file_.head.client)},
         {"by", to_string(request_.by.user)},
         {"sent", answer_.sent},
         {"refused", refused_}});
  }

  Installation& installation_;
  CommandGate& gate_;
  OpenedOutboxFile& file_;
  const OutboxImportRequest& request_;
  OutboxFileAnswer answer_;
  std::int64_t refused_ = 0;
};

}  // namespace

OutboxFileKey outbox_file_key(std::string_view secret, Id<User> user, const Uuid& client) {
  auto head = encode_outbox_head({installation_of(secret), user, client});
  auto key = keyed_hash(secret, head);
  return {std::move(head), std::move(key)};
}

Result<OpenedOutboxFile> open_outbox_file(std::string_view secret, std::string_view file) {
  const auto parts = split_outbox_file(file);
  if (!parts) return std::unexpected(parts.error());
  if (parts->head.installation != installation_of(secret))
    return fail(ErrorCode::kForbidden, "other_installation");
  const auto [head, key] = outbox_file_key(secret, parts->head.user, parts->head.client);
  const auto bytes = decrypt({key, parts->nonce}, parts->head_bytes, parts->sealed);
  if (!bytes) return fail(ErrorCode::kCorrupt, "damaged");
  auto text = decode_outbox_text(*bytes);
  if (!text) return std::unexpected(text.error());
  return OpenedOutboxFile{parts->head, std::move(*text)};
}

OutboxFileAnswer look_at_outbox(const Reader& rows, Database& database, OpenedOutboxFile file) {
  auto answer = begin_answer(rows, SqliteScopeLog(database), file.head);
  for (auto& [mid, entry] : file.text.entries)
    if (entry.state == OutboxState::kWaiting) take_earlier(database, file.head, entry, answer);
  answer.text.data = encode_outbox_text(file.text);
  return answer;
}

OutboxFileAnswer import_outbox(Installation& installation, CommandGate& gate,
                               OpenedOutboxFile file, const OutboxImportRequest& request) {
  OutboxFileAnswer answer;
  const bool is_kept = installation.writer().run_and_wait([&] {
    answer = OutboxImport(installation, gate, file, request).run();
    return true;
  });
  if (!is_kept) answer = {.problem = "cannot_write"};
  answer.text.data = encode_outbox_text(file.text);
  return answer;
}

}  // namespace foyer::server
