#include "foyer/sync/submission.h"

#include <gtest/gtest.h>

namespace foyer {
namespace {

Submission a_submission() {
  Submission submission;
  submission.at = {1764158400123};
  submission.is_drift_known = true;
  submission.command = {"check_in.create", 1, std::string("\x01\x00\xff args", 8)};
  return submission;
}

std::string an_envelope() {
  const SubmissionHeader header{7, Id<Device>(derive_uuid({}, "k7")), derive_uuid({}, "s")};
  return encode_header(header) + std::string(32, 'e') + "sealed";
}

TEST(Submission, ContentComesBackAsItWas) {
  const Submission before = a_submission();
  const auto after = decode_content(encode_content(before));
  ASSERT_TRUE(after);
  EXPECT_EQ(after->at, before.at);
  EXPECT_TRUE(after->is_drift_known);
  EXPECT_EQ(after->command.name, before.command.name);
  EXPECT_EQ(after->command.version, before.command.version);
  EXPECT_EQ(after->command.arguments, before.command.arguments);
}

// The bytes are signed on devices for years: the format may not drift.
TEST(Submission, BytesAreTheFormatOfTheHeadComment) {
  Submission submission;
  submission.at = {1};
  submission.command = {"a", 2, "b"};
  EXPECT_EQ(encode_content(submission), std::string("\x02\x00\x01" "a\x02\x01" "b", 7));
  const std::string header = encode_header({0x01020304, {}, {}});
  EXPECT_EQ(header, std::string("\x01\x04\x03\x02\x01", 5) + std::string(32, '\0'));
  EXPECT_EQ(signed_text("H", "C"), "foyer kiosk submission\nHC");
  EXPECT_EQ(encode_batch({"xy"}), std::string("\x02\0\0\0xy", 6));
}

TEST(Submission, CutOrLongerContentIsCorrupt) {
  const std::string whole = encode_content(a_submission());
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(decode_content(whole.substr(0, size))) << size;
  EXPECT_FALSE(decode_content(whole + '\0'));
  std::string drift = encode_content(a_submission());
  const std::size_t at = drift.find("\x01\x0f");  // drift, then the length of the name
  ASSERT_NE(at, std::string::npos);
  drift[at] = 2;
  EXPECT_FALSE(decode_content(drift));
}

TEST(Submission, OneCommandIsWrittenInOneWayOnly) {
  // Version 1 as two bytes.
  EXPECT_FALSE(decode_content(std::string("\x02\x00\x01" "a\x81\x00\x01" "b", 8)));
  EXPECT_TRUE(decode_content(std::string("\x02\x00\x01" "a\x01\x01" "b", 7)));
}

TEST(Submission, AnEnvelopeIsItsParts) {
  const std::string bytes = an_envelope();
  const auto envelope = decode_envelope(bytes);
  ASSERT_TRUE(envelope);
  EXPECT_EQ(envelope->header.key_id, 7U);
  EXPECT_EQ(envelope->header.device, Id<Device>(derive_uuid({}, "k7")));
  EXPECT_EQ(envelope->header.id, derive_uuid({}, "s"));
  EXPECT_EQ(envelope->header_bytes, bytes.substr(0, 37));
  EXPECT_EQ(envelope->encapsulated_key, std::string(32, 'e'));
  EXPECT_EQ(envelope->ciphertext, "sealed");
  for (std::size_t size = 0; size <= 69; ++size)
    EXPECT_FALSE(decode_envelope(bytes.substr(0, size))) << size;
  std::string other = bytes;
  other[0] = 2;
  EXPECT_FALSE(decode_envelope(other));
}

TEST(Submission, ASignatureIsInFrontOfSomething) {
  const std::string plaintext = std::string(64, 's') + "c";
  const auto parts = split_signed(plaintext);
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->signature, std::string(64, 's'));
  EXPECT_EQ(parts->content, "c");
  EXPECT_FALSE(split_signed(std::string(64, 's')));
}

TEST(Submission, ABatchKeepsItsOrderAndItsLimits) {
  const std::string bytes = encode_batch({"first", "second"});
  const auto batch = split_batch(bytes);
  ASSERT_TRUE(batch);
  EXPECT_EQ(*batch, (std::vector<std::string_view>{"first", "second"}));
  EXPECT_FALSE(split_batch(""));
  EXPECT_FALSE(split_batch(encode_batch({""})));
  for (std::size_t size = 1; size < bytes.size(); ++size)
    if (size != 9) {  // the first one whole
      EXPECT_FALSE(split_batch(bytes.substr(0, size))) << size;
    }
  EXPECT_TRUE(split_batch(encode_batch(std::vector<std::string>(64, "x"))));
  const std::string too_many = encode_batch(std::vector<std::string>(65, "x"));
  EXPECT_EQ(split_batch(too_many).error().code, ErrorCode::kExhausted);
}

}  // namespace
}  // namespace foyer
