// A whole server in this process with one lobby, its staff and a kiosk that is set up but not
// enrolled; and what a kiosk asks of it over loopback.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <future>
#include <string>

#include "application.h"
#include "entities.h"
#include "first_rows.h"
#include "foyer/base/checksum.h"
#include "foyer/base/random.h"
#include "foyer/command/demo_data.h"
#include "foyer/command/kiosk_device.h"
#include "foyer/command/kiosk_visit.h"
#include "foyer/model/visit.h"
#include "native_kiosk.h"
#include "raw_client.h"
#include "server_tables.h"

namespace foyer::server {

class KioskFixture : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ / "web");
    start();
    set_up();
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
    auto application = options_;
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
  void restart() {
    stop();
    start();
  }

  template <class T>
  Id<T> new_id() {
    return Id<T>(make_uuid(now_, random_));
  }
  // As the installation itself.
  Result<void> run(const std::vector<Command>& commands) {
    Result<void> result;
    installation_->writer().run_and_wait([&] {
      result = run_as_installation(*gate_, commands, now_);
      return result.has_value();
    });
    return result;
  }
  template <class T>
  Result<void> save(const T& row) {
    return run({save_command(entity_of<T>(), &row)});
  }
  void set_up() {
    Account account{};
    account.id = new_id<Account>();
    account.name = "House";
    Site site{};
    site.id = new_id<Site>();
    site.account = account.id;
    site.name = "Lobby";
    ASSERT_TRUE(save(account).has_value());
    ASSERT_TRUE(save(site).has_value());
    profile_.name = "Door";
    profile_.site = site.id;
    profile_.account = account.id;
    profile_.forms = {KioskForm::kCheckIn, KioskForm::kOpenCase, KioskForm::kFeedback};
    profile_.languages = {"en", "de"};
    device_ = set_up_kiosk("K7");
    installation_->mark_set_up();
  }
  Id<Device> set_up_kiosk(const std::string& series) {
    auto profile = profile_;
    profile.device = new_id<Device>();
    profile.series = series;
    const auto done = run({make_command(profile)});
    EXPECT_TRUE(done.has_value()) << done.error().field << ' ' << done.error().detail;
    return profile.device;
  }
  Result<void> revoke(Id<Device> device) {
    RevokeDevice args{};
    args.device = device;
    args.reason = "Stolen";
    return run({make_command(args)});
  }

  template <class T>
  std::vector<T> rows() {
    auto lease = installation_->readers().acquire();
    return all<T>(lease.store());
  }
  Device device_row() {
    auto lease = installation_->readers().acquire();
    return foyer::get(lease.store(), device_).value_or(Device{});
  }

  // Somebody's session, without the cost of a password.
  struct Person {
    Uuid id;
    std::string cookie, token, form_token;
  };
  Person person(Roles roles) {
    User user{};
    user.id = new_id<User>();
    user.name = "Ann";
    user.email = to_string(user.id) + "@example.com";
    user.roles = roles;
    const bool is_customer = roles.has_any_of(kCustomerRoles);
    if (is_customer) {
      Contact contact{};
      contact.id = new_id<Contact>();
      contact.account = profile_.account;
      contact.name = "Ann";
      EXPECT_TRUE(save(contact).has_value());
      user.contact = contact.id;
    }
    EXPECT_TRUE(save(user).has_value());
    std::promise<Sessions::Begun> begun;
    installation_->sessions().begin(is_customer ? SiteKind::kCustomer : SiteKind::kStaff, user.id,
                                    "test", now_,
                                    [&](auto session) { begun.set_value(*session); });
    const auto session = begun.get_future().get();
    return {user.id,
            std::string(cookie_name(session.session.site)) + "=" + session.token, session.token,
            session.session.form_token};
  }

  RawResponse post(const std::string& path, const std::string& body,
                   const std::string& cookie = "", const std::string& more = "") {
    return request(port_, {.method = "POST",
                           .path = path,
                           .headers = "Origin: http://localhost\r\nCookie: " + cookie + "\r\n" +
                                      more,
                           .body = body});
  }
  RawResponse ask_code(const Person& who, Id<Device> device) {
    return post("/staff/api/device-code", "{\"device\":\"" + to_string(device) + "\"}",
                who.cookie, "X-Form-Token: " + who.form_token + "\r\n");
  }
  RawResponse enrol(const NativeKiosk& kiosk, const std::string& code) {
    return post("/kiosk/enrol", "{\"code\":\"" + code + "\",\"key\":\"" +
                                    to_base64url(kiosk.public_key()) + "\",\"version\":\"1.0\"}");
  }
  std::string challenge() {
    return text_of(request(port_, {.path = "/kiosk/challenge"}).body, "nonce");
  }
  RawResponse sign_in(const NativeKiosk& kiosk, Id<Device> device, const std::string& nonce,
                      const std::string& cookie = "") {
    const auto signature =
        kiosk.sign("foyer kiosk session\n" + to_string(device) + "\n" + nonce);
    return post("/kiosk/session",
                "{\"device\":\"" + to_string(device) + "\",\"nonce\":\"" + nonce +
                    "\",\"signature\":\"" + to_base64url(signature) +
                    "\",\"version\":\"1.1\",\"waiting\":3,\"oldest\":1699999999000," +
                    "\"storage\":\"persisted\",\"drift_ms\":null}",
                cookie);
  }
  // Enrolled and signed in, as `device`.
  NativeKiosk live_kiosk(Id<Device> device) {
    NativeKiosk kiosk;
    const auto code = text_of(ask_code(person({Role::kAdmin}), device).body, "code");
    const auto answer = enrol(kiosk, code);
    EXPECT_EQ(answer.status, 200) << answer.body;
    kiosk.device = device;
    kiosk.series = text_of(answer.body, "series");
    kiosk.server_key = *from_base64url(text_of(answer.body, "server_key"), kSealKeyBytes);
    sign_in_again(kiosk);
    return kiosk;
  }
  void sign_in_again(NativeKiosk& kiosk) {
    const auto answer = sign_in(kiosk, kiosk.device, challenge());
    EXPECT_EQ(answer.status, 200) << answer.body;
    kiosk.cookie = cookie_of(answer);
  }
  RawResponse submit(const NativeKiosk& kiosk, const std::vector<std::string>& envelopes) {
    return post("/kiosk/submit", encode_batch(envelopes), kiosk.cookie);
  }
  std::string envelope(const NativeKiosk& kiosk, const Command& command, const Uuid& id) {
    return kiosk.envelope(kiosk.server_key, {.key_id = 1, .device = kiosk.device, .id = id},
                          command, now_);
  }
  Command check_in(const std::string& number, const std::string& name = "Zoe") {
    CreateCheckIn args{};
    args.check_in = new_id<CheckIn>();
    args.number = number;
    args.visitor_name = name;
    args.at = now_;
    return make_command(args);
  }

  static std::string cookie_of(const RawResponse& response) {
    const auto header = response.header("Set-Cookie");
    return header.substr(0, header.find(';'));
  }
  static std::string text_of(const std::string& json, const std::string& key) {
    const auto at = json.find("\"" + key + "\":\"");
    if (at == std::string::npos) return {};
    const auto start = at + key.size() + 4;
    return json.substr(start, json.find('"', start) - start);
  }
  // "applied parked duplicate"
  static std::string outcomes_of(const RawResponse& response) {
    std::string list;
    for (auto rest = response.body; rest.find("\"outcome\":\"") != std::string::npos;) {
      rest.erase(0, rest.find("\"outcome\":\""));
      list += (list.empty() ? "" : " ") + text_of(rest, "outcome");
      rest.erase(0, 1);
    }
    return list;
  }

  std::filesystem::path folder_;
  Instant now_{1'700'000'000'000};
  Random random_{7};
  ApplicationOptions options_;
  SetUpKiosk profile_;
  Id<Device> device_;
  StaticFiles files_;
  std::unique_ptr<Installation> installation_;
  std::unique_ptr<CommandGate> gate_;
  std::unique_ptr<Application> application_;
  std::unique_ptr<HttpServer> server_;
  std::uint16_t port_ = 0;
};

}  // namespace foyer::server
