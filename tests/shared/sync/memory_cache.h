// The cache of a device in memory, for tests: what its writes left, as the port promises it
// (foyer/sync/device_store.h).
#pragma once

#include <map>

#include "foyer/sync/client_engine.h"

namespace foyer {

struct MemoryCache {
  std::map<PieceKey, std::string> pieces;
  std::string head;

  void write(CacheWrite write) {
    if (write.clears) *this = {};
    for (const std::string& scope : write.forgotten)
      std::erase_if(pieces, [&](const auto& piece) {
        return piece.first.scope == scope || piece.first.kind == PieceKind::kIndex;
      });
    for (const PieceRange& range : write.removed)
      std::erase_if(pieces, [&](const auto& piece) {
        const PieceKey& key = piece.first;
        return key.kind == range.kind && key.scope == range.scope && key.number >= range.first &&
               key.number <= range.last;
      });
    for (Piece& piece : write.put) pieces[std::move(piece.key)] = std::move(piece.bytes);
    if (write.head) head = std::move(*write.head);
  }
  Stored stored() const {
    Stored all;
    all.head = head;
    for (const auto& [key, bytes] : pieces) all.pieces.push_back({key, bytes});
    return all;
  }
  std::size_t bytes() const {
    std::size_t sum = head.size();
    for (const auto& [key, value] : pieces) sum += value.size();
    return sum;
  }
};

// Of somebody who was welcomed and has no rows.
inline Stored stored_welcome(const Welcome& welcome) {
  DeviceCache cache;
  cache.commit({true, welcome, {}});
  MemoryCache kept;
  for (CacheWrite& write : cache.take_writes()) kept.write(std::move(write));
  return kept.stored();
}

}  // namespace foyer
