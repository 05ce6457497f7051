#include "foyer/sync/scope_log.h"

#include "foyer/sync/planted.h"

namespace foyer {

std::vector<std::pair<Scope, std::uint32_t>> MemoryScopeLog::published(const RowKey& row) const {
  const auto found = published_.find(row);
  if (found == published_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

void MemoryScopeLog::publish(const Scope& scope, const RowKey& row, std::uint32_t crc,
                             std::uint64_t seq) {
  ScopeState& state = states_[scope];
  state.scope = scope;
  auto& places = published_[row];
  if (const auto old = places.find(scope); old != places.end()) state.crc ^= old->second;
  else ++state.count;
  state.crc ^= crc;
  places[scope] = crc;
  rows_[scope].insert(row);
  log_[scope][row] = seq;
}

void MemoryScopeLog::withdraw(const Scope& scope, const RowKey& row, std::uint64_t seq) {
  const auto places = published_.find(row);
  if (places == published_.end()) return;
  const auto place = places->second.find(scope);
  if (place == places->second.end()) return;
  ScopeState& state = states_[scope];
  if (!planted(EngineBug::kChecksumStale)) state.crc ^= place->second;
  --state.count;
  places->second.erase(place);
  if (places->second.empty()) published_.erase(places);
  rows_[scope].erase(row);
  log_[scope][row] = seq;
}

ScopeState MemoryScopeLog::state(const Scope& scope) const {
  const auto found = states_.find(scope);
  return found == states_.end() ? ScopeState{scope, 0, 0} : found->second;
}

std::vector<RowKey> MemoryScopeLog::rows(const Scope& scope) const {
  const auto found = rows_.find(scope);
  if (found == rows_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

std::optional<std::vector<RowKey>> MemoryScopeLog::changed_since(const Scope& scope,
                                                                 std::uint64_t seq) const {
  if (seq + planted(EngineBug::kCompactedOneTooFar) < floor_) return std::nullopt;
  std::vector<RowKey> changed;
  if (const auto found = log_.find(scope); found != log_.end())
    for (const auto& [row, at] : found->second)
      if (at > seq) changed.push_back(row);
  return changed;
}

ScopeLog::ClientRecord MemoryScopeLog::client(const Uuid& client) const {
  const auto found = clients_.find(client);
  return found == clients_.end() ? ClientRecord() : found->second;
}

void MemoryScopeLog::set_client(const Uuid& client, const ClientRecord& record) {
  clients_[client] = record;
}

}  // namespace foyer
