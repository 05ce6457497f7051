#include "foyer/pages/render.h"

#include <nlohmann/json.hpp>

#include "foyer/base/text.h"
#include "foyer/pages/embedded_files.h"
#include "shared/pages/customer_site.h"

namespace foyer {
namespace {

TEST(Render, EveryTemplateIsCompiledIn) {
  std::size_t pages = 0;
  std::size_t locales = 0;
  for (const auto& file : embedded_files()) {
    pages += file.name.starts_with("pages/") ? 1 : 0;
    locales += file.name.starts_with("locales/") ? 1 : 0;
    EXPECT_FALSE(file.text.empty()) << file.name;
  }
  EXPECT_GE(pages, 9u);
  EXPECT_GE(locales, 1u);
}

TEST(Render, EscapesWhatPeopleWrote) {
  CustomerSite site;
  const auto response = site.post(CustomerSite::kClara, "/cases/new",
                                  {{"command_id", to_string(derive_uuid({}, "c"))},
                                   {"case_id", to_string(derive_uuid({}, "r"))},
                                   {"message_id", to_string(derive_uuid({}, "m"))},
                                   {"subject", "\"><script>alert(1)</script>"},
                                   {"body", ""}});
  EXPECT_GE(response.status, 400);
  EXPECT_FALSE(holds(response, "<script>alert"));
  EXPECT_TRUE(holds(response, "&lt;script&gt;alert(1)"));
}

TEST(Render, ARefusedFormShowsWhatWasTypedWithoutControlCharacters) {
  CustomerSite site;
  const auto response = site.post(CustomerSite::kClara, "/cases/new",
                                  {{"command_id", to_string(derive_uuid({}, "c"))},
                                   {"case_id", to_string(derive_uuid({}, "r"))},
                                   {"message_id", to_string(derive_uuid({}, "m"))},
                                   {"subject", "Lift"},
                                   {"body", "one\x1c\ntwo"}});
  EXPECT_GE(response.status, 400);
  EXPECT_TRUE(holds(response, "one\ntwo"));
  EXPECT_FALSE(has_control_characters(response.body));
}

TEST(Render, PagesBringNoInlineScriptOrStyle) {
  const CustomerSite site;
  for (const auto* path : {"/cases", "/cases/new", "/contracts", "/articles", "/nothing"}) {
    const auto response = site.get(CustomerSite::kClara, path);
    EXPECT_FALSE(holds(response, "<style")) << path;
    EXPECT_FALSE(holds(response, " style=")) << path;
    EXPECT_FALSE(holds(response, "onclick=")) << path;
    for (auto at = response.body.find("<script"); at != std::string::npos;
         at = response.body.find("<script", at + 1))
      EXPECT_NE(response.body.substr(at, 200).find("src="), std::string::npos) << path;
  }
}

}  // namespace
}  // namespace foyer
