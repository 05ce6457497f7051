#include "foyer/pages/kiosk_pages.h"

#include "foyer/pages/words.h"
#include "shared/pages/kiosk_site.h"

namespace foyer {
namespace {

// Left by a template whose key or value is missing.
void expect_whole(const Response& page, std::string_view what) {
  EXPECT_TRUE(page.body.ends_with("</html>\n")) << what;
  for (const std::string_view raw : {"kiosk.entry.", "kiosk.welcome", "kiosk.tile", "kiosk.case.",
                                     "kiosk.rate.", "kiosk.receipt", "kiosk.board", "{{", "{%"})
    EXPECT_FALSE(holds(page, raw)) << what << ": " << raw;
}

TEST(KioskPages, KnowTheirAddresses) {
  EXPECT_TRUE(is_kiosk_page("/kiosk/"));
  EXPECT_TRUE(is_kiosk_page("/kiosk/nowhere"));
  EXPECT_FALSE(is_kiosk_page("/kiosk"));
  EXPECT_FALSE(is_kiosk_page("/kiosks/"));
}

TEST(KioskPages, EveryPageInEveryLanguage) {
  KioskSite site;
  site.visit("K7-001", CheckInState::kWaiting, 30);
  site.visit("K7-002", CheckInState::kCalled, 20, "Desk 2");
  const auto article = all<Article>(site.store(), 1).front();
  for (const std::string& language : languages()) {
    const auto shown = [&](std::string path, Fields query = {}) {
      query.emplace_back("lang", language);
      const auto page = site.get(path, std::move(query));
      EXPECT_EQ(page.status, 200) << path;
      EXPECT_TRUE(holds(page, "<html lang=\"" + language + "\"")) << path;
      EXPECT_TRUE(holds(page, language == "ar" ? "dir=\"rtl\">" : "dir=\"ltr\">")) << path;
      expect_whole(page, path + " " + language);
    };
    for (const char* path : {"/kiosk/", "/kiosk/check-in", "/kiosk/case", "/kiosk/rate",
                             "/kiosk/articles", "/kiosk/board", "/kiosk/health"})
      shown(path);
    for (const char* kind : {"check_in", "case", "feedback"})
      shown("/kiosk/receipt", {{"number", "K7-031"}, {"kind", kind}});
    shown("/kiosk/articles/" + to_string(article.id));
    Request entry = site.request("/kiosk");
    entry.actor = {};
    entry.language = language;
    const ScopedReader reader(site.store(), entry.actor);
    expect_whole(render_kiosk_entry({entry, reader, site.host(), {}}), "entry " + language);
    for (const int status : {400, 403, 404, 405, 413, 429, 500, 503, 599})
      expect_whole(render_kiosk_error({entry, reader, site.host(), {}}, status), language);
  }
}

TEST(KioskPages, OfferWhatTheProfileOffersAndNothingElse) {
  struct Row {
    KioskForm form;
    const char* path;
  };
  const Row rows[] = {{KioskForm::kCheckIn, "/kiosk/check-in"},
                      {KioskForm::kOpenCase, "/kiosk/case"},
                      {KioskForm::kFeedback, "/kiosk/rate"},
                      {KioskForm::kArticles, "/kiosk/articles"},
                      {KioskForm::kBoard, "/kiosk/board"}};
  KioskSite site;
  for (const Row& offered : rows) {
    site.change([&](Device& device) { device.forms = {offered.form}; });
    const auto welcome = site.get("/kiosk/");
    for (const Row& row : rows) {
      const bool is_offered = row.form == offered.form;
      EXPECT_EQ(site.get(row.path).status, is_offered ? 200 : 404) << row.path;
      EXPECT_EQ(holds(welcome, "href=\"" + std::string(row.path) + "?lang=en\""), is_offered);
    }
  }
  site.change([](Device& device) { device.forms = {}; });
  EXPECT_TRUE(holds(site.get("/kiosk/"), "There is nothing to do here yet"));
  const auto refused = site.ask("/kiosk/check-in", {{"reason", "question"}});
  EXPECT_FALSE(refused.command);
  EXPECT_EQ(refused.response.status, 404);
}

TEST(KioskPages, OneLanguageNeedsNoButtons) {
  KioskSite site;
  EXPECT_TRUE(holds(site.get("/kiosk/"), "hreflang=\"ar\""));
  EXPECT_TRUE(holds(site.get("/kiosk/"), "Français"));
  site.change([](Device& device) { device.languages = {"de"}; });
  EXPECT_FALSE(holds(site.get("/kiosk/"), "hreflang"));
  EXPECT_TRUE(holds(site.get("/kiosk/", {{"lang", "ar"}}), "Willkommen"));
}

TEST(KioskPages, OutsideItsHoursTheScreenSaysSoAndStillWorks) {
  KioskSite site;
  Calendar never;
  never.id = Id<Calendar>(derive_uuid(Uuid(), "never"));
  never.name = "Never";
  never.time_zone = "UTC";
  put(site.store(), never);
  EXPECT_FALSE(holds(site.get("/kiosk/"), "Nobody is at the desk now"));
  site.change([&](Device& device) { device.calendar = never.id; });
  EXPECT_TRUE(holds(site.get("/kiosk/"), "Nobody is at the desk now"));
  EXPECT_EQ(site.post("/kiosk/check-in", {{"command_id", uuid_of("c")},
                                          {"check_in", uuid_of("v")},
                                          {"reason", "question"}})
                .status,
            303);
  const auto receipt =
      site.get("/kiosk/receipt", {{"number", "K7-031"}, {"kind", "check_in"}});
  EXPECT_TRUE(holds(receipt, "Nobody is at the desk now."));
}

TEST(KioskPages, AReceiptShowsNumbersOfItsOwnSeriesOnly) {
  KioskSite site;
  const auto receipt = [&](const char* number, const char* kind) {
    return site.get("/kiosk/receipt", {{"number", number}, {"kind", kind}});
  };
  const auto page = receipt("K7-031", "check_in");
  EXPECT_TRUE(holds(page, "<bdi dir=\"ltr\">K7-031</bdi>"));
  EXPECT_TRUE(holds(page, "data-qr=\"K7-031\""));
  EXPECT_TRUE(holds(page, "data-end-seconds="));
  EXPECT_TRUE(holds(page, "appears on the board"));
  for (const char* wrong : {"", "K8-031", "K7-", "K7-31x", "K7-<b>", "Call 0900 123",
                            "K7-0000000000000000000000"})
    EXPECT_EQ(receipt(wrong, "check_in").status, 404) << wrong;
  EXPECT_EQ(receipt("K7-031", "lottery").status, 404);
  const auto thanks = receipt("K7-031", "feedback");
  EXPECT_FALSE(holds(thanks, "K7-031"));
  site.change([](Device& device) { device.forms = {KioskForm::kCheckIn}; });
  EXPECT_TRUE(holds(receipt("K7-031", "check_in"), "is called at the desk"));
}

TEST(KioskPages, ArticlesAreThoseForEverybodyAndTheSearchIsAForm) {
  KioskSite site;
  int hidden = 0;
  std::optional<Article> first;
  const auto list = site.get("/kiosk/articles");
  EXPECT_TRUE(holds(list, "method=\"post\" action=\"/kiosk/articles\""));
  for (const Article& row : all<Article>(site.store())) {
    const bool is_public = row.audience == ArticleAudience::kEverybody &&
                           row.state == ArticleState::kPublished;
    hidden += !is_public;
    if (is_public) first = row;
    const std::string path = "/kiosk/articles/" + to_string(row.id);
    EXPECT_EQ(holds(list, path), is_public) << row.title;
    EXPECT_EQ(site.get(path).status, is_public ? 200 : 404) << row.title;
  }
  Article secret;
  secret.id = Id<Article>(derive_uuid(Uuid(), "secret"));
  secret.title = "Secret";
  secret.body = "For staff";
  secret.audience = ArticleAudience::kStaffOnly;
  secret.state = ArticleState::kPublished;
  put(site.store(), secret);
  // Also to a reader that would show it.
  const Request request = site.request("/kiosk/articles");
  const auto all_rows = render_kiosk_page({request, site.store(), site.host(), {}}).response;
  EXPECT_FALSE(holds(all_rows, "Secret"));
  ASSERT_TRUE(first && hidden > 0);
  const auto found = site.ask("/kiosk/articles", {{"q", first->title}}).response;
  EXPECT_TRUE(holds(found, to_string(first->id)));
  EXPECT_TRUE(holds(site.ask("/kiosk/articles", {{"q", "qqqqqq"}}).response, "No article"));
  EXPECT_EQ(site.get("/kiosk/articles/" + uuid_of("nothing")).status, 404);
  EXPECT_EQ(site.get("/kiosk/articles/x").status, 404);
}

TEST(KioskPages, TheBoardShowsNumbersAndPlacesAndNobodysName) {
  KioskSite site;
  EXPECT_TRUE(holds(site.get("/kiosk/board"), "Nobody is waiting"));
  site.visit("K7-001", CheckInState::kWaiting, 20);
  site.visit("K7-002", CheckInState::kWaiting, 30);
  site.visit("K7-003", CheckInState::kCalled, 50, "Desk 2");
  site.visit("K7-004", CheckInState::kCalled, 40);
  site.visit("K7-005", CheckInState::kServed, 45);
  site.visit("K7-006", CheckInState::kWaiting, 20 * 60);
  for (int i = 0; i < 30; ++i)
    site.visit("K7-1" + std::to_string(10 + i), CheckInState::kWaiting, 10);
  const auto page = site.get("/kiosk/board");
  const auto place = [&](std::string_view text) { return page.body.find(text); };
  EXPECT_LT(place("K7-004"), place("K7-003"));
  EXPECT_LT(place("K7-003"), place("K7-002"));
  EXPECT_LT(place("K7-002"), place("K7-001"));
  EXPECT_TRUE(holds(page, "Desk 2"));
  EXPECT_TRUE(holds(page, "and 8 more"));
  EXPECT_FALSE(holds(page, "K7-005"));
  EXPECT_FALSE(holds(page, "K7-006"));
  EXPECT_FALSE(holds(page, "Vera"));
}

TEST(KioskPages, ABoardThatIsNothingElseNeverClears) {
  KioskSite site;
  EXPECT_TRUE(holds(site.get("/kiosk/board"), "data-idle-seconds=\"60\""));
  site.change([](Device& device) { device.forms = {KioskForm::kBoard}; });
  EXPECT_TRUE(holds(site.get("/kiosk/board"), "data-idle-seconds=\"0\""));
}

TEST(KioskPages, HealthSaysWhatWaitsAndWhatIsAtRisk) {
  KioskSite site;
  Request request = site.request("/kiosk/health");
  auto page = site.show(request).response;
  EXPECT_TRUE(holds(page, "Connected lately"));
  EXPECT_TRUE(holds(page, "0 submissions"));
  EXPECT_TRUE(holds(page, "Safe"));
  EXPECT_TRUE(holds(page, "Not compared yet"));
  EXPECT_TRUE(holds(page, "K7-031"));
  EXPECT_TRUE(holds(page, "3f2a9c1b"));
  request.kiosk->waiting = 3;
  request.kiosk->oldest_waiting_at = CustomerSite::kNow - kMsPerDay;
  request.kiosk->last_contact_at = CustomerSite::kNow - kMsPerDay;
  request.kiosk->storage = StorageState::kTemporary;
  request.kiosk->drift_ms = 240'000;
  page = site.show(request).response;
  EXPECT_TRUE(holds(page, "More than an hour ago"));
  EXPECT_TRUE(holds(page, "3 submissions"));
  EXPECT_TRUE(holds(page, "At risk"));
  EXPECT_TRUE(holds(page, "240 seconds behind the server"));
  EXPECT_TRUE(holds(page, "Set the clock"));
  request.kiosk->drift_ms = -1000;
  EXPECT_TRUE(holds(site.show(request).response, "1 second ahead of the server"));
  request.kiosk.reset();
  EXPECT_TRUE(holds(site.show(request).response, "Never"));
}

TEST(KioskPages, ADeviceThatIsNotAKioskSeesOnlyTheEntry) {
  KioskSite site;
  site.change([](Device& device) { device.revoked_at = CustomerSite::kNow; });
  for (const char* path : {"/kiosk/", "/kiosk/board", "/kiosk/receipt"}) {
    const auto page = site.get(path);
    EXPECT_TRUE(holds(page, "data-page=\"kiosk_entry\"")) << path;
    EXPECT_FALSE(holds(page, "left of the lift")) << path;
  }
  const auto page = site.get("/kiosk/");
  EXPECT_TRUE(holds(page, "data-enrol"));
  EXPECT_TRUE(holds(page, "data-when=\"revoked\""));
  EXPECT_EQ(value_of_field(page.headers, "Cache-Control"), "no-cache");
}

TEST(KioskPages, NothingElseIsHere) {
  KioskSite site;
  EXPECT_EQ(site.get("/kiosk/nowhere").status, 404);
  EXPECT_TRUE(holds(site.get("/kiosk/nowhere"), "This screen does not offer that"));
  for (const char* path : {"/kiosk/", "/kiosk/board", "/kiosk/health", "/kiosk/receipt"})
    EXPECT_EQ(site.ask(path, {}).response.status, 405) << path;
}

TEST(KioskPages, WordsAreInNoAddress) {
  KioskSite site;
  const std::string marker = "marker-9f3c";
  const auto looked_at = [&](const Response& page) {
    for (const char* attribute : {"href=\"", "action=\""})
      for (auto at = page.body.find(attribute); at != std::string::npos;
           at = page.body.find(attribute, at + 1)) {
        const auto end = page.body.find('"', at + std::string_view(attribute).size());
        EXPECT_EQ(page.body.substr(at, end - at).find(marker), std::string::npos);
      }
  };
  Fields form = {{"command_id", uuid_of("c")}, {"check_in", uuid_of("v")},
                 {"case_id", uuid_of("k")},    {"message_id", uuid_of("m")},
                 {"feedback", uuid_of("f")},   {"reason", "question"},
                 {"rating", "5"},              {"q", marker}};
  for (const char* name :
       {"visitor_name", "about", "subject", "body", "comment", "lang", "number", "kind"})
    form.emplace_back(name, marker);
  form.emplace_back("visitor_contact", marker + "@x");
  for (const char* path : {"/kiosk/check-in", "/kiosk/case", "/kiosk/rate", "/kiosk/articles"})
    for (const char* step : {"about", "reach", "check"}) {
      Fields sent = form;
      sent.emplace_back("step", step);
      sent.emplace_back("go", "on");
      const auto result = site.ask(path, std::move(sent));
      EXPECT_EQ(result.location.find(marker), std::string::npos) << path;
      if (!result.command) looked_at(result.response);
    }
}

}  // namespace
}  // namespace foyer
