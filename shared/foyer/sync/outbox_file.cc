#include "foyer/sync/outbox_file.h"

#include "foyer/base/text.h"
#include "foyer/schema/bytes.h"

namespace foyer {
namespace {

constexpr std::string_view kMagic = "foyer outbox";
constexpr std::uint8_t kVersion = 1;

// What a person will read of it is text; arguments are looked at when they are decoded.
bool is_readable(const OutboxEntry& entry) {
  return is_valid_utf8(entry.command.name) && is_valid_utf8(entry.error.field) &&
         is_valid_utf8(entry.error.detail);
}

}  // namespace

std::string encode_outbox_head(const OutboxFileHead& head) {
  ByteWriter out;
  out.raw(kMagic);
  out.byte(kVersion);
  out.uuid(head.installation);
  out.uuid(head.user);
  out.uuid(head.client);
  return out.take();
}

bool is_outbox_file(std::string_view start) { return start.starts_with(kMagic); }

Result<OutboxFileParts> split_outbox_file(std::string_view file) {
  if (!is_outbox_file(file)) return fail(ErrorCode::kInvalid, "no_outbox_file");
  ByteReader in(file);
  in.raw(kMagic.size());
  const std::uint8_t version = in.byte();
  if (version > kVersion) return fail(ErrorCode::kInvalid, "newer_version");
  OutboxFileParts parts;
  parts.head.installation = in.uuid();
  parts.head.user = Id<User>(in.uuid());
  parts.head.client = in.uuid();
  parts.head_bytes = in.since(0);
  parts.nonce = in.raw(kOutboxNonceBytes);
  if (in.failed()) return fail(ErrorCode::kCorrupt, "cut_short");
  if (version != kVersion) return fail(ErrorCode::kCorrupt, "damaged");
  parts.sealed = file.substr(in.position());
  return parts;
}

std::string encode_outbox_text(const OutboxText& text) {
  std::vector<std::string> entries;
  for (const auto& [mid, entry] : text.entries)
    if (entry.state != OutboxState::kSaving) entries.push_back(encode_outbox_entry(entry));
  ByteWriter out;
  out.zigzag(text.saved_at.ms);
  out.varint(entries.size());
  for (const std::string& entry : entries) out.bytes(entry);
  return out.take();
}

Result<OutboxText> decode_outbox_text(std::string_view bytes) {
  ByteReader in(bytes);
  OutboxText text;
  text.saved_at.ms = in.zigzag();
  const std::size_t count = in.count();
  if (count > kOutboxFileEntriesMax) return fail(ErrorCode::kInvalid, "too_many");
  for (std::size_t i = 0; i < count && !in.failed(); ++i) {
    auto entry = decode_outbox_entry(in.bytes());
    if (!entry || !is_readable(*entry)) return fail(ErrorCode::kCorrupt, "damaged");
    const std::uint64_t mid = entry->mid;
    if (!text.entries.emplace(mid, std::move(*entry)).second)
      return fail(ErrorCode::kCorrupt, "damaged");
  }
  if (in.failed() || !in.at_end()) return fail(ErrorCode::kCorrupt, "damaged");
  return text;
}

}  // namespace foyer
