#include "sim/oracles.h"

#include "foyer/command/seen.h"
#include "foyer/command/execute.h"
#include "foyer/model/registry.h"

namespace foyer::sim {
namespace {

bool is_number_for_nothing(const Command& command) { return command.name.empty(); }

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
  confirmed(device, *view);
  optimistic(device, *view);
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
    const Context context{engine.actor(), entry.created_at, command_id(engine.client(), mid)};
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

void Oracles::nothing_lost(Device& device) {
  const ClientEngine& engine = device.engine();
  const Facts& facts = device.facts();
  for (const std::uint64_t mid : facts.told) {
    core_.check(!facts.not_saved.contains(mid), Oracle::kNoLostWrite, device.name(),
                "told that it could not be saved, and it is kept");
    if (engine.outbox().contains(mid) || facts.given_up.contains(mid)) continue;
    const auto again = facts.retried_as.find(mid);
    if (again != facts.retried_as.end()) continue;
    const Model::Decision* decision = model_.find(device.client_id(), mid);
    core_.check(decision != nullptr && decision->decided.result.has_value(),
                Oracle::kNoLostWrite, device.name(),
                "a saved command is neither waiting, nor shown as refused, nor done");
    if (core_.is_broken()) return;
    const bool may_lag = device.may_lag || !engine.status().is_loaded;
    core_.check(may_lag || decision->seq <= engine.cookie().seq, Oracle::kNoLostWrite,
                device.name(), "a saved command left the outbox before its rows came");
  }
}

void Oracles::decided_as_said(Device& device, std::uint64_t mid) {
  const Facts& facts = device.facts();
  const Model::Decision* decision = model_.find(device.client_id(), mid);
  core_.check(decision != nullptr, Oracle::kNoLostWrite, device.name(),
              "a saved command never reached the server");
  if (decision == nullptr) return;
  // What the author had before their eyes the device adds by itself.
  const Command said = without_seen(facts.said.at(mid));
  const Command done = without_seen(decision->decided.command);
  core_.check(said.name == done.name && said.arguments == done.arguments, Oracle::kNoLostWrite,
              device.name(), "the server decided another command than the person gave");
  core_.check(decision->decided.user == device.user(), Oracle::kAuthority, device.name(),
              "a command ran under another person's name");
  if (decision->decided.result) return;
  const auto entry = device.engine().outbox().find(mid);
  const bool is_shown = entry != device.engine().outbox().end() &&
                        entry->second.state == OutboxState::kAttention;
  core_.check(is_shown || facts.given_up.contains(mid) || facts.retried_as.contains(mid),
              Oracle::kNoLostWrite, device.name(), "a refusal is not shown");
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
  for (const std::uint64_t mid : facts.told) decided_as_said(device, mid);
  for (const std::uint64_t mid : facts.not_saved) {
    const Model::Decision* decision = model_.find(device.client_id(), mid);
    core_.check(decision == nullptr || is_number_for_nothing(decision->decided.command),
                Oracle::kNoLostWrite, device.name(),
                "what was said not to be saved was done all the same");
  }
  for (const auto& [mid, again] : facts.retried_as) {
    std::size_t kept = 0;
    for (const std::uint64_t fresh : again) kept += facts.told.contains(fresh);
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
  const Cookie held = device.engine().cookie();
  for (const Cookie& from : {Cookie(), held}) {
    ClientEngine fresh(device.client_id());
    Stored stored;
    if (!(from == Cookie())) stored = device.disk().stored_cache();
    fresh.load(stored);
    const MemoryScopeLog& log = from == Cookie() ? server_.log() : compacted;
    fresh.connected(device.clock());
    Welcome welcome;
    welcome.epoch = log.epoch();
    welcome.server_time = core_.now;
    welcome.actor = encode_actor(actor);
    (void)fresh.received(encode_frame(welcome), device.clock());
    const auto pokes =
        catch_up(actor, device.client_id(), fresh.cookie(), server_.rows(), log);
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
