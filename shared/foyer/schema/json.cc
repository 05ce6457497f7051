#include "foyer/schema/json.h"

#include <nlohmann/json.hpp>
#include <set>

#include "foyer/base/checksum.h"
#include "foyer/base/text.h"
#include "foyer/schema/row.h"

namespace foyer {
namespace {

using Json = nlohmann::json;

constexpr int kDepthMax = 16;
constexpr std::string_view kHex = "0123456789abcdef";

// Sees every token before a value is built: what the parser itself would let pass.
class Strictness {
 public:
  bool operator()(int depth, Json::parse_event_t event, Json& value) {
    if (depth > kDepthMax) problem_ = "too_deep";
    if (event == Json::parse_event_t::object_start) keys_.emplace_back();
    if (event == Json::parse_event_t::object_end && !keys_.empty()) keys_.pop_back();
    if (event == Json::parse_event_t::key && !keys_.empty() &&
        !keys_.back().insert(*value.get_ptr<const std::string*>()).second)
      problem_ = "duplicate_key";
    return true;
  }
  const char* problem() const { return problem_; }

 private:
  std::vector<std::set<std::string>> keys_;
  const char* problem_ = nullptr;
};

// Counts brackets outside strings: the parser must never recurse as deep as a hostile text asks.
bool is_too_deep(std::string_view text) {
  int depth = 0;
  bool is_text = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_text && text[i] == '\\') ++i;
    else if (text[i] == '"') is_text = !is_text;
    else if (!is_text && (text[i] == '[' || text[i] == '{') && ++depth > kDepthMax) return true;
    else if (!is_text && (text[i] == ']' || text[i] == '}')) --depth;
  }
  return false;
}

std::string hex_of(std::string_view bytes) { return to_hex(bytes); }

bool read_hex(std::string_view text, std::string& bytes) {
  if (text.size() % 2 != 0) return false;
  bytes.clear();
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const auto high = kHex.find(text[i]), low = kHex.find(text[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return false;
    bytes += static_cast<char>(high * 16 + low);
  }
  return true;
}

Json names_of(const Field& field, std::uint64_t bits) {
  Json names = Json::array();
  for (std::size_t i = 0; i < field.names.size(); ++i)
    if ((bits >> i) & 1) names.push_back(std::string(field.names[i]));
  return names;
}

Json value_of_field(const Field& field, const void* object) {
  switch (field.type) {
    case FieldType::kText: return field.value<std::string>(object);
    case FieldType::kInteger: return field.value<std::int64_t>(object);
    case FieldType::kInstant: return to_iso(field.value<Instant>(object));
    case FieldType::kMoney: {
      const auto& money = field.value<Money>(object);
      return {{"amount", to_decimal(money)}, {"currency", std::string(money.currency.view())}};
    }
    case FieldType::kEnum: {
      const auto index = field.value<std::uint8_t>(object);
      return index < field.names.size() ? std::string(field.names[index]) : std::string();
    }
    case FieldType::kEnumSet: return names_of(field, field.value<std::uint64_t>(object));
    case FieldType::kId: return to_string(field.value<Uuid>(object));
    case FieldType::kIdList: {
      Json list = Json::array();
      for (const auto& id : field.value<std::vector<Uuid>>(object)) list.push_back(to_string(id));
      return list;
    }
    case FieldType::kTextList: return field.value<std::vector<std::string>>(object);
    case FieldType::kIntegerList: return field.value<std::vector<std::int64_t>>(object);
    case FieldType::kBytes: return hex_of(field.value<Bytes>(object).data);
  }
  FOYER_ASSERT(false);
}

const std::string* text_in(const Json& value) { return value.get_ptr<const std::string*>(); }

bool read_integer(const Json& value, std::int64_t& number) {
  if (!value.is_number_integer()) return false;
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX) return false;
  number = value.get<std::int64_t>();
  return true;
}

// The message key of what is wrong, or null.
using Problem = const char*;

Problem read_name(const Field& field, const Json& value, std::uint8_t& index) {
  const auto* text = text_in(value);
  if (!text) return "wrong_type";
  for (std::size_t i = 0; i < field.names.size(); ++i) {
    if (field.names[i] != *text) continue;
    index = static_cast<std::uint8_t>(i);
    return nullptr;
  }
  return "unknown_value";
}

Problem read_money(const Json& value, Money& money) {
  const auto amount = value.is_object() ? value.find("amount") : value.end();
  const auto currency = value.is_object() ? value.find("currency") : value.end();
  if (!value.is_object() || value.size() != 2 || amount == value.end() ||
      currency == value.end() || !text_in(*amount) || !text_in(*currency))
    return "wrong_type";
  const Currency code(*text_in(*currency));
  if (!is_valid(code)) return "unknown_value";
  const auto parsed = parse_money(*text_in(*amount), code);
  if (!parsed) return "wrong_type";
  money = *parsed;
  return nullptr;
}

Problem read_id(const Json& value, Uuid& id) {
  const auto* text = text_in(value);
  if (!text) return "wrong_type";
  if (text->empty()) return id = Uuid{}, nullptr;
  const auto parsed = parse_uuid(*text);
  if (!parsed) return "wrong_type";
  id = *parsed;
  return nullptr;
}

template <class T, class Read>
Problem read_list(const Json& value, std::vector<T>& list, Read read) {
  if (!value.is_array()) return "wrong_type";
  std::vector<T> fresh;
  for (const auto& element : value) {
    T one{};
    if (const Problem problem = read(element, one)) return problem;
    fresh.push_back(std::move(one));
  }
  list = std::move(fresh);
  return nullptr;
}

Problem read_text(const Json& value, std::string& target) {
  const auto* text = text_in(value);
  if (!text) return "wrong_type";
  target = *text;
  return nullptr;
}

Problem read_number(const Json& value, std::int64_t& target) {
  return read_integer(value, target) ? nullptr : "wrong_type";
}

Problem read_set(const Field& field, const Json& value, std::uint64_t& bits) {
  if (!value.is_array()) return "wrong_type";
  std::uint64_t fresh = 0;
  for (const auto& element : value) {
    std::uint8_t index = 0;
    if (const Problem problem = read_name(field, element, index)) return problem;
    fresh |= std::uint64_t{1} << index;
  }
  bits = fresh;
  return nullptr;
}

Problem read_instant(const Json& value, Instant& target) {
  const auto* text = text_in(value);
  const auto instant = text ? parse_iso(*text) : std::nullopt;
  if (!instant) return "wrong_type";
  target = *instant;
  return nullptr;
}

Problem read_field(const Field& field, const Json& value, void* object) {
  switch (field.type) {
    case FieldType::kText: return read_text(value, field.value<std::string>(object));
    case FieldType::kInteger: return read_number(value, field.value<std::int64_t>(object));
    case FieldType::kInstant: return read_instant(value, field.value<Instant>(object));
    case FieldType::kMoney: return read_money(value, field.value<Money>(object));
    case FieldType::kEnum: return read_name(field, value, field.value<std::uint8_t>(object));
    case FieldType::kEnumSet: return read_set(field, value, field.value<std::uint64_t>(object));
    case FieldType::kId: return read_id(value, field.value<Uuid>(object));
    case FieldType::kIdList:
      return read_list(value, field.value<std::vector<Uuid>>(object), read_id);
    case FieldType::kTextList:
      return read_list(value, field.value<std::vector<std::string>>(object), read_text);
    case FieldType::kIntegerList:
      return read_list(value, field.value<std::vector<std::int64_t>>(object), read_number);
    case FieldType::kBytes: {
      const auto* text = text_in(value);
      return text && read_hex(*text, field.value<Bytes>(object).data) ? nullptr : "wrong_type";
    }
  }
  FOYER_ASSERT(false);
}

}  // namespace

std::string write_json(const Entity& entity, const void* object, std::uint8_t audience) {
  Json json = Json::object();
  for (const auto& field : entity.fields)
    if ((field.options.audience & audience || audience == 0xff) && !is_empty_field(field, object))
      json[std::string(field.key)] = value_of_field(field, object);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<Error> read_json(const Entity& entity, std::string_view text, void* object) {
  const auto refuse = [](const char* detail) {
    return std::vector<Error>{{ErrorCode::kInvalid, {}, detail}};
  };
  if (!is_valid_utf8(text)) return refuse("not_json");
  if (is_too_deep(text)) return refuse("too_deep");
  Strictness strictness;
  const auto json = Json::parse(text.begin(), text.end(), std::ref(strictness), false);
  if (strictness.problem()) return refuse(strictness.problem());
  if (!json.is_object()) return refuse("not_json");
  std::vector<Error> errors;
  for (const auto& [key, value] : json.items()) {
    const auto* field = entity.find(std::string_view(key));
    if (field && value.is_null()) continue;
    const Problem problem = field ? read_field(*field, value, object) : "unknown_field";
    if (problem) errors.push_back({ErrorCode::kInvalid, key, problem});
  }
  return errors;
}

}  // namespace foyer
