// A kiosk for tests, of the same keys and bytes as the one in the browser: Ed25519 and HPKE through
// OpenSSL. Not a browser: it keeps nothing, and says what the test wants it to say.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>

#include "foyer/sync/submission.h"
#include "sealed.h"
#include "secrets.h"

namespace foyer::server {

class NativeKiosk {
 public:
  NativeKiosk()
      : key_(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), EVP_PKEY_free) {}

  std::string public_key() const {
    std::string bytes(kSignatureKeyBytes, '\0');
    std::size_t size = bytes.size();
    EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(bytes.data()), &size);
    return bytes;
  }
  std::string sign(std::string_view text) const {
    std::string signature(kSignatureBytes, '\0');
    std::size_t size = signature.size();
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                         EVP_MD_CTX_free);
    EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get());
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    return signature;
  }
  // Signed by this kiosk, whatever device the header names.
  std::string envelope(std::string_view server_key, const SubmissionHeader& header,
                       const Command& command, Instant at) const {
    const auto head = encode_header(header);
    const auto content = encode_content({.at = at, .is_drift_known = true, .command = command});
    const auto sealed = seal(server_key, {kSubmissionInfo, head},
                             sign(signed_text(head, content)) + content, make_seal_key());
    return head + sealed->key_share + sealed->ciphertext;
  }

  // Set by the test once the server has answered.
  Id<Device> device;
  std::string series, server_key, cookie;

 private:
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

}  // namespace foyer::server
