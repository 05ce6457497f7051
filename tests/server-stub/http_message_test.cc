#include "http_message.h"

#include <gtest/gtest.h>

namespace foyer::server {
namespace {

TEST(HttpMessageTest, FormsAreDecodedOnceAndDuplicatesRefused) {
  const auto form = parse_form("a=1+2&b=%C3%BC&c=&d&e=%26%3D");
  ASSERT_TRUE(form.ok);
  EXPECT_EQ(form.get("a"), "1 2");
  EXPECT_EQ(form.get("b"), "ü");
  EXPECT_EQ(form.get("c"), "");
  EXPECT_EQ(form.get("d"), "");
  EXPECT_EQ(form.get("e"), "&=");
  for (const char* bad : {"a=1&a=2", "a=%", "a=%4", "a=%zz", "a=%ff", "a=%00", "%ff=1"})
    EXPECT_FALSE(parse_form(bad).ok) << bad;
  std::string many;
  for (int i = 0; i < 201; ++i) many += "k" + std::to_string(i) + "=1&";
  EXPECT_FALSE(parse_form(many).ok);
  EXPECT_TRUE(parse_form("").ok);
}

TEST(HttpMessageTest, EscapesForHtmlAndJson) {
  EXPECT_EQ(escape_html("<a href=\"x\">'&"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
  EXPECT_EQ(json_string("a\"\\\n\x01ü"), "\"a\\\"\\\\\\u000a\\u0001ü\"");
  EXPECT_EQ(json_string("\xff"), "\"\xef\xbf\xbd\"");
}

TEST(HttpMessageTest, ProblemsNameCodeAndField) {
  const auto problem = problem_response(422, "invalid", "subject", "r1");
  EXPECT_EQ(problem.status, 422);
  EXPECT_NE(problem.body.find("\"code\":\"invalid\",\"field\":\"subject\",\"request_id\":\"r1\""),
            std::string::npos);
  EXPECT_TRUE(problem.has("cache-control"));
}

}  // namespace
}  // namespace foyer::server
