#include "foyer/command/kiosk_device.h"

namespace foyer {
namespace {

constexpr std::size_t kPublicKeySize = 32;  // RFC 8032, section 5.1.5

Result<Device> kiosk_named(const Reader& reader, Id<Device> id) {
  auto device = get(reader, id);
  if (!device || device->kind != DeviceKind::kKiosk)
    return fail(ErrorCode::kNotFound, "device", "not_found");
  if (!device->revoked_at.is_none()) return fail(ErrorCode::kConflict, "device", "device_revoked");
  return std::move(*device);
}

bool is_series(std::string_view text) {
  for (const char c : text)
    if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))) return false;
  return !text.empty();
}

template <class T>
Result<void> check_there(const Reader& reader, Id<T> id, std::string field) {
  if (!get(reader, id)) return fail(ErrorCode::kNotFound, std::move(field), "not_found");
  return {};
}

// A series is taken by a device that this actor may not see, too: only `kKioskKeepers` come here,
// and they see all devices.
Result<void> check_series(const SetUpKiosk& args, const Reader& reader, const Device* before) {
  if (before != nullptr && before->series == args.series) return {};
  if (!is_series(args.series)) return fail(ErrorCode::kInvalid, "series", "not_a_series");
  if (before != nullptr && !before->enrolled_at.is_none())
    return fail(ErrorCode::kConflict, "series", "series_is_fixed");
  if (!find<&Device::series>(reader, args.series, 1).empty())
    return fail(ErrorCode::kConflict, "series", "series_in_use");
  return {};
}

}  // namespace

Result<void> check(const SetUpKiosk& args, const Reader& reader, const Context&) {
  FOYER_TRY(check_there(reader, args.site, "site"));
  FOYER_TRY(check_there(reader, args.account, "account"));
  if (!args.calendar.is_null()) FOYER_TRY(check_there(reader, args.calendar, "calendar"));
  if (!reader.is_taken(entity_of<Device>(), args.device))
    return check_series(args, reader, nullptr);
  const auto before = kiosk_named(reader, args.device);
  if (!before) return std::unexpected(before.error());
  return check_series(args, reader, &*before);
}

void apply(const SetUpKiosk& args, Writer& writer, const Context&) {
  Device row = get(writer, args.device).value_or(Device());
  row.id = args.device;
  row.kind = DeviceKind::kKiosk;
  row.name = args.name;
  row.site = args.site;
  row.account = args.account;
  row.series = args.series;
  row.forms = args.forms;
  row.languages = args.languages;
  row.calendar = args.calendar;
  row.idle_seconds = args.idle_seconds;
  put(writer, row);
}

Result<void> check(const EnrolDevice& args, const Reader& reader, const Context&) {
  if (args.public_key.data.size() != kPublicKeySize)
    return fail(ErrorCode::kInvalid, "public_key", "wrong_shape");
  const auto device = kiosk_named(reader, args.device);
  if (!device) return std::unexpected(device.error());
  if (!device->enrolled_at.is_none() && device->public_key != args.public_key)
    return fail(ErrorCode::kConflict, "device", "already_enrolled");
  return {};
}

void apply(const EnrolDevice& args, Writer& writer, const Context& context) {
  Device row = *get(writer, args.device);
  if (!row.enrolled_at.is_none()) return;
  row.public_key = args.public_key;
  row.enrolled_at = context.now;
  row.last_contact_at = context.now;
  row.app_version = args.app_version;
  put(writer, row);
}

Result<void> check(const ReportDevice&, const Reader& reader, const Context& context) {
  const auto device = kiosk_named(reader, context.actor.device);
  if (!device) return std::unexpected(device.error());
  return {};
}

void apply(const ReportDevice& args, Writer& writer, const Context& context) {
  Device row = *get(writer, context.actor.device);
  row.last_contact_at = context.now;
  row.waiting = args.waiting;
  row.oldest_waiting_at = args.oldest_waiting_at;
  row.storage = args.storage;
  row.app_version = args.app_version;
  row.drift_ms = args.drift_ms;
  put(writer, row);
}

Result<void> check(const RevokeDevice& args, const Reader& reader, const Context&) {
  const auto device = get(reader, args.device);
  if (!device) return fail(ErrorCode::kNotFound, "device", "not_found");
  if (!device->revoked_at.is_none()) return fail(ErrorCode::kConflict, "device", "device_revoked");
  return {};
}

void apply(const RevokeDevice& args, Writer& writer, const Context& context) {
  Device row = *get(writer, args.device);
  row.revoked_at = context.now;
  row.revoke_reason = args.reason;
  put(writer, row);
}

}  // namespace foyer
