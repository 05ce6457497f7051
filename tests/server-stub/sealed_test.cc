// Sealed messages against the vectors of RFC 9180 and its companion file, and what must not open.
#include "sealed.h"

#include <gtest/gtest.h>

#include "secrets.h"

namespace foyer::server {
namespace {

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return bytes;
}

struct Vector {
  SealCipher cipher;
  std::string_view secret_recipient, public_recipient, secret_ephemeral, key_share, ciphertext;
};
// The first message of each: "Beauty is truth, truth beauty", bound to "Count-0".
constexpr Vector kVectors[] = {
    // RFC 9180, appendix A.1.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM.
    {SealCipher::kAes128Gcm,
     "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8",
     "3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d",
     "52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736",
     "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431",
     "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a9"
     "6d8770ac83d07bea87e13c512a"},
    // The RFC's companion test-vectors.json: mode 0, kem 32, kdf 1, aead 2 (AES-256-GCM).
    {SealCipher::kAes256Gcm,
     "497b4502664cfea5d5af0b39934dac72242a74f8480451e1aee7d6a53320333d",
     "430f4b9859665145a6b1ba274024487bd66f03a2dd577d7753c68d7d7d00c00c",
     "179d4b53b6365c45b600c4163b61d95cbc2f4d9e36f1695558dce265ab8bab11",
     "6c93e09869df3402d7bf231bf540fadd35cd56be14f97178f0954db94b7fc256",
     "e5d84cd531cfb583096e7cfa9641bd3079cf3a91cda813c52deb5f512be99319"
     "80a41de125a925cdad859d5b7a"},
};
constexpr std::string_view kInfo = "Ode on a Grecian Urn", kContext = "Count-0";
constexpr std::string_view kText = "Beauty is truth, truth beauty";

TEST(SealedTest, OpensTheVectorsOfTheStandard) {
  for (const auto& vector : kVectors) {
    const auto key = seal_key_of(from_hex(vector.secret_recipient));
    ASSERT_TRUE(key.has_value());
    EXPECT_EQ(key->public_key, from_hex(vector.public_recipient));
    EXPECT_EQ(open_sealed(*key, {kInfo, kContext, vector.cipher}, from_hex(vector.key_share),
                          from_hex(vector.ciphertext)),
              kText);
  }
}

TEST(SealedTest, SealsTheVectorsOfTheStandard) {
  for (const auto& vector : kVectors) {
    const auto ephemeral = seal_key_of(from_hex(vector.secret_ephemeral));
    ASSERT_TRUE(ephemeral.has_value());
    const auto sealed = seal(from_hex(vector.public_recipient), {kInfo, kContext, vector.cipher},
                             kText, *ephemeral);
    ASSERT_TRUE(sealed.has_value());
    EXPECT_EQ(sealed->key_share, from_hex(vector.key_share));
    EXPECT_EQ(sealed->ciphertext, from_hex(vector.ciphertext));
  }
}

TEST(SealedTest, WhatWasSealedOpensWhateverItsLength) {
  const auto key = make_seal_key();
  for (const std::size_t size : {0, 1, 15, 16, 17, 1000, 70'000}) {
    const auto text = random_bytes(size);
    const auto sealed = seal(key.public_key, {"info", "context"}, text, make_seal_key());
    ASSERT_TRUE(sealed.has_value());
    EXPECT_EQ(sealed->ciphertext.size(), size + kSealTagBytes);
    EXPECT_EQ(open_sealed(key, {"info", "context"}, sealed->key_share, sealed->ciphertext), text);
  }
}

TEST(SealedTest, NothingOpensThatWasChangedOrIsForSomebodyElse) {
  const auto key = make_seal_key(), other = make_seal_key();
  const auto sealed = seal(key.public_key, {"info", "context"}, "a secret", make_seal_key());
  ASSERT_TRUE(sealed.has_value());
  const auto& [share, ciphertext] = *sealed;
  EXPECT_TRUE(open_sealed(key, {"info", "context"}, share, ciphertext));
  EXPECT_FALSE(open_sealed(other, {"info", "context"}, share, ciphertext));
  EXPECT_FALSE(open_sealed(key, {"other", "context"}, share, ciphertext));
  EXPECT_FALSE(open_sealed(key, {"info", "other"}, share, ciphertext));
  EXPECT_FALSE(open_sealed(key, {"info", "context", SealCipher::kAes128Gcm}, share, ciphertext));
  for (std::size_t at = 0; at < ciphertext.size(); ++at) {
    auto changed = ciphertext;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(open_sealed(key, {"info", "context"}, share, changed)) << at;
    EXPECT_FALSE(open_sealed(key, {"info", "context"}, share, ciphertext.substr(0, at))) << at;
  }
  for (std::size_t at = 0; at < share.size(); ++at) {
    auto changed = share;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(open_sealed(key, {"info", "context"}, changed, ciphertext)) << at;
    EXPECT_FALSE(open_sealed(key, {"info", "context"}, share.substr(0, at), ciphertext)) << at;
  }
}

// RFC 7748, section 6.1, and RFC 9180, section 7.1.4: whoever sends one of these knows the key.
TEST(SealedTest, LowOrderPointsAreRefused) {
  constexpr std::string_view kPoints[] = {
      "0000000000000000000000000000000000000000000000000000000000000000",
      "0100000000000000000000000000000000000000000000000000000000000000",
      "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
      "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "0000000000000000000000000000000000000000000000000000000000000080"};
  const auto key = make_seal_key();
  for (const auto point : kPoints) {
    EXPECT_FALSE(seal(from_hex(point), {"info", "context"}, "text", key)) << point;
    EXPECT_FALSE(open_sealed(key, {"info", "context"}, from_hex(point), std::string(40, 'x')))
        << point;
  }
  EXPECT_FALSE(seal_key_of("short"));
}

// RFC 8032, section 7.1, test 2.
TEST(SealedTest, SignaturesAreThoseOfTheStandardAndNoOther) {
  const auto key = from_hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const auto signature = from_hex(
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  EXPECT_TRUE(is_signed_by(key, "r", signature));
  EXPECT_FALSE(is_signed_by(key, "s", signature));
  EXPECT_FALSE(is_signed_by(key, "", signature));
  EXPECT_FALSE(is_signed_by(key, "r", signature.substr(1)));
  EXPECT_FALSE(is_signed_by(key.substr(1), "r", signature));
  for (std::size_t at = 0; at < signature.size(); ++at) {
    auto changed = signature;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(is_signed_by(key, "r", changed)) << at;
  }
}

}  // namespace
}  // namespace foyer::server
