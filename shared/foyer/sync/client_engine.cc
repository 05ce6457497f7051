#include "foyer/sync/client_engine.h"

#include <algorithm>

#include "foyer/base/sort.h"
#include "foyer/command/execute.h"
#include "foyer/command/seen.h"
#include "foyer/model/registry.h"
#include "foyer/schema/bytes.h"
#include "foyer/sync/planted.h"

namespace foyer {
namespace {

constexpr std::uint8_t kEntryVersion = 1;
constexpr std::size_t kPushMax = 64;
// How often a lease is noted although nothing else changed.
constexpr std::int64_t kWelcomeAgeMaxMs = kMsPerDay;

// A part of a poke as parts of one scope each, in the order in which the scopes appear.
std::vector<Poke> by_scope(Poke&& part) {
  std::vector<Poke> parts;
  const auto of = [&](const Scope& scope) -> Poke& {
    for (Poke& one : parts)
      if (one.scopes.front() == scope) return one;
    Poke& fresh = parts.emplace_back();
    fresh.epoch = part.epoch;
    fresh.base_seq = part.base_seq;
    fresh.seq = part.seq;
    fresh.scopes = {scope};
    return fresh;
  };
  for (RowChange& change : part.changes) {
    Poke& mine = of(part.scopes[change.scope]);
    change.scope = 0;
    mine.changes.push_back(std::move(change));
  }
  for (const Scope& scope : part.snapshots) of(scope).snapshots = {scope};
  return parts;
}

// Stored as it came: nothing in it is of another scope or of the poke as a whole.
bool is_of_one_scope(const Poke& part) {
  return !part.is_last && part.scopes.size() == 1 && part.snapshots.size() <= 1 &&
         (part.snapshots.empty() || part.snapshots == part.scopes);
}

}  // namespace

std::string encode_outbox_entry(const OutboxEntry& entry) {
  ByteWriter out;
  out.byte(kEntryVersion);
  out.varint(entry.mid);
  out.bytes(entry.command.name);
  out.varint(entry.command.version);
  out.bytes(entry.command.arguments);
  out.varint(entry.base_seq);
  out.zigzag(entry.created_at.ms);
  out.byte(entry.state == OutboxState::kAttention ? 1 : 0);
  out.byte(static_cast<std::uint8_t>(entry.error.code));
  out.bytes(entry.error.field);
  out.bytes(entry.error.detail);
  return out.take();
}

Result<OutboxEntry> decode_outbox_entry(std::string_view bytes) {
  ByteReader in(bytes);
  OutboxEntry entry;
  const bool is_known = in.byte() == kEntryVersion;
  entry.mid = in.varint();
  entry.command.name = in.bytes();
  entry.command.version = static_cast<std::uint16_t>(in.varint());
  entry.command.arguments = in.bytes();
  entry.base_seq = in.varint();
  entry.created_at.ms = in.zigzag();
  entry.state = in.byte() == 1 ? OutboxState::kAttention : OutboxState::kWaiting;
  const std::uint8_t code = in.byte();
  entry.error.code = code <= static_cast<std::uint8_t>(ErrorCode::kInternal)
                         ? static_cast<ErrorCode>(code)
                         : ErrorCode::kInternal;
  entry.error.field = in.bytes();
  entry.error.detail = in.bytes();
  if (!is_known || in.failed() || !in.at_end() || entry.mid == 0)
    return fail(ErrorCode::kCorrupt, "outbox");
  return entry;
}

void ClientEngine::load_cache(std::string_view bytes, std::vector<Piece> pieces) {
  auto stored = cache_.open(bytes, std::move(pieces));
  if (!stored) return cache_.close({});
  if (auto actor = decode_actor(stored->welcome.actor)) actor_ = std::move(*actor);
  last_mid_ = std::max(last_mid_, stored->welcome.last_mid);
  welcome_ = std::move(stored->welcome);
  cookie_ = std::move(stored->cookie);
  std::vector<Scope> unreadable;
  for (const ScopeState& state : cookie_.scopes) {
    const bool is_read =
        cache_.read(state.scope, [this](const Poke& part) { return replica_.take(part); });
    Cookie alone;
    alone.scopes = {state};
    if (!is_read || !replica_.certified(alone)) unreadable.push_back(state.scope);
  }
  std::erase_if(cookie_.scopes, [&](const ScopeState& state) {
    return std::find(unreadable.begin(), unreadable.end(), state.scope) != unreadable.end();
  });
  replica_.keep_only(cookie_);
  cache_.close(unreadable);
  is_loaded_ = stored->is_whole && unreadable.empty();
  if (is_loaded_) replica_.show_changes(rows_);
}

void ClientEngine::load(Stored stored) {
  load_cache(stored.head, std::move(stored.pieces));
  last_mid_ = std::max(last_mid_, stored.last_mid);
  for (const std::string& bytes : stored.outbox)
    if (auto entry = decode_outbox_entry(bytes)) {
      last_mid_ = std::max(last_mid_, entry->mid);
      outbox_[entry->mid] = std::move(*entry);
    }
  rebuild_visible();
  effects_.clear();
  write_cache();
  effect(RowsChanged{});
}

void ClientEngine::forget_rows() {
  forget_everything();
  if (!planted(EngineBug::kPurgedInMemoryOnly)) cache_.clear();
  welcome_ = {};
  rebuild_visible();
  write_cache();
  effect(RowsChanged{});
}

void ClientEngine::write_cache() {
  for (CacheWrite& write : cache_.take_writes()) effect(SaveCache{std::move(write)});
}

Context ClientEngine::context_of(const OutboxEntry& entry) const {
  return {actor_, entry.created_at, command_id(client_, entry.mid)};
}

Result<std::uint64_t> ClientEngine::submit(Command command, Instant device_now) {
  OutboxEntry entry;
  entry.mid = last_mid_ + 1;
  entry.command = with_seen(std::move(command), rows_);
  entry.base_seq = cookie_.seq;
  entry.created_at = corrected(device_now);
  FOYER_TRY(check_command(entry.command, rows_, context_of(entry)));
  last_mid_ = entry.mid;
  effect(SaveOutbox{entry.mid, encode_outbox_entry(entry)});
  const std::uint64_t mid = entry.mid;
  outbox_.emplace(mid, std::move(entry));
  return mid;
}

void ClientEngine::saved(std::uint64_t mid) {
  const auto found = outbox_.find(mid);
  if (found == outbox_.end() || found->second.state != OutboxState::kSaving) return;
  found->second.state = OutboxState::kWaiting;
  if (const auto old = retried_.extract(mid)) discard(old.mapped());
  rebuild_visible();
  effect(RowsChanged{});
  effect(OutboxChanged{});
  push_waiting();
}

void ClientEngine::save_failed(std::uint64_t mid) {
  const auto found = outbox_.find(mid);
  if (found == outbox_.end() || found->second.state != OutboxState::kSaving) return;
  if (planted(EngineBug::kFailedSaveCounts)) return saved(mid);
  // The mid was never sent; if it is the newest it can be used again, so that no gap opens.
  if (mid == last_mid_) --last_mid_;
  outbox_.erase(found);
  retried_.erase(mid);
  effect(OutboxChanged{});
}

Result<std::uint64_t> ClientEngine::retry(std::uint64_t mid, Instant device_now) {
  const auto found = outbox_.find(mid);
  if (found == outbox_.end() || found->second.state != OutboxState::kAttention)
    return fail(ErrorCode::kNotFound, "mid", "not_found");
  const OutboxEntry* fresh = successor_of(mid);
  if (fresh != nullptr && !planted(EngineBug::kRetriedTwice)) return fresh->mid;  // asked twice
  return replace(mid, found->second.command, device_now);
}

Result<std::uint64_t> ClientEngine::replace(std::uint64_t mid, Command command,
                                            Instant device_now) {
  const auto found = outbox_.find(mid);
  const bool is_there = found != outbox_.end() && found->second.state == OutboxState::kAttention;
  const OutboxEntry* fresh = successor_of(mid);
  const bool is_same = fresh != nullptr && without_seen(fresh->command).arguments ==
                                               without_seen(command).arguments;
  if (is_same && !planted(EngineBug::kRetriedTwice)) return fresh->mid;
  auto made = submit(std::move(command), device_now);
  // Not before the new one is durable: with no room for it both would be gone.
  if (made && is_there && fresh == nullptr) retried_[*made] = mid;
  if (made && planted(EngineBug::kRetryDiscardsAtOnce)) discard(mid);
  return made;
}

const OutboxEntry* ClientEngine::successor_of(std::uint64_t mid) const {
  for (const auto& [fresh, old] : retried_)
    if (old == mid) return &outbox_.at(fresh);
  return nullptr;
}

void ClientEngine::discard(std::uint64_t mid) {
  const auto found = outbox_.find(mid);
  if (found == outbox_.end() || found->second.state != OutboxState::kAttention) return;
  outbox_.erase(found);
  effect(RemoveOutbox{mid});
  effect(OutboxChanged{});
}

void ClientEngine::connected(Instant) {
  is_online_ = true;
  is_welcome_ = false;
  abandon_poke();
  say_hello();
}

void ClientEngine::disconnected() {
  if (!is_online_) return;
  is_online_ = is_welcome_ = false;
  abandon_poke();
  effect(OutboxChanged{});
}

std::string ClientEngine::hello() const {
  Hello hello;
  hello.client = client_;
  hello.last_mid = last_mid_;
  hello.oldest_mid = outbox_.empty() ? 0 : outbox_.begin()->first;
  hello.cookie = cookie_;
  return encode_frame(hello);
}

void ClientEngine::say_hello() { effect(SendFrame{hello()}); }

void ClientEngine::push_waiting() {
  if (!is_welcome_) return;
  Push push;
  push.client = client_;
  for (std::uint64_t mid = std::max(decided_mid_, pushed_mid_) + 1; mid <= last_mid_; ++mid) {
    const auto found = outbox_.find(mid);
    if (push.commands.size() >= kPushMax) break;
    const bool is_overtaken = planted(EngineBug::kOvertakesSaving) && found != outbox_.end() &&
                              found->second.state == OutboxState::kSaving;
    if (found == outbox_.end() || found->second.state == OutboxState::kAttention ||
        is_overtaken) {
      // A number that came to nothing (it could not be saved): the server refuses it and goes on.
      push.commands.push_back({mid, {}, cookie_.seq, {}});
      continue;
    }
    const OutboxEntry& entry = found->second;
    // Order is part of the promise: nothing overtakes an entry that is still being saved.
    if (entry.state == OutboxState::kSaving) break;
    push.commands.push_back({mid, entry.command, entry.base_seq, entry.created_at});
  }
  // A number that came to nothing is said only together with a later entry: that one is durable,
  // and so the number is taken for good. Said alone, it would be given again after a crash.
  while (!push.commands.empty() && !outbox_.contains(push.commands.back().mid) &&
         !planted(EngineBug::kNumberSaidTooSoon))
    push.commands.pop_back();
  if (push.commands.empty()) return;
  pushed_mid_ = push.commands.back().mid;
  effect(SendFrame{encode_frame(push)});
}

Result<void> ClientEngine::received(std::string_view frames, Instant device_now) {
  std::vector<std::string_view> bytes;
  auto messages = decode_frames(frames, &bytes);
  if (!messages) return std::unexpected(std::move(messages).error());
  last_contact_ = corrected(device_now);
  std::size_t at = 0;
  for (SyncMessage& message : *messages) {
    const std::string_view frame = bytes[at++];
    if (const auto* welcome = std::get_if<Welcome>(&message)) on(*welcome, device_now);
    else if (const auto* result = std::get_if<PushResult>(&message)) on(*result);
    else if (const auto* reset = std::get_if<Reset>(&message)) on(*reset);
    else if (const auto* ping = std::get_if<Ping>(&message))
      clock_offset_ms_ = ping->server_time - device_now;
    else if (auto* poke = std::get_if<Poke>(&message)) {
      // Rows without a welcome would be rows without a lease.
      if (is_online_ && !is_welcome_) return fail(ErrorCode::kInvalid, "frame", "unexpected");
      on(std::move(*poke), frame);
    } else {
      return fail(ErrorCode::kInvalid, "frame", "unexpected");
    }
  }
  return {};
}

void ClientEngine::on(const Welcome& welcome, Instant device_now) {
  if (auto actor = decode_actor(welcome.actor); actor && *actor != actor_) {
    // What waits is shown as this person may do it now.
    actor_ = std::move(*actor);
    rebuild_visible();
    effect(RowsChanged{});
  }
  clock_offset_ms_ = welcome.server_time - device_now;
  keep_welcome(welcome);
  // By requests instead of a socket every answer begins with one: it says nothing new.
  if (std::exchange(is_welcome_, true)) return;
  decided_mid_ = welcome.last_mid;
  pushed_mid_ = 0;
  // Decided, but the answer never came: pushing it again gets the stored one.
  for (const auto& [mid, entry] : outbox_)
    if (entry.state != OutboxState::kAttention && !planted(EngineBug::kLostAnswerForgotten))
      decided_mid_ = std::min(decided_mid_, mid - 1);
  // The server has decided more of this client than we remember: our numbers must not clash.
  last_mid_ = std::max(last_mid_, welcome.last_mid);
  effect(OutboxChanged{});
  push_waiting();
}

void ClientEngine::keep_welcome(const Welcome& welcome) {
  const bool is_news = welcome.actor != welcome_.actor ||
                       welcome.server_time - welcome_.server_time > kWelcomeAgeMaxMs;
  // In memory the newest; stored again only when it says something that a restart must know.
  welcome_.last_mid = std::max(welcome_.last_mid, welcome.last_mid);
  if (!is_news) return;
  welcome_ = welcome;
  if (!is_loaded_ || incoming_.is_begun) return;
  cache_.commit(head());
  write_cache();
}

void ClientEngine::refuse(OutboxEntry& entry, Error error) {
  entry.state = OutboxState::kAttention;
  entry.error = std::move(error);
  effect(SaveOutbox{entry.mid, encode_outbox_entry(entry)});
}

bool ClientEngine::drop_arrived() {
  bool has_dropped = false;
  for (auto entry = outbox_.begin(); entry != outbox_.end();) {
    const std::uint64_t at = entry->second.applied_at;
    const bool has_arrived =
        at != 0 && (at <= cookie_.seq || planted(EngineBug::kTrimmedAtAnswer));
    if (has_arrived) effect(RemoveOutbox{entry->first});
    has_dropped |= has_arrived;
    entry = has_arrived ? outbox_.erase(entry) : std::next(entry);
  }
  return has_dropped;
}

void ClientEngine::on(const PushResult& result) {
  if (result.client != client_) return;
  bool has_changed = false;
  for (const PushedResult& one : result.results) {
    if (one.outcome == PushOutcome::kOutOfOrder) {
      if (planted(EngineBug::kOutOfOrderIgnored)) continue;
      decided_mid_ = result.expected_mid == 0 ? 0 : result.expected_mid - 1;
      pushed_mid_ = 0;
      continue;
    }
    decided_mid_ = std::max(decided_mid_, one.mid);
    const auto found = outbox_.find(one.mid);
    if (found == outbox_.end() || found->second.state != OutboxState::kWaiting) continue;
    if (one.outcome == PushOutcome::kRejected) {
      refuse(found->second, one.error);
      has_changed = true;
    } else {
      found->second.applied_at = std::max<std::uint64_t>(one.seq, 1);
    }
  }
  has_changed |= drop_arrived();
  if (has_changed) {
    rebuild_visible();
    effect(RowsChanged{});
  }
  effect(OutboxChanged{});
  push_waiting();
}

void ClientEngine::on(Poke poke, std::string_view frame) {
  if (incoming_.is_begun && incoming_.seq != poke.seq) abandon_poke();
  if (!incoming_.is_begun) begin_poke(poke);
  if (is_of_one_scope(poke)) {
    take_part(std::move(poke), std::string(frame));
    return write_cache();
  }
  Poke last;
  last.is_last = poke.is_last;
  last.epoch = poke.epoch;
  last.seq = poke.seq;
  last.cookie = std::move(poke.cookie);
  for (Poke& part : by_scope(std::move(poke))) {
    std::string bytes = encode_frame(part);
    take_part(std::move(part), std::move(bytes));
  }
  if (last.is_last) return end_poke(last);
  write_cache();
}

void ClientEngine::begin_poke(const Poke& first) {
  incoming_ = {};
  incoming_.is_begun = true;
  incoming_.seq = first.seq;
  incoming_.is_fresh = first.base_seq == 0;
  incoming_.is_sound = incoming_.is_fresh || planted(EngineBug::kAnyPokeFits) ||
                       (first.epoch == cookie_.epoch && first.base_seq == cookie_.seq);
  // What is shown stays until the new rows are whole; what is not shown yet is of no use.
  if (!incoming_.is_fresh || is_loaded_) return;
  if (!cookie_.scopes.empty()) cache_.clear();
  forget_everything();
  cookie_.epoch = first.epoch;
  cookie_.schema = schema_hash();
}

void ClientEngine::take_part(Poke part, std::string frame) {
  if (!incoming_.is_sound) return;
  if (const auto whole = cache_.take(part, std::move(frame)); whole && !is_loaded_) stage(*whole);
  const Scope scope = part.snapshots.empty() ? part.scopes.front() : part.snapshots.front();
  if (!part.snapshots.empty()) {
    incoming_.filling.insert(scope);
    // Came whole before, and comes again: until it is there we hold nothing of it.
    if (!is_loaded_)
      std::erase_if(cookie_.scopes, [&](const ScopeState& s) { return s.scope == scope; });
  }
  if (is_loaded_ || !incoming_.filling.contains(scope)) {
    if (planted(EngineBug::kPartialPoke)) (void)replica_.take(part);
    incoming_.parts.push_back(std::move(part));
    return;
  }
  incoming_.is_sound = replica_.take(part);
}

void ClientEngine::stage(const ScopeState& state) {
  std::erase_if(cookie_.scopes, [&](const ScopeState& s) { return s.scope == state.scope; });
  cookie_.scopes.push_back(state);
  sort_list(cookie_.scopes,
            [](const ScopeState& a, const ScopeState& b) { return a.scope < b.scope; });
  incoming_.staged_seq = std::max(cookie_.seq, state.seq);
  CacheHead staged = head();
  staged.cookie.seq = incoming_.staged_seq;
  cache_.stage(state.scope, staged);
}

// The scopes that came whole stay, unseen, and are named in the next hello.
void ClientEngine::abandon_poke() {
  if (!incoming_.is_begun) return;
  if (!is_loaded_) {
    cookie_.seq = std::max(cookie_.seq, incoming_.staged_seq);
    if (cookie_.scopes.empty()) cookie_ = {};
    replica_.keep_only(cookie_);
  }
  incoming_ = {};
  cache_.abandon();
  write_cache();
}

void ClientEngine::end_poke(const Poke& last) {
  const bool is_fresh = incoming_.is_fresh;
  if (is_fresh && is_loaded_) forget_everything();
  if (!apply(last.cookie)) {
    // What we hold is not what the server thinks: begin anew. The outbox stays.
    forget_everything();
    incoming_ = {};
    cache_.clear();
    rebuild_visible();
    write_cache();
    say_hello();
    return;
  }
  incoming_ = {};
  if (planted(EngineBug::kRemovedBeforeStored)) drop_arrived();
  cache_.commit(head());
  const auto fragmented = cache_.fragmented();
  for (const Scope& scope : fragmented) cache_.rewrite(scope, replica_.segments(scope, cookie_));
  if (!fragmented.empty()) cache_.commit(head());
  if (!is_fresh && planted(EngineBug::kPokeNotStored)) (void)cache_.take_writes();
  write_cache();
  // After the rows that make them superfluous: a crash in between shows both, never neither.
  drop_arrived();
  rebuild_visible();
  effect(RowsChanged{});
  effect(OutboxChanged{});
}

void ClientEngine::on(const Reset& reset) {
  if (reset.reason == ResetReason::kRevoked) {
    forget_everything();
    incoming_ = {};
    if (!planted(EngineBug::kPurgedInMemoryOnly)) cache_.clear();
    rebuild_visible();
    write_cache();
    effect(SignedOut{});
    return;
  }
  is_welcome_ = false;
  effect(OutboxChanged{});
}

bool ClientEngine::apply(const Cookie& cookie) {
  if (!incoming_.is_sound) return false;
  for (const Poke& part : incoming_.parts)
    if (!replica_.take(part)) return false;
  if (!planted(EngineBug::kLostScopeStays)) replica_.keep_only(cookie);
  if (!replica_.certified(cookie)) return false;
  if (is_pending_open_) {
    if (planted(EngineBug::kPendingNotUndone)) rows_.commit();
    else rows_.rollback();
    is_pending_open_ = false;
  }
  replica_.show_changes(rows_);
  cookie_ = cookie;
  is_loaded_ = true;
  return true;
}

void ClientEngine::forget_everything() {
  if (is_pending_open_) rows_.rollback();
  is_pending_open_ = false;
  cookie_ = {};
  rows_ = MemoryStore(Numbering::kNone, Touches::kForgotten);
  replica_.clear();
  is_loaded_ = false;
}

void ClientEngine::rebuild_visible() {
  if (is_pending_open_) rows_.rollback();
  rows_.begin();
  is_pending_open_ = true;
  for (auto& [mid, entry] : outbox_) {
    if (entry.state != OutboxState::kWaiting) continue;
    // What does not fit any more stays in the outbox: the server decides it, and a person sees why.
    (void)run_command(entry.command, rows_, context_of(entry));
  }
}

SyncStatus ClientEngine::status() const {
  SyncStatus status{.is_online = is_welcome_,
                    .is_loaded = is_loaded_,
                    .is_receiving = incoming_.is_begun,
                    .last_contact = last_contact_};
  for (const auto& [mid, entry] : outbox_) {
    status.waiting += entry.state == OutboxState::kWaiting;
    status.attention += entry.state == OutboxState::kAttention;
  }
  return status;
}

std::vector<Effect> ClientEngine::take_effects() { return std::exchange(effects_, {}); }

}  // namespace foyer
