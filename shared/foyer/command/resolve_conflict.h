// conflict.resolve: a person decides between two changes that met: what was set aside is done now,
// what is there stays, or something else is done. Rights are those of what is done.
#pragma once

#include "foyer/command/command.h"
#include "foyer/command/roles.h"
#include "foyer/model/change.h"

namespace foyer {

struct ResolveConflict {
  Id<Conflict> conflict;
  ConflictState choice = {};
  // kOther: the command that was set aside with other arguments, about the same row; empty: it was
  // dealt with otherwise, as `note` says.
  Bytes arguments;
  std::string note;
  UnknownFields unknown;
};
template <>
struct Table<ResolveConflict> {
  static constexpr std::string_view name = "conflict.resolve";
  static constexpr auto fields = std::array{
      field<&ResolveConflict::conflict>(1, "conflict", {.flags = kRequired}),
      field<&ResolveConflict::choice>(2, "choice", {.flags = kRequired}),
      field<&ResolveConflict::arguments>(3, "arguments", {.length_max = 65536}),
      field<&ResolveConflict::note>(4, "note",
                                    {.length_max = 1000, .widget = Widget::kParagraph}),
  };
};
Result<void> check(const ResolveConflict& args, const Reader& reader, const Context& context);
void apply(const ResolveConflict& args, Writer& writer, const Context& context);

inline constexpr Roles kDeciders = kDesk | Roles{Role::kAdmin, Role::kSales};

}  // namespace foyer
