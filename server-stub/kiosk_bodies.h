// What kiosks and the portal's device page send as JSON, as field tables, so that the strict reader
// of foyer/schema/json.h reads it. Not commands: they become some.
#pragma once

#include "foyer/model/people.h"

namespace foyer::server {

struct DeviceCodeBody {
  Id<Device> device;
  UnknownFields unknown;
};

struct EnrolBody {
  std::string code;     // as somebody typed it
  std::string key;      // base64url of the Ed25519 public key
  std::string version;  // of the program in the kiosk
  UnknownFields unknown;
};

struct KioskSessionBody {
  Id<Device> device;
  std::string nonce;
  std::string signature;  // base64url
  std::string version;
  std::int64_t waiting = 0;
  std::int64_t oldest = 0;  // Instant in milliseconds
  StorageState storage = {};
  std::int64_t drift_ms = 0;
  UnknownFields unknown;
};

}  // namespace foyer::server

namespace foyer {

template <>
struct Table<server::DeviceCodeBody> {
  using Body = server::DeviceCodeBody;
  static constexpr std::string_view name = "device_code";
  static constexpr auto fields = std::array{field<&Body::device>(1, "device", {})};
};

template <>
struct Table<server::EnrolBody> {
  using Body = server::EnrolBody;
  static constexpr std::string_view name = "kiosk_enrol";
  static constexpr auto fields =
      std::array{field<&Body::code>(1, "code", {}), field<&Body::key>(2, "key", {}),
                 field<&Body::version>(3, "version", {.length_max = 64})};
};

template <>
struct Table<server::KioskSessionBody> {
  using Body = server::KioskSessionBody;
  static constexpr std::string_view name = "kiosk_session";
  static constexpr auto fields = std::array{
      field<&Body::device>(1, "device", {}),
      field<&Body::nonce>(2, "nonce", {}),
      field<&Body::signature>(3, "signature", {}),
      field<&Body::version>(4, "version", {.length_max = 64}),
      field<&Body::waiting>(5, "waiting", {.minimum = 0}),
      field<&Body::oldest>(6, "oldest", {.minimum = 0}),
      field<&Body::storage>(7, "storage", {}),
      field<&Body::drift_ms>(8, "drift_ms", {}),
  };
};

}  // namespace foyer
