// The portal in a browser: entry of the program. The page drives it through exported functions.
#pragma once

namespace foyer::portal {

// Returns at once; everything happens when the page calls.
void run();

}  // namespace foyer::portal
