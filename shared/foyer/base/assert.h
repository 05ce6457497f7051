// FOYER_ASSERT: for programmer errors only, always on, never reachable from input.
#pragma once

#define FOYER_ASSERT(condition)        \
  do {                                 \
    if (!(condition)) __builtin_trap(); \
  } while (false)
