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

inline constexpr std::uint64_t kProtocol = 2;
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
};

struct Welcome {
  std::uint64_t protocol = kProtocol;
  Uuid epoch;
  std::uint64_t last_mid = 0;  // the newest of this client that the server has decided
  Instant server_time;
  std::string actor;           // encoded Actor (encode_actor)
};

struct PushedCommand {
  std::uint64_t mid = 0;
  Command command;
  std::uint64_t base_seq = 0;  // what the author had seen
  Instant created_at;          // by the device's clock: advisory
};
struct Push {
  Uuid client;
  std::vector<PushedCommand> commands;  // ascending mid
};

enum class PushOutcome : std::uint8_t { kApplied, kRejected, kDuplicate, kOutOfOrder };
struct PushedResult {
  std::uint64_t mid = 0;
  PushOutcome outcome = PushOutcome::kApplied;
  Error error;             // of kRejected
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
};

enum class ResetReason : std::uint8_t { kProtocol, kSchema, kRevoked, kForked };
struct Reset {
  ResetReason reason = ResetReason::kProtocol;
  std::uint64_t retry_after_ms = 0;
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

// Changes whenever an entity or a field does: a client with another one starts from a snapshot.
std::uint64_t schema_hash();

}  // namespace foyer
