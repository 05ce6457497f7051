// Frames of synchronisation in both directions, an actor, an outbox entry, an outbox file.
//
//   input := mode:u8 bytes                       mode % 6: 0 frames, 1 a stream as it is,
//   frames := (type:u8 length:u16le body)*                 2 an actor, 3 an outbox entry,
//                                                          4 an outbox's text, 5 its file
#include "foyer/sync/outbox_file.h"
#include "fuzz/fuzz.h"

namespace foyer::fuzz {
namespace {

std::string frames_of(Choices choices) {
  std::string stream;
  while (!choices.is_over()) {
    const auto type = choices.byte();
    stream += frame_of(type, choices.block());
  }
  return stream;
}

std::string encode_all(const std::vector<SyncMessage>& messages) {
  std::string stream;
  for (const auto& message : messages) stream += encode_frame(message);
  return stream;
}

void check_stream(std::string_view stream) {
  const auto messages = decode_frames(stream);
  if (!messages) return;
  const auto encoded = encode_all(*messages);
  const auto again = decode_frames(encoded);
  expect(again.has_value(), "what was read is not read once it is written");
  expect(encode_all(*again) == encoded, "a frame changed on its way");
}

void check_actor(std::string_view bytes) {
  const auto actor = decode_actor(bytes);
  if (!actor) return;
  const auto again = decode_actor(encode_actor(*actor));
  expect(again.has_value() && *again == *actor, "an actor changed on its way");
  for (const Scope& scope : scopes_of_actor(*actor))
    expect(parse_scope(to_string(scope)) == scope, "a scope changed on its way", to_string(scope));
}

void check_entry(std::string_view bytes) {
  const auto entry = decode_outbox_entry(bytes);
  if (!entry) return;
  const auto encoded = encode_outbox_entry(*entry);
  const auto again = decode_outbox_entry(encoded);
  expect(again.has_value() && encode_outbox_entry(*again) == encoded,
         "an outbox entry changed on its way");
}

void check_outbox_text(std::string_view bytes) {
  const auto text = decode_outbox_text(bytes);
  if (!text) return;
  const auto encoded = encode_outbox_text(*text);
  const auto again = decode_outbox_text(encoded);
  expect(again.has_value() && encode_outbox_text(*again) == encoded,
         "an outbox's text changed on its way");
}

void check_outbox_file(std::string_view file) {
  const auto parts = split_outbox_file(file);
  if (!parts) return;
  expect(encode_outbox_head(parts->head) == parts->head_bytes, "a head changed on its way");
  expect(std::string(parts->head_bytes) + std::string(parts->nonce) +
             std::string(parts->sealed) == file,
         "the parts of a file are not the whole");
}

}  // namespace

void try_input(std::string_view input) {
  if (input.empty()) return;
  const auto bytes = input.substr(1);
  switch (static_cast<std::uint8_t>(input.front()) % 6) {
    case 0: return check_stream(frames_of(Choices(bytes)));
    case 1: return check_stream(bytes);
    case 2: return check_actor(bytes);
    case 3: return check_entry(bytes);
    case 4: return check_outbox_text(bytes);
    default: return check_outbox_file(bytes);
  }
}

}  // namespace foyer::fuzz
