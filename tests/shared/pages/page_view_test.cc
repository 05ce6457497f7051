#include "foyer/pages/page_view.h"

#include "shared/pages/customer_site.h"

namespace foyer {
namespace {

TEST(PageView, AFieldKeepsWhatWasTypedButNeverAPassword) {
  const CustomerSite site;
  Request request = site.request(CustomerSite::kNobody, "/sign-in");
  request.form = {{"email", "a@b.example"}, {"password", "secret"}};
  request.failure = Error{ErrorCode::kInvalid, "email", "wrong_credentials"};
  MemoryStore empty;
  const PageInput input{request, empty, site.host(), {}};
  const PageView view(input);
  const auto email = view.field({.name = "email", .kind = "email", .label = "E-mail"});
  EXPECT_EQ(email["value"], "a@b.example");
  EXPECT_EQ(email["error"], "E-mail address or password is not right");
  const auto password = view.field({.name = "password", .kind = "password", .label = "Password"});
  EXPECT_EQ(password["value"], "");
  EXPECT_TRUE(password["error"].is_null());
}

TEST(PageView, PostedIdsAreIdsOrNothing) {
  const CustomerSite site;
  Request request = site.request(CustomerSite::kNobody, "/cases/new");
  request.form = {{"case_id", "'; DROP TABLE"}, {"message_id", to_string(derive_uuid({}, "m"))}};
  MemoryStore empty;
  const PageInput input{request, empty, site.host(), {}};
  const PageView view(input);
  EXPECT_TRUE(view.posted_id("case_id").is_null());
  EXPECT_TRUE(view.posted_id("nothing").is_null());
  EXPECT_EQ(view.posted_id("message_id"), derive_uuid({}, "m"));
}

TEST(PageView, FieldsOfAFormAreFoundByName) {
  EXPECT_EQ(value_of_field({{"a", "1"}, {"b", "2"}}, "b"), "2");
  EXPECT_EQ(value_of_field({{"a", "1"}}, "b"), "");
}

TEST(PageView, ARedirectSeesOther) {
  const auto response = redirect("/cases");
  EXPECT_EQ(response.status, 303);
  EXPECT_EQ(location_of(response), "/cases");
}

}  // namespace
}  // namespace foyer
