#include "foyer/command/kiosk_visit.h"

#include "foyer/base/text.h"

namespace foyer {
namespace {

// "K7-031" of the series "K7". The number is shown in the lobby: it may say nothing else.
bool is_of_series(std::string_view number, std::string_view series) {
  if (series.empty() || !number.starts_with(series)) return false;
  number.remove_prefix(series.size());
  return number.size() > 1 && number[0] == '-' &&
         number.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

// kForbidden: the kiosk does not offer this; kInvalid: the number is not of its own series.
Result<Device> kiosk_that(const Reader& reader, const Context& context, KioskForm form,
                          std::string_view number) {
  auto device = get(reader, context.actor.device);
  if (!device || !device->forms.has(form)) return fail(ErrorCode::kForbidden, "form_not_offered");
  if (!is_of_series(number, device->series))
    return fail(ErrorCode::kInvalid, "number", "foreign_series");
  return std::move(*device);
}

// Numbers are written in capitals, people write them as they like.
std::string as_number(std::string_view about) {
  std::string number(trim(about));
  for (char& c : number)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return number;
}

}  // namespace

Result<void> check(const CreateCheckIn& args, const Reader& reader, const Context& context) {
  FOYER_TRY(check_new(reader, args.check_in));
  FOYER_TRY(kiosk_that(reader, context, KioskForm::kCheckIn, args.number));
  return {};
}

void apply(const CreateCheckIn& args, Writer& writer, const Context& context) {
  CheckIn row;
  row.id = args.check_in;
  row.device = context.actor.device;
  row.site = context.actor.site;
  row.number = args.number;
  row.reason = args.reason;
  row.visitor_name = args.visitor_name;
  row.visitor_contact = args.visitor_contact;
  row.about = args.about;
  row.at = contact_time(args.at, context);
  put(writer, row);
}

Result<void> check(const OpenCaseAtKiosk& args, const Reader& reader, const Context& context) {
  FOYER_TRY(check_new(reader, args.case_id));
  FOYER_TRY(check_new(reader, args.message));
  const auto device = kiosk_that(reader, context, KioskForm::kOpenCase, args.number);
  if (!device) return std::unexpected(device.error());
  if (device->account.is_null()) return fail(ErrorCode::kInvalid, "account", "required");
  return {};
}

void apply(const OpenCaseAtKiosk& args, Writer& writer, const Context& context) {
  const Device device = *get(writer, context.actor.device);
  Opening opening;
  Case& row = opening.row;
  row.id = args.case_id;
  row.account = device.account;
  if (const auto site = get(writer, device.site); site && site->account == device.account)
    row.site = device.site;
  row.channel = Channel::kKiosk;
  row.subject = args.subject;
  row.queue = "service";
  row.device_number = args.number;
  row.opened_at = contact_time(args.at, context);
  opening.first_message = {args.message, Visibility::kPublic, args.body, row.opened_at};
  // The first word is the visitor's, who may not have said who they are.
  Context visitor = context;
  if (!args.visitor_name.empty()) visitor.actor.name = args.visitor_name;
  Case opened = open_case_row(writer, visitor, std::move(opening));
  if (args.visitor_contact.empty()) return;
  add_message(writer, context, opened,
              {Id<Message>(derive_uuid(args.message, "contact")), Visibility::kInternal,
               args.visitor_contact, opened.opened_at});
}

Result<void> check(const GiveFeedback& args, const Reader& reader, const Context& context) {
  FOYER_TRY(check_new(reader, args.feedback));
  FOYER_TRY(kiosk_that(reader, context, KioskForm::kFeedback, args.number));
  return {};
}

void apply(const GiveFeedback& args, Writer& writer, const Context& context) {
  Feedback row;
  row.id = args.feedback;
  row.channel = Channel::kKiosk;
  row.device = context.actor.device;
  row.site = context.actor.site;
  row.number = args.number;
  row.about = args.about;
  row.rating = args.rating;
  row.comment = args.comment;
  row.at = contact_time(args.at, context);
  if (const std::string named = as_number(args.about); !named.empty()) {
    for (const CheckIn& visit : find<&CheckIn::number>(writer, named, 1)) row.check_in = visit.id;
    for (const Case& found : find<&Case::number>(writer, named, 1)) row.case_id = found.id;
    for (const Case& found : find<&Case::device_number>(writer, named, 1)) row.case_id = found.id;
  }
  put(writer, row);
}

}  // namespace foyer
