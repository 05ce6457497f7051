#include "foyer/view/kiosks.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "foyer/base/sort.h"
#include "foyer/rules/access.h"

namespace foyer {
namespace {

constexpr std::string_view kFormTitles[] = {"Check in", "Open a case", "Rate a visit",
                                            "Read articles", "Board of numbers"};
constexpr KioskLanguage kLanguages[] = {
    {"en", "English"}, {"de", "German"}, {"fr", "French"}, {"ar", "Arabic"}};
constexpr std::string_view kStorageWords[] = {"Not known", "May be cleared by the browser",
                                              "Kept by the browser"};
constexpr std::size_t kChoicesMax = 2000;

struct Refusal {
  std::string_view field, detail, words;  // an empty field: any
};
constexpr Refusal kRefusals[] = {
    {"name", "required", "Give the kiosk a name, such as Front door."},
    {"site", "required", "Choose the site that it stands at."},
    {"account", "required", "Choose the account that its cases are opened on."},
    {"series", "required", "Give it letters of its own, such as K7: its numbers start with them."},
    {"forms", "required", "Choose at least one thing that visitors can do there."},
    {"languages", "required", "Choose at least one language."},
    {"reason", "required", "Say why: whoever asks later reads it."},
    {"reason", "too_long", "The reason is too long: at most 200 letters."},
    {"name", "too_long", "The name is too long: at most 60 letters."},
    {"series", "too_long", "The series is too long: at most 8 capitals and digits."},
    {"series", "not_a_series", "A series has capitals and digits alone, such as K7."},
    {"series", "series_in_use",
     "Another kiosk has or had this series. It belongs to one kiosk for ever, so that no number is "
     "given out twice: choose another one."},
    {"series", "series_is_fixed", "The series stays: the kiosk has given out numbers of it."},
    {"site", "not_found", "This site is not there any more: choose another one."},
    {"account", "not_found", "This account is not there any more: choose another one."},
    {"calendar", "not_found", "This calendar is not there any more: choose another one."},
    {"", "device_revoked", "This kiosk is revoked: nothing of it can be changed any more."},
    {"", "not_found", "This kiosk is not there any more."},
    {"", "role", "Your role may not do this."},
};

std::string clock_words(std::int64_t drift_ms) {
  const std::int64_t off = std::abs(drift_ms);
  if (off < kMsPerSecond) return "The same as the server's";
  const std::string span =
      off < kMsPerMinute ? std::to_string(off / kMsPerSecond) + " s" : span_words(off);
  return span + (drift_ms > 0 ? " slow" : " fast");
}

std::string name_or_nothing(const Reader& reader, Id<Site> id) {
  const auto site = get(reader, id);
  return site ? site->name : std::string();
}

void sort_by_label(std::vector<KioskChoice>& list) {
  sort_list(list, [](const KioskChoice& a, const KioskChoice& b) {
    return a.label != b.label ? a.label < b.label : a.id < b.id;
  });
  // A select tells its choices apart by their words.
  for (std::size_t i = 1; i < list.size(); ++i)
    if (list[i].label == list[i - 1].label) list[i].label += " " + to_string(list[i].id);
}

std::string waiting_words(const Device& device) {
  return device.waiting == 0 ? "nothing" : std::to_string(device.waiting);
}

std::string languages_words(const std::vector<std::string>& tags) {
  std::string words;
  for (const std::string& tag : tags) {
    std::string name = tag;
    for (const KioskLanguage& each : kLanguages)
      if (each.tag == tag) name = each.name;
    words += (words.empty() ? "" : ", ") + name;
  }
  return words;
}

std::string forms_words(KioskForms forms) {
  std::string words;
  for (std::size_t i = 0; i < std::size(kFormTitles); ++i)
    if (forms.has(static_cast<KioskForm>(i)))
      words += (words.empty() ? "" : ", ") + std::string(kFormTitles[i]);
  return words;
}

void add_fact(std::vector<CaseFact>& facts, std::string label, std::string text,
              Tone tone = Tone::kCalm) {
  if (!text.empty()) facts.push_back({std::move(label), std::move(text), tone});
}

void add_profile(const Reader& reader, KioskDetails& view) {
  const Device& row = view.row;
  const auto account = get(reader, row.account);
  const auto calendar = get(reader, row.calendar);
  add_fact(view.profile, "Site", name_or_nothing(reader, row.site));
  add_fact(view.profile, "Cases of", account ? account->name : std::string());
  add_fact(view.profile, "Numbers", row.series + "-001, " + row.series + "-002, ...");
  add_fact(view.profile, "Offers", forms_words(row.forms));
  add_fact(view.profile, "Speaks", languages_words(row.languages));
  add_fact(view.profile, "Staffed", calendar ? calendar->name : std::string("not said"));
  add_fact(view.profile, "Idle after", idle_words(row.idle_seconds));
}

void add_health(KioskDetails& view, Instant now, const TimeWords& words) {
  const Device& row = view.row;
  const std::int64_t quiet = now - row.last_contact_at;
  add_fact(view.health, "Set up", words.when(row.enrolled_at));
  add_fact(view.health, "Last contact", words.when(row.last_contact_at),
           view.is_revoked || quiet < kKioskQuietMs ? Tone::kCalm
           : quiet < kKioskSilentMs                 ? Tone::kNeed
                                                    : Tone::kLate);
  add_fact(view.health, "Not handed over", waiting_words(row));
  if (row.waiting > 0) add_fact(view.health, "The oldest of it", words.when(row.oldest_waiting_at));
  add_fact(view.health, "Storage",
           std::string(kStorageWords[static_cast<std::size_t>(row.storage)]),
           row.storage == StorageState::kTemporary ? Tone::kNeed : Tone::kCalm);
  add_fact(view.health, "Clock", clock_words(row.drift_ms),
           std::abs(row.drift_ms) > kKioskDriftMs ? Tone::kNeed : Tone::kCalm);
  add_fact(view.health, "Version", row.app_version);
}

// Reads {"key": text or whole number, ...}: the flat object that the answer is.
class FlatObject {
 public:
  explicit FlatObject(std::string_view text) : left_(text) {}

  // Calls take(key, value, is_text) for each pair; false if it is no such object.
  template <class Take>
  bool read(const Take& take) {
    if (!skip('{')) return false;
    do {
      std::string_view key, value;
      if (!text(key) || !skip(':')) return false;
      const bool is_text = text(value);
      if (!is_text && !number(value)) return false;
      take(key, value, is_text);
    } while (skip(','));
    return skip('}') && (blanks(), left_.empty());
  }

 private:
  void blanks() {
    const std::size_t from = left_.find_first_not_of(" \t\r\n");
    left_.remove_prefix(std::min(from, left_.size()));
  }
  bool skip(char c) {
    blanks();
    if (left_.empty() || left_[0] != c) return false;
    left_.remove_prefix(1);
    return true;
  }
  bool text(std::string_view& value) {
    blanks();
    const std::size_t end = left_.empty() || left_[0] != '"' ? std::string_view::npos
                                                             : left_.find('"', 1);
    if (end == std::string_view::npos) return false;
    value = left_.substr(1, end - 1);
    if (value.find('\\') != std::string_view::npos) return false;
    left_.remove_prefix(end + 1);
    return true;
  }
  bool number(std::string_view& value) {
    const std::size_t end = std::min(left_.find_first_not_of("0123456789"), left_.size());
    value = left_.substr(0, end);
    left_.remove_prefix(end);
    return end > 0;
  }

  std::string_view left_;
};

}  // namespace

bool may_keep_kiosks(const Actor& actor) {
  return actor.is_staff() && actor.roles.has_any_of(kKioskKeepers);
}

std::vector<KioskTrouble> kiosk_troubles(const Device& device, Instant now) {
  std::vector<KioskTrouble> list;
  if (!device.revoked_at.is_none() || device.enrolled_at.is_none()) return list;
  const std::int64_t quiet = now - device.last_contact_at;
  if (quiet >= kKioskQuietMs)
    list.push_back({"No contact for " + span_words(quiet),
                    quiet >= kKioskSilentMs ? Tone::kLate : Tone::kNeed});
  if (device.waiting > 0 && now - device.oldest_waiting_at >= kKioskQuietMs)
    list.push_back({std::to_string(device.waiting) + " not handed over, the oldest for " +
                        span_words(now - device.oldest_waiting_at),
                    Tone::kNeed});
  if (device.storage == StorageState::kTemporary)
    list.push_back({"Its browser may clear what it holds", Tone::kNeed});
  if (std::abs(device.drift_ms) > kKioskDriftMs)
    list.push_back({"Its clock is " + clock_words(device.drift_ms), Tone::kNeed});
  return list;
}

std::vector<KioskRow> kiosk_rows(const Reader& reader, Instant now, const TimeWords& words) {
  std::vector<Device> devices = all<Device>(reader);
  std::erase_if(devices, [](const Device& row) { return row.kind != DeviceKind::kKiosk; });
  sort_list(devices, [](const Device& a, const Device& b) {
    const bool a_gone = !a.revoked_at.is_none(), b_gone = !b.revoked_at.is_none();
    if (a_gone != b_gone) return b_gone;
    return a.name != b.name ? a.name < b.name : a.id < b.id;
  });
  std::vector<KioskRow> rows;
  for (const Device& device : devices) {
    KioskRow row{device.id,     device.name,
                 name_or_nothing(reader, device.site),
                 device.series, words.when(device.last_contact_at),
                 waiting_words(device), "In order", Tone::kGood};
    const auto troubles = kiosk_troubles(device, now);
    if (!troubles.empty()) {
      row.health = troubles[0].words;
      row.tone = troubles[0].tone;
      if (troubles.size() > 1)
        row.health += " (and " + std::to_string(troubles.size() - 1) + " more)";
    }
    if (device.enrolled_at.is_none()) row.health = "Waits for its code", row.tone = Tone::kBusy;
    if (device.last_contact_at.is_none()) row.contact = "never";
    if (!device.revoked_at.is_none()) row.health = "Revoked", row.tone = Tone::kCalm;
    rows.push_back(std::move(row));
  }
  return rows;
}

std::optional<KioskDetails> kiosk_view(const Reader& reader, const Actor& actor, Id<Device> id,
                                       Instant now, const TimeWords& words) {
  auto row = get(reader, id);
  if (!row || row->kind != DeviceKind::kKiosk) return std::nullopt;
  KioskDetails view;
  view.row = std::move(*row);
  view.is_enrolled = !view.row.enrolled_at.is_none();
  view.is_revoked = !view.row.revoked_at.is_none();
  view.may_keep = may_keep_kiosks(actor) && !view.is_revoked;
  view.troubles = kiosk_troubles(view.row, now);
  view.state = view.is_revoked ? "Revoked" : view.is_enrolled ? "In use" : "Waits for its code";
  view.tone = view.is_revoked ? Tone::kCalm : view.is_enrolled ? Tone::kGood : Tone::kBusy;
  add_profile(reader, view);
  if (view.is_enrolled) add_health(view, now, words);
  if (view.is_revoked) {
    add_fact(view.health, "Revoked", words.when(view.row.revoked_at));
    add_fact(view.health, "Why", view.row.revoke_reason);
  }
  return view;
}

SetUpKiosk profile_of(const Device& device) {
  return {device.id,    device.name,      device.site,     device.account,      device.series,
          device.forms, device.languages, device.calendar, device.idle_seconds, {}};
}

SetUpKiosk new_profile(const Reader& reader, Id<Device> device) {
  SetUpKiosk profile;
  profile.device = device;
  for (std::size_t i = 0; i < kNames<KioskForm>.size(); ++i)
    profile.forms.add(static_cast<KioskForm>(i));
  profile.languages = {"en"};
  for (int i = 1; i < 1000 && profile.series.empty(); ++i) {
    const std::string series = "K" + std::to_string(i);
    if (find<&Device::series>(reader, series, 1).empty()) profile.series = series;
  }
  return profile;
}

KioskChoices kiosk_choices(const Reader& reader) {
  KioskChoices choices;
  for (const Site& site : all<Site>(reader, kChoicesMax)) {
    const auto account = get(reader, site.account);
    choices.sites.push_back(
        {site.id, account ? site.name + " (" + account->name + ")" : site.name});
  }
  for (const Account& account : all<Account>(reader, kChoicesMax))
    choices.accounts.push_back({account.id, account.name});
  for (const Calendar& calendar : all<Calendar>(reader, kChoicesMax))
    choices.calendars.push_back({calendar.id, calendar.name});
  for (auto* list : {&choices.sites, &choices.accounts, &choices.calendars}) sort_by_label(*list);
  return choices;
}

std::string_view title_of(KioskForm form) { return kFormTitles[static_cast<std::size_t>(form)]; }

std::span<const KioskLanguage> kiosk_languages() { return kLanguages; }

std::string idle_words(std::int64_t seconds) {
  if (seconds == 0) return "a minute, as usual";
  if (seconds % 60 != 0) return std::to_string(seconds) + " seconds";
  return seconds == 60 ? "1 minute" : std::to_string(seconds / 60) + " minutes";
}

std::string device_code_question(Id<Device> device) {
  return "{\"device\":\"" + to_string(device) + "\"}";
}

std::optional<DeviceCode> parse_device_code(std::string_view json) {
  DeviceCode found;
  const bool is_object =
      FlatObject(json).read([&](std::string_view key, std::string_view value, bool is_text) {
        if (key == "code" && is_text) found.code = value;
        if (key == "expires_at" && !is_text)
          std::from_chars(value.data(), value.data() + value.size(), found.expires_at.ms);
      });
  if (!is_object || found.code.empty() || found.expires_at.is_none()) return std::nullopt;
  return found;
}

std::string device_code_failure_words(int status) {
  switch (status) {
    case 0: return "The server could not be reached: a code needs it. Try again.";
    case 401: return "You are signed out. Reload the page and sign in.";
    case 403: return "Your role may not set kiosks up, or the page is too old: reload it.";
    case 404:
      return "The server does not know this kiosk yet. It was set up on this device a moment ago: "
             "try again when everything is saved.";
    case 409: return "This kiosk is set up at a device already, or it is revoked.";
    case 429: return "Too many codes were asked for. Wait a few minutes and try again.";
    case 503: return "The server is busy. Try again in a moment.";
    default: return "The server answered with an error (" + std::to_string(status) + ").";
  }
}

std::string kiosk_refusal_words(const Error& error) {
  for (const Refusal& each : kRefusals)
    if (each.detail == error.detail && (each.field.empty() || each.field == error.field))
      return std::string(each.words);
  return "This could not be done (" + error.detail + ").";
}

}  // namespace foyer
