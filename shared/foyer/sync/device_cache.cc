#include "foyer/sync/device_cache.h"

#include <algorithm>

#include "foyer/schema/bytes.h"
#include "foyer/sync/planted.h"

namespace foyer {
namespace {

constexpr std::uint8_t kHeadVersion = 1;
// Deltas are summed up when they are a quarter of the segments and not just a few, or very many.
constexpr std::size_t kDeltaBytesMin = 256 * 1024, kDeltaBytesMax = 8 * 1024 * 1024;

// Numbers that a browser's keys can hold.
constexpr std::uint64_t kNumberMax = std::uint64_t{1} << 53;

PieceRange all_of(PieceKind kind, const std::string& scope) {
  return {kind, scope, 0, kNumberMax};
}

}  // namespace

std::string DeviceCache::encode(const CacheHead& head) const {
  Poke poke;
  poke.epoch = head.cookie.epoch;
  poke.seq = head.cookie.seq;
  poke.is_last = true;
  poke.cookie = head.cookie;
  ByteWriter out;
  out.byte(kHeadVersion);
  out.byte(head.is_whole ? 1 : 0);
  out.bytes(encode_frame(head.welcome) + encode_frame(poke));
  out.varint(layouts_.size());
  for (const auto& [scope, layout] : layouts_) {
    out.bytes(to_string(scope));
    out.varint(layout.generation);
    out.varint(layout.segments);
    out.varint(layout.seq);
  }
  return out.take();
}

std::optional<CacheHead> DeviceCache::decode(std::string_view bytes) {
  ByteReader in(bytes);
  CacheHead head;
  const bool is_known = in.byte() == kHeadVersion;
  head.is_whole = in.byte() == 1;
  auto messages = decode_frames(in.bytes());
  if (!is_known || in.failed() || !messages || messages->size() != 2) return {};
  auto* welcome = std::get_if<Welcome>(&messages->front());
  auto* poke = std::get_if<Poke>(&messages->back());
  if (welcome == nullptr || poke == nullptr) return {};
  head.welcome = std::move(*welcome);
  head.cookie = std::move(poke->cookie);
  for (std::uint64_t count = in.varint(); count > 0 && !in.failed(); --count) {
    const auto scope = parse_scope(in.bytes());
    Layout layout;
    layout.generation = in.varint();
    layout.segments = static_cast<std::uint32_t>(in.varint());
    layout.seq = in.varint();
    if (scope) layouts_[*scope] = layout;
    else in.fail();
  }
  if (in.failed() || !in.at_end()) return layouts_.clear(), std::nullopt;
  seq_ = head.cookie.seq;
  return head;
}

std::optional<CacheHead> DeviceCache::open(std::string_view bytes, std::vector<Piece> pieces) {
  auto head = decode(bytes);
  for (Piece& piece : pieces) {
    const auto scope = parse_scope(piece.key.scope);
    const bool is_segment = piece.key.kind == PieceKind::kSegment;
    if (is_segment) generation_ = std::max(generation_, piece.key.number);
    if (scope && counts(piece.key)) {
      Layout& layout = layouts_[*scope];
      (is_segment ? layout.segment_bytes : layout.delta_bytes) += piece.bytes.size();
    }
    pieces_[std::move(piece.key)] = std::move(piece.bytes);
  }
  return head;
}

bool DeviceCache::counts(const PieceKey& key) const {
  if (key.kind == PieceKind::kIndex) return true;
  const auto scope = parse_scope(key.scope);
  const auto found = scope ? layouts_.find(*scope) : layouts_.end();
  if (found == layouts_.end()) return false;
  const Layout& layout = found->second;
  return key.kind == PieceKind::kSegment
             ? key.number == layout.generation && key.n < layout.segments
             : key.number > layout.seq && key.number <= seq_;
}

bool DeviceCache::read(const Scope& scope, const std::function<bool(const Poke&)>& take) const {
  const auto found = layouts_.find(scope);
  if (found == layouts_.end()) return false;
  const std::string name = to_string(scope);
  std::uint32_t segments = 0;
  for (const PieceKind kind : {PieceKind::kSegment, PieceKind::kDelta})
    for (auto at = pieces_.lower_bound({kind, name, 0, 0});
         at != pieces_.end() && at->first.kind == kind && at->first.scope == name; ++at) {
      if (!counts(at->first)) continue;
      segments += kind == PieceKind::kSegment;
      const auto messages = decode_frames(at->second);
      if (!messages || messages->size() != 1) return false;
      const auto* poke = std::get_if<Poke>(&messages->front());
      if (poke == nullptr || !take(*poke)) return false;
    }
  return segments == found->second.segments;
}

void DeviceCache::close(const std::vector<Scope>& unreadable) {
  CacheWrite write;
  for (const Scope& scope : unreadable) {
    layouts_.erase(scope);
    write.removed.push_back(all_of(PieceKind::kSegment, to_string(scope)));
    write.removed.push_back(all_of(PieceKind::kDelta, to_string(scope)));
  }
  for (const auto& [key, bytes] : pieces_)
    if (!counts(key) && (write.removed.empty() || write.removed.back().scope != key.scope ||
                         write.removed.back().kind != key.kind ||
                         write.removed.back().last < key.number))
      write.removed.push_back({key.kind, key.scope, key.number, key.number});
  pieces_.clear();
  if (!write.removed.empty()) writes_.push_back(std::move(write));
}

DeviceCache::Filling DeviceCache::begin(const Scope& scope, std::uint64_t seq) {
  Filling filling;
  filling.layout.generation = ++generation_;
  filling.layout.seq = seq;
  filling.state.scope = scope;
  filling.state.seq = seq;
  return filling;
}

void DeviceCache::write_segment(Filling& filling, std::string bytes) {
  CacheWrite write;
  filling.layout.segment_bytes += bytes.size();
  write.put.push_back({{PieceKind::kSegment, to_string(filling.state.scope),
                        filling.layout.generation, filling.layout.segments++},
                       std::move(bytes)});
  writes_.push_back(std::move(write));
}

std::optional<ScopeState> DeviceCache::take(const Poke& part, std::string frame) {
  const Scope& scope = part.snapshots.empty() ? part.scopes.front() : part.snapshots.front();
  std::optional<ScopeState> whole;
  if (last_filled_ && *last_filled_ != scope) {
    whole = fillings_.at(*last_filled_).state;
    last_filled_.reset();
  }
  if (!part.snapshots.empty()) {
    fillings_[scope] = begin(scope, part.seq);
    last_filled_ = scope;
  }
  const auto found = fillings_.find(scope);
  if (found == fillings_.end()) {
    deltas_.push_back({{PieceKind::kDelta, to_string(scope), part.seq, delta_counts_[scope]++},
                       std::move(frame)});
    return whole;
  }
  ScopeState& state = found->second.state;
  for (const RowChange& change : part.changes) {
    state.count += 1;
    state.crc ^= row_crc(change.entity, change.bytes);
  }
  write_segment(found->second, std::move(frame));
  return whole;
}

void DeviceCache::settle(const Scope& scope, CacheWrite& write) {
  const auto filling = fillings_.find(scope);
  if (filling == fillings_.end()) return;
  const std::string name = to_string(scope);
  const Layout& fresh = filling->second.layout;
  write.removed.push_back({PieceKind::kSegment, name, 0, fresh.generation - 1});
  write.removed.push_back({PieceKind::kDelta, name, 0, fresh.seq});
  layouts_[scope] = fresh;
  fillings_.erase(filling);
  is_strict_ = true;
}

void DeviceCache::stage(const Scope& scope, const CacheHead& head) {
  CacheWrite write;
  settle(scope, write);
  seq_ = head.cookie.seq;
  write.head = encode(head);
  writes_.push_back(std::move(write));
}

void DeviceCache::commit(const CacheHead& head) {
  CacheWrite write;
  std::set<Scope> named;
  for (const ScopeState& state : head.cookie.scopes) {
    named.insert(state.scope);
    settle(state.scope, write);
    if (!layouts_.contains(state.scope)) {
      // Of a scope without a snapshot all that is known is what changed.
      layouts_[state.scope] = begin(state.scope, 0).layout;
    }
  }
  // The key of what may not be read any more goes in the same write as the rows.
  for (auto layout = layouts_.begin(); layout != layouts_.end();) {
    const bool is_gone =
        !named.contains(layout->first) && !planted(EngineBug::kLostScopeStored);
    if (is_gone) write.forgotten.push_back(to_string(layout->first));
    layout = is_gone ? layouts_.erase(layout) : std::next(layout);
  }
  for (Piece& delta : deltas_) {
    const auto scope = parse_scope(delta.key.scope);
    if (!scope || !named.contains(*scope)) continue;
    layouts_[*scope].delta_bytes += delta.bytes.size();
    write.put.push_back(std::move(delta));
  }
  deltas_.clear();
  delta_counts_.clear();
  fillings_.clear();
  last_filled_.reset();
  seq_ = head.cookie.seq;
  write.head = encode(head);
  write.is_strict = std::exchange(is_strict_, false) || !write.forgotten.empty();
  writes_.push_back(std::move(write));
}

void DeviceCache::abandon() {
  CacheWrite write;
  for (const auto& [scope, filling] : fillings_) {
    const auto kept = layouts_.find(scope);
    const std::uint64_t first = kept == layouts_.end() ? 0 : kept->second.generation + 1;
    // Up to this one: a snapshot that began anew left an earlier beginning behind.
    write.removed.push_back(
        {PieceKind::kSegment, to_string(scope), first, filling.layout.generation});
  }
  fillings_.clear();
  last_filled_.reset();
  deltas_.clear();
  delta_counts_.clear();
  if (!write.removed.empty()) writes_.push_back(std::move(write));
}

void DeviceCache::clear() {
  layouts_.clear();
  fillings_.clear();
  last_filled_.reset();
  deltas_.clear();
  delta_counts_.clear();
  is_strict_ = false;
  CacheWrite write;
  write.clears = write.is_strict = true;
  writes_.push_back(std::move(write));
}

std::vector<Scope> DeviceCache::fragmented() const {
  std::vector<Scope> scopes;
  for (const auto& [scope, layout] : layouts_)
    if (layout.delta_bytes > kDeltaBytesMax ||
        layout.delta_bytes > std::max(kDeltaBytesMin, layout.segment_bytes / 4))
      scopes.push_back(scope);
  return scopes;
}

void DeviceCache::rewrite(const Scope& scope, std::vector<std::string> frames) {
  Filling& filling = fillings_[scope] = begin(scope, seq_);
  for (std::string& bytes : frames) write_segment(filling, std::move(bytes));
}

}  // namespace foyer
