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
  others_.push_back({mid, {}, false});
}

void DeviceDisk::adopt_client(const Uuid& client,
                              std::vector<std::pair<std::uint64_t, std::string>> entries,
                              std::function<void(bool)> done) {
  if (!survives_()) return;
  others_.push_back({.adoption = Adoption{client, std::move(entries), std::move(done)}});
}

void DeviceDisk::copy(const DeviceDisk& other) {
  out_ = other.out_;
  cache_ = other.cache_;
  relaxed_cache_ = other.relaxed_cache_;
  must_load_ = other.must_load_;
  settle_cache();
}

void DeviceDisk::write_cache(CacheWrite write) {
  if (!survives_()) return;
  others_.push_back({0, std::move(write), false});
}

Stored DeviceDisk::open() {
  settle_cache();
  Stored stored = cache_.stored();
  for (const auto& [mid, bytes] : out_.outbox) stored.outbox.push_back(bytes);
  stored.last_mid = core_.has(HostBug::kForgetNumbers) ? 0 : out_.last_mid;
  is_cache_lost_ = false;
  return stored;
}

void DeviceDisk::finish_one() {
  if (is_idle()) return;
  // A removal waits for the saves before it; saves wait for nobody.
  const bool is_save_first = !saves_.empty() && (others_.empty() || core_.luck.chance(1, 2) ||
                                                 !others_.front().is_of_cache());
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

// What was written before the program starts anew is there, whatever a power cut would leave.
void DeviceDisk::settle_cache() {
  for (CacheWrite& write : relaxed_cache_) cache_.write(std::move(write));
  relaxed_cache_.clear();
}

void DeviceDisk::commit_other(Other other) {
  if (other.adoption) return commit_adoption(*other.adoption);
  if (other.removed != 0) {
    relaxed_out_.push_back(out_);
    out_.outbox.erase(other.removed);
    return;
  }
  const bool is_strict = other.write.is_strict;
  if (other.write.clears) must_load_ = false;
  if (other.write.head) must_load_ = other.write.head->size() > 1 && (*other.write.head)[1] == 1;
  relaxed_cache_.push_back(std::move(other.write));
  if (is_strict) return settle_cache();
  if (relaxed_cache_.size() <= 6) return;
  cache_.write(std::move(relaxed_cache_.front()));
  relaxed_cache_.pop_front();
}

void DeviceDisk::finish_adoption() {
  const Adoption adoption = std::move(*others_.front().adoption);
  others_.pop_front();
  const bool fails = core_.luck.may(Fault::kWriteFails, 8);
  core_.note(owner_, fails ? "another id cannot be written" : "goes on under another id");
  if (!fails) commit_adoption(adoption);
  if (!survives_()) return;
  adoption.done(!fails);
}

// What was asked for before has been done: the entries are the same, in the same order.
void DeviceDisk::commit_adoption(const Adoption& adoption) {
  Move move{out_.client, adoption.client, {}};
  core_.check(out_.outbox.size() == adoption.entries.size(), Oracle::kNoLostWrite, owner_,
              "other entries go on under another id than were there");
  for (const auto& [mid, bytes] : out_.outbox) move.old_mids.push_back(mid);
  moves_.push_back(std::move(move));
  out_ = {{adoption.entries.begin(), adoption.entries.end()},
          adoption.entries.empty() ? 0 : adoption.entries.back().first, adoption.client};
  relaxed_out_.clear();
}

void DeviceDisk::finish_other() {
  Other& first = others_.front();
  if (first.adoption) return finish_adoption();
  if (core_.has(HostBug::kHeadFirst) && first.write.head && !first.is_head_swung) {
    // It names what is not there yet.
    first.is_head_swung = true;
    commit_other({0, {.head = first.write.head}, false});
    (void)survives_();
    return;
  }
  Other other = std::move(first);
  others_.pop_front();
  if (other.is_of_cache() && is_cache_lost_) return;
  const bool is_full = core_.step < full_until_ && !core_.luck.is_healed();
  if (other.is_of_cache() && (is_full || core_.luck.may(Fault::kCacheWriteFails, 12))) {
    if (core_.has(HostBug::kTornCache)) return;
    // A gap must not be read: what is stored ends here, rows stay in memory.
    core_.note(owner_, "the cache cannot be written");
    is_cache_lost_ = true;
    return purge_cache();
  }
  commit_other(std::move(other));
  (void)survives_();
}

void DeviceDisk::crash() {
  if (!saves_.empty() && core_.luck.may(Fault::kUnheardCommit, 2)) commit_save(saves_.front());
  if (!others_.empty() && saves_.empty() && core_.luck.may(Fault::kUnheardCommit, 2))
    if (!is_cache_lost_ || !others_.front().is_of_cache())
      commit_other(std::move(others_.front()));
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
    relaxed_cache_.resize(core_.luck.below(relaxed_cache_.size()));
    must_load_ = false;
  }
  relaxed_out_.clear();
  settle_cache();
}

bool DeviceDisk::evict(const Uuid& next_client) {
  settle_cache();
  const bool was_there = !out_.outbox.empty() || !cache_.head.empty() || out_.last_mid != 0;
  saves_.clear();
  others_.clear();
  out_ = {};
  out_.client = next_client;
  relaxed_out_.clear();
  has_ballast_ = true;
  purge_cache();
  return was_there;
}

void DeviceDisk::purge_cache() {
  cache_ = {};
  relaxed_cache_.clear();
  must_load_ = false;
}

void DeviceDisk::change_schema() {
  crash();
  purge_cache();
}

void DeviceDisk::flip_bit() {
  crash();
  settle_cache();
  const std::uint64_t piece = core_.luck.below(cache_.pieces.size() + 1);
  std::string& bytes = piece == cache_.pieces.size()
                           ? cache_.head
                           : std::next(cache_.pieces.begin(), static_cast<int>(piece))->second;
  if (bytes.empty()) return;
  const std::uint64_t bit = core_.luck.below(bytes.size() * 8);
  bytes[static_cast<std::size_t>(bit / 8)] ^= static_cast<char>(1 << (bit % 8));
  must_load_ = false;
}

Stored DeviceDisk::stored_cache() const {
  MemoryCache now = cache_;
  for (const CacheWrite& write : relaxed_cache_) now.write(write);
  return now.stored();
}

std::string DeviceDisk::cache_bytes() const {
  const Stored now = stored_cache();
  std::string all = now.head;
  for (const Piece& piece : now.pieces) all += piece.bytes;
  return all;
}

}  // namespace foyer::sim
