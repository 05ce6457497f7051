#include "screen/kiosk_desk.h"

#include "portal/desk.h"

namespace foyer::portal {
namespace {

constexpr std::string_view kLead = "priya@foyer.example";

// A desk on the page of kiosks, with one site.
class KioskRoom : public Desk {
 public:
  explicit KioskRoom(std::string_view email = kLead, float width = 1280) : Desk(email, width) {
    for (const Device& row : all<Device>(port.store()))
      port.store().erase(entity_of<Device>(), row.id);
    Site site;
    site.id = Id<Site>(derive_uuid(Uuid(), "site"));
    site.account = all<Account>(port.store(), 1).front().id;
    site.name = "Leeds";
    put(port.store(), site);
    go({});
  }
  void go(Uuid selected) {
    PortalRoute route;
    route.screen = Screen::kKiosks;
    route.selected = selected;
    app.go(route);
    app.rows_changed();
    frame();
  }
  Device add(std::string_view name, bool is_enrolled) {
    Device row;
    row.id = Id<Device>(derive_uuid(Uuid(), name));
    row.kind = DeviceKind::kKiosk;
    row.name = name;
    row.series = "K7";
    row.site = Id<Site>(derive_uuid(Uuid(), "site"));
    row.account = all<Account>(port.store(), 1).front().id;
    row.forms = {KioskForm::kCheckIn};
    row.languages = {"en"};
    if (is_enrolled) row.enrolled_at = row.last_contact_at = DeskPort::kNow - kMsPerMinute;
    put(port.store(), row);
    go(row.id);
    return row;
  }
  Device now_is(Id<Device> id) { return *get(port.store(), id); }
  void choose_first(std::string_view select) {
    const Node* node = find("combobox", select);
    ASSERT_NE(node, nullptr) << select << "\n" << everything();
    ASSERT_GT(node->cells.size(), 1u) << select;
    ui().set_text(node->id, node->cells[1]);
    frame();
  }
  void answer(int status, std::string_view body) {
    ASSERT_FALSE(port.questions.empty());
    app.answered(port.questions.back().id, status, body);
    frame();
  }
};

TEST(KioskDesk, AKioskIsSetUpWithItsProfile) {
  KioskRoom room;
  EXPECT_TRUE(room.shows("No kiosk yet")) << room.everything();
  room.press("Set up a kiosk");
  EXPECT_EQ(room.find("textbox", "Series of its numbers, such as K7")->value, "K1");
  room.write("Name of the kiosk, such as Front door", "Front door");
  room.write("Series of its numbers, such as K7", "f2");
  room.choose_first("Site where it stands");
  room.choose_first("Account that its cases are opened on");
  room.press("Board of numbers: yes");
  room.press("English: yes");
  room.press("Arabic: no");
  room.press("English: no");
  room.ui().set_text("kiosks/idle", "90 seconds");
  room.frame();
  room.press("Set it up");
  const Id<Device> id(room.app.route().selected);
  const Device row = room.now_is(id);
  EXPECT_EQ(row.name, "Front door");
  EXPECT_EQ(row.series, "F2");
  EXPECT_EQ(row.kind, DeviceKind::kKiosk);
  EXPECT_TRUE(row.forms.has(KioskForm::kCheckIn));
  EXPECT_FALSE(row.forms.has(KioskForm::kBoard));
  EXPECT_EQ(row.languages, (std::vector<std::string>{"ar", "en"}));
  EXPECT_EQ(row.idle_seconds, 90);
  EXPECT_TRUE(room.shows("Front door is set up here.")) << room.everything();
  EXPECT_NE(room.find("button", "Show its one-time code"), nullptr) << room.everything();
}

TEST(KioskDesk, WhatIsMissingIsSaidAndWhatWasTypedStays) {
  KioskRoom room;
  room.press("Set up a kiosk");
  room.press("Set it up");
  EXPECT_TRUE(room.shows("Give the kiosk a name")) << room.everything();
  room.write("Name of the kiosk, such as Front door", "Front door");
  room.press("Set it up");
  EXPECT_TRUE(room.shows("Choose the site")) << room.everything();
  EXPECT_EQ(room.find("textbox", "Name of the kiosk, such as Front door")->value, "Front door");
  EXPECT_TRUE(all<Device>(room.port.store()).empty());
}

TEST(KioskDesk, ASeriesIsNotGivenOutTwice) {
  KioskRoom room;
  room.add("Front door", true);
  room.press("Set up a kiosk");
  room.write("Name of the kiosk, such as Front door", "Back door");
  room.write("Series of its numbers, such as K7", "K7");
  room.choose_first("Site where it stands");
  room.choose_first("Account that its cases are opened on");
  room.press("Set it up");
  EXPECT_TRUE(room.shows("Another kiosk has or had this series")) << room.everything();
  EXPECT_EQ(all<Device>(room.port.store()).size(), 1u);
}

TEST(KioskDesk, TheCodeIsAskedForShownAndForgotten) {
  KioskRoom room;
  const Device row = room.add("Front door", false);
  room.press("Show its one-time code");
  ASSERT_EQ(room.port.questions.size(), 1u);
  EXPECT_EQ(room.port.questions[0].path, "/staff/api/device-code");
  EXPECT_EQ(room.port.questions[0].body, "{\"device\":\"" + to_string(row.id) + "\"}");
  EXPECT_TRUE(room.port.questions[0].file.empty());
  const std::int64_t until = DeskPort::kNow.ms + 30 * kMsPerMinute;
  room.answer(200, "{\"code\":\"7KQ4-M2XP\",\"expires_at\":" + std::to_string(until) + "}");
  EXPECT_TRUE(room.shows("7KQ4-M2XP")) << room.everything();
  EXPECT_TRUE(room.shows("Valid until " + std::to_string(until))) << room.everything();
  EXPECT_TRUE(room.shows("/kiosk/")) << room.everything();
  room.go({});
  room.go(row.id);
  EXPECT_FALSE(room.shows("7KQ4-M2XP")) << "who comes by later reads no code";
}

TEST(KioskDesk, ACodeThatRanOutOrWasUsedIsNotShown) {
  KioskRoom room;
  Device row = room.add("Front door", false);
  room.press("Show its one-time code");
  room.answer(200, "{\"code\":\"7KQ4-M2XP\",\"expires_at\":5}");
  EXPECT_FALSE(room.shows("7KQ4-M2XP"));
  EXPECT_TRUE(room.shows("The code is not valid any more")) << room.everything();
  room.press("Another code");
  room.answer(200, "{\"code\":\"AAAA-BBBB\",\"expires_at\":9999999999999}");
  EXPECT_TRUE(room.shows("AAAA-BBBB"));
  row.enrolled_at = row.last_contact_at = DeskPort::kNow;
  put(room.port.store(), row);
  room.app.rows_changed();
  room.frame();
  EXPECT_FALSE(room.shows("AAAA-BBBB"));
  EXPECT_TRUE(room.shows("Front door is set up: the code was used.")) << room.everything();
  EXPECT_EQ(room.find("button", "Show its one-time code"), nullptr);
}

TEST(KioskDesk, WhatTheServerRefusesIsSaidInWords) {
  KioskRoom room;
  room.add("Front door", false);
  room.press("Show its one-time code");
  room.answer(0, "");
  EXPECT_TRUE(room.shows("The server could not be reached")) << room.everything();
  room.press("Show its one-time code");
  room.answer(200, "<html>");
  EXPECT_TRUE(room.shows("could not be read")) << room.everything();
}

TEST(KioskDesk, AnAnswerAboutAnotherKioskIsDropped) {
  KioskRoom room;
  const Device first = room.add("Front door", false);
  room.press("Show its one-time code");
  Device second = first;
  second.id = Id<Device>(derive_uuid(Uuid(), "second"));
  second.series = "K8";
  put(room.port.store(), second);
  room.go(second.id);
  room.answer(200, "{\"code\":\"7KQ4-M2XP\",\"expires_at\":9999999999999}");
  EXPECT_FALSE(room.shows("7KQ4-M2XP")) << room.everything();
}

TEST(KioskDesk, RevokingSaysWhatItDoesAndNeedsAReason) {
  KioskRoom room;
  const Device row = room.add("Front door", true);
  room.press("Revoke");
  EXPECT_TRUE(room.shows("The device forgets everything")) << room.everything();
  room.press("Revoke Front door for good");
  EXPECT_TRUE(room.shows("Say why")) << room.everything();
  EXPECT_TRUE(room.now_is(row.id).revoked_at.is_none());
  room.write("Why it is revoked", "Stolen");
  room.press("Revoke Front door for good");
  EXPECT_FALSE(room.now_is(row.id).revoked_at.is_none());
  EXPECT_EQ(room.now_is(row.id).revoke_reason, "Stolen");
  EXPECT_EQ(room.find("button", "Revoke"), nullptr) << room.everything();
  EXPECT_EQ(room.find("button", "Change"), nullptr);
}

TEST(KioskDesk, AKioskInUseChangesButForItsSeries) {
  KioskRoom room;
  const Device row = room.add("Front door", true);
  room.press("Change");
  EXPECT_EQ(room.find("textbox", "Series of its numbers, such as K7"), nullptr);
  room.write("Name of the kiosk, such as Front door", "Main door");
  room.press("Save the changes");
  EXPECT_EQ(room.now_is(row.id).name, "Main door");
  EXPECT_EQ(room.now_is(row.id).enrolled_at, row.enrolled_at);
  EXPECT_TRUE(room.shows("The changes are saved.")) << room.everything();
}

TEST(KioskDesk, OnlyItsKeepersSeeThem) {
  EXPECT_EQ(KioskRoom("ana@foyer.example").find("link", "Kiosks"), nullptr);
  KioskRoom agent("ana@foyer.example");
  EXPECT_TRUE(agent.shows("Your role may not keep kiosks")) << agent.everything();
  EXPECT_EQ(agent.find("button", "Set up a kiosk"), nullptr);
  KioskRoom admin("admin@foyer.example");
  EXPECT_NE(admin.find("link", "Kiosks"), nullptr);
  EXPECT_NE(admin.find("button", "Set up a kiosk"), nullptr);
  EXPECT_EQ(admin.find("link", "Visitors"), nullptr) << "who configures reads no visits";
}

TEST(KioskDesk, AllOfItFitsANarrowScreen) {
  KioskRoom room(kLead, 390);
  room.add("Front door", true);
  EXPECT_NE(room.find("button", "Back to the list"), nullptr) << room.everything();
  room.press("Change");
  for (const Node& node : room.semantics().nodes())
    EXPECT_LE(node.at.x + node.at.width, 391) << node.role << " " << node.name;
  room.press("Never mind");
  room.press("Back to the list");
  EXPECT_TRUE(room.app.route().selected.is_null());
}

}  // namespace
}  // namespace foyer::portal
