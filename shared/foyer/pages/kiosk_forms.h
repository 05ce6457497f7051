// The forms of a walk-up screen: check in, open a case, rate a visit. Each ends in a command that
// its host seals; what was typed travels from step to step in the form.
#pragma once

#include "foyer/pages/kiosk_view.h"

namespace foyer {

PageResult kiosk_check_in(KioskView& view);  // GET and POST
PageResult kiosk_case(KioskView& view);      // likewise; POST "step", "go": on, back or a step
PageResult kiosk_rate(KioskView& view);      // likewise

}  // namespace foyer
