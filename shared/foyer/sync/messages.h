// What client and server say to each other, over a WebSocket or as the body of a POST. Decoders are
// bounds-checked and total: any bytes give a message or kCorrupt, never a crash.
//
//   stream  := frame*
//   frame   := type:u8 length:varint crc32c(body):u32le body
//   scope   := text ("account:0190...")      instants and numbers as in schema/bytes.h
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "foyer/command/command.h"

namespace foyer {

inline constexpr std::uint64_t kProtocol = 3;
inline constexpr std::size_t kFrameBytesMax = 60 * 1024;  // a part is cut before it grows past this

struct ScopeState {
  Scope scope;
  std::uint64_t count = 0;
  std::uint32_t crc = 0;  // xor over rows of crc32c(entity, encoded row)
  std::uint64_t seq = 0;  // as of which: a scope may be older than the others of a cookie
  friend bool operator==(const ScopeState&, const ScopeState&) = default;
};

// What a client holds: certifies exactly the rows of its scopes.
struct Cookie {
  Uuid epoch;
  std::uint64_t seq = 0;
  std::uint64_t schema = 0;
  std::vector<ScopeState> scopes;  // sorted by scope
  friend bool operator==(const Cookie&, const Cookie&) = default;
};

struct Hello {
  std::uint64_t protocol = kProtocol;
  Uuid client;
  std::uint64_t last_mid = 0;    // the newest in the outbox
  std::uint64_t oldest_mid = 0;  // the oldest retained, 0 if none
  Cookie cookie;
  std::uint64_t answered_mid = 0;  // up to here the client has every answer
  std::uint64_t waiting = 0;       // commands that have no answer yet
  std::uint64_t command_set = 0;   // as upcast.h; 0: not known
  bool is_first_run = false;       // nothing of any earlier run was on the device
};

// An earlier epoch of the same history, and the last seq of it that this one goes on from.
struct EndedEpoch {
  Uuid epoch;
  std::uint64_t seq = 0;
  friend bool operator==(const EndedEpoch&, const EndedEpoch&) = default;
};

struct Welcome {
  std::uint64_t protocol = kProtocol;
  Uuid epoch;
  std::uint64_t last_mid = 0;  // the newest of this client that the server has decided
  Instant server_time;
  std::string actor;           // encoded Actor (encode_actor)
  std::uint64_t seq = 0;
  // What is at or below it survives the loss of the server's disk; seq, if there is no backup.
  std::uint64_t backup_seq = 0;
  std::vector<EndedEpoch> forked_from;  // oldest first
  std::uint64_t command_set = 0;        // as upcast.h; 0: not known
};

// Why a number has no command. A number never came to anything: it could not be saved, or was
// refused and given up. A trimmed one was acknowledged once and is not on the device any more.
enum class PushKind : std::uint8_t { kCommand, kNothing, kTrimmed };

struct PushedCommand {
  std::uint64_t mid = 0;
  Command command;
  std::uint64_t base_seq = 0;  // what the author had seen
  Instant created_at;          // by the device's clock: advisory
  PushKind kind = PushKind::kCommand;
  // Of the client's commands up to the one before, and up to this one; 0: not known.
  std::uint64_t previous_hash = 0, hash = 0;
  // Of a command that was pushed by another client before its profile was found to be a copy.
  Uuid origin_client;
  std::uint64_t origin_mid = 0;
};
struct Push {
  Uuid client;
  std::vector<PushedCommand> commands;  // ascending mid
};

// Parked: kept by the server for a person to look at, not run. Forked: the number is another
// command's, pushed by a copy of this client; it and those after it are not decided.
enum class PushOutcome : std::uint8_t {
  kApplied, kRejected, kDuplicate, kOutOfOrder, kParked, kForked,
};
struct PushedResult {
  std::uint64_t mid = 0;
  PushOutcome outcome = PushOutcome::kApplied;
  Error error;             // of kRejected and kParked
  std::uint64_t seq = 0;   // at which it took effect
};
struct PushResult {
  Uuid client;
  std::vector<PushedResult> results;
  std::uint64_t expected_mid = 0;  // of kOutOfOrder
};

enum class RowOp : std::uint8_t { kPut, kRemove };
struct RowChange {
  RowOp op = RowOp::kPut;
  std::uint32_t scope = 0;  // index into the poke's scopes
  EntityId entity = 0;
  Uuid id;
  std::string bytes;        // encoded for the scope's audience; empty for kRemove
};
// One poke is a run of these with the same `seq`, the last marked; applied then, or not at all.
struct Poke {
  Uuid epoch;
  std::uint64_t base_seq = 0;
  std::uint64_t seq = 0;
  bool is_last = false;
  std::vector<Scope> scopes;            // of this part's changes
  std::vector<Scope> snapshots;         // scopes whose rows here replace all the client holds
  std::vector<RowChange> changes;
  // Of the last part only: the cookie reached, and the client's newest decided mid at this seq.
  Cookie cookie;
  std::uint64_t last_mid = 0;
  std::uint64_t backup_seq = 0;  // as Welcome's
};

enum class ResetReason : std::uint8_t { kProtocol, kSchema, kRevoked, kForked, kOverloaded };
struct Reset {
  ResetReason reason = ResetReason::kProtocol;
  std::uint64_t retry_after_ms = 0;
  Uuid client;  // of kForked: the id to go on with
};

struct Ping {
  Instant server_time;
};

using SyncMessage = std::variant<Hello, Welcome, Push, PushResult, Poke, Reset, Ping>;

std::string encode_frame(const SyncMessage& message);
// All frames of a stream. kCorrupt: a bad frame; nothing of the stream counts.
// `frames`: also the bytes of each, inside the stream.
Result<std::vector<SyncMessage>> decode_frames(std::string_view stream,
                                               std::vector<std::string_view>* frames = nullptr);

std::string encode_actor(const Actor& actor);
Result<Actor> decode_actor(std::string_view bytes);

// The member of a scope's checksum that one row contributes.
std::uint32_t row_crc(EntityId entity, std::string_view bytes);

// The identity of a pushed command: what Context::command holds on both sides.
Uuid command_id(const Uuid& client, std::uint64_t mid);
Uuid command_id(const Uuid& client, const PushedCommand& pushed);

// Tells the commands of one client from those of its copy: `previous` and all of this one. Never 0.
std::uint64_t chain_hash(std::uint64_t previous, std::uint64_t mid, const Command& command,
                         Instant created_at);

// Changes whenever an entity or a field does: a client with another one starts from a snapshot.
std::uint64_t schema_hash();

}  // namespace foyer
