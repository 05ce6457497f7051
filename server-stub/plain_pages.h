// The few pages that belong to the server itself: first set-up, and sign-in and errors for when the
// templates fail. Plain HTML that works without style and scripts. Not the product's pages: those
// are shared/pages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sessions.h"

namespace foyer::server {

struct PlainLayout {
  std::string title;
  std::string style_url;  // empty: none
  bool is_demo = false;
};

std::string plain_page(const PlainLayout& layout, std::string_view body_html);

struct SignInForm {
  SiteKind site = SiteKind::kCustomer;
  std::string form_token;
  std::string next;   // where to go afterwards
  std::string email;  // as typed
  std::string problem;  // in words; empty: none
  std::vector<std::string> demo_accounts;  // sign-in names shown in a demonstration
};
std::string sign_in_body(const SignInForm& form);

struct SetupForm {
  std::string setup_token, form_token;
  std::string company, time_zone, name, email;
  std::string problem_field, problem;
};
std::string setup_body(const SetupForm& form);

// The page that the staff portal runs in: shows its outline at once, then loads the program.
struct StaffShell {
  std::string icon_url;
  std::string style_url, script_url;
  bool is_demo = false;
};
std::string staff_shell(const StaffShell& shell);

std::string error_body(int status, std::string_view request_id);

}  // namespace foyer::server
