#include "foyer/pages/case_pages.h"

#include "foyer/command/reply_case.h"
#include "shared/pages/customer_site.h"

namespace foyer {
namespace {

std::string path_of(Id<Case> id) { return "/cases/" + to_string(id); }

Fields opening(std::string subject, std::string body) {
  return {{"command_id", to_string(derive_uuid(Uuid(), "command"))},
          {"case_id", to_string(derive_uuid(Uuid(), "case"))},
          {"message_id", to_string(derive_uuid(Uuid(), "message"))},
          {"subject", std::move(subject)},
          {"body", std::move(body)}};
}

TEST(CasePages, ShowTheCasesOfTheirReaderAndNoOthers) {
  const CustomerSite site;
  const auto own = site.some_case(CustomerSite::kClara, true);
  const auto foreign = site.some_case(CustomerSite::kClara, false);
  EXPECT_TRUE(holds(site.get(CustomerSite::kClara, path_of(own.id)), own.number));
  EXPECT_EQ(site.get(CustomerSite::kClara, path_of(foreign.id)).status, 404);
  Request everything = site.request(CustomerSite::kClara, "/cases");
  everything.query = {{"show", "all"}};
  const auto list = site.show(everything).response;
  EXPECT_TRUE(holds(list, own.number));
  EXPECT_FALSE(holds(list, foreign.number));
}

TEST(CasePages, NeverShowWhatStaffSayAmongThemselves) {
  CustomerSite site;
  int notes = 0;
  for (const Message& message : all<Message>(site.store())) {
    if (message.visibility == Visibility::kPublic) continue;
    const auto row = get(site.store(), message.case_id);
    ++notes;
    for (const auto* email : {CustomerSite::kClara, CustomerSite::kSofia})
      EXPECT_FALSE(holds(site.get(email, path_of(row->id)), message.body)) << message.body;
  }
  EXPECT_GT(notes, 0);
}

TEST(CasePages, OpenACaseAndLeadToIt) {
  CustomerSite site;
  const auto response =
      site.post(CustomerSite::kClara, "/cases/new", opening("The <door>", "It & sticks"));
  const Id<Case> id(derive_uuid(Uuid(), "case"));
  EXPECT_EQ(response.status, 303);
  EXPECT_EQ(location_of(response), path_of(id) + "?opened=1");
  const auto page = site.get(CustomerSite::kClara, path_of(id));
  EXPECT_TRUE(holds(page, "The &lt;door&gt;"));
  EXPECT_TRUE(holds(page, "It &amp; sticks"));
  EXPECT_FALSE(holds(page, "<door>"));
  EXPECT_EQ(site.get(CustomerSite::kSofia, path_of(id)).status, 404);
}

TEST(CasePages, AnEmptySubjectComesBackWithTheWordsKept) {
  CustomerSite site;
  const auto before = site.store().count(entity_of<Case>());
  const auto response =
      site.post(CustomerSite::kClara, "/cases/new", opening("  ", "Everything is wet"));
  EXPECT_GE(response.status, 400);
  EXPECT_TRUE(holds(response, "There is a problem"));
  EXPECT_TRUE(holds(response, "Everything is wet"));
  EXPECT_TRUE(holds(response, to_string(derive_uuid(Uuid(), "case"))));
  EXPECT_EQ(site.store().count(entity_of<Case>()), before);
}

TEST(CasePages, AReplyIsShownAndAForeignOneIsRefused) {
  CustomerSite site;
  site.post(CustomerSite::kClara, "/cases/new", opening("The door", "It sticks"));
  const auto path = path_of(Id<Case>(derive_uuid(Uuid(), "case")));
  const Fields reply = {{"action", "reply"},
                        {"command_id", to_string(derive_uuid(Uuid(), "second command"))},
                        {"message_id", to_string(derive_uuid(Uuid(), "second message"))},
                        {"row_id", to_string(derive_uuid(Uuid(), "follow-up"))},
                        {"body", "It sticks worse"}};
  EXPECT_EQ(site.post(CustomerSite::kSofia, path, reply).status, 404);
  EXPECT_EQ(site.post(CustomerSite::kClara, path, reply).status, 303);
  EXPECT_TRUE(holds(site.get(CustomerSite::kClara, path), "It sticks worse"));
}

TEST(CasePages, AfterTheFirstReplyTheNextUpdateIsPromised) {
  CustomerSite site;
  site.post(CustomerSite::kClara, "/cases/new", opening("The door", "It sticks"));
  const Id<Case> id(derive_uuid(Uuid(), "case"));
  EXPECT_FALSE(holds(site.get(CustomerSite::kClara, path_of(id)), "Next update promised by"));
  const ReplyCase answer{id, Id<Message>(derive_uuid(Uuid(), "answer")), "Soon", {}, {}, {}};
  const Context context{site.who("priya@foyer.example"), CustomerSite::kNow + kMsPerMinute,
                        derive_uuid(Uuid(), "answering")};
  ASSERT_TRUE(run_command(make_command(answer), site.store(), context));
  const auto page = site.get(CustomerSite::kClara, path_of(id));
  EXPECT_TRUE(holds(page, "Next update promised by"));
  EXPECT_TRUE(holds(page, "will write to you again by"));
}

}  // namespace
}  // namespace foyer
