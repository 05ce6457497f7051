#include "foyer/sync/client_engine.h"

#include <algorithm>

#include "foyer/base/checksum.h"
#include "foyer/base/sort.h"
#include "foyer/command/execute.h"
#include "foyer/command/seen.h"
#include "foyer/command/upcast.h"
#include "foyer/model/registry.h"
#include "foyer/schema/bytes.h"
#include "foyer/sync/planted.h"

namespace foyer {
namespace {

constexpr std::uint8_t kEntryVersion = 2;
constexpr std::size_t kPushMax = 64;
// How often a lease is noted although nothing else changed.
constexpr std::int64_t kWelcomeAgeMaxMs = kMsPerDay;
constexpr std::int64_t kReconnectMsMin = 500, kReconnectMsMax = 15'000;

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

// How an entry's state is stored: frozen.
enum class StoredState : std::uint8_t { kWaiting, kAttention, kAcknowledged };
constexpr std::uint8_t kTrimmedFlag = 1, kOriginFlag = 2;

StoredState stored_state(OutboxState state) {
  if (state == OutboxState::kAttention) return StoredState::kAttention;
  if (state == OutboxState::kAcknowledged) return StoredState::kAcknowledged;
  return StoredState::kWaiting;
}

OutboxState state_of(std::uint8_t stored) {
  if (stored == static_cast<std::uint8_t>(StoredState::kAttention)) return OutboxState::kAttention;
  if (stored == static_cast<std::uint8_t>(StoredState::kAcknowledged))
    return OutboxState::kAcknowledged;
  return OutboxState::kWaiting;
}

// What version 2 has more than version 1.
void read_newer_fields(ByteReader& in, OutboxEntry& entry) {
  const std::uint8_t flags = in.byte();
  entry.is_trimmed = (flags & kTrimmedFlag) != 0;
  entry.previous_hash = in.varint();
  entry.hash = in.varint();
  entry.applied_at = in.varint();
  entry.acknowledged_at.ms = in.zigzag();
  if ((flags & kOriginFlag) == 0) return;
  entry.origin_client = in.uuid();
  entry.origin_mid = in.varint();
}

std::size_t weight(const OutboxEntry& entry) {
  return 128 + entry.command.name.size() + entry.command.arguments.size();
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
  out.byte(static_cast<std::uint8_t>(stored_state(entry.state)));
  out.byte(static_cast<std::uint8_t>(entry.error.code));
  out.bytes(entry.error.field);
  out.bytes(entry.error.detail);
  const bool has_origin = !entry.origin_client.is_null();
  out.byte(static_cast<std::uint8_t>((entry.is_trimmed ? kTrimmedFlag : 0) |
                                     (has_origin ? kOriginFlag : 0)));
  out.varint(entry.previous_hash);
  out.varint(entry.hash);
  out.varint(entry.applied_at);
  out.zigzag(entry.acknowledged_at.ms);
  if (has_origin) {
    out.uuid(entry.origin_client);
    out.varint(entry.origin_mid);
  }
  return out.take();
}

Result<OutboxEntry> decode_outbox_entry(std::string_view bytes) {
  ByteReader in(bytes);
  OutboxEntry entry;
  const std::uint8_t version = in.byte();
  entry.mid = in.varint();
  entry.command.name = in.bytes();
  entry.command.version = static_cast<std::uint16_t>(in.varint());
  entry.command.arguments = in.bytes();
  entry.base_seq = in.varint();
  entry.created_at.ms = in.zigzag();
  entry.state = state_of(in.byte());
  const std::uint8_t code = in.byte();
  entry.error.code = code <= static_cast<std::uint8_t>(ErrorCode::kInternal)
                         ? static_cast<ErrorCode>(code)
                         : ErrorCode::kInternal;
  entry.error.field = in.bytes();
  entry.error.detail = in.bytes();
  if (version == kEntryVersion) read_newer_fields(in, entry);
  if (version == 0 || version > kEntryVersion || in.failed() || !in.at_end() || entry.mid == 0)
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
  redo_bytes_ = 0;
  is_first_run_ = stored.is_first_run;
  for (const std::string& bytes : stored.outbox)
    if (auto entry = decode_outbox_entry(bytes)) {
      if (entry->mid >= last_mid_) last_hash_ = entry->hash;
      last_mid_ = std::max(last_mid_, entry->mid);
      // Its rows were not stored before the end of that run: shown as waiting, and asked again.
      const bool is_owed = is_loaded_ && !entry->is_trimmed && entry->applied_at > cookie_.seq;
      if (is_owed && entry->state == OutboxState::kAcknowledged)
        entry->state = OutboxState::kWaiting;
      if (entry->state == OutboxState::kAcknowledged) redo_bytes_ += weight(*entry);
      auto& place = entry->state == OutboxState::kAcknowledged ? redo_ : outbox_;
      place[entry->mid] = std::move(*entry);
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
  const bool has_origin = !entry.origin_client.is_null();
  return {actor_, entry.created_at,
          has_origin ? command_id(entry.origin_client, entry.origin_mid)
                     : command_id(client_, entry.mid)};
}

Result<std::uint64_t> ClientEngine::submit(Command command, Instant device_now) {
  // For a moment the outbox is being written anew: a number given now would be another's then.
  if (adoption_) return fail(ErrorCode::kUnavailable, "outbox", "busy");
  OutboxEntry entry;
  entry.mid = last_mid_ + 1;
  entry.command = with_seen(std::move(command), rows_);
  entry.base_seq = cookie_.seq;
  entry.created_at = corrected(device_now);
  FOYER_TRY(check_command(entry.command, rows_, context_of(entry)));
  entry.previous_hash = last_hash_;
  entry.hash = chain_hash(last_hash_, entry.mid, entry.command, entry.created_at);
  last_mid_ = entry.mid;
  last_hash_ = entry.hash;
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
  fork();
}

void ClientEngine::save_failed(std::uint64_t mid) {
  const auto found = outbox_.find(mid);
  if (found == outbox_.end() || found->second.state != OutboxState::kSaving) return;
  if (planted(EngineBug::kFailedSaveCounts)) return saved(mid);
  // The mid was never sent; if it is the newest it can be used again, so that no gap opens.
  if (mid == last_mid_) {
    --last_mid_;
    last_hash_ = found->second.previous_hash;
  }
  outbox_.erase(found);
  retried_.erase(mid);
  effect(OutboxChanged{});
  fork();
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
  if (adoption_ || found == outbox_.end() || found->second.state != OutboxState::kAttention)
    return;
  outbox_.erase(found);
  effect(RemoveOutbox{mid});
  effect(OutboxChanged{});
}

void ClientEngine::connected(Instant device_now) {
  heard_at_ = device_now;
  is_online_ = true;
  is_welcome_ = false;
  was_welcomed_ = false;
  abandon_poke();
  if (problem_ == "overloaded") problem_.clear();
  if (!adoption_) say_hello();
}

void ClientEngine::tick(Instant device_now) {
  if (again_at_.is_none() || device_now < again_at_ || !is_online_ || adoption_) return;
  problem_.clear();
  heard_at_ = device_now;
  say_hello();
  effect(OutboxChanged{});
}

std::int64_t ClientEngine::reconnect_in_ms(unsigned failures, Instant device_now) const {
  const std::int64_t doubled = kReconnectMsMin << std::min(failures, 5U);
  const std::int64_t step = std::min(doubled, kReconnectMsMax);
  // From half of it to one and a half, by who asks and how often: no clock, no chance.
  const std::string who = to_string(client_) + "/" + std::to_string(failures);
  const std::int64_t wait = step / 2 + static_cast<std::int64_t>(crc32c(who)) % step;
  return again_at_.is_none() ? wait : std::max(wait, again_at_ - device_now);
}

void ClientEngine::disconnected() {
  if (!is_online_) return;
  is_online_ = is_welcome_ = false;
  abandon_poke();
  effect(OutboxChanged{});
}

std::uint64_t ClientEngine::answered_mid() const {
  for (const auto& [mid, entry] : outbox_)
    if (entry.state != OutboxState::kAttention) return mid - 1;
  return last_mid_;
}

std::string ClientEngine::hello() const {
  Hello hello;
  hello.client = client_;
  hello.last_mid = last_mid_;
  hello.oldest_mid = outbox_.empty() ? 0 : outbox_.begin()->first;
  if (!redo_.empty() && (outbox_.empty() || redo_.begin()->first < hello.oldest_mid))
    hello.oldest_mid = redo_.begin()->first;
  hello.cookie = cookie_;
  hello.answered_mid = answered_mid();
  hello.command_set = kCommandSet;
  hello.is_first_run = is_first_run_;
  for (const auto& [mid, entry] : outbox_)
    hello.waiting += entry.state != OutboxState::kAttention && entry.applied_at == 0;
  return encode_frame(hello);
}

void ClientEngine::say_hello() {
  abandon_poke();
  awaits_welcome_ = true;
  again_at_ = {};
  damaged_.clear();
  effect(SendFrame{hello()});
}

PushedCommand ClientEngine::to_push(std::uint64_t mid) const {
  PushedCommand pushed;
  pushed.mid = mid;
  const auto found = outbox_.find(mid);
  const bool is_overtaken = planted(EngineBug::kOvertakesSaving) && found != outbox_.end() &&
                            found->second.state == OutboxState::kSaving;
  if (found == outbox_.end() || found->second.state == OutboxState::kAttention || is_overtaken) {
    // It came to nothing, or a person has seen why. The server goes on with the next.
    const bool was_safe = found == outbox_.end() && mid <= safe_mid_;
    pushed.kind = was_safe ? PushKind::kTrimmed : PushKind::kNothing;
    pushed.base_seq = cookie_.seq;
    return pushed;
  }
  const OutboxEntry& entry = found->second;
  pushed.kind = entry.is_trimmed ? PushKind::kTrimmed : PushKind::kCommand;
  pushed.command = entry.command;
  pushed.base_seq = entry.base_seq;
  pushed.created_at = entry.created_at;
  pushed.previous_hash = entry.previous_hash;
  pushed.hash = entry.hash;
  pushed.origin_client = entry.origin_client;
  pushed.origin_mid = entry.origin_mid;
  return pushed;
}

void ClientEngine::push_waiting() {
  if (!is_welcome_ || adoption_ || problem_ == "older_server") return;
  Push push;
  push.client = client_;
  for (std::uint64_t mid = std::max(decided_mid_, pushed_mid_) + 1; mid <= last_mid_; ++mid) {
    if (push.commands.size() >= kPushMax) break;
    const auto found = outbox_.find(mid);
    // Order is part of the promise: nothing overtakes an entry that is still being saved.
    const bool is_saving =
        found != outbox_.end() && found->second.state == OutboxState::kSaving;
    if (is_saving && !planted(EngineBug::kOvertakesSaving)) break;
    push.commands.push_back(to_push(mid));
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
  heard_at_ = device_now;
  last_contact_ = corrected(device_now);
  std::size_t at = 0;
  for (SyncMessage& message : *messages) {
    const std::string_view frame = bytes[at++];
    if (const auto* welcome = std::get_if<Welcome>(&message)) on(*welcome, device_now);
    else if (const auto* result = std::get_if<PushResult>(&message)) on(*result);
    else if (const auto* reset = std::get_if<Reset>(&message)) on(*reset);
    else if (const auto* ping = std::get_if<Ping>(&message)) {
      clock_offset_ms_ = ping->server_time - device_now;
    } else if (auto* poke = std::get_if<Poke>(&message)) {
      // Rows without a welcome would be rows without a lease.
      if (is_online_ && !was_welcomed_) return fail(ErrorCode::kInvalid, "frame", "unexpected");
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
  const bool is_other_history = welcome.epoch != welcome_.epoch;
  follow(welcome);
  keep_welcome(welcome);
  awaits_welcome_ = false;
  was_welcomed_ = true;
  backup_seq_ = welcome.backup_seq;
  // By requests instead of a socket every answer begins with one: it says nothing new.
  if (std::exchange(is_welcome_, true) && !is_other_history) return trim_redo();
  is_first_run_ = false;
  if (problem_ != "reset_loop") problem_.clear();
  // It would park what it does not know. It will be of this build soon.
  if (welcome.command_set < kCommandSet) problem_ = "older_server";
  pushed_mid_ = 0;
  bring_back(welcome.last_mid);
  trim_redo();
  decided_mid_ = welcome.last_mid;
  // Decided, but the answer never came: pushing it again gets the stored one.
  for (const auto& [mid, entry] : outbox_)
    if (entry.state != OutboxState::kAttention && !planted(EngineBug::kLostAnswerForgotten))
      decided_mid_ = std::min(decided_mid_, mid - 1);
  effect(OutboxChanged{});
  push_waiting();
}

void ClientEngine::follow(const Welcome& welcome) {
  for (const EndedEpoch& ended : welcome.forked_from)
    if (ended.epoch == cookie_.epoch && cookie_.seq <= ended.seq) cookie_.epoch = welcome.epoch;
}

bool ClientEngine::bring_back(std::uint64_t decided_mid) {
  bool has_changed = false;
  // Answers of a history that is over.
  for (auto entry = outbox_.upper_bound(decided_mid); entry != outbox_.end(); ++entry)
    entry->second.applied_at = 0;
  for (auto entry = redo_.upper_bound(decided_mid); entry != redo_.end();
       entry = redo_.erase(entry)) {
    redo_bytes_ -= weight(entry->second);
    entry->second.state = OutboxState::kWaiting;
    entry->second.applied_at = 0;
    outbox_[entry->first] = std::move(entry->second);
    has_changed = true;
  }
  trimmed_mid_ = std::min(trimmed_mid_, decided_mid);
  if (!has_changed) return false;
  rebuild_visible();
  effect(RowsChanged{});
  return true;
}

void ClientEngine::keep_welcome(const Welcome& welcome) {
  const bool is_news = welcome.actor != welcome_.actor || welcome.epoch != welcome_.epoch ||
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

void ClientEngine::keep(OutboxEntry entry) {
  entry.state = OutboxState::kAcknowledged;
  entry.acknowledged_at = last_contact_;
  effect(SaveOutbox{entry.mid, encode_outbox_entry(entry)});
  redo_bytes_ += weight(entry);
  redo_[entry.mid] = std::move(entry);
}

bool ClientEngine::drop_arrived() {
  if (adoption_) return false;
  bool has_dropped = false;
  for (auto entry = outbox_.begin(); entry != outbox_.end();) {
    const std::uint64_t at = entry->second.applied_at;
    const bool is_early = planted(EngineBug::kTrimmedAtAnswer);
    const bool has_arrived = at != 0 && (at <= cookie_.seq || is_early);
    if (has_arrived && (at <= backup_seq_ || is_early)) {
      safe_mid_ = std::max(safe_mid_, entry->first);
      effect(RemoveOutbox{entry->first});
    } else if (has_arrived) {
      keep(std::move(entry->second));
    }
    has_dropped |= has_arrived;
    entry = has_arrived ? outbox_.erase(entry) : std::next(entry);
  }
  trim_redo();
  return has_dropped;
}

void ClientEngine::trim_redo() {
  while (!redo_.empty() && redo_.begin()->second.applied_at <= backup_seq_) {
    safe_mid_ = std::max(safe_mid_, redo_.begin()->first);
    redo_bytes_ -= weight(redo_.begin()->second);
    effect(RemoveOutbox{redo_.begin()->first});
    redo_.erase(redo_.begin());
  }
  // Past the cap the words go; that there was something, and what, is still known.
  for (auto next = redo_.upper_bound(trimmed_mid_); next != redo_.end(); ++next) {
    OutboxEntry& entry = next->second;
    if (redo_bytes_ <= kRedoBytesMax && last_contact_ - entry.acknowledged_at <= kRedoAgeMaxMs)
      break;
    trimmed_mid_ = entry.mid;
    if (entry.is_trimmed) continue;
    redo_bytes_ -= weight(entry);
    entry.command.arguments.clear();
    entry.is_trimmed = true;
    redo_bytes_ += weight(entry);
    effect(SaveOutbox{entry.mid, encode_outbox_entry(entry)});
  }
}

void ClientEngine::on(const PushResult& result) {
  if (result.client != client_ || adoption_) return;
  bool has_changed = false;
  for (const PushedResult& one : result.results) {
    if (one.outcome == PushOutcome::kOutOfOrder) {
      if (planted(EngineBug::kOutOfOrderIgnored)) continue;
      decided_mid_ = result.expected_mid == 0 ? 0 : result.expected_mid - 1;
      pushed_mid_ = 0;
      has_changed |= bring_back(decided_mid_);
      continue;
    }
    // The id to go on with follows (Reset).
    if (one.outcome == PushOutcome::kForked) {
      is_welcome_ = false;
      continue;
    }
    decided_mid_ = std::max(decided_mid_, one.mid);
    const auto found = outbox_.find(one.mid);
    if (found == outbox_.end() || found->second.state != OutboxState::kWaiting) continue;
    if (one.outcome == PushOutcome::kRejected || one.outcome == PushOutcome::kParked) {
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
  if (awaits_welcome_) return;  // it goes on from what an older Hello said
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
  last.backup_seq = poke.backup_seq;
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
  const bool follows = first.epoch == cookie_.epoch && first.base_seq == cookie_.seq;
  if (!incoming_.is_fresh && !follows && !planted(EngineBug::kAnyPokeFits))
    incoming_.fit = Fit::kDoesNotFollow;
  // What is shown stays until the new rows are whole; what is not shown yet is of no use.
  if (!incoming_.is_fresh || is_loaded_) return;
  if (!cookie_.scopes.empty()) cache_.clear();
  forget_everything();
  cookie_.epoch = first.epoch;
  cookie_.schema = schema_hash();
}

void ClientEngine::take_part(Poke part, std::string frame) {
  if (incoming_.fit != Fit::kFits) return;
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
  if (!replica_.take(part)) incoming_.fit = Fit::kUnknownRows;
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
  const Fit fit = apply(last.cookie);
  if (fit != Fit::kFits && fit != Fit::kDamaged) {
    // What we hold is not what the server thinks: begin anew. The outbox stays.
    forget_everything();
    incoming_ = {};
    cache_.clear();
    rebuild_visible();
    write_cache();
    if (may_reset(fit == Fit::kUnknownRows ? "rows" : "base")) say_hello();
    else awaits_welcome_ = true;
    return;
  }
  incoming_ = {};
  backup_seq_ = last.backup_seq;
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
  if (fit == Fit::kDamaged) reset_scopes();
  effect(RowsChanged{});
  effect(OutboxChanged{});
}

bool ClientEngine::may_reset(const std::string& what) {
  Instant& last = reset_at_[what];
  const bool is_soon = !last.is_none() && heard_at_ - last < kResetPauseMs;
  if (!is_soon) {
    last = heard_at_.is_none() ? Instant{1} : heard_at_;
    return true;
  }
  problem_ = "reset_loop";
  again_at_ = last + kResetPauseMs;
  effect(OutboxChanged{});
  return false;
}

// Without what does not fit; the rest of the rows is as good as before.
void ClientEngine::reset_scopes() {
  bool may_ask = true;
  for (const Scope& scope : damaged_) may_ask &= may_reset("crc/" + to_string(scope));
  if (may_ask) say_hello();
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
  if (reset.reason == ResetReason::kForked) {
    if (adoption_) return;  // said twice
    fork_ = reset.client;
    if (fork_.is_null()) fork_ = derive_uuid(client_, "fork/" + std::to_string(heard_at_.ms));
    fork();
  } else {
    problem_ = reset.reason == ResetReason::kOverloaded ? "overloaded" : "protocol";
    again_at_ = heard_at_ + static_cast<std::int64_t>(std::min<std::uint64_t>(
                                reset.retry_after_ms, static_cast<std::uint64_t>(kMsPerHour)));
  }
  effect(OutboxChanged{});
}

// Everything anew under another id. What the server has decided keeps its old name, so that it is
// not done twice; what it has not was never done under it.
void ClientEngine::fork() {
  if (fork_.is_null() || adoption_) return;
  std::map<std::uint64_t, OutboxEntry> entries = redo_;
  for (const auto& [mid, entry] : outbox_) {
    if (entry.state == OutboxState::kSaving) return;  // when that is settled
    entries[mid] = entry;
  }
  Adoption next;
  AdoptClient adopt{fork_, {}};
  for (auto& [old_mid, entry] : entries) {
    const bool is_decided = entry.applied_at != 0;
    if (is_decided && entry.origin_client.is_null()) {
      entry.origin_client = client_;
      entry.origin_mid = old_mid;
    }
    entry.mid = ++next.last_mid;
    entry.previous_hash = next.last_hash;
    entry.hash = chain_hash(next.last_hash, entry.mid, entry.command, entry.created_at);
    next.last_hash = entry.hash;
    adopt.entries.emplace_back(entry.mid, encode_outbox_entry(entry));
    const bool is_kept = entry.state == OutboxState::kAcknowledged;
    (is_kept ? next.redo : next.outbox)[entry.mid] = std::move(entry);
  }
  adoption_ = std::move(next);
  effect(std::move(adopt));
}

void ClientEngine::adopted(bool is_durable) {
  if (!adoption_) return;
  Adoption next = std::move(*adoption_);
  adoption_.reset();
  if (!is_durable) {
    // As before; the server says so again when we come back.
    problem_ = "not_adopted";
    again_at_ = heard_at_ + kResetPauseMs;
    fork_ = {};
    return effect(OutboxChanged{});
  }
  client_ = std::exchange(fork_, {});
  outbox_ = std::move(next.outbox);
  redo_ = std::move(next.redo);
  last_mid_ = next.last_mid;
  last_hash_ = next.last_hash;
  decided_mid_ = pushed_mid_ = safe_mid_ = trimmed_mid_ = 0;
  welcome_.last_mid = 0;
  problem_.clear();
  rebuild_visible();
  effect(RowsChanged{});
  effect(OutboxChanged{});
  if (is_online_) say_hello();
}

ClientEngine::Fit ClientEngine::apply(const Cookie& cookie) {
  if (incoming_.fit != Fit::kFits) return incoming_.fit;
  for (const Poke& part : incoming_.parts)
    if (!replica_.take(part)) return Fit::kUnknownRows;
  for (Scope& scope : replica_.damaged(cookie)) damaged_.insert(std::move(scope));
  Cookie reached = cookie;
  std::erase_if(reached.scopes,
                [this](const ScopeState& state) { return damaged_.contains(state.scope); });
  // Rows of scopes that it does not name any more are not ours to read, or not what they should be.
  if (!planted(EngineBug::kLostScopeStays)) replica_.keep_only(reached);
  if (is_pending_open_) {
    if (planted(EngineBug::kPendingNotUndone)) rows_.commit();
    else rows_.rollback();
    is_pending_open_ = false;
  }
  replica_.show_changes(rows_);
  cookie_ = std::move(reached);
  is_loaded_ = true;
  return damaged_.empty() ? Fit::kFits : Fit::kDamaged;
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
                    .last_contact = last_contact_,
                    .kept = redo_.size(),
                    .problem = problem_};
  for (const auto& [mid, entry] : outbox_) {
    status.waiting += entry.state == OutboxState::kWaiting;
    status.attention += entry.state == OutboxState::kAttention;
  }
  return status;
}

std::vector<Effect> ClientEngine::take_effects() { return std::exchange(effects_, {}); }

}  // namespace foyer
