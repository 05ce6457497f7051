#include "sim/oracles.h"

#include "foyer/command/seen.h"
#include "foyer/command/execute.h"
#include "foyer/model/registry.h"

namespace foyer::sim {
namespace {

bool is_number_for_nothing(const Command& command) { return command.name.empty(); }

// What the author had before their eyes the device adds by itself.
bool are_same(const Command& said, const Command& decided) {
  const Command one = without_seen(said), other = without_seen(decided);
  return one.name == other.name && one.arguments == other.arguments;
}

bool lacks_a_scope(const Cookie& cookie, const View& view) {
  return cookie.scopes.size() < view.scopes.size();
}

}  // namespace

void Oracles::look_at(Device& device) {
  if (core_.is_broken()) return;
  device.look();
  if (device.starts() != std::exchange(device.judged_start, device.starts())) start(device);
  nothing_lost(device);
  core_.check(device.resets() == 0, Oracle::kBootstrap, device.name(),
              "a poke made for what the device holds did not fit it");
  const ClientEngine& engine = device.engine();
  if (!engine.status().is_loaded) {
    core_.check(static_cast<const MemoryStore&>(engine.rows()).count(entity_of<Case>()) == 0 ||
                    engine.status().waiting > 0,
                Oracle::kPrivacy, device.name(), "rows are shown although none are held");
    return;
  }
  const View* view = model_.view(device.user(), engine.cookie().seq);
  core_.check(view != nullptr, Oracle::kConfirmed, device.name(),
              "holds a cookie of a commit that there never was");
  if (view == nullptr) return;
  // A scope that came damaged is asked for alone; until it is there the others are shown.
  if (!lacks_a_scope(engine.cookie(), *view)) {
    confirmed(device, *view);
    optimistic(device, *view);
  }
  privacy(device, *view);
}

void Oracles::start(Device& device) {
  const ClientEngine& engine = device.engine();
  const bool is_loaded = engine.status().is_loaded;
  const bool is_live =
      !is_loaded || device.clock() - engine.welcomed_at() <= Device::kLeaseMs;
  core_.check(is_live, Oracle::kPrivacy, device.name(), "rows are shown after their lease");
  core_.check(is_loaded || !device.must_load(), Oracle::kCrash, device.name(),
              "rows were stored, and a restart finds none");
}

void Oracles::confirmed(Device& device, const View& view) {
  core_.check(device.engine().confirmed_digest() == view.digest, Oracle::kConfirmed,
              device.name(), "the rows are not those of the commit that the cookie names");
}

void Oracles::optimistic(Device& device, const View& view) {
  const ClientEngine& engine = device.engine();
  MemoryStore folded;
  for (const auto& [key, bytes] : view.rows) {
    const Entity& entity = *find_entity(key.entity);
    AnyRow row(entity);
    if (decode(entity, *bytes, row.get())) folded.write(entity, row.get());
  }
  for (const auto& [mid, entry] : engine.outbox()) {
    if (entry.state != OutboxState::kWaiting) continue;
    const bool has_origin = !entry.origin_client.is_null();
    const Context context{engine.actor(), entry.created_at,
                          has_origin ? command_id(entry.origin_client, entry.origin_mid)
                                     : command_id(engine.client(), mid)};
    (void)run_command(entry.command, folded, context);
  }
  const auto& shown = static_cast<const MemoryStore&>(engine.rows());
  core_.check(folded.digest() == shown.digest(), Oracle::kOptimistic, device.name(),
              "what is shown is not what is pending on top of what is confirmed");
}

void Oracles::privacy(Device& device, const View& view) {
  if (view.scopes != device.judged_scopes) device.owes_privacy = true;
  // Rows of a snapshot are stored as they come: before its end they may be of newer rights.
  if (!device.owes_privacy || !device.disk().is_idle() || device.engine().status().is_receiving)
    return;
  device.owes_privacy = false;
  device.judged_scopes = view.scopes;
  const std::string stored = device.disk().cache_bytes();
  for (const auto& [row, words] : model_.canaries()) {
    if (view.rows.contains(row) || model_.was_ever_on(row, view.scopes)) continue;
    core_.check(stored.find(words) == stored.npos, Oracle::kPrivacy, device.name(),
                "words of a scope that was revoked are still stored");
  }
}

const Model::Decision* Oracles::decision_of(Device& device, Number number) {
  const Model::Decision* decision = model_.find(number.client, number.mid);
  const auto before = device.facts().was.find(number);
  if (before == device.facts().was.end()) return decision;
  const Model::Decision* older = decision_of(device, before->second);
  core_.check(decision == nullptr || older == nullptr ||
                  is_number_for_nothing(decision->decided.command),
              Oracle::kExactlyOnce, device.name(),
              "a command was decided under both of a device's ids");
  return older == nullptr ? decision : older;
}

void Oracles::nothing_lost(Device& device) {
  const ClientEngine& engine = device.engine();
  const Facts& facts = device.facts();
  for (const Number& number : facts.told) {
    core_.check(!facts.not_saved.contains(number), Oracle::kNoLostWrite, device.name(),
                "told that it could not be saved, and it is kept");
    const bool is_kept = number.client == engine.client() && engine.redo().contains(number.mid);
    if (device.entry(number) != nullptr || is_kept || facts.given_up.contains(number)) continue;
    const auto again = facts.retried_as.find(number);
    if (again != facts.retried_as.end()) continue;
    const Model::Decision* decision = decision_of(device, number);
    core_.check(decision != nullptr && decision->decided.result.has_value(),
                Oracle::kNoLostWrite, device.name(),
                "a saved command is neither waiting, nor shown as refused, nor done");
    if (core_.is_broken()) return;
    const bool may_lag = device.may_lag || !engine.status().is_loaded;
    core_.check(may_lag || decision->seq <= engine.cookie().seq, Oracle::kNoLostWrite,
                device.name(), "a saved command left the outbox before its rows came");
  }
}

void Oracles::decided_as_said(Device& device, const Number& number) {
  const Facts& facts = device.facts();
  const Model::Decision* decision = decision_of(device, number);
  const OutboxEntry* entry = device.entry(number);
  const bool is_shown = entry != nullptr && entry->state == OutboxState::kAttention;
  const bool is_seen =
      is_shown || facts.given_up.contains(number) || facts.retried_as.contains(number);
  const bool is_nothing = decision == nullptr || is_number_for_nothing(decision->decided.command);
  // Refused in a history that is over, and seen: it is not asked for again.
  if (is_seen && is_nothing && server_.has_restored()) return;
  core_.check(decision != nullptr, Oracle::kNoLostWrite, device.name(),
              "a saved command never reached the server");
  if (decision == nullptr) return;
  if (decision->decided.is_trimmed) return;  // kept for longer than was promised, and counted
  core_.check(are_same(facts.said.at(number), decision->decided.command), Oracle::kNoLostWrite,
              device.name(), "the server decided another command than the person gave");
  core_.check(decision->decided.user == device.user(), Oracle::kAuthority, device.name(),
              "a command ran under another person's name");
  if (decision->decided.result) return;
  core_.check(is_seen, Oracle::kNoLostWrite, device.name(), "a refusal is not shown");
}

void Oracles::judge_end(Device& device) {
  look_at(device);
  const ClientEngine& engine = device.engine();
  const Facts& facts = device.facts();
  core_.check(engine.status().waiting == 0, Oracle::kLiveness, device.name(),
              "commands still wait after healing");
  core_.check(engine.status().is_loaded, Oracle::kLiveness, device.name(),
              "has no rows after healing");
  if (core_.is_broken()) return;
  for (const Number& number : facts.told) decided_as_said(device, number);
  for (const Number& number : facts.not_saved) {
    const Model::Decision* decision = decision_of(device, number);
    // A copy of the device may have given the number to something else.
    core_.check(decision == nullptr ||
                    !are_same(facts.said.at(number), decision->decided.command),
                Oracle::kNoLostWrite, device.name(),
                "what was said not to be saved was done all the same");
  }
  for (const auto& [number, again] : facts.retried_as) {
    std::size_t kept = 0;
    for (const Number& fresh : again) kept += facts.told.contains(fresh);
    core_.check(kept <= 1, Oracle::kExactlyOnce, device.name(),
                "one press too many made two commands");
  }
  const View* view = model_.view(device.user(), model_.seq());
  core_.check(view != nullptr && engine.confirmed_digest() == view->digest, Oracle::kConvergence,
              device.name(), "the device's rows are not what the server shows");
  const auto& shown = static_cast<const MemoryStore&>(engine.rows());
  core_.check(shown.digest() == engine.confirmed_digest(), Oracle::kConvergence, device.name(),
              "what is shown differs from what is confirmed although nothing waits");
}

void Oracles::judge_bootstrap(Device& device) {
  if (core_.is_broken()) return;
  const Actor actor = actor_of(server_.rows(), device.user());
  MemoryScopeLog compacted = server_.log();
  compacted.compact(compacted.seq());
  const ClientEngine& held_by = device.engine();
  const Cookie held = held_by.cookie();
  for (const Cookie& from : {Cookie(), held}) {
    ClientEngine fresh(held_by.client());
    Stored stored;
    if (!(from == Cookie())) stored = device.disk().stored_cache();
    fresh.load(stored);
    const MemoryScopeLog& log = from == Cookie() ? server_.log() : compacted;
    fresh.connected(device.clock());
    const Welcome welcome = welcome_of(actor, held_by.client(), log, std::nullopt, core_.now);
    (void)fresh.received(encode_frame(welcome), device.clock());
    const auto pokes =
        catch_up(actor, held_by.client(), fresh.cookie(), server_.rows(), log);
    for (const Poke& part : pokes)
      core_.check(fresh.received(encode_frame(part), device.clock()).has_value(), Oracle::kWire,
                  device.name(), "a frame of the server does not read");
    core_.check(fresh.confirmed_digest() == device.engine().confirmed_digest(),
                Oracle::kBootstrap, device.name(),
                from == Cookie() ? "a fresh device comes to other rows"
                                 : "from the compacted log one comes to other rows");
  }
}

}  // namespace foyer::sim
