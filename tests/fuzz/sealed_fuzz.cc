// Sealed messages and signatures: what nobody sealed never opens, what was sealed opens to itself.
//
//   input := mode:u8 key_share:32 bytes     mode % 3: 0 opens, 1 seals and opens, 2 a signature
#include "sealed.h"

#include "fuzz/fuzz.h"

namespace foyer::server {
namespace {

using fuzz::expect;

SealKey key_of(char byte) {
  const auto key = seal_key_of(std::string(kSealKeyBytes, byte));
  expect(key.has_value(), "32 bytes are no key");
  return *key;
}

void check_foreign(std::string_view share, std::string_view ciphertext) {
  for (const auto cipher : {SealCipher::kAes128Gcm, SealCipher::kAes256Gcm})
    expect(!open_sealed(key_of(1), {"protocol", "message", cipher}, share, ciphertext),
           "what nobody sealed opens", ciphertext);
  seal(share, {"protocol", "message"}, ciphertext, key_of(2));
}

void check_round(std::string_view choice, std::string_view text) {
  const auto key = key_of(1);
  const SealBinding binding{"protocol", choice};
  const auto sealed = seal(key.public_key, binding, text, key_of(2));
  expect(sealed.has_value(), "nothing is sealed to a usable key");
  const auto opened = open_sealed(key, binding, sealed->key_share, sealed->ciphertext);
  expect(opened == text, "a sealed message changed", text);
  const std::string other = std::string(choice) + '.';
  expect(!open_sealed(key, {"protocol", other}, sealed->key_share, sealed->ciphertext),
         "a message opens for another context", other);
  fuzz::Choices choices(choice);
  const std::size_t at = choices.byte() | std::size_t{choices.byte()} << 8;
  auto changed = sealed->ciphertext;
  changed[at % changed.size()] ^= static_cast<char>(1 << choices.below(8));
  expect(!open_sealed(key, binding, sealed->key_share, changed), "a changed message opens", text);
  changed = sealed->ciphertext.substr(0, at % sealed->ciphertext.size());
  expect(!open_sealed(key, binding, sealed->key_share, changed), "a cut message opens", text);
}

}  // namespace
}  // namespace foyer::server

void foyer::fuzz::try_input(std::string_view input) {
  Choices choices(input);
  const auto mode = choices.below(3);
  const auto first = choices.take(server::kSealKeyBytes);
  if (mode == 0) return server::check_foreign(first, choices.rest());
  if (mode == 1) return server::check_round(first, choices.rest());
  const auto signature = choices.take(server::kSignatureBytes);
  server::is_signed_by(first, choices.rest(), signature);
}
