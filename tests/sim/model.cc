#include "sim/model.h"

#include <algorithm>

#include "foyer/base/checksum.h"
#include "foyer/command/execute.h"
#include "foyer/model/registry.h"

namespace foyer::sim {
namespace {

std::string raw(const Sha256Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace

void Model::put_row(const Entity& entity, const void* row) {
  now_.rows.write(entity, row);
  if (entity.id == Table<User>::id || entity.id == Table<Contact>::id)
    access_[{entity.id, entity.id_of(row)}] = encode(entity, row);
}

// Nobody gets back what was taken from them.
void Model::restore() {
  now_ = backup_;
  unsealed_.clear();
  for (const auto& [key, bytes] : access_) {
    const Entity& entity = *find_entity(key.entity);
    AnyRow row(entity);
    if (decode(entity, bytes, row.get())) now_.rows.write(entity, row.get());
  }
}

void Model::decide(const Decided& decided) {
  const auto [at, is_new] = now_.log.emplace(decided.id, Decision{decided, 0});
  core_.check(is_new, Oracle::kExactlyOnce, "server", "a command was executed more than once");
  if (!is_new) return;
  unsealed_.push_back(decided.id);
  std::uint64_t& newest = now_.newest_mid[decided.client];
  core_.check(decided.mid == newest + 1, Oracle::kOrder, "server",
              "a client's commands were executed out of their order");
  newest = std::max(newest, decided.mid);
  core_.check(decided.now == core_.now, Oracle::kOrder, "server",
              "a command was stamped with another clock than the server's");
  const Actor author = actor_of(now_.rows, decided.user);
  now_.rows.take_touched();
  const auto result = run_command(decided.command, now_.rows, {author, decided.now, decided.id});
  if (now_.rows.take_touched().empty()) unsealed_.pop_back();  // nothing to wait for
  core_.check(result.has_value() == decided.result.has_value(), Oracle::kAuthority, "server",
              "a command was decided otherwise than its author's rights and the rows say");
}

void Model::look(const RowKey& key, Sight& sight, const Entity& entity) {
  const std::string_view bytes = now_.rows.bytes(entity, key.id);
  AnyRow row(entity);
  now_.rows.read(entity, key.id, row.get());
  sight.scopes = scopes_of(now_.rows, entity, row.get());
  ever_on_[key].insert(sight.scopes.begin(), sight.scopes.end());
  if (sight.bytes == bytes) return;
  sight.bytes = bytes;
  sight.by_audience.clear();
  sight.hashes.clear();
  for (const Scope& scope : sight.scopes) sight.by_audience[audience_of(scope)];
  if (entity.id != Table<Message>::id) return;
  // The words as their author wrote them: unlike any other row's.
  const auto& message = *static_cast<const Message*>(row.get());
  canaries_[key] = message.body.substr(0, message.body.find(' '));
}

std::shared_ptr<const View> Model::see(Id<User> user) {
  auto view = std::make_shared<View>();
  const auto scopes = scopes_of_actor(actor_of(now_.rows, user));
  view->scopes.insert(scopes.begin(), scopes.end());
  std::string all;
  for (auto& [key, sight] : sights_) {
    std::uint8_t audience = kNobody;
    for (const Scope& scope : sight.scopes)
      if (view->scopes.contains(scope)) audience |= audience_of(scope);
    if (audience == kNobody) continue;
    auto& bytes = sight.by_audience[audience];
    auto& hash = sight.hashes[audience];
    if (bytes == nullptr || hash.empty()) {
      const Entity& entity = *find_entity(key.entity);
      AnyRow row(entity);
      (void)decode(entity, sight.bytes, row.get());
      bytes = std::make_shared<const std::string>(encode(entity, row.get(), audience));
      hash = std::to_string(key.entity) + raw(sha256(*bytes));
    }
    view->rows.emplace_hint(view->rows.end(), key, bytes);
    all += hash;
  }
  view->digest = to_hex(sha256(all));
  return view;
}

void Model::seal(std::uint64_t seq) {
  core_.check(seq >= seq_, Oracle::kOrder, "server", "the sequence went back");
  std::set<RowKey> there;
  for (const Entity* entity : entities())
    for (const Uuid& id : now_.rows.scan(*entity, {})) {
      const RowKey key{entity->id, id};
      there.insert(key);
      look(key, sights_[key], *entity);
    }
  std::erase_if(sights_, [&](const auto& sight) { return !there.contains(sight.first); });
  const bool is_same_number = seq == seq_;
  for (const Id<User> user : readers_) {
    auto view = see(user);
    const View* before = this->view(user, seq_);
    core_.check(!is_same_number || before == nullptr || before->digest == view->digest,
                Oracle::kConfirmed, "server", "two states of the rows bear one number");
    views_[user][seq] = std::move(view);
  }
  seq_ = seq;
  for (const Uuid& id : std::exchange(unsealed_, {})) now_.log.at(id).seq = seq;
}

const View* Model::view(Id<User> user, std::uint64_t seq) const {
  const auto views = views_.find(user);
  if (views == views_.end()) return nullptr;
  const auto found = views->second.find(seq);
  return found == views->second.end() ? nullptr : found->second.get();
}

const Model::Decision* Model::find(const Uuid& client, std::uint64_t mid) const {
  const auto found = now_.log.find(command_id(client, mid));
  return found == now_.log.end() ? nullptr : &found->second;
}

bool Model::was_ever_on(const RowKey& row, const std::set<Scope>& scopes) const {
  const auto found = ever_on_.find(row);
  return found != ever_on_.end() &&
         std::any_of(found->second.begin(), found->second.end(),
                     [&](const Scope& scope) { return scopes.contains(scope); });
}

}  // namespace foyer::sim
