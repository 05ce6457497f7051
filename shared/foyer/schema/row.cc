#include "foyer/schema/row.h"

namespace foyer {
namespace {

// Calls `visit` with a null pointer of the member's storage type; one place knows the mapping.
template <class Visit>
decltype(auto) with_type(FieldType type, Visit visit) {
  switch (type) {
    case FieldType::kText: return visit(static_cast<std::string*>(nullptr));
    case FieldType::kInteger: return visit(static_cast<std::int64_t*>(nullptr));
    case FieldType::kInstant: return visit(static_cast<Instant*>(nullptr));
    case FieldType::kMoney: return visit(static_cast<Money*>(nullptr));
    case FieldType::kEnum: return visit(static_cast<std::uint8_t*>(nullptr));
    case FieldType::kEnumSet: return visit(static_cast<std::uint64_t*>(nullptr));
    case FieldType::kId: return visit(static_cast<Uuid*>(nullptr));
    case FieldType::kIdList: return visit(static_cast<std::vector<Uuid>*>(nullptr));
    case FieldType::kTextList: return visit(static_cast<std::vector<std::string>*>(nullptr));
    case FieldType::kIntegerList: return visit(static_cast<std::vector<std::int64_t>*>(nullptr));
    case FieldType::kBytes: return visit(static_cast<Bytes*>(nullptr));
  }
  FOYER_ASSERT(false);
}

}  // namespace

bool is_empty_field(const Field& field, const void* object) {
  return with_type(field.type, [&]<class T>(T*) { return field.value<T>(object) == T{}; });
}

Value value_of(const Field& field, const void* object) {
  switch (field.type) {
    case FieldType::kInteger: return field.value<std::int64_t>(object);
    case FieldType::kEnum: return std::int64_t{field.value<std::uint8_t>(object)};
    case FieldType::kEnumSet:
      return static_cast<std::int64_t>(field.value<std::uint64_t>(object));
    default: break;
  }
  if (is_empty_field(field, object)) return {};
  switch (field.type) {
    case FieldType::kText: return field.value<std::string>(object);
    case FieldType::kInstant: return field.value<Instant>(object).ms;
    case FieldType::kMoney: return field.value<Money>(object).minor;
    case FieldType::kId: return to_string(field.value<Uuid>(object));
    default: return {};
  }
}

bool equal_fields(const Field& field, const void* a, const void* b) {
  return with_type(field.type,
                   [&]<class T>(T*) { return field.value<T>(a) == field.value<T>(b); });
}

void copy_field(const Field& field, const void* from, void* to) {
  with_type(field.type, [&]<class T>(T*) { field.value<T>(to) = field.value<T>(from); });
}

void clear_field(const Field& field, void* object) {
  with_type(field.type, [&]<class T>(T*) { field.value<T>(object) = T{}; });
}

}  // namespace foyer
