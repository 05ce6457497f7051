#include "foyer/command/open_case.h"

#include <gtest/gtest.h>

#include "foyer/command/note_case.h"
#include "foyer/rules/entitlement.h"
#include "shared/command/desk.h"

namespace foyer {
namespace {

TEST(OpenCase, GetsANumberAPromiseAndAnEvent) {
  Desk desk;
  ASSERT_TRUE(desk.run(desk.customer, desk.opening("c")));
  const Case row = desk.the_case("c");
  EXPECT_EQ(row.number, "T-10001");
  EXPECT_EQ(row.contact, desk.contact);
  EXPECT_EQ(desk.target("c", SlaMetric::kFirstReply)->budget_minutes, 60);
  EXPECT_EQ(find<&CaseEvent::case_id>(desk.store, row.id).size(), 1u);
}

struct Refused {
  const char* detail;
  void (*spoil)(const Desk&, OpenCase&);
};
class OpenCaseRefused : public testing::TestWithParam<Refused> {};
TEST_P(OpenCaseRefused, SaysWhy) {
  Desk desk;
  OpenCase args = desk.opening("c");
  GetParam().spoil(desk, args);
  EXPECT_EQ(desk.refusal(desk.customer, args), GetParam().detail);
}
INSTANTIATE_TEST_SUITE_P(
    All, OpenCaseRefused,
    testing::Values(
        Refused{"required", [](const Desk&, OpenCase& a) { a.subject.clear(); }},
        Refused{"too_long", [](const Desk&, OpenCase& a) { a.subject.assign(141, 'x'); }},
        Refused{"not_found", [](const Desk& d, OpenCase& a) { a.account = d.other_account; }},
        Refused{"not_found", [](const Desk& d, OpenCase& a) { a.contact = d.stranger.contact; }},
        Refused{"not_found", [](const Desk& d, OpenCase& a) { a.asset = d.id<Asset>("theirs"); }},
        Refused{"in_future",
                [](const Desk& d, OpenCase& a) { a.contact_at = d.now + 2 * kMsPerDay; }}));

TEST(OpenCase, TwiceIsOnce) {
  Desk desk;
  ASSERT_TRUE(desk.run(desk.customer, desk.opening("c")));
  const std::string before = desk.store.digest();
  EXPECT_EQ(desk.refusal(desk.customer, desk.opening("c")), "already_done");
  EXPECT_EQ(desk.store.digest(), before);
}

TEST(OpenCase, ACustomerCannotChoosePriorityOrQueue) {
  Desk desk;
  OpenCase args = desk.opening("c");
  args.priority = Priority::kCritical;
  args.queue = "vip";
  ASSERT_TRUE(desk.run(desk.customer, args));
  EXPECT_EQ(desk.the_case("c").priority, Priority::kNormal);
  EXPECT_EQ(desk.the_case("c").queue, "service");
}

TEST(OpenCase, ReservesAUnitOfWhatCoversIt) {
  Desk desk;
  Entitlement cover;
  cover.id = desk.id<Entitlement>("cover");
  cover.account = desk.account;
  cover.name = "Cases";
  cover.starts_on = desk.now - kMsPerDay;
  cover.ends_on = desk.now + kMsPerDay;
  put(desk.store, cover);
  ASSERT_TRUE(desk.run(desk.customer, desk.opening("c")));
  EXPECT_EQ(desk.the_case("c").entitlement, cover.id);
  const auto ledger = find<&EntitlementEntry::entitlement>(desk.store, cover.id);
  EXPECT_EQ(balance_of(ledger).reserved, 1);
}

// Whoever learns an id may not write over the row that has it, seen or unseen.
TEST(OpenCase, AnIdOfARowThatTheActorMayNotReadIsTaken) {
  Desk desk;
  ASSERT_TRUE(desk.run(desk.customer, desk.opening("c")));
  const NoteCase note{desk.id<Case>("c"), desk.id<Message>("note"), "for staff", {}};
  ASSERT_TRUE(desk.run(desk.agent, note));
  const std::string before = desk.store.digest();
  OpenCase theirs = desk.opening("c");
  theirs.account = desk.other_account;
  EXPECT_EQ(desk.refusal(desk.stranger, theirs), "already_done");
  OpenCase over_note = desk.opening("d");
  over_note.message = note.message;
  EXPECT_EQ(desk.refusal(desk.customer, over_note), "already_done");
  EXPECT_EQ(desk.store.digest(), before);
}

}  // namespace
}  // namespace foyer
