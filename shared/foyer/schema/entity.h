// The type-erased description of one struct with a field table: an entity or a command's arguments.
// Invariant: entity ids and field ids are stable for ever; field 1 of an entity is its own id.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "foyer/base/assert.h"
#include "foyer/schema/field.h"

namespace foyer {

using EntityId = std::uint16_t;

enum class ScopeKind : std::uint8_t {
  kPublic, kAccount, kSite, kContact, kStaff, kTerritory, kPerson, kDevice,
  kLobby,  // of a site: what its kiosks and screens show
};
template <>
inline constexpr auto kNames<ScopeKind> = std::array<std::string_view, 9>{
    "public", "account", "site", "contact", "staff", "territory", "person", "device", "lobby"};

enum class StaffArea : std::uint8_t { kNone, kService, kSales, kFinance, kConfiguration };
template <>
inline constexpr auto kNames<StaffArea> = std::array<std::string_view, 5>{
    "none", "service", "sales", "finance", "configuration"};

// One way a row gets onto a scope: kStaff names its area, kPublic nothing, every other kind the
// field of the row that holds the scope's id. kParent: wherever the row of `parent` is that `field`
// points at.
struct Publication {
  enum class Kind : std::uint8_t { kScope, kParent };
  Kind kind = Kind::kScope;
  ScopeKind scope = ScopeKind::kPublic;
  StaffArea area = StaffArea::kNone;
  std::uint16_t field = 0;  // field id
  EntityId parent = 0;      // kParent only
};
constexpr Publication to_public() { return {}; }
constexpr Publication to_staff(StaffArea area) {
  return {Publication::Kind::kScope, ScopeKind::kStaff, area, 0, 0};
}
constexpr Publication to_scope(ScopeKind scope, std::uint16_t field) {
  return {Publication::Kind::kScope, scope, StaffArea::kNone, field, 0};
}
template <class Parent>
constexpr Publication with_parent(std::uint16_t field) {
  return {Publication::Kind::kParent, ScopeKind::kPublic, StaffArea::kNone, field,
          Table<Parent>::id};
}

struct Entity {
  EntityId id = 0;        // 0 for command arguments
  std::string_view name;  // singular snake_case; the SQL table's name
  std::span<const Field> fields;
  std::span<const Publication> publications;
  bool (*staff_only)(const void* object) = nullptr;  // true: only staff scopes carry this row
  UnknownFields& (*unknown)(void* object) = nullptr;
  void* (*create)() = nullptr;
  void (*destroy)(void* object) = nullptr;

  const Field* find(std::string_view key) const {
    for (const Field& candidate : fields)
      if (candidate.key == key) return &candidate;
    return nullptr;
  }
  const Field* find(std::uint16_t field_id) const {
    for (const Field& candidate : fields)
      if (candidate.id == field_id) return &candidate;
    return nullptr;
  }
  const Uuid& id_of(const void* object) const { return fields[0].value<Uuid>(object); }
};

// An object of a kind known only at run time.
class AnyRow {
 public:
  explicit AnyRow(const Entity& entity)
      : entity_(&entity), object_(entity.create(), entity.destroy) {}
  const Entity& entity() const { return *entity_; }
  void* get() { return object_.get(); }
  const void* get() const { return object_.get(); }
  const Uuid& id() const { return entity_->id_of(get()); }
  template <class T>
  const T& as() const {
    return *static_cast<const T*>(get());
  }

 private:
  const Entity* entity_;
  std::unique_ptr<void, void (*)(void*)> object_;
};

namespace internal {

template <class T>
consteval bool is_sound() {
  const auto& fields = Table<T>::fields;
  for (std::size_t i = 0; i < fields.size(); ++i)
    for (std::size_t j = i + 1; j < fields.size(); ++j)
      if (fields[i].id >= fields[j].id || fields[i].key == fields[j].key) return false;
  return true;
}

template <class T>
constexpr Entity make_entity() {
  static_assert(arity<T>() == Table<T>::fields.size() + 1,
                "every member but the last, `UnknownFields unknown`, needs a row in the table");
  static_assert(is_sound<T>(), "field ids must ascend, keys must differ");
  Entity entity;
  entity.name = Table<T>::name;
  entity.fields = Table<T>::fields;
  if constexpr (requires { Table<T>::id; }) {
    entity.id = Table<T>::id;
    static_assert(Table<T>::fields[0].id == 1 && Table<T>::fields[0].type == FieldType::kId);
  }
  if constexpr (requires { Table<T>::publications; })
    entity.publications = Table<T>::publications;
  if constexpr (requires(const T& row) { Table<T>::staff_only(row); })
    entity.staff_only = [](const void* object) {
      return Table<T>::staff_only(*static_cast<const T*>(object));
    };
  entity.unknown = [](void* object) -> UnknownFields& { return static_cast<T*>(object)->unknown; };
  entity.create = []() -> void* { return new T(); };
  entity.destroy = [](void* object) { delete static_cast<T*>(object); };
  return entity;
}

template <class T>
inline constexpr Entity kEntity = make_entity<T>();

}  // namespace internal

template <class T>
constexpr const Entity& entity_of() {
  return internal::kEntity<T>;
}

}  // namespace foyer
