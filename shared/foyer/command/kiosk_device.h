// The life of a kiosk: kiosk.set_up and device.revoke by people; device.enrol and device.report by
// the server, for the device that spoke to it.
// Invariants: a series belongs to one device for ever, so that no number is given out twice; a
// device is enrolled once, with one key. What lost its key, or was revoked, never comes back: a new
// device with a series of its own takes its place.
#pragma once

#include "foyer/command/command.h"
#include "foyer/command/roles.h"
#include "foyer/model/service.h"

namespace foyer {

inline constexpr Roles kKioskKeepers = kLeads | Roles{Role::kAdmin};

// Makes the device or changes its profile. Until it is enrolled it can do nothing.
struct SetUpKiosk {
  Id<Device> device;
  std::string name;
  Id<Site> site;
  Id<Account> account;
  std::string series;  // capitals and digits; fixed once the device is enrolled
  KioskForms forms;
  std::vector<std::string> languages;
  Id<Calendar> calendar;
  std::int64_t idle_seconds = 0;
  UnknownFields unknown;
};
template <>
struct Table<SetUpKiosk> {
  static constexpr std::string_view name = "kiosk.set_up";
  static constexpr auto fields = std::array{
      field<&SetUpKiosk::device>(1, "device", {.flags = kRequired}),
      field<&SetUpKiosk::name>(2, "name", {.flags = kRequired, .length_max = 60}),
      field<&SetUpKiosk::site>(3, "site", {.flags = kRequired}),
      field<&SetUpKiosk::account>(4, "account", {.flags = kRequired}),
      field<&SetUpKiosk::series>(5, "series", {.flags = kRequired, .length_max = 8}),
      field<&SetUpKiosk::forms>(6, "forms", {.flags = kRequired}),
      field<&SetUpKiosk::languages>(7, "languages", {.flags = kRequired, .length_max = 20}),
      field<&SetUpKiosk::calendar>(8, "calendar", {}),
      field<&SetUpKiosk::idle_seconds>(9, "idle_seconds", {.minimum = 0, .maximum = 600}),
  };
};
Result<void> check(const SetUpKiosk& args, const Reader& reader, const Context& context);
void apply(const SetUpKiosk& args, Writer& writer, const Context& context);

// Again with the same key does nothing; kConflict "already_enrolled" with another.
struct EnrolDevice {
  Id<Device> device;
  Bytes public_key;  // Ed25519, 32 bytes
  std::string app_version;
  UnknownFields unknown;
};
template <>
struct Table<EnrolDevice> {
  static constexpr std::string_view name = "device.enrol";
  static constexpr auto fields = std::array{
      field<&EnrolDevice::device>(1, "device", {.flags = kRequired}),
      field<&EnrolDevice::public_key>(2, "public_key", {.flags = kRequired, .length_max = 32}),
      field<&EnrolDevice::app_version>(3, "app_version", {.length_max = 64}),
  };
};
Result<void> check(const EnrolDevice& args, const Reader& reader, const Context& context);
void apply(const EnrolDevice& args, Writer& writer, const Context& context);

struct ReportDevice {
  std::int64_t waiting = 0;  // submissions that it has not handed over
  Instant oldest_waiting_at;
  StorageState storage = {};
  std::string app_version;
  std::int64_t drift_ms = 0;  // positive: its clock runs behind the server's
  UnknownFields unknown;
};
template <>
struct Table<ReportDevice> {
  static constexpr std::string_view name = "device.report";
  static constexpr auto fields = std::array{
      field<&ReportDevice::waiting>(1, "waiting", {.minimum = 0, .maximum = 1000000}),
      field<&ReportDevice::oldest_waiting_at>(2, "oldest_waiting_at", {}),
      field<&ReportDevice::storage>(3, "storage", {}),
      field<&ReportDevice::app_version>(4, "app_version", {.length_max = 64}),
      field<&ReportDevice::drift_ms>(5, "drift_ms", {}),
  };
};
Result<void> check(const ReportDevice& args, const Reader& reader, const Context& context);
void apply(const ReportDevice& args, Writer& writer, const Context& context);

struct RevokeDevice {
  Id<Device> device;
  std::string reason;
  UnknownFields unknown;
};
template <>
struct Table<RevokeDevice> {
  static constexpr std::string_view name = "device.revoke";
  static constexpr auto fields = std::array{
      field<&RevokeDevice::device>(1, "device", {.flags = kRequired}),
      field<&RevokeDevice::reason>(2, "reason", {.flags = kRequired, .length_max = 200}),
  };
};
Result<void> check(const RevokeDevice& args, const Reader& reader, const Context& context);
void apply(const RevokeDevice& args, Writer& writer, const Context& context);

}  // namespace foyer
