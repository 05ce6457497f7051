#include "foyer/base/id.h"

#include <gtest/gtest.h>

#include "foyer/base/random.h"

namespace foyer {
namespace {

TEST(Uuid, LaterIsGreaterAndVersionIsSeven) {
  Random random(1);
  Uuid before = make_uuid({1000}, random);
  for (std::int64_t ms = 1001; ms < 1100; ++ms) {
    const Uuid next = make_uuid({ms}, random);
    EXPECT_LT(before, next);
    EXPECT_EQ(to_string(next)[14], '7');
    before = next;
  }
}

TEST(Uuid, TextRoundTripAndRefusals) {
  Random random(2);
  const Uuid id = make_uuid({1764160000000}, random);
  EXPECT_EQ(parse_uuid(to_string(id)), id);
  for (const char* bad : {"", "0190b4a2", "0190b4a2-0000-7000-8000-00000000000g",
                          "0190b4a2x0000-7000-8000-000000000000"})
    EXPECT_EQ(parse_uuid(bad), std::nullopt) << bad;
}

TEST(Uuid, DerivedIsTheSameForTheSameNameOnly) {
  const Uuid parent = derive_uuid({}, "parent");
  EXPECT_EQ(derive_uuid(parent, "a"), derive_uuid(parent, "a"));
  EXPECT_NE(derive_uuid(parent, "a"), derive_uuid(parent, "b"));
  EXPECT_NE(derive_uuid(parent, "a"), derive_uuid({}, "a"));
}

}  // namespace
}  // namespace foyer
