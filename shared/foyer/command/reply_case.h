// case.reply: a public word on a case, by the customer or by staff. On a closed case a customer's
// reply opens a follow-up case instead and leaves the old one unchanged.
#pragma once

#include "foyer/command/case_change.h"

namespace foyer {

struct ReplyCase {
  Id<Case> case_id;
  Id<Message> message;
  std::string body;
  Id<Case> follow_up;  // id for the new case, used only if the old one is closed
  Instant said_at;     // by the author's device; none: now
  UnknownFields unknown;
};
template <>
struct Table<ReplyCase> {
  static constexpr std::string_view name = "case.reply";
  static constexpr auto fields = std::array{
      field<&ReplyCase::case_id>(1, "case_id", {.flags = kRequired}),
      field<&ReplyCase::message>(2, "message", {.flags = kRequired}),
      field<&ReplyCase::body>(3, "body",
                              {.flags = kRequired,
                               .length_max = 10000,
                               .widget = Widget::kParagraph}),
      field<&ReplyCase::follow_up>(4, "follow_up", {}),
      field<&ReplyCase::said_at>(5, "said_at", {}),
  };
};

Result<void> check(const ReplyCase& args, const Reader& reader, const Context& context);
void apply(const ReplyCase& args, Writer& writer, const Context& context);

}  // namespace foyer
