#include "foyer/sync/sync_client.h"

#include <algorithm>

#include "foyer/sync/planted.h"

namespace foyer {

void SyncClient::load(Stored stored, Instant device_now, std::int64_t lease_ms) {
  engine_.load(std::move(stored));
  const Instant welcomed_at = engine_.welcomed_at();
  const bool has_ended = !welcomed_at.is_none() && device_now - welcomed_at > lease_ms;
  if (has_ended && !planted(EngineBug::kLeaseIgnored)) engine_.forget_rows();
  run_effects();
}

void SyncClient::look_at_lease(Instant device_now, std::int64_t lease_ms) {
  const SyncStatus status = engine_.status();
  const Instant heard = std::max(engine_.welcomed_at(), status.last_contact);
  if (status.is_online || heard.is_none() || !status.is_loaded) return;
  if (engine_.corrected(device_now) - heard > lease_ms) engine_.forget_rows();
  run_effects();
}

Result<std::uint64_t> SyncClient::submit(Command command, Instant device_now, Saved saved) {
  const auto mid = engine_.submit(std::move(command), device_now);
  if (mid && saved) saving_[*mid] = std::move(saved);
  run_effects();
  return mid;
}

Result<std::uint64_t> SyncClient::retry(std::uint64_t mid, Instant device_now) {
  const auto again = engine_.retry(mid, device_now);
  run_effects();
  return again;
}

Result<std::uint64_t> SyncClient::replace(std::uint64_t mid, Command command, Instant device_now,
                                          Saved saved) {
  const auto made = engine_.replace(mid, std::move(command), device_now);
  if (made && saved) saving_[*made] = std::move(saved);
  run_effects();
  return made;
}

void SyncClient::discard(std::uint64_t mid) {
  engine_.discard(mid);
  run_effects();
}

void SyncClient::connected(Instant device_now) {
  engine_.connected(device_now);
  run_effects();
}

void SyncClient::disconnected() {
  engine_.disconnected();
  run_effects();
}

Result<void> SyncClient::received(std::string_view frames, Instant device_now) {
  auto result = engine_.received(frames, device_now);
  run_effects();
  return result;
}

void SyncClient::tick(Instant device_now) {
  engine_.tick(device_now);
  run_effects();
}

void SyncClient::settle(std::uint64_t mid, bool is_saved) {
  if (is_saved) engine_.saved(mid);
  else engine_.save_failed(mid);
  auto waiting = saving_.extract(mid);
  run_effects();
  if (waiting) waiting.mapped()(is_saved);
}

void SyncClient::run_effects() {
  bool has_changed = false, is_signed_out = false;
  for (Effect& effect : engine_.take_effects()) {
    if (auto* save = std::get_if<SaveOutbox>(&effect)) {
      store_.save_outbox(save->mid, std::move(save->bytes),
                         [this, mid = save->mid](bool is_saved) { settle(mid, is_saved); });
    } else if (const auto* remove = std::get_if<RemoveOutbox>(&effect)) {
      store_.remove_outbox(remove->mid);
    } else if (auto* adopt = std::get_if<AdoptClient>(&effect)) {
      store_.adopt_client(adopt->client, std::move(adopt->entries),
                          [this](bool is_saved) {
                            engine_.adopted(is_saved);
                            run_effects();
                          });
    } else if (auto* cache = std::get_if<SaveCache>(&effect)) {
      store_.write_cache(std::move(cache->write));
    } else if (auto* frame = std::get_if<SendFrame>(&effect)) {
      link_.send(std::move(frame->bytes));
    } else if (std::holds_alternative<SignedOut>(effect)) {
      is_signed_out = true;
    } else {
      has_changed = true;
    }
  }
  if (has_changed && listener_.changed) listener_.changed();
  if (is_signed_out && listener_.signed_out) listener_.signed_out();
}

}  // namespace foyer
