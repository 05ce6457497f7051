#include "foyer/command/kiosk_device.h"

#include <gtest/gtest.h>

#include "shared/command/desk.h"

namespace foyer {
namespace {

struct Lobby : Desk {
  Id<Site> site = id<Site>("lobby");
  Id<Device> device = id<Device>("k7");

  Lobby() {
    Site row;
    row.id = site;
    row.name = "Lobby";
    row.account = account;
    put(store, row);
  }
  SetUpKiosk profile() const {
    SetUpKiosk args;
    args.device = device;
    args.name = "Kiosk at the door";
    args.site = site;
    args.account = account;
    args.series = "K7";
    args.forms = {KioskForm::kCheckIn};
    args.languages = {"en", "de"};
    return args;
  }
  EnrolDevice enrolment(char key = 'k') const {
    return {device, {std::string(32, key)}, "1.2", {}};
  }
  Device row() const { return *get(store, device); }
};

TEST(KioskDevice, IsSetUpThenEnrolledThenActsThenIsRevoked) {
  Lobby lobby;
  ASSERT_TRUE(lobby.run(lobby.lead, lobby.profile()));
  EXPECT_TRUE(actor_of(lobby.store, lobby.device).is_anonymous());
  ASSERT_TRUE(lobby.run(server_about(lobby.device), lobby.enrolment()));
  EXPECT_EQ(lobby.row().enrolled_at, lobby.now);
  const Actor kiosk = actor_of(lobby.store, lobby.device);
  EXPECT_EQ(kiosk.roles, kAtKiosk);
  lobby.now += kMsPerHour;
  ASSERT_TRUE(lobby.run(kiosk, ReportDevice{3, lobby.now - 5, StorageState::kPersisted, "1.3",
                                            -250, {}}));
  EXPECT_EQ(lobby.row().waiting, 3);
  EXPECT_EQ(lobby.row().last_contact_at, lobby.now);
  EXPECT_EQ(lobby.row().drift_ms, -250);
  ASSERT_TRUE(lobby.run(lobby.admin, RevokeDevice{lobby.device, "stolen", {}}));
  EXPECT_TRUE(actor_of(lobby.store, lobby.device).is_anonymous());
  EXPECT_EQ(lobby.row().revoke_reason, "stolen");
  EXPECT_FALSE(lobby.row().public_key.data.empty());  // what it still hands over is signed by it
}

// The administrator reads no case, but must find the site to set a kiosk up at.
TEST(KioskDevice, TheAdministratorSetsItUp) {
  Lobby lobby;
  EXPECT_TRUE(lobby.run(lobby.admin, lobby.profile()));
}

TEST(KioskDevice, AChangedProfileKeepsWhatTheDeviceIs) {
  Lobby lobby;
  ASSERT_TRUE(lobby.run(lobby.lead, lobby.profile()));
  ASSERT_TRUE(lobby.run(server_about(lobby.device), lobby.enrolment()));
  SetUpKiosk changed = lobby.profile();
  changed.forms = {KioskForm::kBoard};
  changed.name = "Kiosk at the lift";
  ASSERT_TRUE(lobby.run(lobby.lead, changed));
  EXPECT_EQ(lobby.row().name, changed.name);
  EXPECT_EQ(lobby.row().enrolled_at, lobby.now);
  EXPECT_EQ(lobby.row().public_key, lobby.enrolment().public_key);
  changed.series = "K8";
  EXPECT_EQ(lobby.refusal(lobby.lead, changed), "series_is_fixed");
}

TEST(KioskDevice, ASeriesIsOneDevicesForEver) {
  Lobby lobby;
  ASSERT_TRUE(lobby.run(lobby.lead, lobby.profile()));
  ASSERT_TRUE(lobby.run(lobby.lead, RevokeDevice{lobby.device, "broken", {}}));
  SetUpKiosk other = lobby.profile();
  other.device = lobby.id<Device>("k8");
  EXPECT_EQ(lobby.refusal(lobby.lead, other), "series_in_use");
  for (const char* bad : {"k7", "K-7", "K 7", "\xc3\x84"}) {
    other.series = bad;
    EXPECT_EQ(lobby.refusal(lobby.lead, other), "not_a_series") << bad;
  }
  other.series = "K8";
  EXPECT_TRUE(lobby.run(lobby.lead, other));
}

TEST(KioskDevice, EnrolsOnceWithOneKey) {
  Lobby lobby;
  const Actor server = server_about(lobby.device);
  EXPECT_EQ(lobby.refusal(server, lobby.enrolment()), "not_found");
  ASSERT_TRUE(lobby.run(lobby.lead, lobby.profile()));
  EXPECT_EQ(lobby.refusal(server, EnrolDevice{lobby.device, {"short"}, "1", {}}), "wrong_shape");
  ASSERT_TRUE(lobby.run(server, lobby.enrolment()));
  const std::string before = lobby.store.digest();
  lobby.now += kMsPerMinute;
  EXPECT_TRUE(lobby.run(server, lobby.enrolment()));  // its answer was lost
  EXPECT_EQ(lobby.store.digest(), before);
  EXPECT_EQ(lobby.refusal(server, lobby.enrolment('x')), "already_enrolled");
  ASSERT_TRUE(lobby.run(lobby.lead, RevokeDevice{lobby.device, "gone", {}}));
  EXPECT_EQ(lobby.refusal(server, lobby.enrolment()), "device_revoked");
  EXPECT_EQ(lobby.refusal(lobby.lead, lobby.profile()), "device_revoked");
  EXPECT_EQ(lobby.refusal(lobby.lead, RevokeDevice{lobby.device, "again", {}}), "device_revoked");
}

TEST(KioskDevice, PointsOnlyAtWhatIsThere) {
  Lobby lobby;
  const auto refused = [&](auto change) {
    SetUpKiosk args = lobby.profile();
    change(args);
    return lobby.refusal(lobby.lead, args);
  };
  EXPECT_EQ(refused([](SetUpKiosk& args) { args.site = Id<Site>(derive_uuid({}, "no")); }),
            "not_found");
  EXPECT_EQ(refused([](SetUpKiosk& args) { args.account = Id<Account>(derive_uuid({}, "no")); }),
            "not_found");
  EXPECT_EQ(refused([](SetUpKiosk& args) { args.calendar = Id<Calendar>(derive_uuid({}, "no")); }),
            "not_found");
  EXPECT_EQ(refused([](SetUpKiosk& args) { args.forms = {}; }), "required");
  EXPECT_EQ(refused([](SetUpKiosk& args) { args.languages = {}; }), "required");
  EXPECT_TRUE(lobby.run(lobby.lead, lobby.profile()));
}

// Neither a person nor a device can do what the server does, and no clerk sets up kiosks.
TEST(KioskDevice, Refusals) {
  Lobby lobby;
  ASSERT_TRUE(lobby.run(lobby.lead, lobby.profile()));
  for (const Actor& actor : {lobby.lead, lobby.admin, lobby.agent, lobby.customer})
    EXPECT_EQ(lobby.refusal(actor, lobby.enrolment()), "role");
  for (const Actor& actor : {lobby.agent, lobby.customer, server_about(lobby.device)}) {
    EXPECT_EQ(lobby.refusal(actor, lobby.profile()), "role");
    EXPECT_EQ(lobby.refusal(actor, RevokeDevice{lobby.device, "x", {}}), "role");
    EXPECT_EQ(lobby.refusal(actor, ReportDevice{}), "role");
  }
}

}  // namespace
}  // namespace foyer
