#include "sessions.h"

#include <gtest/gtest.h>

#include "secrets.h"
#include "session_cookies.h"

namespace foyer::server {
namespace {

constexpr Instant kStart{1'700'000'000'000};

class FakeStorage final : public SessionStorage {
 public:
  void save(const Session& session, Done done) override {
    if (is_durable) saved[session.id] = session;
    done(is_durable);
  }
  void erase(const Uuid& id, Done done) override {
    saved.erase(id);
    done(true);
  }
  bool is_durable = true;
  std::unordered_map<Uuid, Session, UuidHash> saved;
};

class SessionsTest : public testing::Test {
 protected:
  SessionsTest() { EXPECT_TRUE(secrets_ready()); }

  std::optional<Sessions::Begun> begin(SiteKind site, const Uuid& user, Instant now = kStart) {
    std::optional<Sessions::Begun> result;
    sessions_.begin(site, user, "test", now,
                    [&result](std::optional<Sessions::Begun> begun) { result = begun; });
    return result;
  }

  const Uuid ann_ = derive_uuid({}, "ann"), ben_ = derive_uuid({}, "ben");
  FakeStorage storage_;
  Sessions sessions_{storage_};
};

TEST_F(SessionsTest, ATokenFindsItsSessionOnItsOwnSiteOnly) {
  const auto begun = begin(SiteKind::kStaff, ann_);
  ASSERT_TRUE(begun);
  EXPECT_EQ(begun->token.size(), 43u);
  EXPECT_EQ(sessions_.find(SiteKind::kStaff, begun->token, kStart)->user, ann_);
  EXPECT_FALSE(sessions_.find(SiteKind::kCustomer, begun->token, kStart));
  EXPECT_FALSE(sessions_.find(SiteKind::kStaff, begun->token + "x", kStart));
  EXPECT_FALSE(sessions_.find(SiteKind::kStaff, "", kStart));
  EXPECT_FALSE(sessions_.find(SiteKind::kStaff, std::string(100'000, 'a'), kStart));
}

TEST_F(SessionsTest, NoTokenIsStored) {
  const auto begun = begin(SiteKind::kStaff, ann_);
  const auto& stored = storage_.saved.at(begun->session.id);
  EXPECT_NE(stored.token_hash, begun->token);
  EXPECT_EQ(stored.token_hash, hash_token(begun->token));
  EXPECT_EQ(stored.token_hash.size(), 32u);
}

TEST_F(SessionsTest, WithoutDurableStorageNobodyIsSignedIn) {
  storage_.is_durable = false;
  EXPECT_FALSE(begin(SiteKind::kStaff, ann_));
  EXPECT_EQ(sessions_.size(), 0u);
}

TEST_F(SessionsTest, StaffEndAfterThirtyIdleMinutesAndAfterEightHours) {
  const auto begun = begin(SiteKind::kStaff, ann_);
  const auto at = [&](std::int64_t ms) {
    return sessions_.find(SiteKind::kStaff, begun->token, kStart + ms).has_value();
  };
  EXPECT_TRUE(at(29 * kMsPerMinute));
  EXPECT_TRUE(at(58 * kMsPerMinute));
  EXPECT_FALSE(at(88 * kMsPerMinute));
  const auto busy = begin(SiteKind::kStaff, ann_);
  for (std::int64_t ms = 0; ms < 8 * kMsPerHour; ms += 20 * kMsPerMinute)
    EXPECT_TRUE(sessions_.find(SiteKind::kStaff, busy->token, kStart + ms)) << ms;
  EXPECT_FALSE(sessions_.find(SiteKind::kStaff, busy->token, kStart + 8 * kMsPerHour));
}

TEST_F(SessionsTest, CustomersStaySignedInForDays) {
  const auto begun = begin(SiteKind::kCustomer, ann_);
  EXPECT_TRUE(sessions_.find(SiteKind::kCustomer, begun->token, kStart + 6 * kMsPerDay));
  EXPECT_FALSE(sessions_.find(SiteKind::kCustomer, begun->token, kStart + 30 * kMsPerDay));
}

TEST_F(SessionsTest, AKioskStaysSignedInForTwelveHoursUsedOrNot) {
  const auto begun = begin(SiteKind::kKiosk, ann_);
  EXPECT_FALSE(sessions_.find(SiteKind::kStaff, begun->token, kStart));
  EXPECT_FALSE(sessions_.find(SiteKind::kCustomer, begun->token, kStart));
  EXPECT_TRUE(sessions_.find(SiteKind::kKiosk, begun->token, kStart + (12 * kMsPerHour - 1)));
  EXPECT_FALSE(sessions_.find(SiteKind::kKiosk, begun->token, kStart + 12 * kMsPerHour));
}

TEST_F(SessionsTest, EndingIsImmediateAndHeard) {
  std::vector<Uuid> heard;
  sessions_.on_end([&heard](const Uuid& id) { heard.push_back(id); });
  const auto begun = begin(SiteKind::kStaff, ann_);
  bool is_durable = false;
  EXPECT_TRUE(sessions_.end(begun->session.id, [&](bool done) { is_durable = done; }));
  EXPECT_TRUE(is_durable);
  EXPECT_FALSE(sessions_.find(SiteKind::kStaff, begun->token, kStart));
  EXPECT_FALSE(sessions_.is_live(begun->session.id, kStart));
  EXPECT_FALSE(sessions_.end(begun->session.id, [](bool) {}));
  EXPECT_EQ(heard, std::vector<Uuid>{begun->session.id});
  EXPECT_TRUE(storage_.saved.empty());
}

TEST_F(SessionsTest, EndAllSparesOneAndOtherPeople) {
  const auto first = begin(SiteKind::kStaff, ann_);
  const auto kept = begin(SiteKind::kStaff, ann_);
  const auto other = begin(SiteKind::kStaff, ben_);
  sessions_.end_all(ann_, kept->session.id);
  EXPECT_FALSE(sessions_.find(SiteKind::kStaff, first->token, kStart));
  EXPECT_TRUE(sessions_.find(SiteKind::kStaff, kept->token, kStart));
  EXPECT_TRUE(sessions_.find(SiteKind::kStaff, other->token, kStart));
}

TEST_F(SessionsTest, TheOldestEndsWhenThereAreTooMany) {
  const auto first = begin(SiteKind::kStaff, ann_, kStart - 1);
  for (int i = 0; i < 20; ++i) begin(SiteKind::kStaff, ann_, kStart + i);
  EXPECT_EQ(sessions_.list(ann_, kStart).size(), 20u);
  EXPECT_FALSE(sessions_.find(SiteKind::kStaff, first->token, kStart));
}

TEST_F(SessionsTest, SweepAndLoadDropWhatIsOver) {
  const auto begun = begin(SiteKind::kStaff, ann_);
  Sessions reloaded(storage_);
  std::vector<Session> stored;
  for (const auto& [id, session] : storage_.saved) stored.push_back(session);
  reloaded.load(stored, kStart + kMsPerMinute);
  EXPECT_TRUE(reloaded.find(SiteKind::kStaff, begun->token, kStart + kMsPerMinute));
  Sessions late(storage_);
  late.load(stored, kStart + kMsPerHour);
  EXPECT_EQ(late.size(), 0u);
  sessions_.sweep(kStart + kMsPerHour);
  EXPECT_EQ(sessions_.size(), 0u);
  EXPECT_TRUE(storage_.saved.empty());
}

TEST(SessionCookiesTest, CookiesAreHostBoundSecureAndUnreadableByScripts) {
  EXPECT_EQ(session_cookie(SiteKind::kStaff, "T", 1),
            "__Host-foyer-staff=T; Path=/; Secure; HttpOnly; SameSite=Lax");
  EXPECT_EQ(session_cookie(SiteKind::kCustomer, "T", 9),
            "__Host-foyer=T; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=9");
  EXPECT_TRUE(session_cookie(SiteKind::kStaff, "", 0).ends_with("Max-Age=0"));
}

HttpRequest request_with(std::vector<HttpHeader> headers) {
  HttpRequest request;
  request.host = "foyer.example";
  request.is_secure = true;
  request.headers = std::move(headers);
  return request;
}

TEST(SessionCookiesTest, OriginsAreChecked) {
  const auto verdict = [](std::vector<HttpHeader> headers,
                          std::vector<std::string> allowed = {}) {
    return check_origin(request_with(std::move(headers)), allowed) == OriginVerdict::kOurs;
  };
  EXPECT_TRUE(verdict({{"origin", "https://foyer.example"}}));
  EXPECT_TRUE(verdict({{"sec-fetch-site", "same-origin"}}));
  EXPECT_TRUE(verdict({}));
  EXPECT_FALSE(verdict({{"origin", "http://foyer.example"}}));
  EXPECT_FALSE(verdict({{"origin", "https://foyer.example.evil.example"}}));
  EXPECT_FALSE(verdict({{"origin", "null"}, {"sec-fetch-site", "same-origin"}}));
  EXPECT_FALSE(verdict({{"sec-fetch-site", "cross-site"}}));
  EXPECT_FALSE(verdict({{"sec-fetch-site", "same-site"}}));
  EXPECT_FALSE(verdict({{"origin", "https://foyer.example"}}, {"https://only.example"}));
  EXPECT_TRUE(verdict({{"origin", "https://only.example"}}, {"https://only.example"}));
  EXPECT_EQ(check_socket_origin(request_with({}), {}), OriginVerdict::kForeign);
}

TEST(SessionCookiesTest, ACookieSentTwiceCountsAsNone) {
  const auto request = request_with({{"cookie", "a=1; __Host-foyer=x; __Host-foyer=y; b=2"}});
  EXPECT_EQ(request.cookie("__Host-foyer"), "");
  EXPECT_EQ(request.cookie("b"), "2");
  EXPECT_EQ(request.cookie("host-foyer"), "");
}

TEST(DeviceLabelTest, NamesBrowserAndSystem) {
  EXPECT_EQ(device_label("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko Firefox/128.0"),
            "Firefox on Linux");
  EXPECT_EQ(device_label("Mozilla/5.0 (Windows NT 10.0) Chrome/130 Safari/537 Edg/130"),
            "Edge on Windows");
  EXPECT_EQ(device_label("<script>"), "A browser");
  const auto firefox = parts_of_label(device_label("Mozilla/5.0 (Linux; Android 14) Firefox/128"));
  EXPECT_EQ(firefox.browser, "Firefox");
  EXPECT_EQ(firefox.system, "Android");
  EXPECT_EQ(parts_of_label(device_label("<script>")).browser, "");
  EXPECT_EQ(parts_of_label(device_label("curl/8")).system, "");
}

}  // namespace
}  // namespace foyer::server
