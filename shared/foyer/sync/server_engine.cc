#include "foyer/sync/server_engine.h"

#include <algorithm>

#include "foyer/base/sort.h"
#include "foyer/command/upcast.h"
#include "foyer/model/registry.h"
#include "foyer/schema/binary.h"
#include "foyer/sync/planted.h"

namespace foyer {
namespace {

// Rows that are published wherever `parent` is.
std::vector<RowKey> children_of(const Reader& rows, const RowKey& parent) {
  std::vector<RowKey> children;
  const std::string key = to_string(parent.id);
  for (const Entity* entity : entities())
    for (const Publication& publication : entity->publications) {
      if (publication.kind != Publication::Kind::kParent) continue;
      if (publication.parent != parent.entity) continue;
      const Field* field = entity->find(publication.field);
      for (const Uuid& id : rows.scan(*entity, {field, key, key, false, SIZE_MAX}))
        children.push_back({entity->id, id});
    }
  return children;
}

// Rows of these kinds decide what people and devices may read (actor_of in rules/access.h).
bool decides_access(EntityId entity) {
  return entity == entity_of<User>().id || entity == entity_of<Contact>().id ||
         entity == entity_of<Device>().id;
}

// A row as each audience may read it, encoded once for all scopes of one.
class EncodedRow {
 public:
  explicit EncodedRow(const Entity& entity) : row_(entity) {}
  void* get() { return row_.get(); }
  const std::shared_ptr<const std::string>& bytes_for(const Scope& scope) {
    auto& bytes = bytes_[audience_of(scope)];
    if (!bytes)
      bytes = std::make_shared<const std::string>(
          encode(row_.entity(), row_.get(), audience_of(scope)));
    return bytes;
  }

 private:
  AnyRow row_;
  std::map<std::uint8_t, std::shared_ptr<const std::string>> bytes_;
};

// True if the row is on other scopes than before.
bool publish_row(const Reader& rows, ScopeLog& log, const RowKey& key, CommitChanges& commit) {
  const Entity& entity = *find_entity(key.entity);
  EncodedRow row(entity);
  std::vector<Scope> scopes;
  if (rows.read(entity, key.id, row.get())) scopes = scopes_of(rows, entity, row.get());
  const auto before = log.published(key);
  bool has_moved = before.size() != scopes.size();
  for (const auto& [scope, crc] : before) {
    if (std::binary_search(scopes.begin(), scopes.end(), scope)) continue;
    log.withdraw(scope, key, commit.seq);
    commit.scopes[scope].rows.push_back({key, nullptr});
    has_moved = true;
  }
  for (const Scope& scope : scopes) {
    const auto& bytes = row.bytes_for(scope);
    const std::uint32_t crc = row_crc(entity.id, *bytes);
    const auto old = std::find_if(before.begin(), before.end(),
                                  [&](const auto& place) { return place.first == scope; });
    if (old != before.end() && old->second == crc) continue;
    log.publish(scope, key, crc, commit.seq);
    commit.scopes[scope].rows.push_back({key, bytes});
  }
  return has_moved;
}

class PokeWriter {
 public:
  PokeWriter(const Reader& rows, const ScopeLog& log, std::uint64_t base_seq)
      : rows_(rows), log_(log), base_seq_(base_seq) {
    begin();
  }

  // Parts of its own: devices keep the bytes as they are, sealed for the scope.
  void snapshot(const Scope& scope) {
    if (!parts_.back().changes.empty()) begin();
    parts_.back().snapshots.push_back(scope);
    for (const RowKey& row : log_.rows(scope)) put(scope, row);
    begin();
  }
  void change(const Scope& scope, const RowKey& row) {
    const auto places = log_.published(row);
    const bool is_there = std::any_of(places.begin(), places.end(),
                                      [&](const auto& place) { return place.first == scope; });
    if (is_there) put(scope, row);
    else add({RowOp::kRemove, index_of(scope), row.entity, row.id, {}});
  }
  // A scope without rows of its own in the poke: the client only learns that it is gone.
  bool is_empty() const { return parts_.size() == 1 && parts_[0].changes.empty() &&
                                 parts_[0].snapshots.empty(); }
  std::vector<Poke> finish(Cookie cookie, std::uint64_t last_mid, std::uint64_t backup_seq) {
    parts_.back().is_last = true;
    parts_.back().cookie = std::move(cookie);
    parts_.back().last_mid = last_mid;
    parts_.back().backup_seq = backup_seq;
    return std::move(parts_);
  }

 private:
  void begin() {
    Poke part;
    part.epoch = log_.epoch();
    part.base_seq = base_seq_;
    part.seq = log_.seq();
    parts_.push_back(std::move(part));
    bytes_ = 0;
  }
  std::uint32_t index_of(const Scope& scope) {
    auto& scopes = parts_.back().scopes;
    const auto found = std::find(scopes.begin(), scopes.end(), scope);
    if (found != scopes.end()) return static_cast<std::uint32_t>(found - scopes.begin());
    scopes.push_back(scope);
    return static_cast<std::uint32_t>(scopes.size() - 1);
  }
  void put(const Scope& scope, const RowKey& key) {
    const Entity& entity = *find_entity(key.entity);
    AnyRow row(entity);
    if (!rows_.read(entity, key.id, row.get())) return;
    std::string bytes = encode(entity, row.get(), audience_of(scope));
    if (bytes_ + bytes.size() > kFrameBytesMax - 4096 && bytes_ > 0) begin();
    bytes_ += bytes.size() + 32;
    add({RowOp::kPut, index_of(scope), key.entity, key.id, std::move(bytes)});
  }
  void add(RowChange change) {
    bytes_ += 24;
    parts_.back().changes.push_back(std::move(change));
  }

  const Reader& rows_;
  const ScopeLog& log_;
  std::uint64_t base_seq_;
  std::size_t bytes_ = 0;
  std::vector<Poke> parts_;
};

Push in_order_of_clocks(Push push) {
  sort_list(push.commands,
            [](const auto& a, const auto& b) { return a.created_at < b.created_at; });
  return push;
}

// Another command came before this one than the client thinks.
bool is_of_a_copy(const PushedCommand& pushed, const ScopeLog::ClientRecord& record) {
  return pushed.mid == record.last_mid + 1 && pushed.previous_hash != 0 && record.hash != 0 &&
         pushed.previous_hash != record.hash;
}

bool is_of_this_history(const Cookie& cookie, const ScopeLog& log) {
  if (cookie.epoch == log.epoch()) return cookie.seq <= log.seq();
  const auto earlier = log.forked_from();
  return std::any_of(earlier.begin(), earlier.end(), [&](const EndedEpoch& ended) {
    return ended.epoch == cookie.epoch && cookie.seq <= ended.seq;
  });
}

}  // namespace

CommitChanges publish_commit(const Reader& rows, ScopeLog& log, std::span<const RowKey> touched,
                             std::uint64_t seq) {
  CommitChanges commit;
  commit.seq = seq;
  std::vector<RowKey> pending(touched.begin(), touched.end());
  while (!pending.empty()) {
    const RowKey key = pending.back();
    pending.pop_back();
    commit.changes_access |= decides_access(key.entity);
    if (!publish_row(rows, log, key, commit) || planted(EngineBug::kChildrenStay)) continue;
    for (const RowKey& child : children_of(rows, key)) pending.push_back(child);
  }
  for (auto& [scope, change] : commit.scopes) change.state = log.state(scope);
  return commit;
}

std::set<Scope> publish_rows(const Reader& rows, ScopeLog& log, std::span<const RowKey> touched,
                             std::uint64_t seq) {
  std::set<Scope> changed;
  for (const auto& [scope, change] : publish_commit(rows, log, touched, seq).scopes)
    changed.insert(scope);
  return changed;
}

Decision decision_of(const Result<void>& result) {
  if (result) return {};
  return {PushOutcome::kRejected, result.error()};
}

PushResult decide_push(const Push& push, Id<User> user, ScopeLog& log, const RunCommand& run) {
  if (planted(EngineBug::kOrderedByDeviceClock) &&
      !std::is_sorted(push.commands.begin(), push.commands.end(),
                      [](const auto& a, const auto& b) { return a.created_at < b.created_at; }))
    return decide_push(in_order_of_clocks(push), user, log, run);
  PushResult answer;
  answer.client = push.client;
  ScopeLog::ClientRecord record = log.client(push.client);
  // A client belongs to whoever spoke first through it; nobody pushes under another's name.
  const bool is_foreign = !record.user.is_null() && record.user != user &&
                          !planted(EngineBug::kForeignClientAccepted);
  if (record.user.is_null()) record.user = user;
  for (const PushedCommand& pushed : push.commands) {
    PushedResult one;
    one.mid = pushed.mid;
    if (is_foreign) {
      one.outcome = PushOutcome::kRejected;
      one.error = {ErrorCode::kForbidden, "client", "not_yours"};
    } else if ((pushed.mid > record.last_mid + 1 && !planted(EngineBug::kOutOfOrderAccepted) &&
                !planted(EngineBug::kOrderedByDeviceClock)) ||
               pushed.mid == 0) {
      one.outcome = PushOutcome::kOutOfOrder;
      answer.expected_mid = record.last_mid + 1;
    } else if (is_of_a_copy(pushed, record)) {
      one.outcome = PushOutcome::kForked;
    } else {
      const Turn turn = pushed.mid <= record.last_mid ? Turn::kRepeat : Turn::kFirst;
      Decision decision{PushOutcome::kRejected, {ErrorCode::kInvalid, "mid", "nothing"}};
      if (pushed.kind != PushKind::kNothing)
        decision = run(pushed, command_id(push.client, pushed), turn);
      one.outcome = decision.outcome;
      one.error = std::move(decision.error);
      if (turn == Turn::kRepeat && (one.outcome == PushOutcome::kApplied ||
                                    planted(EngineBug::kDuplicateWithoutError)))
        one.outcome = PushOutcome::kDuplicate;
      const bool is_kept = one.outcome == PushOutcome::kApplied ||
                           !planted(EngineBug::kRefusalKeepsNumber);
      if (turn == Turn::kFirst && one.outcome != PushOutcome::kForked && is_kept) {
        record.last_mid = pushed.mid;
        record.hash = pushed.hash;
      }
    }
    one.seq = log.seq();
    answer.results.push_back(std::move(one));
    const PushOutcome outcome = answer.results.back().outcome;
    if (outcome == PushOutcome::kOutOfOrder || outcome == PushOutcome::kForked) break;
  }
  if (!is_foreign) log.set_client(push.client, record);
  return answer;
}

Welcome welcome_of(const Actor& actor, const Uuid& client, const ScopeLog& log,
                   std::optional<std::uint64_t> backup_seq, Instant now) {
  Welcome welcome;
  welcome.epoch = log.epoch();
  welcome.last_mid = log.client(client).last_mid;
  welcome.server_time = now;
  welcome.actor = encode_actor(actor);
  welcome.seq = log.seq();
  welcome.backup_seq = backup_seq.value_or(welcome.seq);
  welcome.forked_from = log.forked_from();
  welcome.command_set = kCommandSet;
  return welcome;
}

std::vector<Poke> catch_up(const Actor& actor, const Uuid& client, const Cookie& cookie,
                           const Reader& rows, const ScopeLog& log,
                           std::optional<std::uint64_t> backup_seq) {
  const bool is_usable = is_of_this_history(cookie, log) && cookie.schema == schema_hash();
  PokeWriter writer(rows, log, is_usable ? cookie.seq : 0);
  Cookie reached{log.epoch(), log.seq(), schema_hash(), {}};
  bool has_changed = !is_usable;
  for (const Scope& scope : scopes_of_actor(actor)) {
    reached.scopes.push_back(log.state(scope));
    reached.scopes.back().seq = log.seq();
    const auto held = std::find_if(cookie.scopes.begin(), cookie.scopes.end(),
                                   [&](const ScopeState& state) { return state.scope == scope; });
    if (!is_usable || held == cookie.scopes.end()) {
      writer.snapshot(scope);
      continue;
    }
    const auto changed = log.changed_since(scope, held->seq);
    if (!changed) {
      writer.snapshot(scope);
      continue;
    }
    for (const RowKey& row : *changed) writer.change(scope, row);
  }
  // Scopes that the actor may not read any more: the cookie without them purges their rows.
  for (const ScopeState& held : cookie.scopes)
    has_changed |= std::none_of(reached.scopes.begin(), reached.scopes.end(),
                                [&](const ScopeState& s) { return s.scope == held.scope; });
  has_changed |= cookie.seq != reached.seq || cookie.epoch != reached.epoch;
  if (!has_changed && writer.is_empty()) return {};
  const std::uint64_t seq = log.seq();
  return writer.finish(std::move(reached), log.client(client).last_mid, backup_seq.value_or(seq));
}

std::vector<Scope> scopes_heard_by(const Actor& actor) {
  std::vector<Scope> scopes = scopes_of_actor(actor);
  if (!actor.contact.is_null())
    scopes.push_back({ScopeKind::kContact, StaffArea::kNone, actor.contact});
  return scopes;
}

std::optional<Reset> refuse_hello(const Hello& hello) {
  if (hello.protocol != kProtocol) return Reset{ResetReason::kProtocol, 60000};
  if (hello.client.is_null()) return Reset{ResetReason::kForked, 0};
  return std::nullopt;
}

bool is_ahead(const Cookie& cookie, const ScopeLog& log) {
  return cookie.epoch == log.epoch() && cookie.seq > log.seq();
}

bool is_copy(const Hello& hello, const ScopeLog::ClientRecord& record) {
  return hello.last_mid < record.last_mid && hello.waiting == 0;
}

}  // namespace foyer
