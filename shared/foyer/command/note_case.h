// case.note: an internal note. It is published to staff scopes only, and no clock hears of it.
#pragma once

#include "foyer/command/case_change.h"

namespace foyer {

struct NoteCase {
  Id<Case> case_id;
  Id<Message> message;
  std::string body;
  UnknownFields unknown;
};
template <>
struct Table<NoteCase> {
  static constexpr std::string_view name = "case.note";
  static constexpr auto fields = std::array{
      field<&NoteCase::case_id>(1, "case_id", {.flags = kRequired}),
      field<&NoteCase::message>(2, "message", {.flags = kRequired}),
      field<&NoteCase::body>(3, "body",
                             {.flags = kRequired,
                              .length_max = 10000,
                              .widget = Widget::kParagraph}),
  };
};

inline Result<void> check(const NoteCase& args, const Reader& reader, const Context&) {
  if (const auto row = find_case(reader, args.case_id); !row) return std::unexpected(row.error());
  return check_new(reader, args.message);
}

inline void apply(const NoteCase& args, Writer& writer, const Context& context) {
  Case row = *get(writer, args.case_id);
  add_message(writer, context, row,
              {args.message, Visibility::kInternal, args.body, context.now});
}

}  // namespace foyer
