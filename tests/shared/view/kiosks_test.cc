#include "foyer/view/kiosks.h"

#include <gtest/gtest.h>

#include "shared/view/demo_rows.h"

namespace foyer {
namespace {

const PlainWords kWords;
constexpr Instant kNow = DemoRows::kStart;

Device kiosk(std::string_view name) {
  Device row;
  row.id = Id<Device>(derive_uuid(Uuid(), name));
  row.kind = DeviceKind::kKiosk;
  row.name = name;
  row.series = "K7";
  row.enrolled_at = kNow - 30 * kMsPerDay;
  row.last_contact_at = kNow - kMsPerMinute;
  row.storage = StorageState::kPersisted;
  return row;
}

// The demonstration without kiosks of its own.
struct Rows : DemoRows {
  Rows() {
    for (const Device& row : all<Device>(store)) store.erase(entity_of<Device>(), row.id);
  }
};

std::string troubles_of(const Device& device) {
  std::string words;
  for (const KioskTrouble& trouble : kiosk_troubles(device, kNow)) words += trouble.words + ";";
  return words;
}

TEST(Kiosks, WhatIsNotWellIsSaidInWordsAndTheWorstComesFirst) {
  Device device = kiosk("Front door");
  EXPECT_EQ(troubles_of(device), "");
  device.last_contact_at = kNow - kKioskQuietMs + 1;
  EXPECT_EQ(troubles_of(device), "");
  device.last_contact_at = kNow - kKioskQuietMs;
  EXPECT_EQ(troubles_of(device), "No contact for 1 h;");
  EXPECT_EQ(kiosk_troubles(device, kNow)[0].tone, Tone::kNeed);
  device.last_contact_at = kNow - kKioskSilentMs;
  EXPECT_EQ(kiosk_troubles(device, kNow)[0].tone, Tone::kLate);
  device.waiting = 12;
  device.oldest_waiting_at = kNow - 3 * kMsPerHour;
  device.storage = StorageState::kTemporary;
  device.drift_ms = -5 * kMsPerMinute;
  EXPECT_EQ(troubles_of(device),
            "No contact for 1 d;12 not handed over, the oldest for 3 h;"
            "Its browser may clear what it holds;Its clock is 5 min fast;");
}

TEST(Kiosks, WhatHasJustBeenWrittenIsNoTrouble) {
  Device device = kiosk("Front door");
  device.waiting = 1;
  device.oldest_waiting_at = kNow - kMsPerMinute;
  device.drift_ms = kKioskDriftMs;
  EXPECT_EQ(troubles_of(device), "");
}

TEST(Kiosks, ThoseInUseComeByNameAndTheRevokedLast) {
  Rows demo;
  put(demo.store, kiosk("B"));
  Device silent = kiosk("A");
  silent.last_contact_at = kNow - 2 * kMsPerDay;
  silent.drift_ms = kMsPerHour;
  put(demo.store, silent);
  Device gone = kiosk("A gone");
  gone.revoked_at = kNow;
  gone.last_contact_at = kNow - 9 * kMsPerDay;
  put(demo.store, gone);
  Device waiting = kiosk("C");
  waiting.enrolled_at = waiting.last_contact_at = {};
  put(demo.store, waiting);
  Device browser = kiosk("a browser");
  browser.kind = DeviceKind::kBrowser;
  put(demo.store, browser);
  std::string lines;
  for (const KioskRow& row : kiosk_rows(demo.store, kNow, kWords))
    lines += row.name + ": " + row.health + ", " + row.waiting + "\n";
  EXPECT_EQ(lines,
            "A: No contact for 2 d (and 1 more), nothing\nB: In order, nothing\n"
            "C: Waits for its code, nothing\nA gone: Revoked, nothing\n");
}

TEST(Kiosks, OneKioskSaysItsProfileItsHealthAndWhoMayChangeIt) {
  Rows demo;
  Device device = kiosk("Front door");
  device.forms = {KioskForm::kCheckIn, KioskForm::kBoard};
  device.languages = {"de", "en"};
  device.idle_seconds = 90;
  put(demo.store, device);
  const Actor lead = demo.actor_named("priya@foyer.example");
  const auto view = kiosk_view(demo.store, lead, device.id, kNow, kWords);
  ASSERT_TRUE(view);
  EXPECT_TRUE(view->may_keep);
  EXPECT_FALSE(kiosk_view(demo.store, demo.actor_named("ana@foyer.example"), device.id, kNow,
                          kWords)->may_keep);
  std::string facts;
  for (const auto* list : {&view->profile, &view->health})
    for (const CaseFact& fact : *list) facts += fact.label + ": " + fact.text + "\n";
  for (const char* line : {"Offers: Check in, Board of numbers\n", "Speaks: German, English\n",
                           "Idle after: 90 seconds\n", "Numbers: K7-001,",
                           "Not handed over: nothing", "Storage: Kept by the browser",
                           "Clock: The same as the server's"})
    EXPECT_NE(facts.find(line), std::string::npos) << line << "\n" << facts;
  device.revoked_at = kNow;
  device.revoke_reason = "Stolen";
  put(demo.store, device);
  const auto gone = kiosk_view(demo.store, lead, device.id, kNow, kWords);
  EXPECT_FALSE(gone->may_keep);
  EXPECT_EQ(gone->health.back().text, "Stolen");
}

TEST(Kiosks, ANewOneStartsWithASeriesThatIsFree) {
  Rows demo;
  for (const char* series : {"K1", "K2"}) {
    Device device = kiosk(series);
    device.series = series;
    put(demo.store, device);
  }
  const SetUpKiosk profile = new_profile(demo.store, Id<Device>(derive_uuid(Uuid(), "new")));
  EXPECT_EQ(profile.series, "K3");
  EXPECT_TRUE(profile.forms.has(KioskForm::kBoard));
  const Device device = kiosk("Front door");
  EXPECT_EQ(profile_of(device).name, device.name);
  EXPECT_EQ(profile_of(device).series, device.series);
}

TEST(Kiosks, TheCodeIsReadFromTheServersAnswerAndNothingElseIs) {
  const auto code = parse_device_code("{\"code\":\"7KQ4-M2XP\",\"expires_at\":1764160000000}");
  ASSERT_TRUE(code);
  EXPECT_EQ(code->code, "7KQ4-M2XP");
  EXPECT_EQ(code->expires_at, Instant{1764160000000});
  EXPECT_TRUE(parse_device_code(" { \"expires_at\" : 5 , \"code\" : \"A\", \"more\":\"x\" }\n"));
  for (const char* answer :
       {"", "{}", "[]", "{\"code\":\"7KQ4-M2XP\"}", "{\"expires_at\":5}",
        "{\"code\":5,\"expires_at\":5}",
        "{\"code\":\"A\",\"expires_at\":\"5\"}", "{\"code\":\"A\",\"expires_at\":5",
        "{\"code\":\"A\",\"expires_at\":5} x", "{\"code\":\"A\",\"expires_at\":5,}",
        "{\"code\":\"A\\n\",\"expires_at\":5}", "{\"code\":\"A\",\"expires_at\":-5}",
        "{\"code\":\"A\",\"expires_at\":99999999999999999999}"})
    EXPECT_FALSE(parse_device_code(answer)) << answer;
  const Id<Device> id(derive_uuid(Uuid(), "k7"));
  EXPECT_EQ(device_code_question(id), "{\"device\":\"" + to_string(id) + "\"}");
}

TEST(Kiosks, RefusalsAreSaidInWords) {
  constexpr std::pair<const char*, const char*> refusals[] = {
      {"series", "series_in_use"}, {"series", "not_a_series"},   {"name", "required"},
      {"site", "not_found"},       {"device", "device_revoked"}};
  for (const auto& [field, detail] : refusals) {
    const std::string words = kiosk_refusal_words({ErrorCode::kInvalid, field, detail});
    EXPECT_EQ(words.find(detail), std::string::npos) << words;
  }
  EXPECT_NE(kiosk_refusal_words({ErrorCode::kInvalid, "x", "new_trouble"}).find("new_trouble"),
            std::string::npos);
  for (const int status : {0, 401, 403, 404, 409, 429, 503})
    EXPECT_EQ(device_code_failure_words(status).find(std::to_string(status) + ")"),
              std::string::npos);
}

TEST(Kiosks, ChoicesWithTheSameWordsAreToldApart) {
  MemoryStore store(Numbering::kAuthority);
  for (const char* name : {"one", "two"}) {
    Account account;
    account.id = Id<Account>(derive_uuid(Uuid(), name));
    account.name = "Acme";
    put(store, account);
  }
  const auto choices = kiosk_choices(store);
  ASSERT_EQ(choices.accounts.size(), 2u);
  EXPECT_NE(choices.accounts[0].label, choices.accounts[1].label);
}

}  // namespace
}  // namespace foyer
