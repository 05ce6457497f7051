#include "sealed.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <memory>

#include "foyer/base/assert.h"
#include "secrets.h"

namespace foyer::server {
namespace {

constexpr std::size_t kHashBytes = 32, kNonceBytes = 12, kSharedKeyBytes = 32;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

std::string two_bytes(std::size_t number) {
  return {static_cast<char>(number >> 8), static_cast<char>(number & 0xff)};
}

// HMAC-SHA256, of which HKDF (RFC 5869) is made.
std::string keyed_digest(std::string_view key, std::string_view text) {
  std::string digest(kHashBytes, '\0');
  unsigned size = 0;
  const auto* result =
      HMAC(EVP_sha256(), key.data() ? key.data() : "", static_cast<int>(key.size()),
           bytes_of(text), text.size(), bytes_of(digest), &size);
  FOYER_ASSERT(result != nullptr && size == kHashBytes);
  return digest;
}

// RFC 9180, section 4: HKDF whose inputs carry a label and the suite.
class LabeledKeys {
 public:
  explicit LabeledKeys(std::string suite) : prefix_("HPKE-v1" + std::move(suite)) {}

  std::string extract(std::string_view salt, std::string_view label, std::string_view text) const {
    return keyed_digest(salt, prefix_ + std::string(label) + std::string(text));
  }
  // Never more than one block: nothing of this suite is longer than a digest.
  std::string expand(std::string_view key, std::string_view label, std::string_view info,
                     std::size_t size) const {
    FOYER_ASSERT(size <= kHashBytes);
    auto block = keyed_digest(key, two_bytes(size) + prefix_ + std::string(label) +
                                       std::string(info) + '\x01');
    block.resize(size);
    return block;
  }

 private:
  std::string prefix_;
};

constexpr std::size_t kKemId = 0x0020, kKdfId = 0x0001;

// X25519. Nothing for a low-order point: OpenSSL refuses the all-zero result that they lead to.
std::optional<std::string> agree(std::string_view secret, std::string_view public_key) {
  if (secret.size() != kSealKeyBytes || public_key.size() != kSealKeyBytes) return std::nullopt;
  const Owned<EVP_PKEY> mine(EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr,
                                                          bytes_of(secret), secret.size()));
  const Owned<EVP_PKEY> theirs(EVP_PKEY_new_raw_public_key(
      EVP_PKEY_X25519, nullptr, bytes_of(public_key), public_key.size()));
  if (!mine || !theirs) return std::nullopt;
  const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new(mine.get(), nullptr));
  std::string shared(kSealKeyBytes, '\0');
  auto size = shared.size();
  if (!context || EVP_PKEY_derive_init(context.get()) != 1 ||
      EVP_PKEY_derive_set_peer(context.get(), theirs.get()) != 1 ||
      EVP_PKEY_derive(context.get(), bytes_of(shared), &size) != 1 || size != shared.size())
    return std::nullopt;
  return shared;
}

struct MessageKey {
  std::string key, nonce;
};

// RFC 9180, sections 4.1 (ExtractAndExpand) and 5.1 (KeySchedule, mode_base, sequence number 0).
MessageKey schedule(std::string_view agreed, std::string_view key_share,
                    std::string_view recipient, const SealBinding& binding) {
  const LabeledKeys kem("KEM" + two_bytes(kKemId));
  const auto shared =
      kem.expand(kem.extract("", "eae_prk", agreed), "shared_secret",
                 std::string(key_share) + std::string(recipient), kHashBytes);
  const LabeledKeys suite("HPKE" + two_bytes(kKemId) + two_bytes(kKdfId) +
                          two_bytes(static_cast<std::size_t>(binding.cipher)));
  const auto context = std::string(1, '\0') + suite.extract("", "psk_id_hash", "") +
                       suite.extract("", "info_hash", binding.info);
  const auto secret = suite.extract(shared, "secret", "");
  const std::size_t key_size = binding.cipher == SealCipher::kAes128Gcm ? 16 : 32;
  return {suite.expand(secret, "key", context, key_size),
          suite.expand(secret, "base_nonce", context, kNonceBytes)};
}

enum class Direction : int { kOpen = 0, kSeal = 1 };

Owned<EVP_CIPHER_CTX> begin_cipher(const MessageKey& key, const SealBinding& binding,
                                   Direction direction) {
  Owned<EVP_CIPHER_CTX> context(EVP_CIPHER_CTX_new());
  const auto* cipher =
      binding.cipher == SealCipher::kAes128Gcm ? EVP_aes_128_gcm() : EVP_aes_256_gcm();
  int size = 0;
  if (!context ||
      EVP_CipherInit_ex(context.get(), cipher, nullptr, bytes_of(key.key), bytes_of(key.nonce),
                        static_cast<int>(direction)) != 1 ||
      EVP_CipherUpdate(context.get(), nullptr, &size, bytes_of(binding.context),
                       static_cast<int>(binding.context.size())) != 1)
    return nullptr;
  return context;
}

// The input with the cipher run over it; the tag is the caller's.
std::optional<std::string> run_cipher(EVP_CIPHER_CTX* context, std::string_view input) {
  std::string output(input.size(), '\0');
  int size = 0, rest = 0;
  unsigned char none[kSealTagBytes];
  if (EVP_CipherUpdate(context, input.empty() ? none : bytes_of(output), &size, bytes_of(input),
                       static_cast<int>(input.size())) != 1 ||
      EVP_CipherFinal_ex(context, none, &rest) != 1)
    return std::nullopt;
  return output;
}

constexpr std::size_t kMessageBytesMax = 64 * 1024 * 1024;  // far below what an int can count

std::string with_tag(EVP_CIPHER_CTX* context, std::string ciphertext) {
  std::string tag(kSealTagBytes, '\0');
  const int done = EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG,
                                       static_cast<int>(tag.size()), tag.data());
  return done == 1 ? ciphertext + tag : std::string();
}

// Nothing if the tag is wrong.
std::optional<std::string> run_backwards(EVP_CIPHER_CTX* context, std::string_view ciphertext) {
  const auto size = ciphertext.size() - kSealTagBytes;
  std::string tag(ciphertext.substr(size));
  if (EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag.size()),
                          tag.data()) != 1)
    return std::nullopt;
  return run_cipher(context, ciphertext.substr(0, size));
}

}  // namespace

SealKey make_seal_key() { return *seal_key_of(random_bytes(kSealKeyBytes)); }

std::optional<SealKey> seal_key_of(std::string_view secret) {
  if (secret.size() != kSealKeyBytes) return std::nullopt;
  const Owned<EVP_PKEY> key(EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr,
                                                         bytes_of(secret), secret.size()));
  SealKey pair{std::string(secret), std::string(kSealKeyBytes, '\0')};
  auto size = pair.public_key.size();
  if (!key || EVP_PKEY_get_raw_public_key(key.get(), bytes_of(pair.public_key), &size) != 1)
    return std::nullopt;
  return pair;
}

std::optional<SealedMessage> seal(std::string_view recipient, const SealBinding& binding,
                                  std::string_view text, const SealKey& ephemeral) {
  const auto agreed = agree(ephemeral.secret, recipient);
  if (!agreed || text.size() > kMessageBytesMax) return std::nullopt;
  const auto key = schedule(*agreed, ephemeral.public_key, recipient, binding);
  const auto context = begin_cipher(key, binding, Direction::kSeal);
  auto ciphertext = context ? run_cipher(context.get(), text) : std::nullopt;
  if (!ciphertext) return std::nullopt;
  auto whole = with_tag(context.get(), std::move(*ciphertext));
  if (whole.empty()) return std::nullopt;
  return SealedMessage{ephemeral.public_key, std::move(whole)};
}

std::optional<std::string> open_sealed(const SealKey& key, const SealBinding& binding,
                                       std::string_view key_share, std::string_view ciphertext) {
  if (ciphertext.size() < kSealTagBytes || ciphertext.size() > kMessageBytesMax)
    return std::nullopt;
  const auto agreed = agree(key.secret, key_share);
  if (!agreed) return std::nullopt;
  const auto message_key = schedule(*agreed, key_share, key.public_key, binding);
  const auto context = begin_cipher(message_key, binding, Direction::kOpen);
  return context ? run_backwards(context.get(), ciphertext) : std::nullopt;
}

std::string encrypt(const SharedKeyNonce& with, std::string_view context, std::string_view text) {
  FOYER_ASSERT(with.key.size() == kSharedKeyBytes && with.nonce.size() == kNonceBytes);
  const auto cipher = begin_cipher({std::string(with.key), std::string(with.nonce)},
                                   {{}, context}, Direction::kSeal);
  auto ciphertext = cipher ? run_cipher(cipher.get(), text) : std::nullopt;
  FOYER_ASSERT(ciphertext.has_value());
  return with_tag(cipher.get(), std::move(*ciphertext));
}

std::optional<std::string> decrypt(const SharedKeyNonce& with, std::string_view context,
                                   std::string_view ciphertext) {
  FOYER_ASSERT(with.key.size() == kSharedKeyBytes);
  if (with.nonce.size() != kNonceBytes || ciphertext.size() < kSealTagBytes ||
      ciphertext.size() > kMessageBytesMax + kSealTagBytes)
    return std::nullopt;
  const auto cipher = begin_cipher({std::string(with.key), std::string(with.nonce)},
                                   {{}, context}, Direction::kOpen);
  return cipher ? run_backwards(cipher.get(), ciphertext) : std::nullopt;
}

bool is_signed_by(std::string_view public_key, std::string_view text, std::string_view signature) {
  if (public_key.size() != kSignatureKeyBytes || signature.size() != kSignatureBytes) return false;
  const Owned<EVP_PKEY> key(EVP_PKEY_new_raw_public_key(
      EVP_PKEY_ED25519, nullptr, bytes_of(public_key), public_key.size()));
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  return key && context &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(text),
                          text.size()) == 1;
}

}  // namespace foyer::server
