#include "plain_pages.h"

#include "http_message.h"

namespace foyer::server {
namespace {

std::string hidden(std::string_view name, std::string_view value) {
  return "<input type=\"hidden\" name=\"" + escape_html(name) + "\" value=\"" +
         escape_html(value) + "\">\n";
}

struct Input {
  std::string_view name, label, value;
  std::string_view type = "text";
  std::string_view autocomplete = "off";
  std::string_view hint = "";
  bool has_problem = false;
};

std::string input_html(const Input& input) {
  const std::string name(input.name);
  std::string html = "<p class=\"field\"><label for=\"" + name + "\">" + escape_html(input.label) +
                     "</label>\n";
  std::string described;
  if (!input.hint.empty()) {
    html += "<span class=\"hint\" id=\"" + name + "-hint\">" + escape_html(input.hint) +
            "</span>\n";
    described = name + "-hint";
  }
  html += "<input id=\"" + name + "\" name=\"" + name + "\" type=\"" + std::string(input.type) +
          "\" autocomplete=\"" + std::string(input.autocomplete) + "\" value=\"" +
          escape_html(input.value) + "\" required";
  if (!described.empty()) html += " aria-describedby=\"" + described + "\"";
  if (input.has_problem) html += " aria-invalid=\"true\"";
  return html + "></p>\n";
}

std::string problem_html(std::string_view problem, std::string_view field) {
  if (problem.empty()) return {};
  return "<div class=\"error-summary\" role=\"alert\" tabindex=\"-1\">\n"
         "<h2>There is a problem</h2>\n<p><a href=\"#" +
         escape_html(field) + "\">" + escape_html(problem) + "</a></p>\n</div>\n";
}

}  // namespace

std::string plain_page(const PlainLayout& layout, std::string_view body_html) {
  std::string html =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>" +
      escape_html(layout.title) + "</title>\n";
  if (!layout.style_url.empty())
    html += "<link rel=\"stylesheet\" href=\"" + escape_html(layout.style_url) + "\">\n";
  html += "</head>\n<body>\n<a class=\"skip-link\" href=\"#main\">Skip to the content</a>\n";
  if (layout.is_demo)
    html += "<aside class=\"demo-banner\" aria-label=\"Demo\">Demo data: nothing here is "
            "real.</aside>\n";
  html += "<main id=\"main\" class=\"plain\">\n";
  html += body_html;
  return html + "</main>\n</body>\n</html>\n";
}

std::string sign_in_body(const SignInForm& form) {
  const bool is_staff = form.site == SiteKind::kStaff;
  std::string html = problem_html(form.problem, "email");
  html += is_staff ? "<h1>Staff sign-in</h1>\n" : "<h1>Sign in</h1>\n";
  html += std::string("<form method=\"post\" action=\"") +
          (is_staff ? "/staff/sign-in" : "/sign-in") + "\">\n";
  html += hidden("form_token", form.form_token) + hidden("next", form.next);
  html += input_html({.name = "email",
                      .label = "E-mail address",
                      .value = form.email,
                      .type = "email",
                      .autocomplete = "username",
                      .has_problem = !form.problem.empty()});
  html += input_html({.name = "password",
                      .label = "Password",
                      .value = "",
                      .type = "password",
                      .autocomplete = "current-password",
                      .has_problem = !form.problem.empty()});
  html += "<p><button type=\"submit\">Sign in</button></p>\n</form>\n";
  if (form.demo_accounts.empty()) return html;
  html += "<h2>Demonstration sign-ins</h2>\n<ul>\n";
  for (const auto& account : form.demo_accounts)
    html += "<li><code>" + escape_html(account) + "</code></li>\n";
  return html + "</ul>\n";
}

std::string setup_body(const SetupForm& form) {
  const auto is_bad = [&form](std::string_view field) { return form.problem_field == field; };
  std::string html = problem_html(form.problem, form.problem_field);
  html +=
      "<h1>Set up Foyer</h1>\n<p>This page works once. It creates your company and its first "
      "administrator.</p>\n<form method=\"post\" action=\"/setup\">\n";
  html += hidden("token", form.setup_token) + hidden("form_token", form.form_token);
  html += input_html({.name = "company",
                      .label = "Name of your company",
                      .value = form.company,
                      .autocomplete = "organization",
                      .has_problem = is_bad("company")});
  html += input_html({.name = "time_zone",
                      .label = "Time zone",
                      .value = form.time_zone,
                      .hint = "For example Europe/Berlin",
                      .has_problem = is_bad("time_zone")});
  html += input_html({.name = "name",
                      .label = "Your name",
                      .value = form.name,
                      .autocomplete = "name",
                      .has_problem = is_bad("name")});
  html += input_html({.name = "email",
                      .label = "Your e-mail address",
                      .value = form.email,
                      .type = "email",
                      .autocomplete = "username",
                      .has_problem = is_bad("email")});
  html += input_html({.name = "password",
                      .label = "Password",
                      .value = "",
                      .type = "password",
                      .autocomplete = "new-password",
                      .hint = "At least 12 characters; a sentence is fine",
                      .has_problem = is_bad("password")});
  return html + "<p><button type=\"submit\">Create administrator</button></p>\n</form>\n";
}

std::string error_body(int status, std::string_view request_id) {
  std::string html = "<h1>" + escape_html(status_phrase(status)) + "</h1>\n";
  if (status == 404)
    html += "<p>The address may be mistyped, or what it named is not yours to see.</p>\n";
  if (status == 403)
    html += "<p>The page may have been open for long. Go back, reload it and try again.</p>\n";
  if (status >= 500)
    html += "<p>What you sent has not been lost on your side: go back and try again in a "
            "moment.</p>\n";
  html += "<p><a href=\"/\">Go to the start page</a></p>\n<p class=\"hint\">Reference: <code>" +
          escape_html(request_id) + "</code></p>\n";
  return html;
}

std::string staff_shell(const StaffShell& shell) {
  std::string html =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>Foyer</title>\n";
  html += "<link rel=\"icon\" type=\"image/svg+xml\" href=\"" + escape_html(shell.icon_url);
  html += "\">\n";
  html += "<link rel=\"stylesheet\" href=\"" + escape_html(shell.style_url) + "\">\n";
  html += "<script src=\"" + escape_html(shell.script_url) + "\" type=\"module\"></script>\n";
  html += "</head>\n<body class=\"portal\"";
  if (shell.is_demo) html += " data-demo=\"true\"";
  return html +
         ">\n<canvas id=\"canvas\" aria-hidden=\"true\" tabindex=\"-1\"></canvas>\n"
         "<div id=\"mirror\"></div>\n<div id=\"outline\" aria-hidden=\"true\">"
         "<div class=\"outline-rail\"></div><div class=\"outline-list\"></div>"
         "<div class=\"outline-detail\"></div></div>\n"
         "<noscript><p>The staff portal is a program and needs JavaScript and WebAssembly. "
         "Customers can use <a href=\"/\">their site</a> without.</p></noscript>\n"
         "</body>\n</html>\n";
}

}  // namespace foyer::server
