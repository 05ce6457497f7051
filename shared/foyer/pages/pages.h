// The customer site, one function for both of its hosts: the server and the service worker.
// Sign-in and sessions are not here (sign_in_pages.h): only the server knows them.
// Invariant: a page shows what `reader` shows, and the hosts pass a ScopedReader.
#pragma once

#include "foyer/model/store.h"
#include "foyer/pages/http.h"
#include "foyer/view/outbox.h"

namespace foyer {

struct PageInput {
  const Request& request;
  const Reader& reader;
  const PageHost& host;
  std::vector<OutboxLine> outbox;  // of this device; the server has none
};

// The answer to a request of the customer site; an unknown path is the 404 page.
PageResult render_page(const PageInput& input);

// An error page in plain words: 400, 403, 404, 405, 410, 413, 429, 500 or 503.
Response render_error(const PageInput& input, int status);

// True for paths that `render_page` answers: everything else is the host's.
bool is_page(std::string_view path);

// Every path there is; a "*" at the end stands for an id. For tests that try each of them.
std::vector<std::string_view> page_paths();

}  // namespace foyer
