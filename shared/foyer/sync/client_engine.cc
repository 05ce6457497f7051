#include "foyer/sync/client_engine.h"

#include <algorithm>

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
// The stored pokes are replaced by one when they are a quarter of it, and not just a few.
constexpr std::size_t kAppendedBytesMin = 256 * 1024;

// A scope of `before` is not in `after`.
bool names_less(const Cookie& after, const Cookie& before) {
  return std::any_of(before.scopes.begin(), before.scopes.end(), [&](const ScopeState& held) {
    return std::none_of(after.scopes.begin(), after.scopes.end(),
                        [&](const ScopeState& state) { return state.scope == held.scope; });
  });
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

bool ClientEngine::load_cache(std::string_view frames) {
  auto messages = decode_frames(frames);
  if (!messages) return frames.empty();
  std::vector<Poke> parts;
  for (SyncMessage& message : *messages) {
    if (auto* welcome = std::get_if<Welcome>(&message)) {
      if (auto actor = decode_actor(welcome->actor)) actor_ = std::move(*actor);
      last_mid_ = std::max(last_mid_, welcome->last_mid);
      welcome_ = std::move(*welcome);
    }
    auto* poke = std::get_if<Poke>(&message);
    if (poke == nullptr) continue;
    const bool is_last = poke->is_last;
    parts.push_back(std::move(*poke));
    if (!is_last) continue;
    if (!apply(parts)) return false;
    parts.clear();
  }
  return true;
}

void ClientEngine::load(const Stored& stored) {
  if (!load_cache(stored.cache)) forget_everything();
  snapshot_bytes_ = stored.cache.size();
  last_mid_ = std::max(last_mid_, stored.last_mid);
  for (const std::string& bytes : stored.outbox)
    if (auto entry = decode_outbox_entry(bytes)) {
      last_mid_ = std::max(last_mid_, entry->mid);
      outbox_[entry->mid] = std::move(*entry);
    }
  rebuild_visible();
  effects_.clear();
  effect(RowsChanged{});
}

void ClientEngine::forget_rows() {
  forget_everything();
  welcome_ = {};
  rebuild_visible();
  if (!planted(EngineBug::kPurgedInMemoryOnly)) effect(SaveCache{{}, true});
  effect(RowsChanged{});
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
  incoming_ = {};
  say_hello();
}

void ClientEngine::disconnected() {
  if (!is_online_) return;
  is_online_ = is_welcome_ = false;
  incoming_ = {};
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
  auto messages = decode_frames(frames);
  if (!messages) return std::unexpected(std::move(messages).error());
  last_contact_ = corrected(device_now);
  for (SyncMessage& message : *messages) {
    if (const auto* welcome = std::get_if<Welcome>(&message)) on(*welcome, device_now);
    else if (const auto* result = std::get_if<PushResult>(&message)) on(*result);
    else if (const auto* reset = std::get_if<Reset>(&message)) on(*reset);
    else if (const auto* ping = std::get_if<Ping>(&message))
      clock_offset_ms_ = ping->server_time - device_now;
    else if (auto* poke = std::get_if<Poke>(&message)) {
      // Rows without a welcome would be rows without a lease.
      if (is_online_ && !is_welcome_) return fail(ErrorCode::kInvalid, "frame", "unexpected");
      std::string frame = encode_frame(*poke);
      on(std::move(*poke), std::move(frame));
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
  if (is_loaded_) effect(SaveCache{encode_frame(welcome_), false});
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

void ClientEngine::on(Poke poke, std::string frame) {
  if (!incoming_.parts.empty() && incoming_.parts.front().seq != poke.seq) incoming_ = {};
  const bool is_last = poke.is_last;
  if (!is_last && planted(EngineBug::kPartialPoke)) (void)replica_.take(poke);
  incoming_.frames += frame;
  incoming_.parts.push_back(std::move(poke));
  if (!is_last) return;
  Incoming whole = std::exchange(incoming_, {});
  const bool is_fresh = whole.parts.front().base_seq == 0;
  const bool loses_scope = names_less(whole.parts.back().cookie, cookie_);
  if (is_fresh) forget_everything();
  if (!apply(whole.parts)) {
    // What we hold is not what the server thinks: begin anew. The outbox stays.
    forget_everything();
    rebuild_visible();
    effect(SaveCache{{}, true});
    say_hello();
    return;
  }
  if (is_fresh) whole.frames.insert(0, encode_frame(welcome_));
  appended_bytes_ = is_fresh ? 0 : appended_bytes_ + whole.frames.size();
  if (is_fresh) snapshot_bytes_ = whole.frames.size();
  if (planted(EngineBug::kRemovedBeforeStored)) drop_arrived();
  // Nothing of a scope that is not ours to read any more stays in what is stored.
  const bool must_rewrite = loses_scope && !is_fresh && !planted(EngineBug::kLostScopeStored);
  if (must_rewrite || appended_bytes_ > std::max(kAppendedBytesMin, snapshot_bytes_ / 4)) {
    whole.frames = encode_frame(welcome_) + replica_.frames(cookie_, welcome_.last_mid);
    snapshot_bytes_ = whole.frames.size();
    appended_bytes_ = 0;
    effect(SaveCache{std::move(whole.frames), true});
  } else if (is_fresh || !planted(EngineBug::kPokeNotStored)) {
    effect(SaveCache{std::move(whole.frames), is_fresh});
  }
  // After the rows that make them superfluous: a crash in between shows both, never neither.
  drop_arrived();
  rebuild_visible();
  effect(RowsChanged{});
  effect(OutboxChanged{});
}

void ClientEngine::on(const Reset& reset) {
  if (reset.reason == ResetReason::kRevoked) {
    forget_everything();
    rebuild_visible();
    if (!planted(EngineBug::kPurgedInMemoryOnly)) effect(SaveCache{{}, true});
    effect(SignedOut{});
    return;
  }
  is_welcome_ = false;
  effect(OutboxChanged{});
}

bool ClientEngine::apply(const std::vector<Poke>& parts) {
  const Poke& last = parts.back();
  const bool is_fresh = parts.front().base_seq == 0;
  const bool fits = last.epoch == cookie_.epoch && parts.front().base_seq == cookie_.seq;
  if (!is_fresh && !fits && !planted(EngineBug::kAnyPokeFits)) return false;
  for (const Poke& part : parts)
    if (!replica_.take(part)) return false;
  if (!planted(EngineBug::kLostScopeStays)) replica_.keep_only(last.cookie);
  if (!replica_.certified(last.cookie)) return false;
  if (is_pending_open_) {
    if (planted(EngineBug::kPendingNotUndone)) rows_.commit();
    else rows_.rollback();
    is_pending_open_ = false;
  }
  replica_.show_changes(rows_);
  cookie_ = last.cookie;
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
  SyncStatus status{is_welcome_, is_loaded_, 0, 0, last_contact_};
  for (const auto& [mid, entry] : outbox_) {
    status.waiting += entry.state == OutboxState::kWaiting;
    status.attention += entry.state == OutboxState::kAttention;
  }
  return status;
}

std::vector<Effect> ClientEngine::take_effects() { return std::exchange(effects_, {}); }

}  // namespace foyer
