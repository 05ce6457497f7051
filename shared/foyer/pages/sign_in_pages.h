// The pages of those who come and go: sign-in, first password, where one is signed in. Only the
// server shows them, since only it knows passwords and sessions; it checks and changes both.
#pragma once

#include "foyer/pages/pages.h"

namespace foyer {

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

// Where an invitation leads: the person chooses a password. `problem` as above.
struct WelcomeView {
  std::string token;  // of the invitation
  std::string form_token;
  std::string name;
  std::string email;
  std::string problem;
};
Response render_welcome(const PageInput& input, const WelcomeView& view);

// Every sign-in of the request's actor, each with a button that ends it.
struct SignedIn {
  Uuid session;
  std::string browser;  // "Firefox", empty if unknown
  std::string system;   // "Linux", empty if unknown
  Instant since;
  Instant seen;
  bool is_this = false;
};
struct SessionsView {
  std::vector<SignedIn> sign_ins;
  std::string action;  // where the forms go
};
Response render_sessions(const PageInput& input, const SessionsView& view);

}  // namespace foyer
