#include "ui/theme.h"

#include <gtest/gtest.h>

#include <cmath>

namespace foyer::portal {
namespace {

// WCAG 2.2, relative luminance and contrast ratio.
double part(std::uint32_t value) {
  const double share = static_cast<double>(value & 255) / 255;
  return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
}
double luminance(std::uint32_t rgb) {
  return 0.2126 * part(rgb >> 16) + 0.7152 * part(rgb >> 8) + 0.0722 * part(rgb);
}
double contrast(std::uint32_t a, std::uint32_t b) {
  const double one = luminance(a), other = luminance(b);
  return (std::max(one, other) + 0.05) / (std::min(one, other) + 0.05);
}

TEST(Theme, EveryTextCanBeReadOnItsGround) {
  int number = 0;
  for (const Palette& p : kPalettes) {
    const double wanted = number == 2 ? 7 : 4.5;
    for (const auto& [ink, ground] : std::vector<std::pair<std::uint32_t, std::uint32_t>>{
             {p.ink, p.paper}, {p.ink, p.card}, {p.ink, p.hover}, {p.ink, p.selected},
             {p.ink, p.internal}, {p.ink, p.customer}, {p.ink, p.staff}, {p.soft, p.card},
             {p.soft, p.paper}, {p.soft, p.hover}, {p.soft, p.internal}, {p.soft, p.customer},
             {p.accent, p.card}, {p.accent, p.hover}, {p.accent, p.selected},
             {p.accent_ink, p.accent}, {p.rail_ink, p.rail}, {0xffffff, p.rail}})
      EXPECT_GE(contrast(ink, ground), wanted)
          << number << ": " << std::hex << ink << " on " << ground;
    for (const auto& tone : p.tones) {
      EXPECT_GE(contrast(tone[1], tone[0]), wanted) << number << ": " << std::hex << tone[1];
      EXPECT_GE(contrast(tone[1], p.card), wanted) << number << ": " << std::hex << tone[1];
    }
    ++number;
  }
}

}  // namespace
}  // namespace foyer::portal
