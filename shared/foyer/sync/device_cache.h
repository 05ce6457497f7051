// What a device keeps of the rows between runs, as writes to make and pieces to read; not the rows
// themselves and no I/O. Each scope stands alone: segments as its snapshot came, what changed since
// as deltas, one generation after the other; a head, swung last, says which of them count.
// Invariant: the head names only pieces of the same or an earlier write.
//
//   head   := version:u8 is_whole:u8 frames:bytes (a Welcome, and an empty Poke with the cookie)
//             count:varint (scope:bytes generation:varint segments:varint seq:varint)*
#pragma once

#include <map>
#include <set>

#include "foyer/sync/device_store.h"
#include "foyer/sync/messages.h"

namespace foyer {

struct CacheHead {
  bool is_whole = false;  // every scope the actor may read is there; else a bootstrap goes on
  Welcome welcome;
  Cookie cookie;          // of the scopes that are there whole
};

class DeviceCache {
 public:
  // ---- once, at the start
  // Nothing: there is no head, or none that we understand; what else there was is swept.
  std::optional<CacheHead> open(std::string_view head, std::vector<Piece> pieces);
  // The pieces of a scope that count, in order. False: one is missing, damaged, or refused.
  bool read(const Scope& scope, const std::function<bool(const Poke&)>& take) const;
  // A scope that could not be read goes, and so does what no head names. What was read is let go.
  void close(const std::vector<Scope>& unreadable);

  // ---- while pokes come
  // One part of a poke that speaks of one scope, as the bytes of its frame. Rows of a snapshot are
  // written as they come. Gives the scope whose snapshot is whole now, because another's begins.
  std::optional<ScopeState> take(const Poke& part, std::string frame);
  // The poke ends: what it changed counts from now on, with this head.
  void commit(const CacheHead& head);
  // One more scope of a first bootstrap is whole: it outlives a crash.
  void stage(const Scope& scope, const CacheHead& head);
  // The poke will not end: what came of it and is not staged goes.
  void abandon();
  void clear();

  // Scopes whose deltas are a quarter of their segments, or 8 MB: they want to be written anew.
  std::vector<Scope> fragmented() const;
  // Written anew, as of the seq of the last commit; the next one makes it count.
  void rewrite(const Scope& scope, std::vector<std::string> frames);

  std::vector<CacheWrite> take_writes() { return std::exchange(writes_, {}); }

 private:
  struct Layout {
    std::uint64_t generation = 0, seq = 0;  // seq: of the segments
    std::uint32_t segments = 0;
    std::size_t segment_bytes = 0, delta_bytes = 0;
  };
  struct Filling {
    Layout layout;
    ScopeState state;  // count and checksum of what came
  };
  std::string encode(const CacheHead& head) const;
  std::optional<CacheHead> decode(std::string_view bytes);
  bool counts(const PieceKey& key) const;
  Filling begin(const Scope& scope, std::uint64_t seq);
  void write_segment(Filling& filling, std::string bytes);
  // Of a scope that is whole: the layout before it goes with the write that names the new one.
  void settle(const Scope& scope, CacheWrite& write);

  std::map<Scope, Layout> layouts_;          // that count
  std::map<Scope, Filling> fillings_;        // of the poke that is coming
  std::optional<Scope> last_filled_;
  std::vector<Piece> deltas_;
  std::map<Scope, std::uint32_t> delta_counts_;
  std::uint64_t generation_ = 0, seq_ = 0;
  bool is_strict_ = false;                   // segments were written since the last strict write
  std::map<PieceKey, std::string> pieces_;   // between open and close
  std::vector<CacheWrite> writes_;
};

}  // namespace foyer
