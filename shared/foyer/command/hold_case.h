// case.hold: we wait for parts, a vendor, an approval or a visit. The clocks go on.
#pragma once

#include "foyer/command/case_change.h"

namespace foyer {

struct HoldCase {
  Id<Case> case_id;
  WaitReason reason = {};
  std::string need;  // what is awaited, in words that the customer reads
  Instant until;     // next step
  Bytes seen;  // what its author had before their eyes (command/seen.h)
  UnknownFields unknown;
};
template <>
struct Table<HoldCase> {
  static constexpr std::string_view name = "case.hold";
  static constexpr auto fields = std::array{
      field<&HoldCase::case_id>(1, "case_id", {.flags = kRequired}),
      field<&HoldCase::reason>(2, "reason", {.flags = kRequired}),
      field<&HoldCase::need>(3, "need", {.length_max = 1000}),
      field<&HoldCase::until>(4, "until", {}),
      field<&HoldCase::seen>(5, "seen", {.length_max = 4096}),
  };
};

inline Result<void> check(const HoldCase& args, const Reader& reader, const Context& context) {
  const auto row = find_case(reader, args.case_id);
  if (!row) return std::unexpected(row.error());
  if (!is_held_reason(args.reason)) return fail(ErrorCode::kInvalid, "reason", "wrong_kind");
  if (!args.until.is_none() && args.until <= context.now)
    return fail(ErrorCode::kInvalid, "until", "in_past");
  return check_transition(*row, Transition::kHold, context, args.seen);
}

inline void apply(const HoldCase& args, Writer& writer, const Context& context) {
  Case row = *get(writer, args.case_id);
  if (was_set_aside(writer, context, row, Transition::kHold, args, {}, args.need)) return;
  move_case(writer, context, row, Transition::kHold, context.now, args.need,
            {args.reason, args.need, args.until});
  put(writer, row);
}

}  // namespace foyer
