#include "kiosk_submission.h"

#include "foyer/base/checksum.h"
#include "foyer/base/text.h"
#include "foyer/command/registry.h"
#include "foyer/schema/binary.h"
#include "foyer/sync/submission.h"

namespace foyer::server {
namespace {

// What submission.park takes, in code points.
constexpr std::size_t kNameMax = 60, kNumberMax = 20, kWordsMax = 20'000;

// At most `length_max` code points, all of them text as submission.park takes it: what it refused
// could not be parked, and would hold up all that waits behind it in the kiosk.
std::string bounded(std::string_view text, std::size_t length_max, bool& is_whole) {
  std::string shown(is_valid_utf8(text) ? text : std::string_view());
  std::erase_if(shown, [](char c) { return has_control_characters({&c, 1}); });
  std::size_t at = 0;
  for (std::size_t i = 0; i < length_max && at < shown.size(); ++i) next_code_point(shown, at);
  shown.resize(at);
  is_whole &= shown == text;
  return shown;
}

// Empty for what is empty, and for ids, which say nothing to people.
std::string value_in_words(const Field& field, const void* arguments) {
  switch (field.type) {
    case FieldType::kText: return field.value<std::string>(arguments);
    case FieldType::kInteger: return std::to_string(field.value<std::int64_t>(arguments));
    case FieldType::kEnum: {
      const auto index = field.value<std::uint8_t>(arguments);
      return index < field.names.size() ? std::string(field.names[index]) : std::string();
    }
    default: return {};
  }
}

Id<ParkedSubmission> parking_id_of(Id<Device> device, std::string_view what) {
  return Id<ParkedSubmission>(derive_uuid(device, "parked:" + std::string(what)));
}

}  // namespace

KioskSubmission open_submission(std::string_view bytes, const Device& device,
                                const SealKey& key) {
  KioskSubmission submission;
  submission.envelope = bytes;
  submission.parking_id = parking_id_of(device.id, to_hex(sha256(bytes)));
  submission.problem = "unreadable";
  const auto envelope = decode_envelope(bytes);
  if (!envelope) return submission;
  submission.id = envelope->header.id;
  if (envelope->header.key_id != kSealKeyId || submission.id.is_null()) return submission;
  const auto text = open_sealed(key, {kSubmissionInfo, envelope->header_bytes},
                                envelope->encapsulated_key, envelope->ciphertext);
  const auto parts = text ? split_signed(*text) : fail(ErrorCode::kCorrupt, "unreadable");
  if (!parts) return submission;
  const auto content = decode_content(parts->content);
  if (!content) return submission;
  submission.command = content->command;
  submission.at = content->at;
  submission.problem = "another_device";
  if (envelope->header.device != device.id) return submission;
  submission.problem = "wrong_signature";
  if (!is_signed_by(device.public_key.data, signed_text(envelope->header_bytes, parts->content),
                    parts->signature))
    return submission;
  submission.problem.clear();
  submission.command_id = derive_uuid(device.id, "submission:" + to_string(submission.id));
  submission.parking_id = parking_id_of(device.id, to_string(submission.id));
  return submission;
}

SubmissionWords words_of(const Command& command) {
  SubmissionWords words;
  words.is_whole = true;
  words.command = bounded(command.name, kNameMax, words.is_whole);
  const auto* info = find_command(command.name);
  if (!info) {
    words.is_whole = false;
    return words;
  }
  AnyRow arguments(*info->arguments);
  if (!decode(*info->arguments, command.arguments, arguments.get())) {
    words.is_whole = false;
    return words;
  }
  std::string text;
  for (const auto& field : info->arguments->fields) {
    const auto value = value_in_words(field, arguments.get());
    if (field.key == "number") words.number = bounded(value, kNumberMax, words.is_whole);
    if (value.empty() || field.key == "number") continue;
    if (!text.empty()) text += '\n';
    text += std::string(field.key) + ": " + value;
  }
  words.text = bounded(text, kWordsMax, words.is_whole);
  return words;
}

}  // namespace foyer::server
