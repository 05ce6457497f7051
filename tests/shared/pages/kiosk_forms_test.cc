#include "foyer/pages/kiosk_forms.h"

#include "foyer/command/kiosk_visit.h"
#include "shared/pages/kiosk_site.h"

namespace foyer {
namespace {

constexpr const char* kMarker = "Zanzibar marker";

template <class Args>
Args arguments_of(const PageResult& result) {
  EXPECT_TRUE(result.command) << result.response.body;
  if (!result.command) return {};
  EXPECT_EQ(result.command->name, Table<Args>::name);
  const auto args = decode<Args>(result.command->arguments);
  EXPECT_TRUE(args);
  return args.value_or(Args());
}

Fields with(Fields fields, Fields more) {
  for (auto& [name, value] : more) {
    std::erase_if(fields, [&](const auto& field) { return field.first == name; });
    fields.emplace_back(name, value);
  }
  return fields;
}

Fields checking_in() {
  return {{"lang", "de"},
          {"command_id", uuid_of("command")},
          {"check_in", uuid_of("visit")},
          {"reason", "pick_up"},
          {"visitor_name", std::string("  ") + kMarker + " "},
          {"visitor_contact", "+49 30 901820"},
          {"about", "T-10001"}};
}

Fields case_at(std::string step, std::string go) {
  return {{"lang", "en"},
          {"command_id", uuid_of("command")},
          {"case_id", uuid_of("case")},
          {"message_id", uuid_of("message")},
          {"step", std::move(step)},
          {"go", std::move(go)},
          {"subject", "Door sticks"},
          {"body", kMarker},
          {"visitor_name", ""},
          {"visitor_contact", "vera@visitor.example"}};
}

Fields rating(std::string stars) {
  return {{"lang", "en"},
          {"command_id", uuid_of("command")},
          {"feedback", uuid_of("feedback")},
          {"rating", std::move(stars)},
          {"comment", kMarker},
          {"about", ""}};
}

// The texts of the links in the summary, in their order.
std::vector<std::string> problem_fields(const Response& page) {
  std::vector<std::string> fields;
  const auto end = page.body.find("<h1");
  const std::string mark = "<li><a href=\"#";
  for (auto at = page.body.find(mark); at < end; at = page.body.find(mark, at + 1)) {
    const auto from = at + mark.size();
    fields.push_back(page.body.substr(from, page.body.find('"', from) - from));
  }
  return fields;
}

TEST(KioskForms, CheckingInMakesOneCommandAndAReceiptWithoutWords) {
  const KioskSite site;
  const auto result = site.ask("/kiosk/check-in", checking_in());
  const auto args = arguments_of<CreateCheckIn>(result);
  EXPECT_EQ(to_string(args.check_in), uuid_of("visit"));
  EXPECT_EQ(args.number, "K7-031");
  EXPECT_EQ(args.reason, VisitReason::kPickUp);
  EXPECT_EQ(args.visitor_name, kMarker);
  EXPECT_EQ(args.visitor_contact, "+49 30 901820");
  EXPECT_EQ(args.about, "T-10001");
  EXPECT_EQ(args.at, CustomerSite::kNow);
  EXPECT_EQ(to_string(result.command_id), uuid_of("command"));
  EXPECT_EQ(result.location, "/kiosk/receipt?number=K7-031&kind=check_in&lang=de");
}

TEST(KioskForms, WhatIsWrongIsSaidInTheOrderOfThePageAndWordsStay) {
  struct Row {
    Fields changes;
    std::vector<std::string> fields;
  };
  const std::string long_text(300, 'x');
  const Row rows[] = {
      {{{"reason", ""}}, {"reason"}},
      {{{"reason", "<b>"}}, {"reason"}},
      {{{"visitor_contact", "none"}}, {"visitor_contact"}},
      {{{"visitor_contact", "@"}}, {"visitor_contact"}},
      {{{"about", long_text}, {"visitor_name", long_text}}, {"visitor_name", "about"}},
      {{{"about", long_text}, {"visitor_contact", "1"}, {"reason", ""}},
       {"reason", "visitor_contact", "about"}},
  };
  KioskSite site;
  for (const Row& row : rows) {
    const auto page = site.post("/kiosk/check-in", with(checking_in(), row.changes));
    EXPECT_GE(page.status, 400);
    EXPECT_EQ(problem_fields(page), row.fields) << page.body;
    EXPECT_TRUE(holds(page, "aria-invalid=\"true\"") || row.fields.front() == "reason");
    EXPECT_TRUE(holds(page, "value=\"" + uuid_of("visit") + "\""));
    EXPECT_TRUE(holds(page, "T-10001") || value_of_field(row.changes, "about") != "");
  }
  EXPECT_EQ(site.store().count(entity_of<CheckIn>()), 0u);
}

TEST(KioskForms, NothingButAReasonIsNeeded) {
  KioskSite site;
  const auto page = site.post("/kiosk/check-in",
                              {{"command_id", uuid_of("c")}, {"check_in", uuid_of("v")},
                               {"reason", "question"}});
  EXPECT_EQ(page.status, 303);
  EXPECT_EQ(location_of(page), "/kiosk/receipt?number=K7-031&kind=check_in&lang=en");
  EXPECT_EQ(site.store().count(entity_of<CheckIn>()), 1u);
}

TEST(KioskForms, ACaseGoesThroughItsStepsAndBackWithItsWords) {
  KioskSite site;
  struct Row {
    const char* step;
    const char* go;
    const char* shown;  // the step that answers
  };
  const Row rows[] = {{"about", "on", "reach"},   {"reach", "on", "check"},
                      {"reach", "back", "about"}, {"check", "back", "reach"},
                      {"check", "about", "about"}, {"check", "reach", "reach"},
                      {"about", "back", "about"}, {"<b>", "on", "reach"}};
  for (const Row& row : rows) {
    const auto result = site.ask("/kiosk/case", case_at(row.step, row.go));
    EXPECT_FALSE(result.command);
    const std::string shown = "name=\"step\" value=\"" + std::string(row.shown) + "\"";
    EXPECT_TRUE(holds(result.response, shown)) << row.step << " " << row.go;
    EXPECT_TRUE(holds(result.response, kMarker));
    EXPECT_TRUE(holds(result.response, "vera@visitor.example"));
    EXPECT_TRUE(holds(result.response, "value=\"" + uuid_of("case") + "\""));
    EXPECT_FALSE(holds(result.response, "action=\"/kiosk/case?"));
  }
}

TEST(KioskForms, ACheckedCaseIsSent) {
  const KioskSite site;
  const auto result = site.ask("/kiosk/case", case_at("check", "on"));
  const auto args = arguments_of<OpenCaseAtKiosk>(result);
  EXPECT_EQ(to_string(args.case_id), uuid_of("case"));
  EXPECT_EQ(to_string(args.message), uuid_of("message"));
  EXPECT_EQ(args.number, "K7-031");
  EXPECT_EQ(args.subject, "Door sticks");
  EXPECT_EQ(args.body, kMarker);
  EXPECT_EQ(args.visitor_contact, "vera@visitor.example");
  EXPECT_EQ(result.location, "/kiosk/receipt?number=K7-031&kind=case&lang=en");
}

TEST(KioskForms, AStepIsNotLeftWithAProblemAndHiddenWordsAreCheckedToo) {
  KioskSite site;
  auto page = site.post("/kiosk/case", with(case_at("about", "on"), {{"subject", " "},
                                                                      {"body", ""}}));
  EXPECT_EQ(problem_fields(page), (std::vector<std::string>{"subject", "body"}));
  page = site.post("/kiosk/case", with(case_at("reach", "on"), {{"visitor_contact", "x"}}));
  EXPECT_EQ(problem_fields(page), (std::vector<std::string>{"visitor_contact"}));
  EXPECT_TRUE(holds(page, "name=\"step\" value=\"reach\""));
  page = site.ask("/kiosk/case", with(case_at("check", "on"), {{"body", ""}})).response;
  EXPECT_EQ(problem_fields(page), (std::vector<std::string>{"body"}));
  EXPECT_TRUE(holds(page, "name=\"step\" value=\"about\""));
  EXPECT_EQ(site.store().count(entity_of<CheckIn>()), 0u);
}

TEST(KioskForms, ARatingNeedsOneTapOnly) {
  KioskSite site;
  const auto result = site.ask("/kiosk/rate", rating("4"));
  const auto args = arguments_of<GiveFeedback>(result);
  EXPECT_EQ(args.rating, 4);
  EXPECT_EQ(args.comment, kMarker);
  EXPECT_EQ(result.location, "/kiosk/receipt?number=K7-031&kind=feedback&lang=en");
  for (const char* wrong : {"", "0", "6", "five", "4x"}) {
    const auto page = site.ask("/kiosk/rate", rating(wrong));
    EXPECT_FALSE(page.command) << wrong;
    EXPECT_EQ(problem_fields(page.response), (std::vector<std::string>{"rating"})) << wrong;
    EXPECT_TRUE(holds(page.response, kMarker));
  }
}

TEST(KioskForms, ARefusalComesBackWithTheWordsAndTheSameIds) {
  KioskSite site;
  Request sent = site.request("/kiosk/case");
  sent.method = "POST";
  sent.form = case_at("check", "on");
  sent.failure = Error{ErrorCode::kInvalid, "visitor_contact", "too_long"};
  auto page = site.show(sent).response;
  EXPECT_TRUE(holds(page, "name=\"step\" value=\"reach\""));
  EXPECT_TRUE(holds(page, "Use at most 254 characters"));
  // What the page would find too is said once.
  sent.form = with(sent.form, {{"body", ""}});
  sent.failure = Error{ErrorCode::kInvalid, "body", "required"};
  EXPECT_EQ(problem_fields(site.show(sent).response), (std::vector<std::string>{"body"}));
  sent.form = case_at("check", "on");
  sent.failure = Error{ErrorCode::kExhausted, "", "no_room"};
  page = site.show(sent).response;
  EXPECT_TRUE(holds(page, "name=\"step\" value=\"check\""));
  EXPECT_TRUE(holds(page, "There is no room left on this device"));
  EXPECT_TRUE(holds(page, uuid_of("command")));
  EXPECT_TRUE(problem_fields(page).empty());
}

TEST(KioskForms, EscapeWhatSomebodyWrote) {
  const KioskSite site;
  const auto page =
      site.ask("/kiosk/case", with(case_at("reach", "on"), {{"body", "\"><script>x</script>"}}));
  EXPECT_FALSE(holds(page.response, "<script>x"));
  EXPECT_TRUE(holds(page.response, "&quot;&gt;&lt;script&gt;x&lt;/script&gt;"));
}

}  // namespace
}  // namespace foyer
