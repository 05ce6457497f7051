// Letting kiosks in: codes, keys, challenges, sessions, and what becomes of a device that was
// revoked. What they hand over: kiosk_submit_test.cc.
#include "foyer/sync/messages.h"
#include "kiosk_fixture.h"

namespace foyer::server {
namespace {

class KioskTest : public KioskFixture {
 protected:
  std::string code_of(Id<Device> device) {
    return text_of(ask_code(person({Role::kAdmin}), device).body, "code");
  }
  static std::string hello() {
    Hello message;
    message.client = derive_uuid({}, "kiosk");
    return encode_frame(message);
  }
};

TEST_F(KioskTest, ACodeMakesABrowserTheDeviceAndItsKeySignsIn) {
  const auto kiosk = live_kiosk(device_);
  EXPECT_EQ(kiosk.series, "K7");
  EXPECT_EQ(kiosk.server_key, installation_->seal_key().public_key);
  auto row = device_row();
  EXPECT_EQ(row.public_key.data, kiosk.public_key());
  EXPECT_EQ(row.enrolled_at, now_);
  EXPECT_EQ(row.waiting, 3);
  EXPECT_EQ(row.oldest_waiting_at.ms, 1'699'999'999'000);
  EXPECT_EQ(row.storage, StorageState::kPersisted);
  EXPECT_EQ(row.app_version, "1.1");
  const auto key = installation_->seal_key().public_key;
  restart();
  EXPECT_EQ(installation_->seal_key().public_key, key);
  EXPECT_EQ(sign_in(kiosk, device_, challenge()).status, 200);
}

TEST_F(KioskTest, CodesAreForWhoKeepsKiosksAndForDevicesThatWait) {
  const auto admin = person({Role::kAdmin});
  EXPECT_EQ(ask_code(person({Role::kCsr}), device_).status, 403);
  EXPECT_EQ(ask_code(person({Role::kSupervisor}), device_).status, 200);
  EXPECT_EQ(ask_code({.cookie = admin.cookie, .form_token = "x"}, device_).status, 403);
  EXPECT_EQ(ask_code({.cookie = "", .form_token = admin.form_token}, device_).status, 401);
  EXPECT_EQ(ask_code(person({Role::kCustomerAdmin}), device_).status, 401);
  EXPECT_EQ(ask_code(admin, new_id<Device>()).status, 404);
  EXPECT_EQ(post("/staff/api/device-code", "[]", admin.cookie,
                 "X-Form-Token: " + admin.form_token + "\r\n")
                .status,
            400);
  const auto answer = ask_code(admin, device_);
  EXPECT_NE(answer.body.find("\"expires_at\":" + std::to_string(now_.ms + kDeviceCodeMs)),
            std::string::npos)
      << answer.body;
  ASSERT_EQ(enrol(NativeKiosk(), text_of(answer.body, "code")).status, 200);
  EXPECT_EQ(ask_code(admin, device_).status, 409);
  ASSERT_TRUE(revoke(device_).has_value());
  EXPECT_EQ(ask_code(admin, device_).status, 409);
}

TEST_F(KioskTest, ACodeServesOneKeyForHalfAnHour) {
  const NativeKiosk kiosk, other;
  const auto old_code = code_of(device_);
  auto code = code_of(device_);
  EXPECT_EQ(enrol(kiosk, old_code).status, 404) << "a new code replaces the old one";
  now_ = now_ + kDeviceCodeMs;
  EXPECT_EQ(enrol(kiosk, code).status, 404) << "over";
  code = code_of(device_);
  now_ = now_ + (kDeviceCodeMs - 1);
  for (char& c : code)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  const auto answer = enrol(kiosk, " " + code);
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(enrol(other, code).status, 404) << "used";
  const auto again = enrol(kiosk, code);
  EXPECT_EQ(again.status, 200) << "its answer was lost";
  EXPECT_EQ(again.body, answer.body);
  restart();
  EXPECT_EQ(enrol(kiosk, code).body, answer.body);
  now_ = now_ + 1;
  EXPECT_EQ(enrol(kiosk, code).status, 404);
}

TEST_F(KioskTest, ALostAnswerIsNotRepeatedToADeviceThatWasRevoked) {
  const NativeKiosk kiosk;
  const auto code = code_of(device_);
  ASSERT_EQ(enrol(kiosk, code).status, 200);
  ASSERT_TRUE(revoke(device_).has_value());
  EXPECT_EQ(enrol(kiosk, code).status, 404);
}

TEST_F(KioskTest, OneDevicesCodeIsNotAnothers) {
  const auto second = set_up_kiosk("K8");
  const NativeKiosk kiosk;
  const auto answer = enrol(kiosk, code_of(second));
  EXPECT_EQ(text_of(answer.body, "device"), to_string(second));
  EXPECT_TRUE(device_row().enrolled_at.is_none());
  EXPECT_EQ(sign_in(kiosk, device_, challenge()).status, 401);
  EXPECT_EQ(sign_in(kiosk, second, challenge()).status, 200);
}

TEST_F(KioskTest, BadEnrolmentsAreToldApartByTheirFieldOnly) {
  const NativeKiosk kiosk;
  const auto code = code_of(device_);
  const auto unknown = enrol(kiosk, "0000-0000");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(text_of(unknown.body, "detail"), "unknown_code");
  EXPECT_EQ(enrol(kiosk, "no code").status, 404);
  const auto send = [&](const std::string& key) {
    return post("/kiosk/enrol", "{\"code\":\"" + code + "\",\"key\":\"" + key + "\"}");
  };
  EXPECT_EQ(send("").status, 400);
  EXPECT_EQ(text_of(send(to_base64url("short")).body, "field"), "key");
  EXPECT_EQ(send(to_base64url(kiosk.public_key()) + "A").status, 400);
  EXPECT_EQ(post("/kiosk/enrol", "{\"code\":1}").status, 400);
  const auto foreign = request(port_, {.method = "POST",
                                       .path = "/kiosk/enrol",
                                       .headers = "Origin: http://evil.example\r\n",
                                       .body = "{}"});
  EXPECT_EQ(foreign.status, 403);
  EXPECT_EQ(enrol(kiosk, code).status, 200);
}

TEST_F(KioskTest, GuessingIsSlowedDownAndTheRightCodeWorksAfterwards) {
  const NativeKiosk kiosk;
  const auto code = code_of(device_);
  for (int i = 0; i < options_.enrol_limit.address_free; ++i)
    EXPECT_EQ(enrol(kiosk, "0000-0000").status, 404) << i;
  const auto limited = enrol(kiosk, code);
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(limited.header("Retry-After"), "1");
  EXPECT_TRUE(device_row().enrolled_at.is_none());
  now_ = now_ + 1000;
  EXPECT_EQ(enrol(kiosk, code).status, 200);
}

TEST_F(KioskTest, GuessesFromManyAddressesAreBoundedTogether) {
  stop();
  options_.enrol_limit = {.account_free = 100, .address_free = 100, .total_per_minute = 3};
  start();
  const NativeKiosk kiosk;
  const auto code = code_of(device_);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(enrol(kiosk, "0000-0000").status, 404);
  EXPECT_EQ(enrol(kiosk, code).status, 429);
  now_ = now_ + kMsPerMinute;
  EXPECT_EQ(enrol(kiosk, code).status, 200);
}

TEST_F(KioskTest, OnlyAFreshNonceSignedWithTheDevicesOwnKeyLetsIn) {
  const auto kiosk = live_kiosk(device_);
  const auto nonce = challenge();
  EXPECT_EQ(sign_in(kiosk, device_, nonce).status, 200);
  const auto replayed = sign_in(kiosk, device_, nonce);
  EXPECT_EQ(replayed.status, 401);
  EXPECT_TRUE(replayed.header("Set-Cookie").empty());
  const auto old = challenge();
  now_ = now_ + kChallengeMs;
  EXPECT_EQ(sign_in(kiosk, device_, old).status, 401);
  EXPECT_EQ(sign_in(kiosk, device_, "invented").status, 401);
  EXPECT_EQ(sign_in(NativeKiosk(), device_, challenge()).status, 401);
  EXPECT_EQ(sign_in(kiosk, new_id<Device>(), challenge()).status, 401);
  EXPECT_EQ(sign_in(kiosk, set_up_kiosk("K8"), challenge()).status, 401) << "not enrolled";
  // A wrong signature does not use up somebody's nonce.
  const auto shared = challenge();
  EXPECT_EQ(sign_in(NativeKiosk(), device_, shared).status, 401);
  EXPECT_EQ(sign_in(kiosk, device_, shared).status, 200);
  const auto before_restart = challenge();
  restart();
  EXPECT_EQ(sign_in(kiosk, device_, before_restart).status, 401);
}

TEST_F(KioskTest, TheSessionIsAStrictCookieForTwelveHoursAcrossARestart) {
  const auto kiosk = live_kiosk(device_);
  const auto answer = sign_in(kiosk, device_, challenge());
  const auto cookie = answer.header("Set-Cookie");
  EXPECT_TRUE(cookie.starts_with("__Host-foyer-kiosk=")) << cookie;
  EXPECT_TRUE(cookie.ends_with("; Path=/; Secure; HttpOnly; SameSite=Strict")) << cookie;
  EXPECT_EQ(text_of(answer.body, "server_key"), to_base64url(kiosk.server_key));
  now_ = now_ + (12 * kMsPerHour - 1);
  restart();
  EXPECT_EQ(post("/kiosk/sync", hello(), cookie_of(answer)).status, 200);
  now_ = now_ + 1;
  EXPECT_EQ(post("/kiosk/sync", hello(), cookie_of(answer)).status, 401);
}

TEST_F(KioskTest, AReportKeepsAYoungSessionWithItsSocketAndRenewsAnOldOne) {
  const auto kiosk = live_kiosk(device_);
  RawSocket hints(port_, "/kiosk/hints",
                  "Origin: http://localhost\r\nCookie: " + kiosk.cookie + "\r\n");
  ASSERT_EQ(hints.status(), 101);
  now_ = now_ + (6 * kMsPerHour - 1);
  const auto kept = sign_in(kiosk, device_, challenge(), kiosk.cookie);
  EXPECT_EQ(kept.status, 200);
  EXPECT_TRUE(kept.header("Set-Cookie").empty());
  EXPECT_EQ(device_row().last_contact_at, now_);
  EXPECT_EQ(application_->open_sockets(), 1u);
  // Another device's session does not serve, however young.
  const auto second = live_kiosk(set_up_kiosk("K8"));
  EXPECT_FALSE(
      sign_in(second, second.device, challenge(), kiosk.cookie).header("Set-Cookie").empty());
  EXPECT_EQ(post("/kiosk/sync", hello(), kiosk.cookie).status, 401);
  const auto young = cookie_of(sign_in(kiosk, device_, challenge()));
  now_ = now_ + 6 * kMsPerHour;
  const auto renewed = sign_in(kiosk, device_, challenge(), young);
  EXPECT_FALSE(renewed.header("Set-Cookie").empty());
  EXPECT_EQ(post("/kiosk/sync", hello(), young).status, 401) << "the old one ended";
  EXPECT_EQ(post("/kiosk/sync", hello(), cookie_of(renewed)).status, 200);
}

TEST_F(KioskTest, AStrangeReportDoesNotKeepAKioskOut) {
  const auto kiosk = live_kiosk(device_);
  const auto nonce = challenge();
  const auto signature = kiosk.sign("foyer kiosk session\n" + to_string(device_) + "\n" + nonce);
  const auto answer =
      post("/kiosk/session", "{\"device\":\"" + to_string(device_) + "\",\"nonce\":\"" + nonce +
                                 "\",\"signature\":\"" + to_base64url(signature) +
                                 "\",\"waiting\":1000001,\"drift_ms\":-7}");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(device_row().waiting, 3);
}

TEST_F(KioskTest, EveryAddressOfTheKioskIsItsStartPageForWhoeverComes) {
  EXPECT_EQ(request(port_, {.path = "/kiosk"}).header("Location"), "/kiosk/");
  for (const char* path : {"/kiosk/", "/kiosk/check-in", "/kiosk/receipt?number=K7-001"}) {
    const auto page = request(port_, {.path = path, .headers = "Accept: text/html\r\n"});
    EXPECT_EQ(page.status, 200) << path;
    EXPECT_EQ(page.header("Cache-Control"), "no-cache") << path;
    EXPECT_NE(page.body.find("<html"), std::string::npos) << path;
  }
  EXPECT_EQ(post("/kiosk/check-in", "a=b", "",
                 "Content-Type: application/x-www-form-urlencoded\r\n")
                .status,
            405)
      << "forms stay in the device";
}

TEST_F(KioskTest, NobodysSessionServesForAnotherSite) {
  const auto kiosk = live_kiosk(device_);
  const auto staff = person({Role::kAdmin}), customer = person({Role::kCustomerUser});
  const auto token = kiosk.cookie.substr(kiosk.cookie.find('=') + 1);
  for (const auto& cookie : {staff.cookie, customer.cookie, "__Host-foyer-kiosk=" + staff.token,
                             "__Host-foyer-kiosk=" + customer.token, std::string()}) {
    EXPECT_EQ(post("/kiosk/sync", hello(), cookie).status, 401) << cookie;
    EXPECT_EQ(post("/kiosk/submit", "x", cookie).status, 401) << cookie;
    EXPECT_EQ(RawSocket(port_, "/kiosk/hints",
                        "Origin: http://localhost\r\nCookie: " + cookie + "\r\n")
                  .status(),
              401);
  }
  for (const std::string name : {"__Host-foyer-kiosk=", "__Host-foyer=", "__Host-foyer-staff="})
    for (const char* path : {"/sync", "/staff/sync", "/staff/api/command/case.open",
                             "/staff/api/device-code", "/api/command/case.open"})
      EXPECT_EQ(post(path, hello(), name + token).status, 401) << name << path;
}

TEST_F(KioskTest, AKioskReadsItsOwnRowsAndPushesNothing) {
  const auto kiosk = live_kiosk(device_);
  const auto answer = post("/kiosk/sync", hello(), kiosk.cookie);
  ASSERT_EQ(answer.status, 200);
  const auto messages = decode_frames(answer.body);
  ASSERT_TRUE(messages.has_value());
  const auto actor = decode_actor(std::get<Welcome>(messages->front()).actor);
  ASSERT_TRUE(actor.has_value());
  EXPECT_EQ(actor->device, device_);
  EXPECT_EQ(actor->roles, Roles{Role::kKiosk});
  bool has_itself = false, has_people = false;
  for (const auto& message : *messages)
    if (const auto* poke = std::get_if<Poke>(&message))
      for (const auto& change : poke->changes) {
        has_itself |= change.id == device_;
        has_people |= change.entity == Table<User>::id;
      }
  EXPECT_TRUE(has_itself);
  EXPECT_FALSE(has_people);
  const Push push{derive_uuid({}, "kiosk"), {{.mid = 1, .command = check_in("K7-001")}}};
  const auto refused = post("/kiosk/sync", hello() + encode_frame(push), kiosk.cookie);
  EXPECT_EQ(refused.status, 403);
  EXPECT_TRUE(rows<CheckIn>().empty());
}

TEST_F(KioskTest, RevokedItIsOutAtOnceAndToldToForgetOnlyIfItIsItself) {
  const auto kiosk = live_kiosk(device_);
  RawSocket hints(port_, "/kiosk/hints",
                  "Origin: http://localhost\r\nCookie: " + kiosk.cookie + "\r\n");
  ASSERT_EQ(hints.status(), 101);
  ASSERT_TRUE(revoke(device_).has_value());
  auto frame = hints.receive();
  while (frame.opcode == 1) frame = hints.receive();
  EXPECT_EQ(frame.opcode, 8) << "closed";
  EXPECT_TRUE(installation_->sessions().list(device_, now_).empty());
  EXPECT_EQ(post("/kiosk/sync", hello(), kiosk.cookie).status, 401);
  const auto gone = sign_in(kiosk, device_, challenge());
  EXPECT_EQ(gone.status, 410);
  EXPECT_EQ(text_of(gone.body, "code"), "revoked");
  EXPECT_TRUE(gone.header("Set-Cookie").empty());
  EXPECT_EQ(sign_in(NativeKiosk(), device_, challenge()).status, 401);
  const auto nonce = challenge();
  EXPECT_EQ(sign_in(kiosk, device_, nonce).status, 410);
  EXPECT_EQ(sign_in(kiosk, device_, nonce).status, 401) << "a nonce serves once";
}

}  // namespace
}  // namespace foyer::server
