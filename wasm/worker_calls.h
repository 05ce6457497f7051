// The functions that the service workers' scripts call (web/src/sw.ts, web/src/kiosk_sw.ts).
#pragma once

#include "foyer/pages/http.h"

namespace foyer::web {

void run();

// What foyer_site_ask has put together; the next question begins anew.
Request take_question();
// An answer of the server, in a program that is a kiosk.
void posted_to_kiosk(int number, int status, std::string_view frames);

}  // namespace foyer::web
