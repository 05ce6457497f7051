#include "foyer/base/result.h"

#include <gtest/gtest.h>

#include <set>

namespace foyer {
namespace {

Result<int> half(int n) {
  if (n % 2 != 0) return fail(ErrorCode::kInvalid, "n", "odd");
  return n / 2;
}
Result<int> quarter(int n) {
  FOYER_TRY(half(n));
  return half(n / 2);
}

TEST(Result, TryReturnsTheFirstError) {
  EXPECT_EQ(*quarter(8), 2);
  EXPECT_EQ(quarter(7).error(), (Error{ErrorCode::kInvalid, "n", "odd"}));
}

TEST(Result, EveryCodeHasItsOwnNameAndAnHttpStatus) {
  std::set<std::string_view> names;
  for (int code = 0; code <= static_cast<int>(ErrorCode::kInternal); ++code) {
    const ErrorInfo& info = error_info(static_cast<ErrorCode>(code));
    names.insert(info.name);
    EXPECT_GE(info.http_status, 400);
  }
  EXPECT_EQ(names.size(), 10u);
}

}  // namespace
}  // namespace foyer
