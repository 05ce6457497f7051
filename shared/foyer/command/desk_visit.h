// What the desk does with visitors: check_in.call and check_in.end, and with what a kiosk handed
// over in vain: submission.park (by the server) and submission.settle.
#pragma once

#include "foyer/command/command.h"
#include "foyer/command/roles.h"
#include "foyer/model/visit.h"

namespace foyer {

// Shows the number with a place on the screens of the lobby. May be repeated, to another place too.
struct CallCheckIn {
  Id<CheckIn> check_in;
  std::string place;  // "Desk 2"
  UnknownFields unknown;
};
template <>
struct Table<CallCheckIn> {
  static constexpr std::string_view name = "check_in.call";
  static constexpr auto fields = std::array{
      field<&CallCheckIn::check_in>(1, "check_in", {.flags = kRequired}),
      field<&CallCheckIn::place>(2, "place", {.flags = kRequired, .length_max = 40}),
  };
};
Result<void> check(const CallCheckIn& args, const Reader& reader, const Context& context);
void apply(const CallCheckIn& args, Writer& writer, const Context& context);

struct EndCheckIn {
  Id<CheckIn> check_in;
  CheckInState outcome = {};  // kServed, or kLeft without having been seen
  UnknownFields unknown;
};
template <>
struct Table<EndCheckIn> {
  static constexpr std::string_view name = "check_in.end";
  static constexpr auto fields = std::array{
      field<&EndCheckIn::check_in>(1, "check_in", {.flags = kRequired}),
      field<&EndCheckIn::outcome>(2, "outcome", {}),
  };
};
Result<void> check(const EndCheckIn& args, const Reader& reader, const Context& context);
void apply(const EndCheckIn& args, Writer& writer, const Context& context);

struct ParkSubmission {
  Id<ParkedSubmission> id;
  Id<Device> device;
  std::string command;
  std::string number;
  std::string words;
  std::string reason;
  Instant at;
  UnknownFields unknown;
};
template <>
struct Table<ParkSubmission> {
  static constexpr std::string_view name = "submission.park";
  static constexpr auto fields = std::array{
      field<&ParkSubmission::id>(1, "id", {.flags = kRequired}),
      field<&ParkSubmission::device>(2, "device", {.flags = kRequired}),
      field<&ParkSubmission::command>(3, "command", {.length_max = 60}),
      field<&ParkSubmission::number>(4, "number", {.length_max = 20}),
      field<&ParkSubmission::words>(5, "words", {.length_max = 20000}),
      field<&ParkSubmission::reason>(6, "reason", {.flags = kRequired, .length_max = 60}),
      field<&ParkSubmission::at>(7, "at", {}),
  };
};
Result<void> check(const ParkSubmission& args, const Reader& reader, const Context& context);
void apply(const ParkSubmission& args, Writer& writer, const Context& context);

// A person has dealt with it, and says how.
struct SettleSubmission {
  Id<ParkedSubmission> id;
  std::string note;
  UnknownFields unknown;
};
template <>
struct Table<SettleSubmission> {
  static constexpr std::string_view name = "submission.settle";
  static constexpr auto fields = std::array{
      field<&SettleSubmission::id>(1, "id", {.flags = kRequired}),
      field<&SettleSubmission::note>(2, "note", {.flags = kRequired, .length_max = 1000}),
  };
};
Result<void> check(const SettleSubmission& args, const Reader& reader, const Context& context);
void apply(const SettleSubmission& args, Writer& writer, const Context& context);

}  // namespace foyer
