#include "foyer/pages/pages.h"

#include "shared/pages/customer_site.h"

namespace foyer {
namespace {

TEST(Pages, EveryPageOfTheNavigationIsWholeInEveryLanguage) {
  const CustomerSite site;
  for (const auto* language : {"en", "de"})
    for (const auto* path : {"/cases", "/cases/new", "/contracts", "/articles"}) {
      Request request = site.request(CustomerSite::kClara, path);
      request.language = language;
      const auto response = site.show(request).response;
      EXPECT_EQ(response.status, 200) << path;
      EXPECT_TRUE(holds(response, "<html lang=\"" + std::string(language) + "\"")) << path;
      EXPECT_TRUE(holds(response, "</html>")) << path;
      EXPECT_FALSE(holds(response, "{{")) << path;
    }
}

TEST(Pages, WithoutASessionOnlyThePublicOnesAreShown) {
  const CustomerSite site;
  for (const auto* path : {"/cases", "/cases/new", "/contracts"}) {
    const auto response = site.get(CustomerSite::kNobody, path);
    EXPECT_EQ(response.status, 303) << path;
    EXPECT_EQ(location_of(response), "/sign-in?next=" + std::string(path));
  }
  EXPECT_EQ(site.get(CustomerSite::kNobody, "/articles").status, 200);
}

TEST(Pages, AnUnknownPathIsAPageThatSaysSo) {
  const CustomerSite site;
  for (const auto* path : {"/nothing", "/cases/none", "/cases/", "/Cases", "//"}) {
    const auto response = site.get(CustomerSite::kClara, path);
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_TRUE(holds(response, "</html>")) << path;
  }
}

TEST(Pages, OnlyFormsTakePosts) {
  CustomerSite site;
  EXPECT_EQ(site.post(CustomerSite::kClara, "/contracts", {}).status, 405);
  EXPECT_EQ(site.post(CustomerSite::kClara, "/cases", {}).status, 405);
}

TEST(Pages, IsPageKnowsWhatRenderPageAnswers) {
  EXPECT_TRUE(is_page("/cases"));
  EXPECT_TRUE(is_page("/cases/0190a000-0000-7000-8000-000000000001"));
  EXPECT_FALSE(is_page("/staff/"));
  EXPECT_FALSE(is_page("/assets/site.css"));
}

TEST(Pages, ErrorsAreInPlainWordsForEveryStatus) {
  const CustomerSite site;
  const Request request = site.request(CustomerSite::kNobody, "/anything");
  for (const int status : {400, 403, 404, 405, 410, 413, 429, 500, 503}) {
    MemoryStore empty;
    const ScopedReader nothing(empty, request.actor);
    const auto response = render_error({request, nothing, site.host(), {}}, status);
    EXPECT_EQ(response.status, status);
    EXPECT_FALSE(holds(response, "page_error.")) << status;
  }
}

}  // namespace
}  // namespace foyer
