// case.open: a customer or a CSR opens a case.
#pragma once

#include "foyer/command/case_change.h"

namespace foyer {

struct OpenCase {
  Id<Case> case_id;
  Id<Message> message;
  std::string subject;
  std::string body;
  Id<Account> account;   // customers: their own; null means that
  Id<Contact> contact;   // customers: themselves
  Id<Site> site;
  Id<Asset> asset;
  Channel channel = {};
  Priority priority = {};     // staff only; customers get kNormal
  std::string queue;     // staff only
  std::string device_number;
  Instant contact_at;    // when the customer made contact; none: now
  UnknownFields unknown;
};
template <>
struct Table<OpenCase> {
  static constexpr std::string_view name = "case.open";
  static constexpr auto fields = std::array{
      field<&OpenCase::case_id>(1, "case_id", {.flags = kRequired}),
      field<&OpenCase::message>(2, "message", {.flags = kRequired}),
      field<&OpenCase::subject>(3, "subject", {.flags = kRequired, .length_max = 140}),
      field<&OpenCase::body>(4, "body",
                             {.flags = kRequired,
                              .length_max = 10000,
                              .widget = Widget::kParagraph}),
      field<&OpenCase::account>(5, "account", {}),
      field<&OpenCase::contact>(6, "contact", {}),
      field<&OpenCase::site>(7, "site", {}),
      field<&OpenCase::asset>(8, "asset", {}),
      field<&OpenCase::channel>(9, "channel", {}),
      field<&OpenCase::priority>(10, "priority", {}),
      field<&OpenCase::queue>(11, "queue", {.length_max = 60}),
      field<&OpenCase::device_number>(12, "device_number", {.length_max = 20}),
      field<&OpenCase::contact_at>(13, "contact_at", {}),
  };
};

Result<void> check(const OpenCase& args, const Reader& reader, const Context& context);
void apply(const OpenCase& args, Writer& writer, const Context& context);

}  // namespace foyer
