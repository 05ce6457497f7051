#include "foyer/command/desk_visit.h"

namespace foyer {
namespace {

// kConflict "visit_over": somebody else at the desk was quicker.
Result<void> check_present(const Reader& reader, Id<CheckIn> id) {
  const auto row = get(reader, id);
  if (!row) return fail(ErrorCode::kNotFound, "check_in", "not_found");
  if (row->state != CheckInState::kWaiting && row->state != CheckInState::kCalled)
    return fail(ErrorCode::kConflict, "check_in", "visit_over");
  return {};
}

}  // namespace

Result<void> check(const CallCheckIn& args, const Reader& reader, const Context&) {
  return check_present(reader, args.check_in);
}

void apply(const CallCheckIn& args, Writer& writer, const Context& context) {
  CheckIn row = *get(writer, args.check_in);
  row.state = CheckInState::kCalled;
  row.place = args.place;
  row.called_by = context.actor.name;
  row.called_at = context.now;
  put(writer, row);
}

Result<void> check(const EndCheckIn& args, const Reader& reader, const Context&) {
  if (args.outcome != CheckInState::kServed && args.outcome != CheckInState::kLeft)
    return fail(ErrorCode::kInvalid, "outcome", "not_an_end");
  return check_present(reader, args.check_in);
}

void apply(const EndCheckIn& args, Writer& writer, const Context& context) {
  CheckIn row = *get(writer, args.check_in);
  row.state = args.outcome;
  row.ended_at = context.now;
  put(writer, row);
}

Result<void> check(const ParkSubmission& args, const Reader& reader, const Context&) {
  return check_new(reader, args.id);
}

void apply(const ParkSubmission& args, Writer& writer, const Context& context) {
  ParkedSubmission row;
  row.id = args.id;
  row.device = args.device;
  row.command = args.command;
  row.number = args.number;
  row.words = args.words;
  row.reason = args.reason;
  row.at = args.at;
  row.received_at = context.now;
  put(writer, row);
}

Result<void> check(const SettleSubmission& args, const Reader& reader, const Context&) {
  const auto row = get(reader, args.id);
  if (!row) return fail(ErrorCode::kNotFound, "id", "not_found");
  if (!row->settled_at.is_none()) return fail(ErrorCode::kConflict, "id", "already_done");
  return {};
}

void apply(const SettleSubmission& args, Writer& writer, const Context& context) {
  ParkedSubmission row = *get(writer, args.id);
  row.settled_at = context.now;
  row.settled_by = context.actor.name;
  row.note = args.note;
  put(writer, row);
}

}  // namespace foyer
