// The functions that the service worker's script calls (web/src/sw.ts).
#pragma once

namespace foyer::web {

void run();

}  // namespace foyer::web
