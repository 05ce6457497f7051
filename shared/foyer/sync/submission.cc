#include "foyer/sync/submission.h"

#include "foyer/schema/bytes.h"

namespace foyer {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kSignedPrefix = "foyer kiosk submission\n";

std::unexpected<Error> corrupt() { return fail(ErrorCode::kCorrupt, "unreadable"); }

}  // namespace

std::string encode_header(const SubmissionHeader& header) {
  ByteWriter out;
  out.byte(kVersion);
  out.fixed32(header.key_id);
  out.uuid(header.device);
  out.uuid(header.id);
  return out.take();
}

std::string encode_content(const Submission& submission) {
  ByteWriter out;
  out.zigzag(submission.at.ms);
  out.byte(submission.is_drift_known ? 1 : 0);
  out.bytes(submission.command.name);
  out.varint(submission.command.version);
  out.bytes(submission.command.arguments);
  return out.take();
}

Result<Submission> decode_content(std::string_view content) {
  ByteReader in(content);
  Submission submission;
  submission.at.ms = in.zigzag();
  const std::uint8_t drift = in.byte();
  submission.is_drift_known = drift == 1;
  submission.command.name = in.bytes();
  const std::uint64_t version = in.varint();
  submission.command.version = static_cast<std::uint16_t>(version);
  submission.command.arguments = in.bytes();
  if (in.failed() || !in.at_end() || drift > 1 || version > UINT16_MAX) return corrupt();
  // One way to write it: what is not in the shortest form was written by something else.
  if (encode_content(submission) != content) return corrupt();
  return submission;
}

std::string signed_text(std::string_view header_bytes, std::string_view content) {
  std::string text(kSignedPrefix);
  text += header_bytes;
  text += content;
  return text;
}

Result<SignedContent> split_signed(std::string_view plaintext) {
  if (plaintext.size() <= kSignatureSize) return corrupt();
  return SignedContent{plaintext.substr(0, kSignatureSize), plaintext.substr(kSignatureSize)};
}

Result<Envelope> decode_envelope(std::string_view bytes) {
  if (bytes.size() <= kSubmissionHeaderSize + kEncapsulatedKeySize) return corrupt();
  Envelope envelope;
  envelope.header_bytes = bytes.substr(0, kSubmissionHeaderSize);
  envelope.encapsulated_key = bytes.substr(kSubmissionHeaderSize, kEncapsulatedKeySize);
  envelope.ciphertext = bytes.substr(kSubmissionHeaderSize + kEncapsulatedKeySize);
  ByteReader in(envelope.header_bytes);
  if (in.byte() != kVersion) return corrupt();
  envelope.header.key_id = in.fixed32();
  envelope.header.device = Id<Device>(in.uuid());
  envelope.header.id = in.uuid();
  return envelope;
}

std::string encode_batch(const std::vector<std::string>& envelopes) {
  ByteWriter out;
  for (const std::string& envelope : envelopes) {
    out.fixed32(static_cast<std::uint32_t>(envelope.size()));
    out.raw(envelope);
  }
  return out.take();
}

Result<std::vector<std::string_view>> split_batch(std::string_view bytes) {
  std::vector<std::string_view> envelopes;
  ByteReader in(bytes);
  while (!in.at_end()) {
    if (envelopes.size() == kBatchMax) return fail(ErrorCode::kExhausted, "too_many");
    envelopes.push_back(in.raw(in.fixed32()));
    if (in.failed() || envelopes.back().empty()) return corrupt();
  }
  if (envelopes.empty()) return corrupt();
  return envelopes;
}

}  // namespace foyer
