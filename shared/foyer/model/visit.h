// Visitors of a foyer: who checked in, how a visit was rated, and what a device sent that could not
// be done. Invariant: what a visitor said of themselves is for staff alone; the lobby's screens see
// a number, its state and a place.
#pragma once

#include "foyer/model/service.h"

namespace foyer {

enum class VisitReason : std::uint8_t { kQuestion, kAppointment, kPickUp, kDelivery, kOther };
template <>
inline constexpr auto kNames<VisitReason> = std::array<std::string_view, 5>{
    "question", "appointment", "pick_up", "delivery", "other"};

enum class CheckInState : std::uint8_t { kWaiting, kCalled, kServed, kLeft };
template <>
inline constexpr auto kNames<CheckInState> =
    std::array<std::string_view, 4>{"waiting", "called", "served", "left"};

struct CheckIn {
  Id<CheckIn> id;
  Id<Device> device;
  Id<Site> site;
  std::string number;  // "K7-031", of the device's own series
  VisitReason reason = {};
  std::string visitor_name;
  std::string visitor_contact;  // how to reach them: phone or e-mail, as they wrote it
  std::string about;            // the appointment or case they named
  CheckInState state = {};
  std::string place;  // where they are called to: "Desk 2"
  std::string called_by;
  Instant at;         // when they checked in, by the device's corrected clock
  Instant called_at;
  Instant ended_at;
  UnknownFields unknown;
};
template <>
struct Table<CheckIn> {
  static constexpr EntityId id = 23;
  static constexpr std::string_view name = "check_in";
  static constexpr auto fields = std::array{
      field<&CheckIn::id>(1, "id", {}),
      field<&CheckIn::device>(2, "device", {.flags = kIndexed, .audience = kStaff}),
      field<&CheckIn::site>(3, "site", {.flags = kIndexed, .audience = kStaff}),
      field<&CheckIn::number>(
          4, "number", {.flags = kRequired | kIndexed, .length_max = 20, .column_width_em = 6}),
      field<&CheckIn::reason>(5, "reason", {.audience = kStaff, .column_width_em = 8}),
      field<&CheckIn::visitor_name>(6, "visitor_name",
                                    {.audience = kStaff,
                                     .length_max = 120,
                                     .personal = Personal::kName,
                                     .column_width_em = 12}),
      field<&CheckIn::visitor_contact>(7, "visitor_contact",
                                       {.audience = kStaff,
                                        .length_max = 254,
                                        .personal = Personal::kContact,
                                        .column_width_em = 12}),
      field<&CheckIn::about>(8, "about", {.audience = kStaff,
                                          .length_max = 60,
                                          .column_width_em = 8}),
      field<&CheckIn::state>(9, "state", {.flags = kIndexed,
                                          .merge = Merge::kState,
                                          .column_width_em = 6}),
      field<&CheckIn::place>(10, "place", {.length_max = 40, .column_width_em = 6}),
      field<&CheckIn::called_by>(11, "called_by", {.audience = kStaff}),
      field<&CheckIn::at>(12, "at", {.flags = kRequired | kIndexed, .column_width_em = 8}),
      field<&CheckIn::called_at>(13, "called_at", {}),
      field<&CheckIn::ended_at>(14, "ended_at", {}),
  };
  static constexpr auto publications =
      std::array{to_staff(StaffArea::kService), to_scope(ScopeKind::kLobby, 3),
                 to_scope(ScopeKind::kDevice, 2)};
};

// How somebody rated a visit or a case.
struct Feedback {
  Id<Feedback> id;
  Channel channel = {};
  Id<Device> device;
  Id<Site> site;
  std::string number;  // of the rating itself, from the device's own series
  std::string about;   // the number they named
  Id<CheckIn> check_in;  // found by it
  Id<Case> case_id;      // likewise
  std::int64_t rating = 0;  // 1 (very bad) to 5 (very good)
  std::string comment;
  Instant at;
  UnknownFields unknown;
};
template <>
struct Table<Feedback> {
  static constexpr EntityId id = 24;
  static constexpr std::string_view name = "feedback";
  static constexpr auto fields = std::array{
      field<&Feedback::id>(1, "id", {}),
      field<&Feedback::channel>(2, "channel", {.merge = Merge::kLedger}),
      field<&Feedback::device>(3, "device", {.flags = kIndexed, .merge = Merge::kLedger}),
      field<&Feedback::site>(4, "site", {.flags = kIndexed, .merge = Merge::kLedger}),
      field<&Feedback::number>(5, "number",
                               {.flags = kIndexed, .length_max = 20, .merge = Merge::kLedger}),
      field<&Feedback::about>(6, "about", {.length_max = 60,
                                           .merge = Merge::kLedger,
                                           .column_width_em = 8}),
      field<&Feedback::check_in>(7, "check_in", {.flags = kIndexed, .merge = Merge::kLedger}),
      field<&Feedback::case_id>(8, "case_id", {.flags = kIndexed, .merge = Merge::kLedger}),
      field<&Feedback::rating>(9, "rating", {.minimum = 1,
                                             .maximum = 5,
                                             .merge = Merge::kLedger,
                                             .column_width_em = 5}),
      field<&Feedback::comment>(10, "comment",
                                {.length_max = 2000,
                                 .merge = Merge::kLedger,
                                 .personal = Personal::kText,
                                 .widget = Widget::kParagraph,
                                 .column_width_em = 24}),
      field<&Feedback::at>(11, "at", {.flags = kRequired | kIndexed,
                                      .merge = Merge::kLedger,
                                      .column_width_em = 8}),
  };
  static constexpr auto publications = std::array{to_staff(StaffArea::kService)};
};

// What a device handed over and the server could not do: kept, with its words, until a person has
// dealt with it.
struct ParkedSubmission {
  Id<ParkedSubmission> id;  // the submission's
  Id<Device> device;
  std::string command;  // "check_in.create"; empty if it could not be read
  std::string number;
  std::string words;    // what the visitor wrote, field by field
  std::string reason;   // the error's detail: "device_revoked", "unreadable", "not_found"
  Instant at;           // when it was written
  Instant received_at;
  Instant settled_at;
  std::string settled_by;
  std::string note;     // what was done about it
  UnknownFields unknown;
};
template <>
struct Table<ParkedSubmission> {
  static constexpr EntityId id = 25;
  static constexpr std::string_view name = "parked_submission";
  static constexpr auto fields = std::array{
      field<&ParkedSubmission::id>(1, "id", {}),
      field<&ParkedSubmission::device>(2, "device", {.flags = kIndexed}),
      field<&ParkedSubmission::command>(3, "command", {.length_max = 60}),
      field<&ParkedSubmission::number>(4, "number", {.length_max = 20, .column_width_em = 6}),
      field<&ParkedSubmission::words>(5, "words",
                                      {.length_max = 20000,
                                       .personal = Personal::kText,
                                       .widget = Widget::kParagraph,
                                       .column_width_em = 24}),
      field<&ParkedSubmission::reason>(6, "reason", {.length_max = 60, .column_width_em = 8}),
      field<&ParkedSubmission::at>(7, "at", {.column_width_em = 8}),
      field<&ParkedSubmission::received_at>(8, "received_at", {.flags = kRequired | kIndexed}),
      field<&ParkedSubmission::settled_at>(9, "settled_at", {.flags = kIndexed}),
      field<&ParkedSubmission::settled_by>(10, "settled_by", {}),
      field<&ParkedSubmission::note>(11, "note", {.length_max = 1000}),
  };
  static constexpr auto publications = std::array{to_staff(StaffArea::kService)};
};

}  // namespace foyer
