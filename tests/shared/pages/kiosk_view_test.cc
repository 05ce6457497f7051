#include "foyer/pages/kiosk_view.h"

#include "shared/pages/kiosk_site.h"

namespace foyer {
namespace {

// What a page makes of a request.
template <class Look>
void look(const KioskSite& site, MemoryStore& store, const Request& request, Look look) {
  const ScopedReader reader(store, request.actor);
  const KioskView view({request, reader, site.host(), {}});
  look(view);
}

TEST(KioskView, SpeaksTheVisitorsLanguageIfItsProfileDoes) {
  KioskSite site;
  site.change([](Device& device) { device.languages = {"fr", "xx", "de", "fr"}; });
  const std::pair<const char*, const char*> cases[] = {
      {"", "fr"}, {"de", "de"}, {"fr", "fr"}, {"en", "fr"}, {"xx", "fr"}, {"<b>", "fr"}};
  for (const auto& [asked, spoken] : cases) {
    look(site, site.store(), site.request("/kiosk/", {{"lang", asked}}), [&](const auto& view) {
      EXPECT_EQ(view.request().language, spoken) << asked;
      EXPECT_EQ(view.link("/kiosk/case"), "/kiosk/case?lang=" + std::string(spoken));
      EXPECT_EQ(view.spoken(), (std::vector<std::string>{"fr", "de"}));
    });
  }
  Request posted = site.request("/kiosk/case", {{"lang", "fr"}});
  posted.form = {{"lang", "de"}};
  look(site, site.store(), posted,
       [](const auto& view) { EXPECT_EQ(view.request().language, "de"); });
}

TEST(KioskView, ADeviceThatMayNotActHasNoProfile) {
  KioskSite site;
  site.change([](Device& device) { device.revoked_at = CustomerSite::kNow; });
  look(site, site.store(), site.request("/kiosk/"), [](const auto& view) {
    EXPECT_FALSE(view.is_enrolled());
    EXPECT_FALSE(view.offers(KioskForm::kCheckIn));
    EXPECT_EQ(view.spoken().size(), 1u);
  });
  site.change([](Device& device) { device.revoked_at = {}; });
  Request request = site.request("/kiosk/");
  look(site, site.store(), request, [](const auto& view) { EXPECT_TRUE(view.is_enrolled()); });
  request.actor.roles = {};
  look(site, site.store(), request, [](const auto& view) { EXPECT_FALSE(view.is_enrolled()); });
}

TEST(KioskView, KnowsWhenSomebodyIsHereAgain) {
  KioskSite site;
  Calendar calendar;
  calendar.id = Id<Calendar>(derive_uuid(Uuid(), "doors"));
  calendar.name = "Doors";
  calendar.time_zone = "UTC";
  // 26 November 2025 is a Wednesday; it is 12:26 in UTC.
  calendar.intervals = {2, 13 * 60, 17 * 60};
  put(site.store(), calendar);
  site.change([&](Device& device) { device.calendar = calendar.id; });
  Request request = site.request("/kiosk/");
  look(site, site.store(), request, [](const auto& view) {
    EXPECT_FALSE(view.hours().is_open);
    EXPECT_EQ(to_iso(view.hours().opens_at), "2025-11-26T13:00:00Z");
  });
  request.now = request.now + 34 * kMsPerMinute;
  look(site, site.store(), request,
       [](const auto& view) { EXPECT_TRUE(view.hours().is_open); });
  calendar.intervals = {};
  put(site.store(), calendar);
  look(site, site.store(), request, [](const auto& view) {
    EXPECT_FALSE(view.hours().is_open);
    EXPECT_TRUE(view.hours().opens_at.is_none());
  });
}

TEST(KioskView, ProblemsStandInTheOrderOfTheFields) {
  KioskSite site;
  Request request = site.request("/kiosk/check-in");
  request.failure = Error{ErrorCode::kConflict, "number", "foreign_series"};
  const ScopedReader reader(site.store(), request.actor);
  KioskView view({request, reader, site.host(), {}});
  view.add_problem({ErrorCode::kInvalid, "about", "too_long"});
  view.add_problem({ErrorCode::kInvalid, "reason", "required"});
  view.order_problems({"reason", "about"});
  ASSERT_EQ(view.problems().size(), 3u);
  EXPECT_EQ(view.problems()[0].field, "reason");
  EXPECT_EQ(view.problems()[1].field, "about");
  EXPECT_EQ(view.problems()[2].field, "number");
  const auto page = view.respond(view.status(), {.name = "kiosk_message", .title = "T"},
                                 {{"text", "x"}});
  EXPECT_EQ(page.status, error_info(ErrorCode::kInvalid).http_status);
  EXPECT_TRUE(holds(page, "<title>Error:&#32;T"));
}

TEST(KioskView, OnlyAScreenAtRestNeverClears) {
  KioskSite site;
  const auto idle_of = [&](const KioskView::Frame& frame, const char* language) {
    std::string seconds;
    look(site, site.store(), site.request("/kiosk/", {{"lang", language}}), [&](const auto& view) {
      const std::string page = view.respond(200, frame, {{"text", "x"}}).body;
      const std::string mark = "data-idle-seconds=\"";
      const auto at = page.find(mark) + mark.size();
      seconds = page.substr(at, page.find('"', at) - at);
    });
    return seconds;
  };
  EXPECT_EQ(idle_of({.name = "kiosk_message", .title = "T"}, "en"), "60");
  EXPECT_EQ(idle_of({.name = "kiosk_message", .title = "T", .is_home = true}, "en"), "0");
  EXPECT_EQ(idle_of({.name = "kiosk_message", .title = "T", .is_home = true}, "ar"), "60");
  EXPECT_EQ(idle_of({.name = "kiosk_message", .title = "T", .clears = false}, "en"), "0");
  site.change([](Device& device) { device.idle_seconds = 90; });
  EXPECT_EQ(idle_of({.name = "kiosk_message", .title = "T"}, "en"), "90");
}

}  // namespace
}  // namespace foyer
