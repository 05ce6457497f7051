// What a kiosk sends for a visitor: check_in.create, case.open_at_kiosk, feedback.give. They reach
// the server sealed, perhaps days later, and nothing comes back to the visitor.
// Invariant: a number that the visitor named finds rows for staff only; the kiosk never learns
// whether it found any.
#pragma once

#include "foyer/command/case_change.h"

namespace foyer {

struct CreateCheckIn {
  Id<CheckIn> check_in;
  std::string number;  // the next of the device's own series
  VisitReason reason = {};
  std::string visitor_name;
  std::string visitor_contact;
  std::string about;
  Instant at;          // by the device's corrected clock
  UnknownFields unknown;
};
template <>
struct Table<CreateCheckIn> {
  static constexpr std::string_view name = "check_in.create";
  static constexpr auto fields = std::array{
      field<&CreateCheckIn::check_in>(1, "check_in", {.flags = kRequired}),
      field<&CreateCheckIn::number>(2, "number", {.flags = kRequired, .length_max = 20}),
      field<&CreateCheckIn::reason>(3, "reason", {}),
      field<&CreateCheckIn::visitor_name>(4, "visitor_name", {.length_max = 120}),
      field<&CreateCheckIn::visitor_contact>(5, "visitor_contact", {.length_max = 254}),
      field<&CreateCheckIn::about>(6, "about", {.length_max = 60}),
      field<&CreateCheckIn::at>(7, "at", {}),
  };
};
Result<void> check(const CreateCheckIn& args, const Reader& reader, const Context& context);
void apply(const CreateCheckIn& args, Writer& writer, const Context& context);

// Opened on the account of the kiosk; how to reach the visitor is an internal note.
struct OpenCaseAtKiosk {
  Id<Case> case_id;
  Id<Message> message;
  std::string number;
  std::string subject;
  std::string body;
  std::string visitor_name;
  std::string visitor_contact;
  Instant at;
  UnknownFields unknown;
};
template <>
struct Table<OpenCaseAtKiosk> {
  static constexpr std::string_view name = "case.open_at_kiosk";
  static constexpr auto fields = std::array{
      field<&OpenCaseAtKiosk::case_id>(1, "case_id", {.flags = kRequired}),
      field<&OpenCaseAtKiosk::message>(2, "message", {.flags = kRequired}),
      field<&OpenCaseAtKiosk::number>(3, "number", {.flags = kRequired, .length_max = 20}),
      field<&OpenCaseAtKiosk::subject>(4, "subject", {.flags = kRequired, .length_max = 140}),
      field<&OpenCaseAtKiosk::body>(5, "body",
                                    {.flags = kRequired,
                                     .length_max = 10000,
                                     .widget = Widget::kParagraph}),
      field<&OpenCaseAtKiosk::visitor_name>(6, "visitor_name", {.length_max = 120}),
      field<&OpenCaseAtKiosk::visitor_contact>(7, "visitor_contact", {.length_max = 254}),
      field<&OpenCaseAtKiosk::at>(8, "at", {}),
  };
};
Result<void> check(const OpenCaseAtKiosk& args, const Reader& reader, const Context& context);
void apply(const OpenCaseAtKiosk& args, Writer& writer, const Context& context);

struct GiveFeedback {
  Id<Feedback> feedback;
  std::string number;
  std::string about;  // a check-in's or a case's number
  std::int64_t rating = 0;
  std::string comment;
  Instant at;
  UnknownFields unknown;
};
template <>
struct Table<GiveFeedback> {
  static constexpr std::string_view name = "feedback.give";
  static constexpr auto fields = std::array{
      field<&GiveFeedback::feedback>(1, "feedback", {.flags = kRequired}),
      field<&GiveFeedback::number>(2, "number", {.flags = kRequired, .length_max = 20}),
      field<&GiveFeedback::about>(3, "about", {.length_max = 60}),
      field<&GiveFeedback::rating>(
          4, "rating", {.flags = kRequired, .minimum = 1, .maximum = 5}),
      field<&GiveFeedback::comment>(5, "comment",
                                    {.length_max = 2000, .widget = Widget::kParagraph}),
      field<&GiveFeedback::at>(6, "at", {}),
  };
};
Result<void> check(const GiveFeedback& args, const Reader& reader, const Context& context);
void apply(const GiveFeedback& args, Writer& writer, const Context& context);

}  // namespace foyer
