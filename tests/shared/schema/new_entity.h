// All that is written for one more entity: with its line in the registry it has storage, an API,
// codecs, validation, search, list columns and read permissions. Not an entity of Foyer.
#pragma once

#include "foyer/model/service.h"

namespace foyer {

enum class Severity : std::uint8_t { kMinor, kMajor };
template <>
inline constexpr auto kNames<Severity> = std::array<std::string_view, 2>{"minor", "major"};

struct SafetyNotice {
  Id<SafetyNotice> id;
  Id<Case> case_id;
  std::string title;
  Severity severity = {};
  Money cost;             // of putting it right
  std::string inspector;  // staff only
  Instant found_at;
  std::vector<std::string> remarks;
  UnknownFields unknown;
};
template <>
struct Table<SafetyNotice> {
  static constexpr EntityId id = 900;
  static constexpr std::string_view name = "safety_notice";
  static constexpr auto fields = std::array{
      field<&SafetyNotice::id>(1, "id", {}),
      field<&SafetyNotice::case_id>(2, "case_id", {.flags = kRequired | kIndexed}),
      field<&SafetyNotice::title>(3, "title",
                                  {.flags = kRequired | kFullText,
                                   .length_max = 80,
                                   .column_width_em = 16}),
      field<&SafetyNotice::severity>(4, "severity", {.flags = kIndexed, .column_width_em = 6}),
      field<&SafetyNotice::cost>(5, "cost", {}),
      field<&SafetyNotice::inspector>(6, "inspector", {.flags = kUnique, .audience = kStaff}),
      field<&SafetyNotice::found_at>(7, "found_at", {}),
      field<&SafetyNotice::remarks>(8, "remarks", {}),
  };
  static constexpr auto publications = std::array{with_parent<Case>(2)};
};

}  // namespace foyer
