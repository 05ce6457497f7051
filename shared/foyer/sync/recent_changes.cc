#include "foyer/sync/recent_changes.h"

#include <algorithm>

namespace foyer {
namespace {

// Clients that pushed since the start; more are looked up in the tables again.
constexpr std::size_t kClientsMax = 100'000;
// Of one row in a part, besides its bytes.
constexpr std::size_t kRowOverhead = 32;

std::size_t bytes_of(const CommitChanges& commit) {
  std::size_t bytes = 64;
  for (const auto& [scope, change] : commit.scopes)
    for (const auto& row : change.rows)
      bytes += kRowOverhead + (row.bytes ? row.bytes->size() : 0);
  return bytes;
}

// The newest of what happened to each row of each scope, cut into parts.
class PartWriter {
 public:
  PartWriter(const Cookie& from, std::uint64_t seq) : from_(from), seq_(seq) { begin(); }

  void add(const Scope& scope, const RowKey& key, const std::string* bytes) {
    const std::size_t size = bytes ? bytes->size() : 0;
    if (bytes_ + size > kFrameBytesMax - 4096 && bytes_ > 0) begin();
    bytes_ += size + kRowOverhead;
    Poke& part = parts_.back();
    if (part.scopes.empty() || part.scopes.back() != scope) part.scopes.push_back(scope);
    part.changes.push_back({bytes ? RowOp::kPut : RowOp::kRemove,
                            static_cast<std::uint32_t>(part.scopes.size() - 1), key.entity, key.id,
                            bytes ? *bytes : std::string()});
  }
  std::vector<Poke> finish(Cookie reached, std::uint64_t last_mid,
                           std::optional<std::uint64_t> backup_seq) {
    parts_.back().is_last = true;
    parts_.back().cookie = std::move(reached);
    parts_.back().last_mid = last_mid;
    parts_.back().backup_seq = backup_seq.value_or(parts_.back().cookie.seq);
    return std::move(parts_);
  }

 private:
  void begin() {
    Poke part;
    part.epoch = from_.epoch;
    part.base_seq = from_.seq;
    part.seq = seq_;
    parts_.push_back(std::move(part));
    bytes_ = 0;
  }

  const Cookie& from_;
  const std::uint64_t seq_;
  std::size_t bytes_ = 0;
  std::vector<Poke> parts_;
};

}  // namespace

void RecentChanges::forget(const Uuid& epoch) {
  commits_.clear();
  clients_.clear();
  bytes_ = 0;
  access_seq_ = 0;
  epoch_ = epoch;
}

void RecentChanges::add(const Uuid& epoch, CommitChanges commit) {
  const bool is_gap = !commits_.empty() && !commit.scopes.empty() &&
                      commit.seq != commits_.back().first.seq + 1;
  if (epoch != epoch_ || is_gap || clients_.size() > kClientsMax) forget(epoch);
  for (const auto& [client, record] : commit.clients) clients_[client] = record;
  // Nothing but refusals: nobody is told of it before the next change.
  if (commit.scopes.empty()) return;
  if (commits_.empty()) floor_ = commit.seq - 1;
  if (commit.changes_access) access_seq_ = commit.seq;
  const std::size_t size = bytes_of(commit);
  bytes_ += size;
  commits_.emplace_back(std::move(commit), size);
  while (bytes_ > bytes_max_ && commits_.size() > 1) {
    floor_ = commits_.front().first.seq;
    bytes_ -= commits_.front().second;
    commits_.pop_front();
  }
}

bool RecentChanges::reaches(const Request& request) const {
  const auto holds = [&](const Scope& scope) {
    const auto& held = request.cookie.scopes;
    return std::any_of(held.begin(), held.end(),
                       [&](const ScopeState& state) { return state.scope == scope; });
  };
  return !commits_.empty() && request.cookie.epoch == epoch_ &&
         request.cookie.schema == schema_hash() && request.cookie.seq >= floor_ &&
         request.cookie.seq >= access_seq_ &&
         request.cookie.scopes.size() == request.scopes.size() &&
         std::all_of(request.cookie.scopes.begin(), request.cookie.scopes.end(),
                     [&](const ScopeState& held) { return held.seq == request.cookie.seq; }) &&
         std::all_of(request.scopes.begin(), request.scopes.end(), holds);
}

std::optional<std::vector<Poke>> RecentChanges::since(const Request& request) const {
  if (!reaches(request)) return std::nullopt;
  const std::uint64_t seq = commits_.back().first.seq;
  if (seq < request.answered_seq) return std::nullopt;
  const auto known = clients_.find(request.client);
  // Somebody else has spoken through this client meanwhile.
  if (known != clients_.end() && known->second.user != request.user) return std::nullopt;
  // Read from the tables meanwhile, which are ahead of this.
  if (request.cookie.seq >= seq) return std::vector<Poke>();
  Cookie reached = request.cookie;
  reached.seq = seq;
  auto first = commits_.begin();
  while (first->first.seq <= request.cookie.seq) ++first;
  PartWriter writer(request.cookie, seq);
  for (ScopeState& state : reached.scopes) {
    std::map<RowKey, const std::string*> rows;
    for (auto at = first; at != commits_.end(); ++at) {
      const auto found = at->first.scopes.find(state.scope);
      if (found == at->first.scopes.end()) continue;
      for (const auto& row : found->second.rows) rows[row.key] = row.bytes.get();
      state = found->second.state;
    }
    state.seq = seq;
    for (const auto& [key, bytes] : rows) writer.add(state.scope, key, bytes);
  }
  const std::uint64_t mid = known == clients_.end() ? 0 : known->second.last_mid;
  return writer.finish(std::move(reached), std::max(request.last_mid, mid), request.backup_seq);
}

}  // namespace foyer
