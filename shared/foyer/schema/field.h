// The field table: one constexpr row per member of an entity or of a command's arguments. Codecs,
// DDL, validation, projection, forms and columns all derive from it.
// Invariant: a field id is never reused; every member but `unknown` has a row (checked statically).
//
//   template <> struct Table<Case> {
//     static constexpr EntityId id = 8;
//     static constexpr std::string_view name = "case";
//     static constexpr auto fields = std::array{field<&Case::id>(1, "id", {}), ...};
//   };
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "foyer/base/id.h"
#include "foyer/base/instant.h"
#include "foyer/base/money.h"

namespace foyer {

// Opaque bytes (std::string members are always valid UTF-8 text).
struct Bytes {
  std::string data;
  friend auto operator<=>(const Bytes&, const Bytes&) = default;
};

// A set over an enum of at most 63 enumerators.
template <class E>
struct EnumSet {
  std::uint64_t bits = 0;

  constexpr EnumSet() = default;
  constexpr EnumSet(std::initializer_list<E> members) {
    for (const E member : members) add(member);
  }
  constexpr bool has(E member) const { return (bits >> static_cast<unsigned>(member)) & 1; }
  constexpr void add(E member) { bits |= std::uint64_t{1} << static_cast<unsigned>(member); }
  constexpr bool has_any_of(EnumSet other) const { return (bits & other.bits) != 0; }
  constexpr bool is_none() const { return bits == 0; }
  friend constexpr auto operator<=>(const EnumSet&, const EnumSet&) = default;
};

// Fields that this build does not know, kept as their encoded bytes so that an older build does not
// destroy what a newer one wrote.
struct UnknownFields {
  std::string bytes;
  friend auto operator<=>(const UnknownFields&, const UnknownFields&) = default;
};

// Names of an enum's enumerators in order, starting at 0; specialised beside each enum:
//   template <> inline constexpr auto kNames<CaseState> = std::array<std::string_view, 3>{...};
template <class E>
inline constexpr auto kNames = nullptr;

template <class E>
constexpr std::string_view name_of(E value) {
  const auto index = static_cast<std::size_t>(value);
  return index < kNames<E>.size() ? kNames<E>[index] : std::string_view();
}

enum class FieldType : std::uint8_t {
  kText,         // std::string, UTF-8
  kInteger,      // std::int64_t
  kInstant,      // Instant
  kMoney,        // Money
  kEnum,         // enum class : std::uint8_t
  kEnumSet,      // EnumSet<E>
  kId,           // Id<T> or Uuid
  kIdList,       // std::vector<Uuid>
  kTextList,     // std::vector<std::string>
  kIntegerList,  // std::vector<std::int64_t>: rows of equal width, shape documented at the member
  kBytes,        // Bytes
};

// Who a field is published to: the kinds of scope that carry it (sync.md, section 1).
enum Audience : std::uint8_t {
  kNobody = 0,          // never leaves the server
  kPublicScope = 1,     // anybody
  kCustomerScope = 2,   // account, site and contact scopes
  kStaffScope = 4,      // staff areas, territory, person
  kFinanceScope = 8,    // staff:finance
  kDeviceScope = 16,    // kiosks
  kCustomers = kPublicScope | kCustomerScope | kStaffScope | kFinanceScope | kDeviceScope,
  kStaff = kStaffScope | kFinanceScope,
};

enum class Merge : std::uint8_t { kRegister, kSet, kLedger, kState };
enum class Personal : std::uint8_t { kNone, kName, kContact, kText };  // class of personal data
enum class Widget : std::uint8_t { kAutomatic, kLine, kParagraph, kSelect, kDate, kHidden };

enum FieldFlag : std::uint8_t {
  kRequired = 1,  // empty is an error
  kIndexed = 2,   // Reader::scan can use it
  kUnique = 4,    // implies kIndexed
  kFullText = 8,  // part of the text index
};

struct FieldOptions {
  std::uint8_t flags = 0;
  std::uint8_t audience = kCustomers;
  std::uint32_t length_max = 200;  // code points of text, elements of lists, bytes of bytes
  std::int64_t minimum = INT64_MIN;
  std::int64_t maximum = INT64_MAX;
  Merge merge = Merge::kRegister;
  Personal personal = Personal::kNone;
  Widget widget = Widget::kAutomatic;
  std::uint8_t column_width_em = 0;  // 0: not a column of the default list
  std::uint8_t row_width = 1;        // integer lists: elements that belong together
  std::uint16_t since = 1;           // schema version that introduced it
};

struct Field {
  std::uint16_t id = 0;
  std::string_view key;
  FieldType type = FieldType::kText;
  FieldOptions options;
  std::span<const std::string_view> names;  // of an enum or enum set
  std::uint16_t target = 0;                 // EntityId that an id points at, 0 if unknown
  void* (*at)(void* object) = nullptr;

  constexpr bool has(FieldFlag flag) const { return (options.flags & flag) != 0; }
  constexpr bool is_indexed() const { return has(kIndexed) || has(kUnique); }
  template <class T>
  const T& value(const void* object) const {
    return *static_cast<const T*>(at(const_cast<void*>(object)));
  }
  template <class T>
  T& value(void* object) const {
    return *static_cast<T*>(at(object));
  }
};

template <class T>
struct Table;  // specialised beside each struct

namespace internal {

template <class M>
struct MemberTraits;
template <class T, class M>
struct MemberTraits<M T::*> {
  using Object = T;
  using Member = M;
};
template <class M>
inline constexpr bool kIsId = false;
template <class T>
inline constexpr bool kIsId<Id<T>> = true;
template <class M>
inline constexpr bool kIsEnumSet = false;
template <class E>
inline constexpr bool kIsEnumSet<EnumSet<E>> = true;

template <class M>
consteval FieldType type_of() {
  if constexpr (std::is_same_v<M, std::string>) return FieldType::kText;
  else if constexpr (std::is_same_v<M, std::int64_t>) return FieldType::kInteger;
  else if constexpr (std::is_same_v<M, Instant>) return FieldType::kInstant;
  else if constexpr (std::is_same_v<M, Money>) return FieldType::kMoney;
  else if constexpr (std::is_same_v<M, Uuid> || kIsId<M>) return FieldType::kId;
  else if constexpr (std::is_same_v<M, std::vector<Uuid>>) return FieldType::kIdList;
  else if constexpr (std::is_same_v<M, std::vector<std::string>>) return FieldType::kTextList;
  else if constexpr (std::is_same_v<M, std::vector<std::int64_t>>) return FieldType::kIntegerList;
  else if constexpr (std::is_same_v<M, Bytes>) return FieldType::kBytes;
  else if constexpr (kIsEnumSet<M>) return FieldType::kEnumSet;
  else {
    static_assert(std::is_enum_v<M> && sizeof(M) == 1, "not a type a field can have");
    return FieldType::kEnum;
  }
}

template <class M>
struct EnumOf {
  using Type = M;
};
template <class E>
struct EnumOf<EnumSet<E>> {
  using Type = E;
};

struct AnyMember {
  template <class T>
  constexpr operator T() const noexcept;
};

template <class T, class... Members>
consteval std::size_t arity() {
  if constexpr (requires { T{Members{}..., AnyMember{}}; })
    return arity<T, Members..., AnyMember>();
  else
    return sizeof...(Members);
}

}  // namespace internal

template <auto Member>
constexpr Field field(std::uint16_t id, std::string_view key, FieldOptions options) {
  using Traits = internal::MemberTraits<decltype(Member)>;
  using M = typename Traits::Member;
  Field result;
  result.id = id;
  result.key = key;
  result.type = internal::type_of<M>();
  result.options = options;
  if constexpr (std::is_enum_v<M> || internal::kIsEnumSet<M>)
    result.names = kNames<typename internal::EnumOf<M>::Type>;
  result.at = [](void* object) -> void* {
    return &(static_cast<typename Traits::Object*>(object)->*Member);
  };
  return result;
}

}  // namespace foyer
