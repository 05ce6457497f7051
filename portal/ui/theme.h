// The portal's colours, one table a theme. Text on `paper` and `card` has a contrast of 4.5 or
// more.
#pragma once

#include <cstdint>

namespace foyer::portal {

struct Palette {
  std::uint32_t paper, card, rail, rail_ink, ink, soft, line, accent, accent_ink, hover, selected;
  std::uint32_t tones[5][2];                // by Tone: background, text
  std::uint32_t internal, customer, staff;  // message backgrounds
};

// 0xRRGGBB.
inline constexpr Palette kLightPalette{0xf7f6f3,
                                       0xffffff,
                                       0x17302e,
                                       0xdbe8e5,
                                       0x1c2321,
                                       0x56605d,
                                       0xdcdfdc,
                                       0x0b5c57,
                                       0xffffff,
                                       0xeef4f3,
                                       0xdcedea,
                                       {{0xe7e9e7, 0x3d4744},
                                        {0xe6eff9, 0x1c4f8a},
                                        {0xfdf1d8, 0x7a4b00},
                                        {0xfbe9e9, 0xa4262c},
                                        {0xe4f3e8, 0x1d6b36}},
                                       0xfff4d6,
                                       0xeef4f3,
                                       0xffffff};
inline constexpr Palette kDarkPalette{0x121716,
                                      0x1a2120,
                                      0x0c1514,
                                      0xc6d6d2,
                                      0xe9eeec,
                                      0xa9b5b1,
                                      0x313b39,
                                      0x7fd1c7,
                                      0x06201d,
                                      0x222c2a,
                                      0x1c3a36,
                                      {{0x2a3331, 0xc3cecb},
                                       {0x182a3f, 0x9cc4f3},
                                       {0x352a12, 0xf3c76b},
                                       {0x3a1d1e, 0xff9c9c},
                                       {0x16301e, 0x8fd6a3}},
                                      0x352a12,
                                      0x1d2a28,
                                      0x1a2120};
// Pure black and white with one yellow: every text has a contrast of 10 or more.
inline constexpr Palette kContrastPalette{0x000000,
                                          0x000000,
                                          0x000000,
                                          0xffffff,
                                          0xffffff,
                                          0xe6e6e6,
                                          0xffffff,
                                          0xffe14d,
                                          0x000000,
                                          0x333300,
                                          0x4d4400,
                                          {{0x262626, 0xffffff},
                                           {0x00264d, 0xcfe6ff},
                                           {0x332b00, 0xffe14d},
                                           {0x400000, 0xffd6d6},
                                           {0x00330f, 0xb8ffcb}},
                                          0x332b00,
                                          0x1a1a1a,
                                          0x000000};
inline constexpr Palette kPalettes[] = {kLightPalette, kDarkPalette, kContrastPalette};  // by Theme

}  // namespace foyer::portal
