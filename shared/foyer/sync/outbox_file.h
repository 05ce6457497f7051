// An outbox as a file: what a device could not send, to be brought to the server by hand. Bytes
// only: the server gives a device its head and key, the device seals and can read neither back.
//
//   file := head nonce:12 sealed        AES-256-GCM of text, with its tag; bound to the head
//   head := "foyer outbox" version:u8 installation:16 user:16 client:16
//   text := saved_at:zigzag count:varint (entry:bytes)*        entries as the outbox keeps them
#pragma once

#include "foyer/sync/client_engine.h"

namespace foyer {

inline constexpr std::size_t kOutboxNonceBytes = 12;
inline constexpr std::size_t kOutboxFileEntriesMax = 10'000;

// Whose words the file holds, and from which device: what the key is found by.
struct OutboxFileHead {
  Uuid installation;
  Id<User> user;
  Uuid client;
  friend bool operator==(const OutboxFileHead&, const OutboxFileHead&) = default;
};
std::string encode_outbox_head(const OutboxFileHead& head);

// True if the file begins as one, of whatever version.
bool is_outbox_file(std::string_view start);

// Views into the file.
struct OutboxFileParts {
  OutboxFileHead head;
  std::string_view head_bytes, nonce, sealed;
};
// kInvalid "no_outbox_file" or "newer_version", kCorrupt "cut_short".
Result<OutboxFileParts> split_outbox_file(std::string_view file);

struct OutboxText {
  Instant saved_at;  // by the device's clock, corrected
  std::map<std::uint64_t, OutboxEntry> entries;
};
// Leaves out what is not durable yet: its person was told nothing.
std::string encode_outbox_text(const OutboxText& text);
// kCorrupt "damaged", kInvalid "too_many".
Result<OutboxText> decode_outbox_text(std::string_view bytes);

}  // namespace foyer
