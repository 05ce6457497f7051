#include "sim/device_disk.h"

#include <utility>

namespace foyer::sim {

void DeviceDisk::save_outbox(std::uint64_t mid, std::string bytes,
                             std::function<void(bool)> done) {
  if (!survives_()) return;
  const auto entry = decode_outbox_entry(bytes);
  core_.check(entry.has_value(), Oracle::kWire, owner_, "an entry of the outbox does not read");
  if (core_.has(HostBug::kDropRefused) && entry && entry->state == OutboxState::kAttention)
    return remove_outbox(mid);
  if (core_.has(HostBug::kApplyBeforeSaved)) {
    saves_.push_back({mid, std::move(bytes), [](bool) {}});
    return done(true);
  }
  saves_.push_back({mid, std::move(bytes), std::move(done)});
}

void DeviceDisk::remove_outbox(std::uint64_t mid) {
  if (!survives_()) return;
  others_.push_back({mid, {}, false, false});
}

void DeviceDisk::save_cache(std::string frames, bool replaces_all) {
  if (!survives_()) return;
  others_.push_back({0, std::move(frames), replaces_all, false});
}

Stored DeviceDisk::open() {
  Stored stored;
  for (const Piece& piece : cache_) stored.cache += *piece;
  for (const auto& [mid, bytes] : out_.outbox) stored.outbox.push_back(bytes);
  stored.last_mid = core_.has(HostBug::kForgetNumbers) ? 0 : out_.last_mid;
  is_cache_lost_ = false;
  return stored;
}

void DeviceDisk::finish_one() {
  if (is_idle()) return;
  // A removal waits for the saves before it; saves wait for nobody.
  const bool is_save_first = !saves_.empty() && (others_.empty() || core_.luck.chance(1, 2) ||
                                                 others_.front().removed != 0);
  if (is_save_first) finish_save();
  else finish_other();
}

void DeviceDisk::finish_all() {
  while (!is_idle()) finish_one();
}

void DeviceDisk::commit_save(const Save& save) {
  if (core_.has(HostBug::kRelaxedOutbox)) relaxed_out_.push_back(out_);
  else relaxed_out_.clear();  // by the same strict transaction, what came before it is durable
  out_.outbox[save.mid] = save.bytes;
  out_.last_mid = std::max(out_.last_mid, save.mid);
}

void DeviceDisk::finish_save() {
  Save save = std::move(saves_.front());
  saves_.pop_front();
  bool fails = core_.luck.may(Fault::kWriteFails, 8);
  if (core_.step < full_until_ && !core_.luck.is_healed()) {
    fails |= !has_ballast_;
    has_ballast_ = false;  // released: there is room for this once
  }
  core_.note(owner_, fails ? "an entry cannot be written" : "an entry is durable", save.mid);
  if (!fails) commit_save(save);
  if (!survives_()) return;
  save.done(!fails);
}

void DeviceDisk::commit_other(const Other& other) {
  if (other.removed != 0) {
    relaxed_out_.push_back(out_);
    out_.outbox.erase(other.removed);
    return;
  }
  relaxed_cache_.push_back(cache_);
  if (relaxed_cache_.size() > 6) relaxed_cache_.erase(relaxed_cache_.begin());
  if (other.replaces_all) cache_.clear();
  if (!other.frames.empty()) cache_.push_back(std::make_shared<const std::string>(other.frames));
  if (other.replaces_all) must_load_ = !other.frames.empty();
}

void DeviceDisk::finish_other() {
  Other& first = others_.front();
  if (core_.has(HostBug::kHeadFirst) && first.removed == 0 && !first.is_head_swung) {
    // The older bytes are gone, and the new ones are not there yet.
    first.is_head_swung = true;
    if (first.replaces_all) cache_.clear();
    if (!survives_()) return;
    return;
  }
  const Other other = std::move(first);
  others_.pop_front();
  if (other.removed == 0 && is_cache_lost_) return;
  const bool is_full = core_.step < full_until_ && !core_.luck.is_healed();
  if (other.removed == 0 && (is_full || core_.luck.may(Fault::kCacheWriteFails, 12))) {
    if (core_.has(HostBug::kTornCache)) return;
    // A gap must not be read: what is stored ends here, rows stay in memory.
    core_.note(owner_, "the cache cannot be written");
    is_cache_lost_ = true;
    must_load_ = false;
    cache_.clear();
    relaxed_cache_.clear();
    return;
  }
  commit_other(other);
  (void)survives_();
}

void DeviceDisk::crash() {
  if (!saves_.empty() && core_.luck.may(Fault::kUnheardCommit, 2)) commit_save(saves_.front());
  if (!others_.empty() && saves_.empty() && core_.luck.may(Fault::kUnheardCommit, 2))
    if (!is_cache_lost_ || others_.front().removed != 0) commit_other(others_.front());
  saves_.clear();
  others_.clear();
}

void DeviceDisk::lose_power(Loss loss) {
  crash();
  const bool loses_removals = loss == Loss::kRemovals || loss == Loss::kBoth;
  const bool loses_cache = loss == Loss::kCache || loss == Loss::kBoth;
  if (loses_removals && !relaxed_out_.empty())
    out_ = relaxed_out_[core_.luck.below(relaxed_out_.size())];
  if (loses_cache && !relaxed_cache_.empty()) {
    cache_ = relaxed_cache_[core_.luck.below(relaxed_cache_.size())];
    must_load_ = false;
  }
  relaxed_out_.clear();
  relaxed_cache_.clear();
}

bool DeviceDisk::evict() {
  const bool was_there = !out_.outbox.empty() || !cache_.empty() || out_.last_mid != 0;
  saves_.clear();
  others_.clear();
  out_ = {};
  cache_.clear();
  relaxed_out_.clear();
  relaxed_cache_.clear();
  has_ballast_ = true;
  must_load_ = false;
  return was_there;
}

void DeviceDisk::purge_cache() {
  cache_.clear();
  relaxed_cache_.clear();
  must_load_ = false;
}

void DeviceDisk::flip_bit() {
  if (cache_.empty()) return;
  Piece& piece = cache_[core_.luck.below(cache_.size())];
  std::string bytes = *piece;
  const std::uint64_t bit = core_.luck.below(bytes.size() * 8);
  bytes[static_cast<std::size_t>(bit / 8)] ^= static_cast<char>(1 << (bit % 8));
  piece = std::make_shared<const std::string>(std::move(bytes));
  relaxed_cache_.clear();
  must_load_ = false;
}

void DeviceDisk::age_schema() {
  for (Piece& piece : cache_) {
    auto messages = decode_frames(*piece);
    if (!messages) continue;
    std::string bytes;
    for (SyncMessage& message : *messages) {
      if (auto* poke = std::get_if<Poke>(&message); poke && poke->is_last)
        poke->cookie.schema ^= 1;
      bytes += encode_frame(message);
    }
    piece = std::make_shared<const std::string>(std::move(bytes));
  }
  relaxed_cache_.clear();
}

std::string DeviceDisk::cache_bytes() const {
  std::string all;
  for (const Piece& piece : cache_) all += *piece;
  return all;
}

}  // namespace foyer::sim
