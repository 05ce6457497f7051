// What a kiosk hands over, byte by byte: a command, signed by the device and sealed to the server.
// Not the cryptography: the host signs and seals (web/src/kiosk_device.ts), the server opens
// (server-stub/sealed.h). Invariant: reading back is strict; what was not written by these
// functions is kCorrupt.
//
//   header   = u8 1 | u32 LE key id | device (16) | submission id (16)
//   content  = zigzag ms of the device's corrected clock | u8 1 if its drift is known
//              | bytes command name | varint version | bytes arguments
//   signature= Ed25519 over "foyer kiosk submission\n" | header | content
//   envelope = header | encapsulated key (32) | ciphertext of (signature (64) | content)
//              by HPKE base mode (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM),
//              info "foyer kiosk submission 1", additional data = header
//   batch    = { u32 LE size | envelope }*
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "foyer/command/command.h"

namespace foyer {

inline constexpr std::size_t kSubmissionHeaderSize = 37;
inline constexpr std::size_t kSignatureSize = 64;
inline constexpr std::size_t kEncapsulatedKeySize = 32;
inline constexpr std::size_t kBatchMax = 64;  // envelopes
inline constexpr std::string_view kSubmissionInfo = "foyer kiosk submission 1";

struct SubmissionHeader {
  std::uint32_t key_id = 0;  // of the server's key that it is sealed to
  Id<Device> device;
  Uuid id;
  friend bool operator==(const SubmissionHeader&, const SubmissionHeader&) = default;
};
std::string encode_header(const SubmissionHeader& header);

struct Submission {
  Instant at;
  bool is_drift_known = false;
  Command command;
};
std::string encode_content(const Submission& submission);
Result<Submission> decode_content(std::string_view content);

// What the device signs.
std::string signed_text(std::string_view header_bytes, std::string_view content);

struct SignedContent {
  std::string_view signature;  // 64 bytes
  std::string_view content;
};
Result<SignedContent> split_signed(std::string_view plaintext);

struct Envelope {
  SubmissionHeader header;
  std::string_view header_bytes;  // the additional data
  std::string_view encapsulated_key;
  std::string_view ciphertext;
};
Result<Envelope> decode_envelope(std::string_view bytes);

std::string encode_batch(const std::vector<std::string>& envelopes);
// kCorrupt if the lengths do not add up or there is none; kExhausted above kBatchMax.
Result<std::vector<std::string_view>> split_batch(std::string_view bytes);

}  // namespace foyer
