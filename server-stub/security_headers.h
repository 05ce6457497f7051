// The headers that every response carries, whatever made it. Not a policy per page: one for all.
#pragma once

#include "http_message.h"

namespace foyer::server {

// Adds each header that the response does not set itself; HSTS only when the connection is TLS
// (here or at a trusted proxy), as RFC 6797 asks.
void add_security_headers(HttpResponse& response, bool is_secure);

}  // namespace foyer::server
