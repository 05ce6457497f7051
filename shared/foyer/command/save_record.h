// record.save and record.remove: master data, written as whole rows by the roles that keep it. Not
// for what has a process of its own: cases, messages, ledgers change by their own commands only.
#pragma once

#include "foyer/command/command.h"
#include "foyer/command/roles.h"

namespace foyer {

struct SaveRecord {
  std::string entity;
  Bytes row;  // encoded; with an existing row: the fields present overlay it
  // What the author saw of the existing row, encoded: then each field that differs from it is
  // merged by its kind, an absent one is emptied, and a contested one is set aside (rules/merge.h).
  Bytes seen;
  UnknownFields unknown;
};
template <>
struct Table<SaveRecord> {
  static constexpr std::string_view name = "record.save";
  static constexpr auto fields = std::array{
      field<&SaveRecord::entity>(1, "entity", {.flags = kRequired, .length_max = 60}),
      field<&SaveRecord::row>(2, "row", {.flags = kRequired, .length_max = 65536}),
      field<&SaveRecord::seen>(3, "seen", {.length_max = 65536}),
  };
};
Result<void> check(const SaveRecord& args, const Reader& reader, const Context& context);
void apply(const SaveRecord& args, Writer& writer, const Context& context);

struct RemoveRecord {
  std::string entity;
  Uuid row;
  UnknownFields unknown;
};
template <>
struct Table<RemoveRecord> {
  static constexpr std::string_view name = "record.remove";
  static constexpr auto fields = std::array{
      field<&RemoveRecord::entity>(1, "entity", {.flags = kRequired, .length_max = 60}),
      field<&RemoveRecord::row>(2, "row", {.flags = kRequired}),
  };
};
Result<void> check(const RemoveRecord& args, const Reader& reader, const Context& context);
void apply(const RemoveRecord& args, Writer& writer, const Context& context);

// Who keeps an entity's rows; no roles: it has a process of its own.
Roles keepers_of(EntityId entity);

// kInvalid/kNotFound: a field is bad, or an id points at no row of its kind that `reader` shows.
Result<void> check_row(const Entity& entity, const void* row, const Reader& reader);

inline constexpr Roles kKeepers =
    kDesk | Roles{Role::kAdmin, Role::kSales, Role::kKnowledgeEditor, Role::kFinance};

}  // namespace foyer
