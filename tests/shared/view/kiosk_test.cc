#include "foyer/view/kiosk.h"

#include <gtest/gtest.h>

namespace foyer {
namespace {

TEST(KioskNumber, HasThreeDigitsUntilItNeedsMore) {
  EXPECT_EQ(kiosk_number("K7", 1), "K7-001");
  EXPECT_EQ(kiosk_number("K7", 31), "K7-031");
  EXPECT_EQ(kiosk_number("K7", 999), "K7-999");
  EXPECT_EQ(kiosk_number("K7", 1000), "K7-1000");
}

}  // namespace
}  // namespace foyer
