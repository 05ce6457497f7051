#include "foyer/command/kiosk_visit.h"

#include <gtest/gtest.h>

#include "shared/command/desk.h"

namespace foyer {
namespace {

struct Foyer : Desk {
  Id<Site> site = id<Site>("lobby");
  Actor kiosk = add_kiosk("k7", "K7", {KioskForm::kCheckIn, KioskForm::kOpenCase,
                                       KioskForm::kFeedback});

  Actor add_kiosk(std::string_view name, std::string series, KioskForms forms) {
    Device device;
    device.id = id<Device>(name);
    device.name = "Kiosk";
    device.kind = DeviceKind::kKiosk;
    device.site = site;
    device.series = std::move(series);
    device.account = account;
    device.forms = forms;
    device.enrolled_at = now;
    put(store, device);
    return actor_of(store, device.id);
  }
  CreateCheckIn visit(std::string_view name, std::string number) const {
    CreateCheckIn args;
    args.check_in = id<CheckIn>(name);
    args.number = std::move(number);
    args.reason = VisitReason::kAppointment;
    args.visitor_name = "Vera Visitor";
    args.visitor_contact = "vera@example.org";
    return args;
  }
  OpenCaseAtKiosk trouble(std::string_view name, std::string number) const {
    OpenCaseAtKiosk args;
    args.case_id = id<Case>(name);
    args.message = id<Message>(name);
    args.number = std::move(number);
    args.subject = "Door sticks";
    args.body = "It does not close";
    args.visitor_name = "Vera Visitor";
    args.visitor_contact = "vera@example.org";
    return args;
  }
  template <class Args>
  Result<void> run_at_kiosk(const Args& args) {
    return run(kiosk, args);
  }
  std::size_t rows_seen(const Actor& actor, const Entity& entity) const {
    return ScopedReader(store, actor).count(entity);
  }
};

TEST(KioskVisit, ACheckInShowsTheLobbyANumberAndStaffTheVisitor) {
  Foyer foyer;
  const Actor other = foyer.add_kiosk("k8", "K8", {KioskForm::kBoard});
  ASSERT_TRUE(foyer.run_at_kiosk(foyer.visit("v", "K7-031")));
  const auto id = foyer.id<CheckIn>("v");
  const auto staff = get(ScopedReader(foyer.store, foyer.agent), id);
  ASSERT_TRUE(staff);
  EXPECT_EQ(staff->visitor_name, "Vera Visitor");
  EXPECT_EQ(staff->at, foyer.now);
  for (const Actor& actor : {foyer.kiosk, other}) {
    const auto board = get(ScopedReader(foyer.store, actor), id);
    ASSERT_TRUE(board);
    EXPECT_EQ(board->number, "K7-031");
    EXPECT_EQ(board->state, CheckInState::kWaiting);
    EXPECT_EQ(board->visitor_name + board->visitor_contact + board->about, "");
    EXPECT_EQ(board->reason, VisitReason());
  }
  EXPECT_FALSE(get(ScopedReader(foyer.store, foyer.customer), id));
  EXPECT_FALSE(get(ScopedReader(foyer.store, Actor()), id));
}

TEST(KioskVisit, TheClockOfADeviceGainsNothingByRunningAhead) {
  Foyer foyer;
  auto early = foyer.visit("early", "K7-001"), late = foyer.visit("late", "K7-002");
  early.at = foyer.now - 2 * kMsPerDay;
  late.at = foyer.now + kMsPerDay;
  ASSERT_TRUE(foyer.run_at_kiosk(early));
  ASSERT_TRUE(foyer.run_at_kiosk(late));
  EXPECT_EQ(get(foyer.store, early.check_in)->at, early.at);
  EXPECT_EQ(get(foyer.store, late.check_in)->at, foyer.now);
}

TEST(KioskVisit, ACaseIsTheKiosksAccountsAndTheContactIsForStaffAlone) {
  Foyer foyer;
  ASSERT_TRUE(foyer.run_at_kiosk(foyer.trouble("c", "K7-032")));
  const Case row = foyer.the_case("c");
  EXPECT_EQ(row.account, foyer.account);
  EXPECT_EQ(row.channel, Channel::kKiosk);
  EXPECT_EQ(row.device_number, "K7-032");
  EXPECT_FALSE(row.number.empty());
  EXPECT_EQ(row.state, CaseState::kNew);
  EXPECT_TRUE(foyer.target("c", SlaMetric::kFirstReply)->stop.is_none());
  const auto messages = find<&Message::case_id>(foyer.store, row.id);
  ASSERT_EQ(messages.size(), 2U);
  for (const Message& message : messages) {
    const bool is_note = message.body == "vera@example.org";
    EXPECT_EQ(message.visibility, is_note ? Visibility::kInternal : Visibility::kPublic);
    EXPECT_EQ(message.author_name, is_note ? "Kiosk" : "Vera Visitor");
  }
  EXPECT_EQ(foyer.rows_seen(foyer.customer, entity_of<Message>()), 1U);
  EXPECT_EQ(foyer.rows_seen(foyer.kiosk, entity_of<Case>()), 0U);
}

TEST(KioskVisit, ARatingFindsWhatItIsAboutAndSaysSoToStaffOnly) {
  Foyer foyer;
  ASSERT_TRUE(foyer.run_at_kiosk(foyer.visit("v", "K7-031")));
  ASSERT_TRUE(foyer.run_at_kiosk(foyer.trouble("c", "K7-032")));
  const auto rate = [&](std::string_view name, std::string about) {
    GiveFeedback args;
    args.feedback = foyer.id<Feedback>(name);
    args.number = "K7-040";
    args.about = std::move(about);
    args.rating = 4;
    EXPECT_TRUE(foyer.run_at_kiosk(args));
    return *get(foyer.store, args.feedback);
  };
  EXPECT_EQ(rate("visit", " k7-031 ").check_in, foyer.id<CheckIn>("v"));
  EXPECT_EQ(rate("case", "K7-032").case_id, foyer.id<Case>("c"));
  EXPECT_EQ(rate("number", foyer.the_case("c").number).case_id, foyer.id<Case>("c"));
  const Feedback none = rate("none", "K7-999");
  EXPECT_TRUE(none.check_in.is_null() && none.case_id.is_null());
  EXPECT_EQ(foyer.rows_seen(foyer.agent, entity_of<Feedback>()), 4U);
  EXPECT_EQ(foyer.rows_seen(foyer.kiosk, entity_of<Feedback>()), 0U);
  EXPECT_EQ(foyer.rows_seen(foyer.customer, entity_of<Feedback>()), 0U);
}

// In order of precedence, for each actor and argument that is wrong.
TEST(KioskVisit, Refusals) {
  Foyer foyer;
  const Actor board = foyer.add_kiosk("k8", "K8", {KioskForm::kBoard});
  EXPECT_EQ(foyer.refusal(foyer.agent, foyer.visit("v", "K7-001")), "role");
  EXPECT_EQ(foyer.refusal(foyer.customer, foyer.trouble("c", "K7-001")), "role");
  EXPECT_EQ(foyer.refusal(board, foyer.visit("v", "K8-001")), "form_not_offered");
  EXPECT_EQ(foyer.refusal(foyer.kiosk, foyer.visit("v", "K8-001")), "foreign_series");
  EXPECT_EQ(foyer.refusal(foyer.kiosk, foyer.visit("v", "")), "required");
  ASSERT_TRUE(foyer.run_at_kiosk(foyer.visit("v", "K7-001")));
  EXPECT_EQ(foyer.refusal(foyer.kiosk, foyer.visit("v", "K7-002")), "already_done");
  GiveFeedback rating;
  rating.feedback = foyer.id<Feedback>("f");
  rating.number = "K7-003";
  for (const std::int64_t wrong : {0, 6, -1}) {
    rating.rating = wrong;
    EXPECT_NE(foyer.refusal(foyer.kiosk, rating), "") << wrong;
  }
  for (const char* number : {"K7-", "K7-12a", "K7--12", "K7-come to desk 3"})
    EXPECT_EQ(foyer.refusal(foyer.kiosk, foyer.visit("w", number)), "foreign_series") << number;
}

// It sees neither cases nor ratings, and yet writes over none.
TEST(KioskVisit, AnIdThatIsTakenIsRefusedThoughTheKioskSeesNoRow) {
  Foyer foyer;
  ASSERT_TRUE(foyer.run(foyer.customer, foyer.opening("c")));
  GiveFeedback rating;
  rating.feedback = foyer.id<Feedback>("f");
  rating.number = "K7-003";
  rating.rating = 2;
  ASSERT_TRUE(foyer.run_at_kiosk(rating));
  const std::string before = foyer.store.digest();
  EXPECT_EQ(foyer.refusal(foyer.kiosk, foyer.trouble("c", "K7-004")), "already_done");
  rating.rating = 5;
  EXPECT_EQ(foyer.refusal(foyer.kiosk, rating), "already_done");
  EXPECT_EQ(foyer.store.digest(), before);
}

TEST(KioskVisit, ARevokedKioskIsNobody) {
  Foyer foyer;
  Device device = *get(foyer.store, foyer.kiosk.device);
  device.revoked_at = foyer.now;
  put(foyer.store, device);
  const Actor revoked = actor_of(foyer.store, device.id);
  EXPECT_TRUE(revoked.is_anonymous());
  EXPECT_EQ(foyer.refusal(revoked, foyer.visit("v", "K7-001")), "signed_out");
  EXPECT_FALSE(get(ScopedReader(foyer.store, revoked), device.id));
  device.revoked_at = {};
  device.enrolled_at = {};
  put(foyer.store, device);
  EXPECT_TRUE(actor_of(foyer.store, device.id).is_anonymous());
}

TEST(KioskVisit, NoUserCanHaveAMachinesRole) {
  Foyer foyer;
  const Actor person = foyer.add_person("mallory", {Role::kKiosk, Role::kServer, Role::kCsr}, {},
                                        PortalScope::kNone);
  EXPECT_EQ(person.roles, Roles{Role::kCsr});
}

}  // namespace
}  // namespace foyer
