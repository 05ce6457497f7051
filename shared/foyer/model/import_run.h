// An import of a file from another system, and what it did to each row, so that it can be undone.
// Entries stay on the server: an undo runs there, with what is true there.
#pragma once

#include "foyer/model/people.h"

namespace foyer {

enum class ImportState : std::uint8_t { kRunning, kFinished, kUndone };
template <>
inline constexpr auto kNames<ImportState> =
    std::array<std::string_view, 3>{"running", "finished", "undone"};

struct ImportRun {
  Id<ImportRun> id;
  std::string kind;  // accounts, products, sales-teams, opportunities, incidents
  std::string file_name;
  ImportState state = {};
  std::int64_t created = 0;
  std::int64_t updated = 0;
  std::int64_t unchanged = 0;
  std::int64_t rejected = 0;
  std::int64_t kept = 0;  // at undo: rows that were changed since, left as they are
  Instant started_at;
  std::string actor_name;
  UnknownFields unknown;
};
template <>
struct Table<ImportRun> {
  static constexpr EntityId id = 21;
  static constexpr std::string_view name = "import_run";
  static constexpr auto fields = std::array{
      field<&ImportRun::id>(1, "id", {}),
      field<&ImportRun::kind>(2, "kind", {.flags = kRequired, .length_max = 40}),
      field<&ImportRun::file_name>(3, "file_name", {}),
      field<&ImportRun::state>(4, "state", {.merge = Merge::kState}),
      field<&ImportRun::created>(5, "created", {.minimum = 0}),
      field<&ImportRun::updated>(6, "updated", {.minimum = 0}),
      field<&ImportRun::unchanged>(7, "unchanged", {.minimum = 0}),
      field<&ImportRun::rejected>(8, "rejected", {.minimum = 0}),
      field<&ImportRun::kept>(9, "kept", {.minimum = 0}),
      field<&ImportRun::started_at>(10, "started_at", {.flags = kRequired | kIndexed}),
      field<&ImportRun::actor_name>(11, "actor_name", {}),
  };
  static constexpr auto publications =
      std::array{to_staff(StaffArea::kConfiguration), to_staff(StaffArea::kService)};
};

struct ImportEntry {
  Id<ImportEntry> id;
  Id<ImportRun> run;
  std::int64_t entity = 0;  // EntityId of the row
  Uuid row;
  Bytes before;         // encoded row, empty if it was created
  Bytes after;          // SHA-256 of the encoded row as the import left it
  UnknownFields unknown;
};
template <>
struct Table<ImportEntry> {
  static constexpr EntityId id = 22;
  static constexpr std::string_view name = "import_entry";
  static constexpr auto fields = std::array{
      field<&ImportEntry::id>(1, "id", {}),
      field<&ImportEntry::run>(2, "run",
                               {.flags = kRequired | kIndexed, .audience = kNobody}),
      field<&ImportEntry::entity>(3, "entity", {.audience = kNobody}),
      field<&ImportEntry::row>(4, "row", {.audience = kNobody}),
      field<&ImportEntry::before>(5, "before", {.audience = kNobody, .length_max = 65536}),
      field<&ImportEntry::after>(6, "after", {.audience = kNobody, .length_max = 32}),
  };
};

}  // namespace foyer
