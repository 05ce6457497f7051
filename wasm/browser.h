// Clock and randomness of the browser (browser.js).
#pragma once

#include "foyer/base/id.h"
#include "foyer/base/instant.h"

namespace foyer::web {

// By the device's clock: may be wrong, may jump.
Instant device_now();
Uuid fresh_id();

}  // namespace foyer::web
