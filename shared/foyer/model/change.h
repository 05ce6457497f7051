// Changes that met: a Conflict is a change that was set aside because somebody else had changed the
// same field since its author saw it; a ChangeNote is a value that was replaced.
// Invariant: a value that somebody wrote is the row's own, in a ChangeNote, or in a Conflict. Both
// follow the row that they are about: who may not read that reads nothing of them.
#pragma once

#include "foyer/model/sales.h"
#include "foyer/model/service.h"

namespace foyer {

// Open until a person has chosen: what was set aside, what is there, or something else.
enum class ConflictState : std::uint8_t { kOpen, kMine, kTheirs, kOther };
template <>
inline constexpr auto kNames<ConflictState> =
    std::array<std::string_view, 4>{"open", "mine", "theirs", "other"};

struct Conflict {
  Id<Conflict> id;
  std::string entity;  // the kind of row: "case"
  Uuid row;
  std::string field;   // the contested one: "priority"
  Bytes mine;          // rows of that kind with the contested fields alone, encoded
  Bytes theirs;
  std::string command;  // that was set aside, to be given again; of a record: none
  Bytes arguments;
  std::int64_t version = 0;  // of the command: a newer build brings it up to date
  Id<User> author;      // of `mine`
  AuthorKind author_kind = {};
  std::string author_name;
  Instant at;           // when it met the other
  std::string theirs_by;  // empty: not known
  Instant theirs_at;
  ConflictState state = {};
  std::string note;
  std::string resolved_by;
  Instant resolved_at;
  UnknownFields unknown;
};
struct ChangeNote {
  Id<ChangeNote> id;
  std::string entity;
  Uuid row;
  std::string field;
  Bytes before;  // a row with that field alone, encoded; empty inside: it was empty
  Bytes after;
  Id<User> author;
  AuthorKind author_kind = {};
  std::string author_name;
  Instant at;
  UnknownFields unknown;
};

// Rows whose changes may meet: what hangs on them is published where they are.
template <class T>
inline constexpr std::array kWithContestedRow{
    with_parent<Case>(3),    with_parent<Account>(3),         with_parent<Contact>(3),
    with_parent<Site>(3),    with_parent<User>(3),            with_parent<Product>(3),
    with_parent<Asset>(3),   with_parent<ServiceContract>(3), with_parent<ContractLine>(3),
    with_parent<Entitlement>(3), with_parent<Opportunity>(3)};

template <>
struct Table<Conflict> {
  static constexpr EntityId id = 26;
  static constexpr std::string_view name = "conflict";
  static constexpr auto fields = std::array{
      field<&Conflict::id>(1, "id", {}),
      field<&Conflict::entity>(2, "entity", {.flags = kRequired, .length_max = 60}),
      field<&Conflict::row>(3, "row", {.flags = kRequired | kIndexed}),
      field<&Conflict::field>(4, "field", {.flags = kRequired, .length_max = 60}),
      field<&Conflict::mine>(
          5, "mine",
          {.audience = kStaff, .length_max = 65536, .personal = Personal::kText}),
      field<&Conflict::theirs>(
          6, "theirs",
          {.audience = kStaff, .length_max = 65536, .personal = Personal::kText}),
      field<&Conflict::command>(7, "command", {.length_max = 60}),
      field<&Conflict::arguments>(
          8, "arguments",
          {.audience = kStaff, .length_max = 65536, .personal = Personal::kText}),
      field<&Conflict::author>(9, "author", {.audience = kStaff}),
      field<&Conflict::author_kind>(10, "author_kind", {}),
      field<&Conflict::author_name>(11, "author_name",
                                    {.audience = kStaff, .personal = Personal::kName}),
      field<&Conflict::at>(12, "at", {.flags = kRequired | kIndexed}),
      field<&Conflict::theirs_by>(13, "theirs_by",
                                  {.audience = kStaff, .personal = Personal::kName}),
      field<&Conflict::theirs_at>(14, "theirs_at", {.audience = kStaff}),
      field<&Conflict::state>(15, "state", {.flags = kIndexed, .merge = Merge::kState}),
      field<&Conflict::note>(16, "note",
                             {.audience = kStaff, .length_max = 1000, .personal = Personal::kText}),
      field<&Conflict::resolved_by>(17, "resolved_by",
                                    {.audience = kStaff, .personal = Personal::kName}),
      field<&Conflict::resolved_at>(18, "resolved_at", {}),
      field<&Conflict::version>(19, "version", {.audience = kStaff}),
  };
  static constexpr auto publications = kWithContestedRow<Conflict>;
  // A customer hears that their own change met another; what staff changed stays among staff.
  static bool staff_only(const Conflict& row) { return row.author_kind != AuthorKind::kCustomer; }
};

template <>
struct Table<ChangeNote> {
  static constexpr EntityId id = 27;
  static constexpr std::string_view name = "change_note";
  static constexpr auto fields = std::array{
      field<&ChangeNote::id>(1, "id", {}),
      field<&ChangeNote::entity>(
          2, "entity", {.flags = kRequired, .length_max = 60, .merge = Merge::kLedger}),
      field<&ChangeNote::row>(3, "row",
                              {.flags = kRequired | kIndexed, .merge = Merge::kLedger}),
      field<&ChangeNote::field>(
          4, "field", {.flags = kRequired, .length_max = 60, .merge = Merge::kLedger}),
      field<&ChangeNote::before>(5, "before",
                                 {.audience = kStaff,
                                  .length_max = 65536,
                                  .merge = Merge::kLedger,
                                  .personal = Personal::kText}),
      field<&ChangeNote::after>(6, "after",
                                 {.audience = kStaff,
                                  .length_max = 65536,
                                  .merge = Merge::kLedger,
                                  .personal = Personal::kText}),
      field<&ChangeNote::author>(7, "author", {.audience = kStaff, .merge = Merge::kLedger}),
      field<&ChangeNote::author_kind>(8, "author_kind", {.merge = Merge::kLedger}),
      field<&ChangeNote::author_name>(
          9, "author_name",
          {.audience = kStaff, .merge = Merge::kLedger, .personal = Personal::kName}),
      field<&ChangeNote::at>(10, "at", {.flags = kRequired, .merge = Merge::kLedger}),
  };
  static constexpr auto publications = kWithContestedRow<ChangeNote>;
  // A customer knows when they changed something; what staff changed stays among staff.
  static bool staff_only(const ChangeNote& row) {
    return row.author_kind != AuthorKind::kCustomer;
  }
};

}  // namespace foyer
