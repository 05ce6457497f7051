// The walk-up screen, /kiosk/: rendered by the service worker from the device's rows, without a
// network. Not the device's keys, outbox and contacts: those are its host's.
// Invariant: no address carries what a visitor typed; a command's answer never comes back here.
#pragma once

#include "foyer/pages/pages.h"

namespace foyer {

// True for "/kiosk/" and what lies below it; "/kiosk" itself is the server's.
bool is_kiosk_page(std::string_view path);

// For a kiosk's actor, with Request.kiosk. A result with a command: the host seals it, keeps it and
// counts one number on; then it goes to `location`. An unknown path, or a form that the profile
// does not offer, is the 404 page in the kiosk's frame.
PageResult render_kiosk_page(const PageInput& input);

// The server's page for every address of the kiosk: sets a device up, and waits for its worker.
Response render_kiosk_entry(const PageInput& input);

// As render_error, in the kiosk's frame.
Response render_kiosk_error(const PageInput& input, int status);

}  // namespace foyer
