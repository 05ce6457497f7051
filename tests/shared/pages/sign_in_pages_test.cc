#include "foyer/pages/sign_in_pages.h"

#include "foyer/pages/words.h"
#include "shared/pages/customer_site.h"

namespace foyer {
namespace {

TEST(SignInPages, ASignInThatFailsSaysWhyAndKeepsTheAddress) {
  const CustomerSite site;
  const Request request = site.request(CustomerSite::kNobody, "/sign-in");
  MemoryStore empty;
  const ScopedReader reader(empty, request.actor);
  SignInView view;
  view.email = "clara@<b>.example";
  view.problem = "wrong_credentials";
  const auto response = render_sign_in({request, reader, site.host(), {}}, view);
  EXPECT_EQ(response.status, 400);
  EXPECT_TRUE(holds(response, "is not right"));
  EXPECT_FALSE(holds(response, "<b>"));
}

TEST(SignInPages, ASignInProblemOfTheServerAlwaysHasItsWords) {
  const CustomerSite site;
  const Request request = site.request(CustomerSite::kNobody, "/sign-in");
  MemoryStore empty;
  const ScopedReader reader(empty, request.actor);
  for (const auto* problem : {"wrong_credentials", "stale_form", "busy", "too_many_attempts"}) {
    SignInView view;
    view.problem = problem;
    EXPECT_FALSE(
        holds(render_sign_in({request, reader, site.host(), {}}, view), "This could not be done"))
        << problem;
  }
}

Response welcome(const CustomerSite& site, std::string language, std::string problem) {
  Request request = site.request(CustomerSite::kNobody, "/welcome");
  request.language = std::move(language);
  const ScopedReader reader(site.store(), request.actor);
  return render_welcome({request, reader, site.host(), {}},
                        {"the-token", "the-form", "Ann <i>", "ann@x.example", std::move(problem)});
}

TEST(SignInPages, AnInvitedPersonIsGreetedInHerLanguage) {
  const CustomerSite site;
  const auto page = welcome(site, "de", "");
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(holds(page, "<html lang=\"de\" dir=\"ltr\">"));
  EXPECT_TRUE(holds(page, "Passwort wählen"));
  EXPECT_TRUE(holds(page, "Ann &lt;i&gt;"));
  EXPECT_TRUE(holds(page, "ann@x.example"));
  EXPECT_TRUE(holds(page, "name=\"token\" value=\"the-token\""));
  EXPECT_TRUE(holds(page, "name=\"form_token\" value=\"the-form\""));
  EXPECT_TRUE(holds(welcome(site, "ar", ""), "dir=\"rtl\""));
}

TEST(SignInPages, EveryProblemOfAPasswordHasItsWordsInEveryLanguage) {
  const CustomerSite site;
  for (const std::string& language : languages())
    for (const char* problem : {"stale_form", "too_short", "too_long", "too_common", "not_text"}) {
      const auto page = welcome(site, language, problem);
      EXPECT_EQ(page.status, 422);
      EXPECT_TRUE(holds(page, "aria-invalid=\"true\"")) << problem;
      EXPECT_FALSE(holds(page, Words(language).text("error.general"))) << language << problem;
    }
}

Response sessions(const CustomerSite& site, std::string language, const SessionsView& view) {
  Request request = site.request(CustomerSite::kClara, "/sessions");
  request.language = std::move(language);
  const ScopedReader reader(site.store(), request.actor);
  return render_sessions({request, reader, site.host(), {}}, view);
}

TEST(SignInPages, EverySignInCanBeEndedAndThisOneIsMarked) {
  const CustomerSite site;
  const Uuid here = derive_uuid({}, "here"), there = derive_uuid({}, "there");
  SessionsView view;
  view.action = "/sessions";
  view.sign_ins = {{here, "Firefox", "Linux", {1000}, {2000}, true},
                   {there, "", "", {1}, {2}, false}};
  const auto page = sessions(site, "fr", view);
  EXPECT_TRUE(holds(page, "Firefox sous Linux"));
  EXPECT_TRUE(holds(page, "Un navigateur"));
  EXPECT_TRUE(holds(page, "value=\"" + to_string(here) + "\""));
  EXPECT_TRUE(holds(page, "value=\"" + to_string(there) + "\""));
  EXPECT_TRUE(holds(page, "token-of-the-session"));
  const std::string mark = "Cet appareil</span>";
  const auto at = page.body.find(mark);
  ASSERT_NE(at, std::string::npos);
  EXPECT_LT(at, page.body.find(to_string(there)));
  EXPECT_EQ(page.body.find(mark, at + 1), std::string::npos);
  EXPECT_TRUE(holds(sessions(site, "ar", view), "dir=\"rtl\""));
}

}  // namespace
}  // namespace foyer
