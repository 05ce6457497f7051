#include "foyer/schema/validate.h"

#include <gtest/gtest.h>

#include "foyer/model/registry.h"

namespace foyer {
namespace {

Message sound() {
  Message row;
  row.id = Id<Message>(derive_uuid({}, "m"));
  row.case_id = Id<Case>(derive_uuid({}, "c"));
  row.body = "Hello";
  row.at = {1764160000000};
  return row;
}

struct Wrong {
  const char* field;
  const char* detail;
  void (*spoil)(Message&);
};
class Validate : public testing::TestWithParam<Wrong> {};
TEST_P(Validate, NamesFieldAndFault) {
  Message row = sound();
  ASSERT_TRUE(validate(entity_of<Message>(), &row).empty());
  GetParam().spoil(row);
  const auto errors = validate(entity_of<Message>(), &row);
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].field, GetParam().field);
  EXPECT_EQ(errors[0].detail, GetParam().detail);
}
INSTANTIATE_TEST_SUITE_P(
    All, Validate,
    testing::Values(Wrong{"body", "required", [](Message& m) { m.body.clear(); }},
                    Wrong{"body", "required", [](Message& m) { m.body = " \n "; }},
                    Wrong{"body", "too_long", [](Message& m) { m.body.assign(10001, 'x'); }},
                    Wrong{"body", "not_text", [](Message& m) { m.body = "\xff"; }},
                    Wrong{"body", "not_text", [](Message& m) { m.body = "a\x01"; }},
                    Wrong{"at", "out_of_range", [](Message& m) { m.at = {INT64_MAX}; }},
                    Wrong{"case_id", "required", [](Message& m) { m.case_id = {}; }}));

TEST(Validate, AListOfRowsHasWholeRows) {
  Calendar row;
  row.id = Id<Calendar>(derive_uuid({}, "c"));
  row.name = "Weekdays";
  row.time_zone = "Europe/Berlin";
  row.intervals = {0, 540, 1020, 1};
  const auto errors = validate(entity_of<Calendar>(), &row);
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0], (Error{ErrorCode::kInvalid, "intervals", "wrong_shape"}));
  row.intervals.pop_back();
  EXPECT_TRUE(validate(entity_of<Calendar>(), &row).empty());
}

TEST(Validate, LengthCountsLettersNotBytes) {
  Message row = sound();
  row.body.clear();
  for (int i = 0; i < 10000; ++i) row.body += "ü";
  EXPECT_TRUE(validate(entity_of<Message>(), &row).empty());
}

}  // namespace
}  // namespace foyer
