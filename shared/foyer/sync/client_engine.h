// The device's half of synchronisation, without I/O: events in, effects out. The host keeps the
// outbox and the cache durable, moves bytes, and says what time it is.
// Invariants: a command is applied only when its outbox entry is durable; `confirmed` is exactly
// what the cookie certifies; the visible rows are fold(pending, confirmed); an outbox entry goes
// when the server cannot lose it any more, or by the person's own word.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <variant>

#include "foyer/query/memory_store.h"
#include "foyer/sync/device_cache.h"
#include "foyer/sync/messages.h"
#include "foyer/sync/replica.h"

namespace foyer {

enum class OutboxState : std::uint8_t {
  kSaving,     // not durable yet: the person has not been told anything
  kWaiting,    // saved on this device
  kAttention,  // refused: a person must see why; the words are kept
  kAcknowledged,  // kept for a server that loses its disk and comes back with a backup
};

struct OutboxEntry {
  std::uint64_t mid = 0;
  Command command;
  std::uint64_t base_seq = 0;
  Instant created_at;
  OutboxState state = OutboxState::kSaving;
  Error error;  // of kAttention
  // The seq at which the server says it took effect; 0: no answer yet. Stored of what is kept
  // after that; otherwise asked again.
  std::uint64_t applied_at = 0;
  Instant acknowledged_at;          // of kAcknowledged
  bool is_trimmed = false;          // kept too long: its arguments are gone
  std::uint64_t previous_hash = 0;  // as PushedCommand's
  std::uint64_t hash = 0;
  Uuid origin_client;
  std::uint64_t origin_mid = 0;
};
// Any version of the format that was ever written decodes; the newest is written.
std::string encode_outbox_entry(const OutboxEntry& entry);
Result<OutboxEntry> decode_outbox_entry(std::string_view bytes);

// What the host has to do, in order.
struct SaveOutbox {
  std::uint64_t mid;
  // Strict durability, together with the highest mid ever saved (Stored::last_mid); answer with
  // saved(mid) or save_failed(mid).
  std::string bytes;
};
struct RemoveOutbox {
  std::uint64_t mid;
};
struct SaveCache {
  CacheWrite write;
};
// One strict transaction: all that the outbox holds is replaced, and the client has another id.
// Answer with adopted().
struct AdoptClient {
  Uuid client;
  std::vector<std::pair<std::uint64_t, std::string>> entries;  // 1, 2, 3...
};
struct SendFrame {
  std::string bytes;
};
struct RowsChanged {};      // views must be drawn again
struct OutboxChanged {};    // waiting, attention or connection changed
struct SignedOut {};        // the server does not know us any more: purge and leave
using Effect =
    std::variant<SaveOutbox, RemoveOutbox, SaveCache, SendFrame, RowsChanged, OutboxChanged,
                 SignedOut, AdoptClient>;

// What an earlier run left on the device.
struct Stored {
  std::string head;                 // of the cache; empty: there is none
  std::vector<Piece> pieces;        // of the cache, in any order
  std::vector<std::string> outbox;  // entries in any order
  // The highest mid ever saved. An emptied outbox forgets its numbers, and a number used twice
  // is a command that the server takes for a repeat: lost.
  std::uint64_t last_mid = 0;
  bool is_first_run = false;  // the store was made anew, and no other of this browser is there
};

struct SyncStatus {
  bool is_online = false;
  bool is_loaded = false;      // rows are there, be they old
  bool is_receiving = false;   // a part of what changed is here, and not yet the rest
  std::size_t waiting = 0;
  std::size_t attention = 0;
  Instant last_contact;        // device clock, corrected
  std::size_t kept = 0;        // acknowledged, but in no backup of the server yet
  // Why the device does not go on by itself just now: "protocol", "overloaded", "reset_loop",
  // "not_adopted", "older_server" (it does not know what this build says); empty: it does.
  std::string problem;
};

// How long an acknowledged command is kept for a server without a newer backup.
inline constexpr std::int64_t kRedoAgeMaxMs = 7 * kMsPerDay;
inline constexpr std::size_t kRedoBytesMax = 16 * 1024 * 1024;
inline constexpr std::int64_t kResetPauseMs = kMsPerMinute;  // of one scope for one cause

class ClientEngine {
 public:
  explicit ClientEngine(const Uuid& client) : client_(client) {}

  // Once, at the start. A scope that does not decode or does not fit is left out, and with it
  // nothing is shown: the server sends a snapshot of that scope alone.
  void load(Stored stored);

  // Checks, then asks for the entry to be saved; the mid identifies it. Errors as check_command.
  Result<std::uint64_t> submit(Command command, Instant device_now);
  void saved(std::uint64_t mid);
  void save_failed(std::uint64_t mid);
  // An entry that needs attention: tried again as a new one, written anew as `command`, or given
  // up. The old one goes when the new one is durable, not before. One that is not there any more
  // cannot be retried (kNotFound); replacing it is an ordinary submit, so that no words are lost.
  Result<std::uint64_t> retry(std::uint64_t mid, Instant device_now);
  Result<std::uint64_t> replace(std::uint64_t mid, Command command, Instant device_now);
  void discard(std::uint64_t mid);

  // Drops the rows and what is stored of them: the lease ended. The outbox stays.
  void forget_rows();

  // What a connection begins with, as bytes of a frame: who we are and what we hold.
  std::string hello() const;
  void connected(Instant device_now);
  void disconnected();
  // Now and then: what was put off is tried again.
  void tick(Instant device_now);
  // How long to wait before the next connection, after so many that failed; the server's wish is
  // respected, and no two devices wait alike.
  std::int64_t reconnect_in_ms(unsigned failures, Instant device_now) const;
  // What AdoptClient led to.
  void adopted(bool is_durable);
  // kCorrupt: the connection must be closed.
  Result<void> received(std::string_view frames, Instant device_now);

  std::vector<Effect> take_effects();

  const Reader& rows() const { return rows_; }
  const Actor& actor() const { return actor_; }
  SyncStatus status() const;
  const std::map<std::uint64_t, OutboxEntry>& outbox() const { return outbox_; }
  // Acknowledged, and kept until the server has them in a backup.
  const std::map<std::uint64_t, OutboxEntry>& redo() const { return redo_; }
  const Cookie& cookie() const { return cookie_; }
  const Uuid& client() const { return client_; }
  // When the server last said that we may read what we hold, by its clock; none: never.
  Instant welcomed_at() const { return welcome_.server_time; }
  // The device's clock corrected by what the server said.
  Instant corrected(Instant device_now) const { return device_now + clock_offset_ms_; }
  // For tests: the confirmed rows alone.
  std::string confirmed_digest() const { return replica_.digest(); }

 private:
  // kDamaged: the scopes of `damaged_` do not hold what the cookie says, all others do.
  enum class Fit : std::uint8_t { kFits, kDoesNotFollow, kUnknownRows, kDamaged };
  // A poke that has begun. Rows of a snapshot that nobody sees yet are in the replica already.
  struct Incoming {
    bool is_begun = false;
    bool is_fresh = false;     // replaces all that is held
    Fit fit = Fit::kFits;      // so far
    std::uint64_t seq = 0;
    std::uint64_t staged_seq = 0;  // of the newest scope that came whole; 0: none did
    std::set<Scope> filling;   // scopes whose rows come whole
    std::vector<Poke> parts;   // taken in at the end, each of one scope
  };

  Context context_of(const OutboxEntry& entry) const;
  void load_cache(std::string_view head, std::vector<Piece> pieces);
  void keep_welcome(const Welcome& welcome);
  void say_hello();
  void push_waiting();
  PushedCommand to_push(std::uint64_t mid) const;
  std::uint64_t answered_mid() const;
  // Removes the entries whose rows have arrived. True if there were any.
  bool drop_arrived();
  // An entry that has taken effect: kept until it is in a backup.
  void keep(OutboxEntry entry);
  void trim_redo();
  // Acknowledged once, but above what the server knows of: it waits again. True if there were any.
  bool bring_back(std::uint64_t decided_mid);
  // The cookie goes on in the epoch that the server went on with.
  void follow(const Welcome& welcome);
  void fork();
  bool may_reset(const std::string& what);
  void reset_scopes();
  void on(const Welcome& welcome, Instant device_now);
  void on(const PushResult& result);
  void on(Poke poke, std::string_view frame);
  void on(const Reset& reset);
  void begin_poke(const Poke& first);
  void take_part(Poke part, std::string frame);
  // A scope of a first bootstrap is whole: it need not come again.
  void stage(const ScopeState& state);
  void end_poke(const Poke& last);
  void abandon_poke();
  Fit apply(const Cookie& cookie);
  CacheHead head() const { return {is_loaded_, welcome_, cookie_}; }
  void write_cache();
  void forget_everything();
  void rebuild_visible();
  void refuse(OutboxEntry& entry, Error error);
  // The entry that is being saved in the place of `mid`; null: none.
  const OutboxEntry* successor_of(std::uint64_t mid) const;
  template <class T>
  void effect(T value) {
    effects_.push_back(std::move(value));
  }

  Uuid client_;
  Welcome welcome_;  // the last one, or the stored one
  Actor actor_;
  std::int64_t clock_offset_ms_ = 0;
  Cookie cookie_;
  Replica replica_;   // confirmed, as the scopes publish it
  // Confirmed, then the outbox's commands on top.
  MemoryStore rows_{Numbering::kNone, Touches::kForgotten};
  std::map<std::uint64_t, OutboxEntry> outbox_;
  std::map<std::uint64_t, std::uint64_t> retried_;  // entry being saved -> the one it replaces
  std::map<std::uint64_t, OutboxEntry> redo_;
  std::size_t redo_bytes_ = 0;
  std::uint64_t trimmed_mid_ = 0;  // of redo_: up to here arguments are gone
  std::uint64_t backup_seq_ = 0;
  std::uint64_t safe_mid_ = 0;     // up to here the server had everything in a backup
  std::uint64_t last_mid_ = 0;
  std::uint64_t last_hash_ = 0;    // of last_mid_, 0 if it is not known
  std::uint64_t decided_mid_ = 0;  // the newest that we have the server's answer for
  std::uint64_t pushed_mid_ = 0;   // the newest sent over this connection
  bool is_online_ = false, is_welcome_ = false, is_loaded_ = false;
  bool is_first_run_ = false;
  bool awaits_welcome_ = false;   // what comes before it answers an older Hello
  bool was_welcomed_ = false;     // over this connection
  bool is_pending_open_ = false;  // rows_ has a savepoint with the outbox's effects
  Instant last_contact_;
  Instant heard_at_;  // as last_contact_, by the device's own clock
  Incoming incoming_;
  DeviceCache cache_;
  std::set<Scope> damaged_;              // dropped; asked for with the next Hello
  std::map<std::string, Instant> reset_at_;
  Instant again_at_;                     // when to say Hello again; none: no need to
  std::string problem_;
  Uuid fork_;                            // the id to go on with; null: no need to
  struct Adoption {
    std::map<std::uint64_t, OutboxEntry> outbox, redo;
    std::uint64_t last_mid = 0, last_hash = 0;
  };
  std::optional<Adoption> adoption_;     // being made durable
  std::vector<Effect> effects_;
};

}  // namespace foyer
