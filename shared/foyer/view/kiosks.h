// What the staff portal shows of kiosks: the list with their health, one kiosk, the choices of its
// profile, and the one-time code that the server gives. Plain structs and strings; no drawing.
#pragma once

#include "foyer/command/kiosk_device.h"
#include "foyer/view/arrivals.h"

namespace foyer {

bool may_keep_kiosks(const Actor& actor);

// From here on it is marked.
inline constexpr std::int64_t kKioskQuietMs = kMsPerHour;
inline constexpr std::int64_t kKioskSilentMs = kMsPerDay;
inline constexpr std::int64_t kKioskDriftMs = 2 * kMsPerMinute;

// What is not well with it, in words; the worst first.
struct KioskTrouble {
  std::string words;
  Tone tone = Tone::kNeed;
};
std::vector<KioskTrouble> kiosk_troubles(const Device& device, Instant now);

struct KioskRow {
  Id<Device> id;
  std::string name, site, series, contact, waiting;
  std::string health;  // "In order", "No contact for 3 h (and 1 more)", "Revoked"
  Tone tone = Tone::kCalm;
};
// By name; those that are revoked come last.
std::vector<KioskRow> kiosk_rows(const Reader& reader, Instant now, const TimeWords& words);

struct KioskDetails {
  Device row;
  std::string state;
  Tone tone = Tone::kCalm;
  std::vector<KioskTrouble> troubles;
  std::vector<CaseFact> profile, health;
  bool is_enrolled = false, is_revoked = false;
  bool may_keep = false;
};
std::optional<KioskDetails> kiosk_view(const Reader& reader, const Actor& actor, Id<Device> id,
                                       Instant now, const TimeWords& words);

// The profile that a kiosk has, and the one that a new kiosk starts with.
SetUpKiosk profile_of(const Device& device);
SetUpKiosk new_profile(const Reader& reader, Id<Device> device);

struct KioskChoice {
  Uuid id;
  std::string label;  // one of a kind
};
struct KioskChoices {
  std::vector<KioskChoice> sites, accounts, calendars;
};
KioskChoices kiosk_choices(const Reader& reader);

std::string_view title_of(KioskForm form);
struct KioskLanguage {
  std::string_view tag, name;
};
std::span<const KioskLanguage> kiosk_languages();
std::string idle_words(std::int64_t seconds);
inline constexpr std::int64_t kIdleChoices[] = {0, 30, 45, 60, 90, 120, 180, 300};

// The body of POST /staff/api/device-code, and its answer.
std::string device_code_question(Id<Device> device);
struct DeviceCode {
  std::string code;  // "7KQ4-M2XP"
  Instant expires_at;
};
// Nothing unless it is {"code": text, "expires_at": milliseconds}; other keys are passed over.
std::optional<DeviceCode> parse_device_code(std::string_view json);
std::string device_code_failure_words(int status);

// Why a command about a kiosk was refused, for people.
std::string kiosk_refusal_words(const Error& error);

}  // namespace foyer
