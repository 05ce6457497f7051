// The whole server in this process, over loopback: what a browser, and what an attacker, sees.
#include "application.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "entities.h"
#include "foyer/base/random.h"
#include "foyer/model/contract.h"
#include "foyer/model/people.h"
#include "foyer/view/import.h"
#include "raw_client.h"
#include "secrets.h"
#include "server_tables.h"

namespace foyer::server {
namespace {

constexpr char kPassword[] = "a long enough sentence";

std::string encode_form(const std::vector<std::pair<std::string, std::string>>& fields) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string text;
  for (const auto& [name, value] : fields) {
    text += (text.empty() ? "" : "&") + name + "=";
    for (const char c : value) {
      if (std::isalnum(static_cast<unsigned char>(c))) {
        text += c;
      } else {
        text += '%';
        text += kHex[static_cast<unsigned char>(c) >> 4];
        text += kHex[static_cast<unsigned char>(c) & 15];
      }
    }
  }
  return text;
}

std::string hidden_value(const std::string& html, const std::string& name) {
  const auto at = html.find("name=\"" + name + "\" value=\"");
  if (at == std::string::npos) return {};
  const auto start = at + name.size() + 15;
  return html.substr(start, html.find('"', start) - start);
}

class ApplicationTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / "foyer_application_test";
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ / "web");
    std::ofstream(folder_ / "web" / "robots.txt") << "User-agent: *";
    start();
  }
  void TearDown() override {
    stop();
    std::filesystem::remove_all(folder_);
  }

  void start() {
    InstallationOptions options{.folder = (folder_ / "data").string()};
    options.entities = stored_entities();
    auto installation = Installation::open(options, now_);
    ASSERT_TRUE(installation.has_value()) << installation.error().detail;
    installation_ = std::move(*installation);
    files_ = *StaticFiles::load((folder_ / "web").string());
    ApplicationOptions application;
    application.clock = [this] { return now_; };
    gate_ = std::make_unique<CommandGate>(*installation_, application.clock);
    application_ =
        std::make_unique<Application>(*installation_, *gate_, files_, std::move(application));
    server_ = *HttpServer::start({}, *application_);
    port_ = server_->port();
  }
  void stop() {
    if (server_) server_->drain(0);
    if (application_) application_->stop();
    if (installation_) installation_->writer().stop();
    server_.reset();
    application_.reset();
    gate_.reset();
    installation_.reset();
  }

  Uuid add_user(const std::string& email, bool is_customer,
                UserState state = UserState::kActive) {
    User user{};
    user.id = Id<User>(make_uuid(now_, random_));
    user.name = "Ann";
    user.email = email;
    user.state = state;
    user.roles = is_customer ? Roles{Role::kCustomerUser} : Roles{Role::kCsr};
    Contact contact{};
    contact.id = Id<Contact>(make_uuid(now_, random_));
    contact.account = Id<Account>(make_uuid(now_, random_));
    contact.name = "Ann";
    if (is_customer) user.contact = contact.id;
    const auto hash = hash_password(kPassword);
    EXPECT_TRUE(installation_->writer().run_and_wait([&] {
      if (is_customer) put(installation_->store(), contact);
      put(installation_->store(), user);
      return store_password(installation_->database(), user.id, hash, now_);
    }));
    installation_->mark_set_up();
    return user.id;
  }

  RawResponse get(const std::string& path, const std::string& cookies = "") {
    return request(port_, {.path = path,
                           .headers = "Accept: text/html\r\nCookie: " + cookies + "\r\n"});
  }
  RawResponse post(const std::string& path,
                   const std::vector<std::pair<std::string, std::string>>& fields,
                   const std::string& cookies, const std::string& more = "") {
    return request(port_,
                   {.method = "POST",
                    .path = path,
                    .headers = "Accept: text/html\r\nOrigin: http://localhost\r\nCookie: " +
                               cookies + "\r\nContent-Type: application/x-www-form-urlencoded" +
                               "\r\n" + more,
                    .body = encode_form(fields)});
  }
  static std::string cookie_of(const RawResponse& response) {
    const auto header = response.header("Set-Cookie");
    return header.substr(0, header.find(';'));
  }
  RawResponse sign_in(const std::string& site, const std::string& email,
                      const std::string& password, const std::string& next = "") {
    const auto form = get(site + "/sign-in");
    return post(site + "/sign-in",
                {{"form_token", hidden_value(form.body, "form_token")},
                 {"email", email},
                 {"password", password},
                 {"next", next}},
                cookie_of(form));
  }

  std::filesystem::path folder_;
  Instant now_{1'700'000'000'000};
  Random random_{3};
  StaticFiles files_;
  std::unique_ptr<Installation> installation_;
  std::unique_ptr<CommandGate> gate_;
  std::unique_ptr<Application> application_;
  std::unique_ptr<HttpServer> server_;
  std::uint16_t port_ = 0;
};

TEST_F(ApplicationTest, HealthReadinessAndFiles) {
  EXPECT_EQ(get("/healthz").status, 200);
  EXPECT_EQ(get("/readyz").body, "ready\n");
  application_->begin_drain();
  EXPECT_EQ(get("/readyz").status, 503);
  EXPECT_EQ(get("/robots.txt").body, "User-agent: *");
  EXPECT_EQ(get("/nothing/here").status, 404);
  EXPECT_EQ(request(port_, {.method = "DELETE", .path = "/sign-in"}).status, 405);
}

TEST_F(ApplicationTest, SignInGivesANewHostCookieAndOpensTheOwnSiteOnly) {
  add_user("csr@example.com", false);
  const auto response = sign_in("/staff", " CSR@example.com", kPassword, "/staff/cases?x=1");
  EXPECT_EQ(response.status, 303);
  EXPECT_EQ(response.header("Location"), "/staff/cases?x=1");
  const auto cookie = response.header("Set-Cookie");
  EXPECT_TRUE(cookie.starts_with("__Host-foyer-staff=")) << cookie;
  EXPECT_TRUE(cookie.ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax")) << cookie;
  const auto mine = get("/staff/session.json", cookie_of(response));
  EXPECT_EQ(mine.status, 200);
  EXPECT_NE(mine.body.find("\"roles\":[\"csr\"]"), std::string::npos);
  EXPECT_EQ(get("/session.json", cookie_of(response)).status, 401);
  EXPECT_EQ(get("/staff/session.json").status, 401);
  EXPECT_EQ(get("/staff/session.json", "__Host-foyer-staff=guess").status, 401);
}

TEST_F(ApplicationTest, WrongUnknownSuspendedAndForeignAnswerAlike) {
  add_user("csr@example.com", false);
  add_user("customer@example.com", true);
  add_user("gone@example.com", false, UserState::kSuspended);
  const auto wrong = sign_in("/staff", "csr@example.com", "not the password");
  EXPECT_EQ(wrong.status, 422);
  const auto strip = [](RawResponse response, const std::string& email) {
    const auto token = hidden_value(response.body, "form_token");
    for (const auto& part : {token, email})
      for (auto at = response.body.find(part); at != std::string::npos;
           at = response.body.find(part))
        response.body.erase(at, part.size());
    return response.body;
  };
  for (const char* email : {"nobody@example.com", "customer@example.com", "gone@example.com"}) {
    const auto other = sign_in("/staff", email, kPassword);
    EXPECT_EQ(other.status, 422) << email;
    EXPECT_EQ(strip(other, email), strip(wrong, "csr@example.com"));
    EXPECT_TRUE(other.header("Set-Cookie").empty());
  }
  EXPECT_EQ(sign_in("", "csr@example.com", kPassword).status, 422);
  EXPECT_EQ(sign_in("", "customer@example.com", kPassword).status, 303);
}

TEST_F(ApplicationTest, ForgedFormsAreRefused) {
  add_user("csr@example.com", false);
  const auto form = get("/staff/sign-in");
  const auto token = hidden_value(form.body, "form_token");
  const std::vector<std::pair<std::string, std::string>> fields = {
      {"form_token", token}, {"email", "csr@example.com"}, {"password", kPassword}};
  EXPECT_EQ(post("/staff/sign-in", fields, "").status, 403);
  EXPECT_EQ(post("/staff/sign-in", {{"form_token", "x"}}, cookie_of(form)).status, 403);
  const auto from = [&](const std::string& headers) {
    return request(port_, {.method = "POST",
                           .path = "/staff/sign-in",
                           .headers = headers + "Cookie: " + cookie_of(form) +
                                      "\r\nContent-Type: application/x-www-form-urlencoded\r\n",
                           .body = encode_form(fields)})
        .status;
  };
  EXPECT_EQ(from("Origin: http://evil.example\r\n"), 403);
  EXPECT_EQ(from("Origin: null\r\n"), 403);
  EXPECT_EQ(from("Sec-Fetch-Site: cross-site\r\n"), 403);
  EXPECT_EQ(from("Sec-Fetch-Site: same-origin\r\n"), 303);
}

TEST_F(ApplicationTest, NextNeverLeavesTheSite) {
  add_user("csr@example.com", false);
  for (const char* next : {"https://evil.example/", "//evil.example", "/\\evil.example",
                           "/staffother", "/", "javascript:alert(1)", "/staff/\r\nX: 1",
                           "/staff/sign-in"})
    EXPECT_EQ(sign_in("/staff", "csr@example.com", kPassword, next).header("Location"),
              "/staff/")
        << next;
}

TEST_F(ApplicationTest, RepeatedFailuresMustWaitAndTheRightPasswordWorksAfterwards) {
  add_user("csr@example.com", false);
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(sign_in("/staff", "csr@example.com", "wrong password").status, 422);
  const auto limited = sign_in("/staff", "csr@example.com", kPassword);
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(limited.header("Retry-After"), "1");
  now_ = now_ + 1000;
  EXPECT_EQ(sign_in("/staff", "csr@example.com", kPassword).status, 303);
  EXPECT_EQ(sign_in("/staff", "csr@example.com", "wrong password").status, 422);
}

TEST_F(ApplicationTest, SignOutNeedsTheTokenAndEndsTheSession) {
  add_user("csr@example.com", false);
  const auto cookie = cookie_of(sign_in("/staff", "csr@example.com", kPassword));
  EXPECT_EQ(post("/staff/sign-out", {{"form_token", "x"}}, cookie).status, 403);
  const auto json = get("/staff/session.json", cookie).body;
  const auto at = json.find("\"form_token\":\"") + 14;
  const auto out = post("/staff/sign-out", {{"form_token", json.substr(at, 43)}}, cookie);
  EXPECT_EQ(out.status, 303);
  EXPECT_NE(out.header("Set-Cookie").find("Max-Age=0"), std::string::npos);
  EXPECT_EQ(get("/staff/session.json", cookie).status, 401);
}

TEST_F(ApplicationTest, APersonSeesAndEndsTheirOwnSessionsOnly) {
  add_user("ann@example.com", false);
  add_user("ben@example.com", false);
  const auto first = cookie_of(sign_in("/staff", "ann@example.com", kPassword));
  const auto second = cookie_of(sign_in("/staff", "ann@example.com", kPassword));
  const auto other = cookie_of(sign_in("/staff", "ben@example.com", kPassword));
  const auto ids = [this](const std::string& cookie) {
    const auto json = get("/staff/session.json", cookie).body;
    return std::pair{json.substr(json.find("\"form_token\":\"") + 14, 43),
                     json.substr(json.find("\"session\":\"") + 11, 36)};
  };
  const auto token = ids(first).first;
  EXPECT_EQ(post("/staff/sessions", {{"form_token", token}, {"session", ids(other).second}}, first)
                .status,
            404);
  EXPECT_EQ(post("/staff/sessions", {{"form_token", token}, {"session", ids(second).second}},
                 first)
                .status,
            303);
  EXPECT_EQ(get("/staff/session.json", second).status, 401);
  EXPECT_EQ(get("/staff/session.json", other).status, 200);
  const auto page = get("/staff/sessions", first);
  EXPECT_EQ(page.status, 200);
  EXPECT_NE(page.body.find("action=\"/staff/sessions\""), std::string::npos) << page.body;
  EXPECT_EQ(get("/staff/sessions").header("Location"), "/staff/sign-in");
}

TEST_F(ApplicationTest, SessionsOutliveARestartUntilTheirTimeIsOver) {
  add_user("csr@example.com", false);
  const auto cookie = cookie_of(sign_in("/staff", "csr@example.com", kPassword));
  stop();
  start();
  EXPECT_EQ(get("/staff/session.json", cookie).status, 200);
  stop();
  now_ = now_ + 31 * kMsPerMinute;
  start();
  EXPECT_EQ(get("/staff/session.json", cookie).status, 401);
}

TEST_F(ApplicationTest, SetUpWorksOnceAndOnlyWithItsToken) {
  EXPECT_EQ(get("/setup").status, 404);
  EXPECT_EQ(get("/setup?token=guess").status, 404);
  ASSERT_TRUE(installation_->writer().run_and_wait([&] {
    return store_value(installation_->database(), kSetupTokenHash, hash_token("T"));
  }));
  const auto form = get("/setup?token=T");
  ASSERT_EQ(form.status, 200);
  auto fields = std::vector<std::pair<std::string, std::string>>{
      {"token", "T"},
      {"form_token", hidden_value(form.body, "form_token")},
      {"company", "Acme <&>"},
      {"time_zone", "Europe/Berlin"},
      {"name", "Ann"},
      {"email", "ann@example.com"},
      {"password", "short"}};
  const auto refused = post("/setup", fields, cookie_of(form));
  EXPECT_EQ(refused.status, 422);
  EXPECT_NE(refused.body.find("Use at least 12 characters"), std::string::npos);
  EXPECT_NE(refused.body.find("value=\"Acme &lt;&amp;&gt;\""), std::string::npos);
  fields.back().second = kPassword;
  const auto done = post("/setup", fields, cookie_of(form));
  EXPECT_EQ(done.status, 303);
  EXPECT_EQ(get("/staff/session.json", cookie_of(done)).status, 200);
  EXPECT_EQ(get("/setup?token=T").status, 404);
  EXPECT_EQ(post("/setup", fields, cookie_of(form)).status, 404);
  EXPECT_EQ(sign_in("/staff", "ann@example.com", kPassword).status, 303);
}

TEST_F(ApplicationTest, BadFormsAreClearErrorsAndTheServerStaysUp) {
  const std::string type = "Content-Type: application/x-www-form-urlencoded\r\n";
  const struct {
    std::string headers, body;
    int status;
  } cases[] = {
      {"", "email=x", 415},
      {"Content-Type: application/json\r\n", "{}", 415},
      {"Content-Type: multipart/form-data; boundary=x\r\n", "--x--", 415},
      {type, "email=%", 400},
      {type, "email=%ff", 400},
      {type, "email=a&email=b", 400},
      {type, "email=" + std::string(900'000, 'a'), 403},
  };
  for (const auto& row : cases)
    EXPECT_EQ(request(port_, {.method = "POST",
                              .path = "/sign-in",
                              .headers = row.headers,
                              .body = row.body})
                  .status,
              row.status)
        << row.headers << row.body.substr(0, 20);
  EXPECT_EQ(get("/sign-in?next=%").status, 400);
  EXPECT_EQ(get("/sign-in?a=1&a=2").status, 400);
  EXPECT_EQ(get("/sign-in").status, 200);
}

// Whoever adds a route has to say here what it does for somebody who is not signed in.
TEST_F(ApplicationTest, EveryRouteRefusesWhoIsNotSignedIn) {
  const std::map<std::string, int> open = {{"GET /readyz", 200},          {"GET /sign-in", 200},
                                           {"GET /staff/sign-in", 200},   {"POST /sign-in", 403},
                                           {"POST /staff/sign-in", 403},  {"POST /sign-out", 303},
                                           {"POST /staff/sign-out", 303}, {"GET /sessions", 303},
                                           {"GET /staff/sessions", 303},  {"GET /setup", 404},
                                           {"POST /setup", 404},
                                           {"GET /welcome", 404},
                                           {"POST /welcome", 404},
                                           {"POST /kiosk/enrol", 400},
                                           {"GET /kiosk/challenge", 200},
                                           {"POST /kiosk/session", 400},
                                           {"GET /kiosk", 303},
                                           {"GET /kiosk/*", 200}};
  add_user("customer@example.com", true);
  const auto customer = cookie_of(sign_in("", "customer@example.com", kPassword));
  for (const auto& [method, path] : Application::routes()) {
    const auto name = std::string(method) + ' ' + std::string(path);
    const auto known = open.find(name);
    const int expected = known == open.end() ? 401 : known->second;
    for (const auto& cookie : {std::string("none=1"), std::string("__Host-foyer-staff=guess")}) {
      const auto response =
          request(port_, {.method = std::string(method),
                          .path = std::string(path),
                          .headers = "Content-Type: application/x-www-form-urlencoded\r\nCookie: " +
                                     cookie + "\r\n",
                          .body = method == "POST" ? "a=b" : ""});
      EXPECT_EQ(response.status, expected) << name;
    }
    if (!path.starts_with("/staff/") || expected != 401) continue;
    const auto crossed = request(
        port_, {.method = std::string(method),
                .path = std::string(path),
                .headers = "Content-Type: application/x-www-form-urlencoded\r\nCookie: " +
                           customer + "; __Host-foyer-staff=" +
                           customer.substr(customer.find('=') + 1) +
                           "\r\n",
                .body = method == "POST" ? "a=b" : ""});
    EXPECT_EQ(crossed.status, 401) << name << " with a customer's token";
  }
}

TEST_F(ApplicationTest, ImportsNeedRoleAndTokenAndAreThenUndone) {
  const auto csr = add_user("csr@example.com", false);
  const auto cookie = cookie_of(sign_in("/staff", "csr@example.com", kPassword));
  const auto token = installation_->sessions().list(csr, now_).at(0).form_token;
  const auto send = [&](const std::string& path, const std::string& form_token,
                        const std::string& body) {
    return request(port_, {.method = "POST",
                           .path = path,
                           .headers = "Origin: http://localhost\r\nContent-Type: text/csv\r\n" +
                                      ("Cookie: " + cookie) + "\r\nX-Form-Token: " + form_token +
                                      "\r\n",
                           .body = body});
  };
  const std::string path = "/staff/api/import/accounts?file=a.csv";
  EXPECT_EQ(send(path, "x", "account\nAcme\n").status, 403);
  EXPECT_EQ(send(path, token, "account\nAcme\n").status, 403);
  ASSERT_TRUE(installation_->writer().run_and_wait([&] {
    auto user = *foyer::get(installation_->store(), Id<User>(csr));
    user.roles.add(Role::kAdmin);
    put(installation_->store(), user);
    return true;
  }));
  EXPECT_EQ(send("/staff/api/import/nonsense", token, "account\nAcme\n").status, 400);
  EXPECT_EQ(send(path, token, "\"").status, 400);
  const auto rehearsal = send(path + "&dry_run=1", token, "account,revenue\nAcme,1\nB,x\n");
  EXPECT_EQ(rehearsal.status, 200);
  EXPECT_NE(rehearsal.body.find("\"created\":1,"), std::string::npos) << rehearsal.body;
  EXPECT_NE(rehearsal.body.find("\"line\":3,\"column\":\"revenue\""), std::string::npos);
  EXPECT_NE(rehearsal.body.find("\"run\":\"\""), std::string::npos);
  const auto done = send(path, token, "account,revenue\nAcme,1\n");
  const auto at = done.body.find("\"run\":\"") + 7;
  const auto run = done.body.substr(at, 36);
  const auto accounts = [this] {
    auto lease = installation_->readers().acquire();
    return lease.store().count(entity_of<Account>());
  };
  EXPECT_EQ(accounts(), 1u);
  EXPECT_EQ(send("/staff/api/undo-import?run=" + run, token, "").body, "{\"kept\":0}");
  EXPECT_EQ(accounts(), 0u);
  EXPECT_EQ(send("/staff/api/undo-import?run=" + run, token, "").status, 409);
  EXPECT_EQ(send("/staff/api/undo-import?run=nonsense", token, "").status, 404);
}

TEST_F(ApplicationTest, ALargeFileIsReadOnlyForWhoMayImport) {
  const auto csr = add_user("csr@example.com", false);
  const auto cookie = cookie_of(sign_in("/staff", "csr@example.com", kPassword));
  const auto token = installation_->sessions().list(csr, now_).at(0).form_token;
  std::string file = "account,remarks\n";
  const std::string remarks(4000, 'r');  // large by its cells: rows take their time
  while (file.size() < 3'000'000)
    file += "Acme " + std::to_string(file.size()) + "," + remarks + "\n";
  const auto head = [&](const std::string& path, const std::string& headers) {
    RawClient client(port_);
    client.send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n" +
                headers + "Content-Length: " + std::to_string(file.size()) + "\r\n\r\n");
    return client.take_head();  // no byte of the body is sent
  };
  const std::string path = "/staff/api/import/accounts?dry_run=1";
  const std::string session = "Cookie: " + cookie + "\r\n";
  const std::string form = "X-Form-Token: " + token + "\r\n";
  EXPECT_TRUE(head(path, "").starts_with("HTTP/1.1 401"));
  EXPECT_TRUE(head(path, session).starts_with("HTTP/1.1 403"));
  EXPECT_TRUE(head(path, session + form).starts_with("HTTP/1.1 403")) << "role";
  ASSERT_TRUE(installation_->writer().run_and_wait([&] {
    auto user = *foyer::get(installation_->store(), Id<User>(csr));
    user.roles.add(Role::kAdmin);
    put(installation_->store(), user);
    return true;
  }));
  EXPECT_TRUE(head("/staff/api/undo-import", session + form).starts_with("HTTP/1.1 413"));
  EXPECT_TRUE(head("/staff/sync", session + form).starts_with("HTTP/1.1 413"));
  const auto done = request(port_, {.method = "POST",
                                    .path = path,
                                    .headers = "Origin: http://localhost\r\n" + session + form +
                                               "Content-Type: text/csv\r\n",
                                    .body = file});
  EXPECT_EQ(done.status, 200) << done.body.substr(0, 300);
  file.resize(kImportBytesMax + 1);
  EXPECT_TRUE(head(path, session + form).starts_with("HTTP/1.1 413"));
}

TEST_F(ApplicationTest, ThePortalIsToldWhatIsWrongWithAFile) {
  const auto csr = add_user("csr@example.com", false);
  const auto cookie = cookie_of(sign_in("/staff", "csr@example.com", kPassword));
  const auto token = installation_->sessions().list(csr, now_).at(0).form_token;
  ASSERT_TRUE(installation_->writer().run_and_wait([&] {
    auto user = *foyer::get(installation_->store(), Id<User>(csr));
    user.roles.add(Role::kAdmin);
    put(installation_->store(), user);
    return true;
  }));
  const auto ask = [&](const std::string& path, const std::string& body) {
    const auto response =
        request(port_, {.method = "POST",
                        .path = path,
                        .headers = "Origin: http://localhost\r\nContent-Type: text/csv\r\n" +
                                   ("Cookie: " + cookie) + "\r\nX-Form-Token: " + token +
                                   "\r\nAccept: application/octet-stream\r\n",
                        .body = body});
    EXPECT_EQ(response.status, 200) << path << response.body;
    const auto answer = parse_import_answer(response.body);
    EXPECT_TRUE(answer) << path;
    return answer.value_or(ImportAnswer());
  };
  const std::string products = "/staff/api/import/products?dry_run=1";
  const std::string accounts = "account,sector,office location\nAcme,?,Kenya\nB,retail,\n,a,b\n";
  const auto wrong = ask(products, accounts);
  EXPECT_EQ(wrong.problem, "missing_column");
  EXPECT_EQ(wrong.problem_field, "name");
  EXPECT_EQ(wrong.other_kind, "accounts");
  EXPECT_EQ(wrong.samples, (std::vector<std::string>{"Acme", "retail", "Kenya"}));
  const auto mapped = ask(products + "&map=account%3Dname", accounts);
  EXPECT_EQ(mapped.problem, "");
  EXPECT_EQ(mapped.created, 2);
  EXPECT_EQ(mapped.issue_lines, (std::vector<std::int64_t>{4}));
  const auto left_out =
      ask("/staff/api/import/accounts?dry_run=1&map=office%2520location%3D", accounts);
  EXPECT_EQ(left_out.created, 2);
  EXPECT_EQ(import_columns_of(left_out).lines.at(2).choice, 0u);
  EXPECT_EQ(import_columns_of(left_out).lines.at(1).choice, 2u);
  EXPECT_EQ(ask(products, "\"").problem, "unclosed_quote");
  EXPECT_EQ(ask(products, "").problem, "empty");
  EXPECT_EQ(ask(products + "&map=nothing%3Dname", accounts).problem, "unknown_column");
}

TEST_F(ApplicationTest, AnInvitationLetsItsPersonInOnce) {
  const auto csr = add_user("csr@example.com", false);
  const auto staff_cookie = cookie_of(sign_in("/staff", "csr@example.com", kPassword));
  const auto token = installation_->sessions().list(csr, now_).at(0).form_token;
  const auto with_password = add_user("old@example.com", true);
  const auto customer = add_user("new@example.com", true);
  ASSERT_TRUE(installation_->writer().run_and_wait([&] {
    return installation_->database()
        .statement("DELETE FROM server_credential WHERE user = ?1")
        .bind(1, to_string(customer))
        .run();
  }));
  const auto invite = [&](const Uuid& user) {
    return request(port_, {.method = "POST",
                           .path = "/staff/api/invitation?user=" + to_string(user),
                           .headers = "Origin: http://localhost\r\nCookie: " + staff_cookie +
                                      "\r\nX-Form-Token: " + token + "\r\n"});
  };
  EXPECT_EQ(invite(with_password).status, 403);
  EXPECT_EQ(invite(csr).status, 403);
  EXPECT_EQ(invite(derive_uuid({}, "nobody")).status, 404);
  const auto first = invite(customer).body, second = invite(customer).body;
  const auto path_in = [](const std::string& json) { return json.substr(9, json.size() - 11); };
  EXPECT_EQ(get(path_in(first)).status, 404);
  const auto form = get(path_in(second));
  ASSERT_EQ(form.status, 200) << second;
  std::vector<std::pair<std::string, std::string>> fields = {
      {"token", hidden_value(form.body, "token")},
      {"form_token", hidden_value(form.body, "form_token")},
      {"password", "short"}};
  EXPECT_EQ(post("/welcome", fields, cookie_of(form)).status, 422);
  fields.back().second = "another long sentence";
  EXPECT_EQ(post("/welcome", fields, "").status, 403);
  const auto done = post("/welcome", fields, cookie_of(form));
  EXPECT_EQ(done.status, 303);
  EXPECT_EQ(get("/session.json", cookie_of(done)).status, 200);
  EXPECT_EQ(post("/welcome", fields, cookie_of(form)).status, 404);
  EXPECT_EQ(sign_in("", "new@example.com", "another long sentence").status, 303);
}

TEST_F(ApplicationTest, AnInvitationEndsAfterThreeDays) {
  const auto customer = add_user("new@example.com", true);
  ASSERT_TRUE(installation_->writer().run_and_wait([&] {
    return store_invitation(installation_->database(), hash_token("T"), customer,
                            now_ + kInvitationMs);
  }));
  EXPECT_EQ(get("/welcome?token=T").status, 200);
  const auto german = request(port_, {.path = "/welcome?token=T",
                                      .headers = "Accept: text/html\r\nAccept-Language: de\r\n"});
  EXPECT_NE(german.body.find("Passwort wählen"), std::string::npos) << german.body;
  now_ = now_ + kInvitationMs;
  EXPECT_EQ(get("/welcome?token=T").status, 404);
}

TEST_F(ApplicationTest, WhoGuessesAtInvitationsSlowsNobodyElse) {
  const auto guess = [&](const std::string& source) {
    return request(port_, {.method = "POST",
                           .path = "/welcome",
                           .headers = "Origin: http://localhost\r\n"
                                      "Content-Type: application/x-www-form-urlencoded\r\n",
                           .body = "token=wrong",
                           .source = source})
        .status;
  };
  for (int i = 0; i < 30; ++i) EXPECT_EQ(guess("127.0.0.2"), 404) << i;
  EXPECT_EQ(guess("127.0.0.2"), 429);
  EXPECT_EQ(guess("127.0.0.3"), 404);
}

TEST_F(ApplicationTest, TheApiRunsTheSameCommandsAndSaysWhatIsWrong) {
  const auto csr = add_user("csr@example.com", false);
  const auto cookie = cookie_of(sign_in("/staff", "csr@example.com", kPassword));
  const auto token = installation_->sessions().list(csr, now_).at(0).form_token;
  Account account{};
  account.id = Id<Account>(derive_uuid({}, "acme"));
  account.name = "Acme";
  ASSERT_TRUE(installation_->writer().run_and_wait([&] {
    put(installation_->store(), account);
    return true;
  }));
  const auto send = [&](const std::string& name, const std::string& body,
                        const std::string& key = "0190b4a2-0000-7000-8000-000000000001") {
    return request(port_, {.method = "POST",
                           .path = "/staff/api/command/" + name,
                           .headers = "Origin: http://localhost\r\nCookie: " + cookie +
                                      "\r\nX-Form-Token: " + token + "\r\nIdempotency-Key: " +
                                      key + "\r\nContent-Type: application/json\r\n",
                           .body = body});
  };
  const auto ids = "\"case_id\":\"0190b4a2-0000-7000-8000-00000000000a\",\"message\":"
                   "\"0190b4a2-0000-7000-8000-00000000000b\",\"account\":\"" +
                   to_string(account.id) + "\"";
  const struct {
    std::string name, body;
    int status;
    std::string says;
  } cases[] = {
      {"no.such", "{}", 404, "unknown_command"},
      {"case.open", "", 400, "not_json"},
      {"case.open", "{\"case_id\":1}", 400, "\"field\":\"case_id\""},
      {"case.open", "{\"a\":1,\"a\":2}", 400, "duplicate_key"},
      {"case.open", "{" + ids + ",\"subject\":\"S\"}", 400, "\"field\":\"body\""},
      {"case.confirm", "{\"case_id\":\"0190b4a2-0000-7000-8000-00000000000f\"}", 403, "role"},
      {"case.open", "{" + ids + ",\"subject\":\"S\",\"body\":\"B\"}", 200, "\"ok\":true"},
  };
  for (const auto& row : cases) {
    const auto response = send(row.name, row.body);
    EXPECT_EQ(response.status, row.status) << row.body << response.body;
    EXPECT_NE(response.body.find(row.says), std::string::npos) << row.body << response.body;
  }
  EXPECT_EQ(send("case.open", "{}", "").status, 400);
  auto lease = installation_->readers().acquire();
  EXPECT_EQ(lease.store().count(entity_of<Case>()), 1u);
}

TEST_F(ApplicationTest, ADataFolderInUseIsRefused) {
  InstallationOptions options{.folder = (folder_ / "data").string()};
  const auto second = Installation::open(options, now_);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().detail, "in_use");
}

TEST_F(ApplicationTest, SocketsNeedOriginAndSession) {
  add_user("csr@example.com", false);
  const auto cookie = cookie_of(sign_in("/staff", "csr@example.com", kPassword));
  const std::string origin = "Origin: http://localhost\r\n";
  for (const char* path : {"/hints", "/staff/hints"}) {
    EXPECT_EQ(RawSocket(port_, path, "Cookie: " + cookie + "\r\n").status(), 403) << path;
    EXPECT_EQ(RawSocket(port_, path, "Origin: http://evil.example\r\n").status(), 403);
    EXPECT_EQ(RawSocket(port_, path, origin).status(), 401);
  }
  EXPECT_EQ(RawSocket(port_, "/hints", origin + "Cookie: " + cookie + "\r\n").status(), 401);
  EXPECT_EQ(RawSocket(port_, "/staff/else", origin + "Cookie: " + cookie + "\r\n").status(), 404);
}

TEST_F(ApplicationTest, HintsReachWhoeverMaySeeTheScopeAndEndWithTheSession) {
  add_user("csr@example.com", false);
  const auto customer = add_user("customer@example.com", true);
  const auto staff_cookie = cookie_of(sign_in("/staff", "csr@example.com", kPassword));
  const auto cookie = cookie_of(sign_in("", "customer@example.com", kPassword));
  const std::string origin = "Origin: http://localhost\r\nCookie: ";
  RawSocket staff(port_, "/staff/hints", origin + staff_cookie + "\r\n");
  RawSocket mine(port_, "/hints", origin + cookie + "\r\n");
  ASSERT_EQ(mine.status(), 101);
  for (int wait = 0; wait < 500 && application_->open_sockets() < 2; ++wait) usleep(10'000);
  application_->hint({*parse_scope("staff:service")});
  EXPECT_EQ(staff.receive().payload, "changed");
  application_->hint({*parse_scope("person:" + to_string(customer)), *parse_scope("public")});
  EXPECT_EQ(mine.receive().payload, "changed");
  EXPECT_EQ(staff.receive().payload, "changed");
  mine.send(1, "anything");
  const auto session = installation_->sessions().list(customer, now_).at(0).id;
  installation_->sessions().end(session, [](bool) {});
  const auto closing = mine.receive();
  EXPECT_EQ(closing.opcode, 8);
  EXPECT_EQ(closing.payload.substr(2), "signed out");
}

}  // namespace
}  // namespace foyer::server
