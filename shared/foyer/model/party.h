// Who Foyer deals with: the tenant that runs it, its customers' accounts, contacts and sites.
#pragma once

#include "foyer/schema/entity.h"

namespace foyer {

struct Account;
struct Contact;
struct Site;
struct Calendar;

// One company that runs Foyer: one database.
struct Tenant {
  Id<Tenant> id;
  std::string name;
  std::string time_zone;  // IANA name
  Id<Calendar> calendar;  // business hours where nothing more specific applies
  std::string currency;   // ISO 4217
  std::string language;   // BCP 47
  std::string help_line;  // how a customer reaches a person: shown on every page
  UnknownFields unknown;
};
template <>
struct Table<Tenant> {
  static constexpr EntityId id = 1;
  static constexpr std::string_view name = "tenant";
  static constexpr auto fields = std::array{
      field<&Tenant::id>(1, "id", {}),
      field<&Tenant::name>(2, "name", {.flags = kRequired}),
      field<&Tenant::time_zone>(3, "time_zone", {.flags = kRequired, .length_max = 60}),
      field<&Tenant::calendar>(4, "calendar", {}),
      field<&Tenant::currency>(5, "currency", {.length_max = 3}),
      field<&Tenant::language>(6, "language", {.length_max = 20}),
      field<&Tenant::help_line>(7, "help_line", {}),
  };
  static constexpr auto publications = std::array{to_public()};
};

enum class LifecycleStage : std::uint8_t { kNone, kProspect, kCustomer, kAtRisk, kFormer };
template <>
inline constexpr auto kNames<LifecycleStage> =
    std::array<std::string_view, 5>{"none", "prospect", "customer", "at_risk", "former"};

// How far a contact sees: their own cases, their site's, or the whole company's.
enum class PortalScope : std::uint8_t { kNone, kOwn, kSite, kAccount };
template <>
inline constexpr auto kNames<PortalScope> =
    std::array<std::string_view, 4>{"none", "own", "site", "account"};

struct Account {
  Id<Account> id;
  std::string name;
  std::string external_key;  // of the system it was imported from
  std::string segment;
  std::string tier;
  std::string sector;
  Money revenue;           // yearly
  std::int64_t employees = 0;
  std::int64_t founded_year = 0;
  std::string country;
  Id<Account> parent;
  LifecycleStage lifecycle_stage = {};
  LifecycleStage target_stage = {};
  std::string time_zone;   // IANA name; empty: the tenant's
  std::string language;    // BCP 47; empty: the tenant's
  Instant customer_since;
  UnknownFields unknown;
};
template <>
struct Table<Account> {
  static constexpr EntityId id = 2;
  static constexpr std::string_view name = "account";
  static constexpr auto fields = std::array{
      field<&Account::id>(1, "id", {}),
      field<&Account::name>(2, "name",
                            {.flags = kRequired | kIndexed | kFullText, .column_width_em = 18}),
      field<&Account::external_key>(3, "external_key", {.flags = kIndexed, .audience = kStaff}),
      field<&Account::segment>(4, "segment", {.audience = kStaff, .column_width_em = 8}),
      field<&Account::tier>(5, "tier", {.audience = kStaff, .column_width_em = 6}),
      field<&Account::sector>(6, "sector", {.audience = kStaff, .column_width_em = 10}),
      field<&Account::revenue>(7, "revenue", {.audience = kStaff, .column_width_em = 9}),
      field<&Account::employees>(8, "employees",
                                 {.audience = kStaff, .minimum = 0, .column_width_em = 7}),
      field<&Account::founded_year>(9, "founded_year",
                                    {.audience = kStaff, .minimum = 0, .maximum = 9999}),
      field<&Account::country>(10, "country", {.column_width_em = 9}),
      field<&Account::parent>(11, "parent", {.flags = kIndexed, .audience = kStaff}),
      field<&Account::lifecycle_stage>(12, "lifecycle_stage", {.audience = kStaff}),
      field<&Account::target_stage>(13, "target_stage", {.audience = kStaff}),
      field<&Account::time_zone>(14, "time_zone", {.length_max = 60}),
      field<&Account::language>(15, "language", {.length_max = 20}),
      field<&Account::customer_since>(16, "customer_since", {}),
  };
  static constexpr auto publications =
      std::array{to_scope(ScopeKind::kAccount, 1), to_staff(StaffArea::kService),
                 to_staff(StaffArea::kSales), to_staff(StaffArea::kConfiguration)};
};

struct Contact {
  Id<Contact> id;
  Id<Account> account;
  Id<Site> site;
  std::string name;
  std::string email;  // in lower case; the sign-in name once invited
  std::vector<std::string> phones;
  PortalScope portal_scope = {};
  std::string external_key;
  Instant invited_at;
  UnknownFields unknown;
};
template <>
struct Table<Contact> {
  static constexpr EntityId id = 3;
  static constexpr std::string_view name = "contact";
  static constexpr auto fields = std::array{
      field<&Contact::id>(1, "id", {}),
      field<&Contact::account>(2, "account", {.flags = kRequired | kIndexed}),
      field<&Contact::site>(3, "site", {.flags = kIndexed}),
      field<&Contact::name>(4, "name",
                            {.flags = kRequired | kIndexed | kFullText,
                             .personal = Personal::kName,
                             .column_width_em = 14}),
      field<&Contact::email>(5, "email",
                             {.flags = kIndexed | kFullText,
                              .length_max = 254,
                              .personal = Personal::kContact,
                              .column_width_em = 16}),
      field<&Contact::phones>(6, "phones", {.length_max = 5, .personal = Personal::kContact}),
      field<&Contact::portal_scope>(7, "portal_scope", {.column_width_em = 6}),
      field<&Contact::external_key>(8, "external_key", {.flags = kIndexed, .audience = kStaff}),
      field<&Contact::invited_at>(9, "invited_at", {}),
  };
  static constexpr auto publications =
      std::array{to_scope(ScopeKind::kAccount, 2), to_scope(ScopeKind::kContact, 1),
                 to_staff(StaffArea::kService), to_staff(StaffArea::kSales),
                 to_staff(StaffArea::kConfiguration)};
};

struct Site {
  Id<Site> id;
  Id<Account> account;
  std::string name;
  std::string address;
  std::string access_notes;
  Id<Calendar> calendar;
  std::string time_zone;  // IANA name; empty: the account's
  UnknownFields unknown;
};
template <>
struct Table<Site> {
  static constexpr EntityId id = 4;
  static constexpr std::string_view name = "site";
  static constexpr auto fields = std::array{
      field<&Site::id>(1, "id", {}),
      field<&Site::account>(2, "account", {.flags = kRequired | kIndexed}),
      field<&Site::name>(3, "name", {.flags = kRequired | kFullText, .column_width_em = 14}),
      field<&Site::address>(4, "address",
                            {.length_max = 500, .widget = Widget::kParagraph}),
      field<&Site::access_notes>(5, "access_notes",
                                 {.audience = kStaff,
                                  .length_max = 2000,
                                  .widget = Widget::kParagraph}),
      field<&Site::calendar>(6, "calendar", {}),
      field<&Site::time_zone>(7, "time_zone", {.length_max = 60}),
  };
  static constexpr auto publications =
      std::array{to_scope(ScopeKind::kAccount, 2), to_scope(ScopeKind::kSite, 1),
                 to_staff(StaffArea::kService), to_staff(StaffArea::kConfiguration)};
};

}  // namespace foyer
