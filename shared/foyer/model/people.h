// Who acts: users (staff, and customers through their contact) and devices.
#pragma once

#include "foyer/model/party.h"

namespace foyer {

// domain.md, section 10. A role says what a user may do; areas_of (rules/access.h) what they see.
enum class Role : std::uint8_t {
  kCustomerUser, kCustomerAdmin, kKiosk, kCsr, kSeniorCsr, kSupervisor, kDispatcher, kTechnician,
  kPartnerTechnician, kSales, kServiceManager, kSegmentManager, kFinance, kMarketing,
  kKnowledgeEditor, kAuditor, kAdmin, kServer,
};
template <>
inline constexpr auto kNames<Role> = std::array<std::string_view, 18>{
    "customer_user", "customer_admin", "kiosk", "csr", "senior_csr", "supervisor", "dispatcher",
    "technician", "partner_technician", "sales", "service_manager", "segment_manager", "finance",
    "marketing", "knowledge_editor", "auditor", "admin", "server"};
using Roles = EnumSet<Role>;

inline constexpr Roles kCustomerRoles{Role::kCustomerUser, Role::kCustomerAdmin};
// What no user can have: a kiosk is a device, and the server acts for nobody.
inline constexpr Roles kMachineRoles{Role::kKiosk, Role::kServer};

enum class UserState : std::uint8_t { kActive, kSuspended };
template <>
inline constexpr auto kNames<UserState> = std::array<std::string_view, 2>{"active", "suspended"};

struct User {
  Id<User> id;
  std::string name;
  std::string email;    // in lower case: the sign-in name
  Roles roles;
  Id<Contact> contact;  // set exactly for customers
  UserState state = {};
  std::string external_key;
  std::string team;     // regional office or group
  Id<User> manager;
  UnknownFields unknown;
};
template <>
struct Table<User> {
  static constexpr EntityId id = 5;
  static constexpr std::string_view name = "user";
  static constexpr auto fields = std::array{
      field<&User::id>(1, "id", {}),
      field<&User::name>(2, "name",
                         {.flags = kRequired | kIndexed,
                          .personal = Personal::kName,
                          .column_width_em = 14}),
      field<&User::email>(3, "email",
                          {.flags = kUnique,
                           .length_max = 254,
                           .personal = Personal::kContact,
                           .column_width_em = 16}),
      field<&User::roles>(4, "roles", {.merge = Merge::kSet}),
      field<&User::contact>(5, "contact", {.flags = kIndexed}),
      field<&User::state>(6, "state", {}),
      field<&User::external_key>(7, "external_key", {.flags = kIndexed, .audience = kStaff}),
      field<&User::team>(8, "team", {.audience = kStaff, .column_width_em = 10}),
      field<&User::manager>(9, "manager", {.audience = kStaff}),
  };
  static constexpr auto publications =
      std::array{to_scope(ScopeKind::kPerson, 1), to_scope(ScopeKind::kContact, 5),
                 to_staff(StaffArea::kService), to_staff(StaffArea::kSales),
                 to_staff(StaffArea::kConfiguration)};
};

enum class DeviceKind : std::uint8_t { kBrowser, kKiosk, kField };
template <>
inline constexpr auto kNames<DeviceKind> =
    std::array<std::string_view, 3>{"browser", "kiosk", "field"};

// What visitors may do at a kiosk.
enum class KioskForm : std::uint8_t { kCheckIn, kOpenCase, kFeedback, kArticles, kBoard };
template <>
inline constexpr auto kNames<KioskForm> = std::array<std::string_view, 5>{
    "check_in", "open_case", "feedback", "articles", "board"};
using KioskForms = EnumSet<KioskForm>;

// Whether the browser promised to keep what the device holds.
enum class StorageState : std::uint8_t { kUnknown, kTemporary, kPersisted };
template <>
inline constexpr auto kNames<StorageState> =
    std::array<std::string_view, 3>{"unknown", "temporary", "persisted"};

struct Device {
  Id<Device> id;
  std::string name;
  DeviceKind kind = {};
  Id<Site> site;
  Id<User> user;
  std::string series;  // prefix of its own numbers: "K7"
  Bytes public_key;    // Ed25519; the private half never leaves the device
  Instant enrolled_at;
  Instant revoked_at;
  Id<Account> account;  // whose cases are opened here
  KioskForms forms;
  std::vector<std::string> languages;  // BCP 47, the first is spoken first
  Id<Calendar> calendar;               // when somebody is here
  std::int64_t idle_seconds = 0;       // until a visit is taken for over; 0: the default
  std::string revoke_reason;
  // Its health, as it last reported.
  Instant last_contact_at;
  std::int64_t waiting = 0;  // submissions that it has not handed over
  Instant oldest_waiting_at;
  StorageState storage = {};
  std::string app_version;
  std::int64_t drift_ms = 0;  // of its clock: positive, it runs behind the server's
  UnknownFields unknown;
};
template <>
struct Table<Device> {
  static constexpr EntityId id = 6;
  static constexpr std::string_view name = "device";
  static constexpr auto fields = std::array{
      field<&Device::id>(1, "id", {}),
      field<&Device::name>(2, "name", {.flags = kRequired, .column_width_em = 12}),
      field<&Device::kind>(3, "kind", {}),
      field<&Device::site>(4, "site", {.flags = kIndexed}),
      field<&Device::user>(5, "user", {.flags = kIndexed}),
      field<&Device::series>(6, "series", {.flags = kIndexed, .length_max = 8}),
      field<&Device::public_key>(7, "public_key", {.length_max = 1024}),
      field<&Device::enrolled_at>(8, "enrolled_at", {}),
      field<&Device::revoked_at>(9, "revoked_at", {}),
      field<&Device::account>(10, "account", {.audience = kStaff | kDeviceScope}),
      field<&Device::forms>(11, "forms", {.merge = Merge::kSet}),
      field<&Device::languages>(12, "languages", {.length_max = 20}),
      field<&Device::calendar>(13, "calendar", {}),
      field<&Device::idle_seconds>(14, "idle_seconds", {.minimum = 0, .maximum = 600}),
      field<&Device::revoke_reason>(15, "revoke_reason", {.audience = kStaff}),
      field<&Device::last_contact_at>(16, "last_contact_at",
                                      {.audience = kStaff, .column_width_em = 8}),
      field<&Device::waiting>(17, "waiting", {.audience = kStaff, .minimum = 0}),
      field<&Device::oldest_waiting_at>(18, "oldest_waiting_at", {.audience = kStaff}),
      field<&Device::storage>(19, "storage", {.audience = kStaff}),
      field<&Device::app_version>(20, "app_version", {.audience = kStaff, .length_max = 64}),
      field<&Device::drift_ms>(21, "drift_ms", {.audience = kStaff}),
  };
  static constexpr auto publications =
      std::array{to_scope(ScopeKind::kDevice, 1), to_scope(ScopeKind::kPerson, 5),
                 to_staff(StaffArea::kService), to_staff(StaffArea::kConfiguration)};
};

}  // namespace foyer
