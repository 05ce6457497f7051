#include "foyer/schema/binary.h"

#include "foyer/base/text.h"
#include "foyer/schema/bytes.h"
#include "foyer/schema/row.h"

namespace foyer {
namespace {

constexpr std::uint8_t kVersion = 1;
enum Wire : std::uint8_t { kVarint = 0, kSixteen = 1, kLength = 2 };

Wire wire_of(FieldType type) {
  switch (type) {
    case FieldType::kInteger:
    case FieldType::kInstant:
    case FieldType::kEnum:
    case FieldType::kEnumSet: return kVarint;
    case FieldType::kId: return kSixteen;
    default: return kLength;
  }
}

std::string list_bytes(const Field& field, const void* object) {
  ByteWriter out;
  if (field.type == FieldType::kTextList) {
    const auto& list = field.value<std::vector<std::string>>(object);
    out.varint(list.size());
    for (const auto& text : list) out.bytes(text);
  } else if (field.type == FieldType::kIntegerList) {
    const auto& list = field.value<std::vector<std::int64_t>>(object);
    out.varint(list.size());
    for (const auto number : list) out.zigzag(number);
  } else {
    const auto& list = field.value<std::vector<Uuid>>(object);
    out.varint(list.size());
    for (const auto& id : list) out.uuid(id);
  }
  return out.take();
}

void write_payload(ByteWriter& out, const Field& field, const void* object) {
  switch (field.type) {
    case FieldType::kText: return out.bytes(field.value<std::string>(object));
    case FieldType::kBytes: return out.bytes(field.value<Bytes>(object).data);
    case FieldType::kInteger: return out.zigzag(field.value<std::int64_t>(object));
    case FieldType::kInstant: return out.zigzag(field.value<Instant>(object).ms);
    case FieldType::kEnum: return out.varint(field.value<std::uint8_t>(object));
    case FieldType::kEnumSet: return out.varint(field.value<std::uint64_t>(object));
    case FieldType::kId: return out.uuid(field.value<Uuid>(object));
    case FieldType::kMoney: {
      const auto& money = field.value<Money>(object);
      ByteWriter inner;
      inner.zigzag(money.minor);
      inner.raw({money.currency.code.data(), money.currency.code.size()});
      return out.bytes(inner.view());
    }
    default: return out.bytes(list_bytes(field, object));
  }
}

bool read_list(const Field& field, std::string_view bytes, void* object) {
  ByteReader in(bytes);
  const std::size_t count = in.count();
  if (field.type == FieldType::kTextList) {
    auto& list = field.value<std::vector<std::string>>(object);
    list.clear();
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
      list.emplace_back(in.bytes());
      if (!is_valid_utf8(list.back())) return false;
    }
  } else if (field.type == FieldType::kIntegerList) {
    auto& list = field.value<std::vector<std::int64_t>>(object);
    list.clear();
    for (std::size_t i = 0; i < count && !in.failed(); ++i) list.push_back(in.zigzag());
  } else {
    auto& list = field.value<std::vector<Uuid>>(object);
    list.clear();
    for (std::size_t i = 0; i < count && !in.failed(); ++i) list.push_back(in.uuid());
  }
  return !in.failed() && in.at_end();
}

bool read_money(std::string_view bytes, Money& money) {
  ByteReader in(bytes);
  money.minor = in.zigzag();
  const std::string_view code = in.raw(3);
  money.currency = Currency(code);
  return !in.failed() && in.at_end() && is_valid(money.currency);
}

bool read_length_delimited(const Field& field, std::string_view bytes, void* object) {
  switch (field.type) {
    case FieldType::kText:
      field.value<std::string>(object) = bytes;
      return is_valid_utf8(bytes);
    case FieldType::kBytes: field.value<Bytes>(object).data = bytes; return true;
    case FieldType::kMoney: return read_money(bytes, field.value<Money>(object));
    default: return read_list(field, bytes, object);
  }
}

bool read_payload(ByteReader& in, const Field& field, void* object) {
  switch (field.type) {
    case FieldType::kInteger: field.value<std::int64_t>(object) = in.zigzag(); break;
    case FieldType::kInstant: field.value<Instant>(object).ms = in.zigzag(); break;
    case FieldType::kEnum: {
      // An enumerator that this build does not know cannot be shown nor acted on: reject.
      const std::uint64_t number = in.varint();
      if (number >= field.names.size()) return false;
      field.value<std::uint8_t>(object) = static_cast<std::uint8_t>(number);
      break;
    }
    case FieldType::kEnumSet: {
      const std::uint64_t bits = in.varint();
      if (field.names.size() < 64 && (bits >> field.names.size()) != 0) return false;
      field.value<std::uint64_t>(object) = bits;
      break;
    }
    case FieldType::kId: field.value<Uuid>(object) = in.uuid(); break;
    default: return read_length_delimited(field, in.bytes(), object) && !in.failed();
  }
  return !in.failed();
}

void skip_payload(ByteReader& in, std::uint8_t wire) {
  if (wire == kVarint) in.varint();
  else if (wire == kSixteen) in.uuid();
  else if (wire == kLength) in.bytes();
  else in.fail();
}

}  // namespace

std::string encode(const Entity& entity, const void* object, std::uint8_t audience) {
  ByteWriter out;
  out.byte(kVersion);
  for (const Field& field : entity.fields) {
    if (audience != kAllAudiences && (field.options.audience & audience) == 0) continue;
    if (is_empty_field(field, object)) continue;
    out.varint((std::uint64_t{field.id} << 2) | wire_of(field.type));
    write_payload(out, field, object);
  }
  // Nobody can say who may see a field that this build does not know: it stays on the server.
  if (audience == kAllAudiences) out.raw(entity.unknown(const_cast<void*>(object)).bytes);
  return out.take();
}

Result<void> decode(const Entity& entity, std::string_view bytes, void* object) {
  const auto corrupt = [] { return fail(ErrorCode::kCorrupt, "row"); };
  ByteReader in(bytes);
  if (in.byte() != kVersion) return corrupt();
  std::uint64_t last_id = 0;
  std::string unknown;
  auto next = entity.fields.begin();  // fields ascend as tags do
  while (!in.at_end()) {
    const std::size_t start = in.position();
    const std::uint64_t tag = in.varint();
    const std::uint64_t field_id = tag >> 2;
    if (in.failed() || field_id == 0 || field_id > UINT16_MAX || field_id <= last_id)
      return corrupt();
    last_id = field_id;
    while (next != entity.fields.end() && next->id < field_id) ++next;
    if (next == entity.fields.end() || next->id != field_id) {
      skip_payload(in, tag & 3);
      unknown.append(in.since(start));
    } else if (wire_of(next->type) != (tag & 3) || !read_payload(in, *next, object)) {
      return corrupt();
    }
    if (in.failed()) return corrupt();
  }
  if (!unknown.empty()) entity.unknown(object).bytes = std::move(unknown);
  return {};
}

std::optional<Uuid> peek_id(std::string_view bytes) {
  ByteReader in(bytes);
  if (in.byte() != kVersion || in.varint() != ((1U << 2) | kSixteen)) return std::nullopt;
  const Uuid id = in.uuid();
  if (in.failed()) return std::nullopt;
  return id;
}

}  // namespace foyer
