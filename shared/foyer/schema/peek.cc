#include "foyer/schema/peek.h"

#include "foyer/base/text.h"
#include "foyer/schema/binary.h"
#include "foyer/schema/bytes.h"

namespace foyer {
namespace {

// The payload's bytes of wire kinds 1 and 2, moved past; of kind 0 the varint's.
std::string_view payload(ByteReader& in, std::uint64_t wire) {
  if (wire == 1) return in.raw(16);
  if (wire == 2) return in.bytes();
  const std::size_t start = in.position();
  in.varint();
  return in.since(start);
}

// Nothing: the row does not have the field, or is none.
std::optional<std::string_view> find_payload(const Field& field, std::string_view row) {
  ByteReader in(row);
  in.byte();
  while (!in.at_end()) {
    const std::uint64_t tag = in.varint();
    if (tag >> 2 > field.id) return std::nullopt;
    const std::string_view found = payload(in, tag & 3);
    if (in.failed()) return std::nullopt;
    if (tag >> 2 == field.id) return found;
  }
  return std::nullopt;
}

KeyView of_number(std::int64_t number) { return {KeyView::Kind::kNumber, number, {}}; }
KeyView of_bytes(std::string_view bytes) { return {KeyView::Kind::kBytes, 0, bytes}; }

// Anything longer than it has to be was not written by encode().
bool is_shortest(std::string_view varint) { return varint.size() == 1 || varint.back() != 0; }

bool is_plain_number(const Field& field, std::string_view varint) {
  if (!is_shortest(varint)) return false;
  const std::uint64_t bits = ByteReader(varint).varint();
  if (bits == 0) return false;
  if (field.type == FieldType::kEnum) return bits < field.names.size();
  if (field.type == FieldType::kEnumSet)
    return field.names.size() >= 64 || (bits >> field.names.size()) == 0;
  return field.type == FieldType::kInteger || field.type == FieldType::kInstant;
}

bool is_plain_money(std::string_view bytes) {
  ByteReader in(bytes);
  in.zigzag();
  const std::string_view number = in.since(0);
  const std::string_view code = in.raw(3);
  return !in.failed() && in.at_end() && is_shortest(number) && is_valid(Currency(code));
}

bool is_plain_payload(const Field& field, std::uint64_t wire, std::string_view bytes) {
  if (bytes.empty()) return false;
  switch (field.type) {
    case FieldType::kText: return wire == 2 && is_valid_utf8(bytes);
    case FieldType::kBytes: return wire == 2;
    case FieldType::kMoney: return wire == 2 && is_plain_money(bytes);
    case FieldType::kId:
      return wire == 1 && bytes.find_first_not_of('\0') != std::string_view::npos;
    case FieldType::kInteger:
    case FieldType::kInstant:
    case FieldType::kEnum:
    case FieldType::kEnumSet: return wire == 0 && is_plain_number(field, bytes);
    default: return false;
  }
}

bool is_length_shortest(std::string_view item, std::string_view payload) {
  // tag, length, payload: the length's last byte stands before the payload.
  const std::string_view head = item.substr(0, item.size() - payload.size());
  return payload.size() < 128 || head.back() != 0;
}

}  // namespace

KeyView key_of(const Field& field, std::string_view row) {
  const auto found = find_payload(field, row);
  switch (field.type) {
    case FieldType::kInteger: return of_number(found ? ByteReader(*found).zigzag() : 0);
    case FieldType::kEnum:
    case FieldType::kEnumSet:
      return of_number(found ? static_cast<std::int64_t>(ByteReader(*found).varint()) : 0);
    default: break;
  }
  if (!found) return {};
  switch (field.type) {
    case FieldType::kText:
    case FieldType::kId: return of_bytes(*found);
    case FieldType::kInstant:
    case FieldType::kMoney: return of_number(ByteReader(*found).zigzag());
    default: return {};
  }
}

std::optional<KeyView> key_of(const Field& field, const Value& value, Uuid& id) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return of_number(*number);
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return KeyView();
  if (field.type != FieldType::kId) return of_bytes(*text);
  const auto parsed = parse_uuid(*text);
  if (!parsed) return std::nullopt;
  id = *parsed;
  return of_bytes({reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()});
}

std::string_view peek_text(const Field& field, std::string_view row) {
  return find_payload(field, row).value_or(std::string_view());
}

bool is_plain_row(const Entity& entity, const Uuid& id, std::string_view row) {
  if (peek_id(row) != id || id.is_null()) return false;
  ByteReader in(row);
  in.byte();
  auto field = entity.fields.begin();
  std::uint64_t last_id = 0;
  while (!in.at_end()) {
    const std::size_t start = in.position();
    const std::uint64_t tag = in.varint();
    if (!is_shortest(in.since(start)) || tag >> 2 <= last_id) return false;
    last_id = tag >> 2;
    while (field != entity.fields.end() && field->id < last_id) ++field;
    if (field == entity.fields.end() || field->id != last_id) return false;
    const std::string_view bytes = payload(in, tag & 3);
    if (in.failed() || !is_plain_payload(*field, tag & 3, bytes)) return false;
    if ((tag & 3) == 2 && !is_length_shortest(in.since(start), bytes)) return false;
  }
  return true;
}

}  // namespace foyer
