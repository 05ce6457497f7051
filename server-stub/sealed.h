// Messages sealed to a public key (HPKE, RFC 9180: base mode, DHKEM(X25519, HKDF-SHA256),
// HKDF-SHA256, one message per key) and Ed25519 signatures. Composed over OpenSSL, which has no
// HPKE of its own yet; no cipher is written here. Also AES-256-GCM under a shared key. Knows no
// envelope, no file and no kiosk.
// Invariant: nothing is read from a message whose tag is wrong; low-order points are refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace foyer::server {

inline constexpr std::size_t kSealKeyBytes = 32;       // X25519, secret and public alike
inline constexpr std::size_t kSealTagBytes = 16;       // by how much a ciphertext is longer
inline constexpr std::size_t kSignatureBytes = 64;     // Ed25519
inline constexpr std::size_t kSignatureKeyBytes = 32;  // Ed25519, public

// The number is the algorithm's in RFC 9180, section 7.3.
enum class SealCipher : std::uint16_t { kAes128Gcm = 1, kAes256Gcm = 2 };

struct SealKey {
  std::string secret, public_key;  // 32 bytes each
};
SealKey make_seal_key();
// Nothing if `secret` is not 32 bytes.
std::optional<SealKey> seal_key_of(std::string_view secret);

// What both sides know beside the message: `info` names the protocol, `context` the message.
struct SealBinding {
  std::string_view info, context;
  SealCipher cipher = SealCipher::kAes256Gcm;
};

struct SealedMessage {
  std::string key_share;   // 32 bytes, "enc" in the RFC
  std::string ciphertext;  // with its tag
};
// `ephemeral`: a key that is used for this message and never again. Nothing if `recipient` is no
// usable public key.
std::optional<SealedMessage> seal(std::string_view recipient, const SealBinding& binding,
                                  std::string_view text, const SealKey& ephemeral);
// Nothing if the message was not sealed to this key, or with another binding, or was changed.
std::optional<std::string> open_sealed(const SealKey& key, const SealBinding& binding,
                                       std::string_view key_share, std::string_view ciphertext);

// AES-256-GCM under a key that both sides have; the ciphertext with its tag. A nonce of 12 bytes
// serves once; what `context` says is bound to the message.
struct SharedKeyNonce {
  std::string_view key, nonce;
};
std::string encrypt(const SharedKeyNonce& with, std::string_view context, std::string_view text);
// Nothing if anything about it is not as it was.
std::optional<std::string> decrypt(const SharedKeyNonce& with, std::string_view context,
                                   std::string_view ciphertext);

// False for anything that is not exactly this key's signature of exactly this text.
bool is_signed_by(std::string_view public_key, std::string_view text, std::string_view signature);

}  // namespace foyer::server
