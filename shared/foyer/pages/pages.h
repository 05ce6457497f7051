// The customer site, one function for both of its hosts: the server and the service worker.
// Sign-in and sign-out are not here: only the server knows passwords and sessions.
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

// The sign-in page of the customer site, or of staff. `problem` is a message key or empty.
struct SignInView {
  std::string email;
  std::string next;
  std::string problem;
  std::int64_t wait_seconds = 0;
  std::string form_token;
  bool is_staff = false;
  std::vector<std::string> demo_accounts;
};
Response render_sign_in(const PageInput& input, const SignInView& view);

// True for paths that `render_page` answers: everything else is the host's.
bool is_page(std::string_view path);

}  // namespace foyer
