// The disk fails under the real server: what it cannot keep it does not acknowledge. A full disk
// is survived, with reads going on; after anything else the server ends, and a new one is sound.
#include <iostream>

#include "crash_fixture.h"

namespace foyer::server {
namespace {

constexpr int kExitStorageFailed = 74;  // EX_IOERR, for the supervisor

class FaultsDiskTest : public CrashFixture {
 protected:
  std::unique_ptr<ServerProcess> start_on_bad_disk() {
    return start({"LD_PRELOAD=" FOYER_DISK_FAULTS, "FOYER_DISK_FAULT=" + control()});
  }
  std::string control() const { return folder_.file("fault"); }
  void set_fault(const std::string& fault) { std::ofstream(control()) << fault; }
  void end_fault() { std::filesystem::remove(control()); }

  RawResponse open_case() {
    const auto id = [](const char* name) { return to_string(derive_uuid({}, name)); };
    return request(port_, {.method = "POST",
                           .path = "/api/command/case.open",
                           .headers = clara().headers() + "Idempotency-Key: " + id("key") + "\r\n",
                           .body = "{\"case_id\":\"" + id("mine") + "\",\"message\":\"" +
                                   id("message") +
                                   "\",\"subject\":\"In need\",\"body\":\"Of room\"}"});
  }
  const SignedInPerson& clara() const { return people_.at("clara@lindenhof.example"); }
  void note_my_case() {
    const auto installation = folder_.open();
    const auto row = get(installation->store(), Id<Case>(derive_uuid({}, "mine")));
    ASSERT_TRUE(row.has_value());
    numbers_.insert(row->number);
    ++cases_before_;
    ++messages_before_;
  }

  std::uint16_t port_ = 0;
};

TEST_F(FaultsDiskTest, AFullDiskRefusesCommandsAndNothingElse) {
  start_clients();
  auto server = start_on_bad_disk();
  port_ = server->port();
  ASSERT_NE(port_, 0) << log();
  traffic_.port = port_;
  wait_for_answers(20);
  for (int round = 0; round < 3; ++round) {
    set_fault("full");
    usleep(50'000);
    if (round == 0) {
      const auto refused = open_case();
      EXPECT_EQ(refused.status, 503);
      EXPECT_FALSE(refused.header("Retry-After").empty());
      EXPECT_NE(refused.body.find("unavailable"), std::string::npos) << refused.body;
    }
    EXPECT_EQ(request(port_, {.path = "/readyz"}).status, 503);
    const auto page = request(port_, {.path = "/cases", .headers = clara().headers()});
    EXPECT_EQ(page.status, 200);
    EXPECT_NE(page.body.find("</html>"), std::string::npos);
    end_fault();
    EXPECT_EQ(request(port_, {.path = "/readyz"}).status, 200);
    EXPECT_EQ(open_case().status, 200);
    const auto before = traffic_.acknowledged.load();
    wait_for_answers(20);
    EXPECT_GT(traffic_.acknowledged, before);
  }
  traffic_.port = 0;
  EXPECT_EQ(server->end(SIGTERM), 0) << log();
  finish();
  check_file();
  note_my_case();
  check_rows();
}

TEST_F(FaultsDiskTest, AnythingElseEndsTheServerAndANewOneIsSound) {
  start_clients();
  constexpr int kRounds = 12;
  for (int round = 0; round < kRounds && !HasFailure(); ++round) {
    auto server = start_on_bad_disk();
    const auto port = server->port();
    ASSERT_NE(port, 0) << log();
    traffic_.port = port;
    wait_for_answers(5 + random_.below(20));
    usleep(static_cast<useconds_t>(random_.below(10'000)));
    set_fault(round % 2 == 0 ? "sync" : "write");
    // Even without a client about, something is written now.
    request(port, {.path = "/readyz"});
    EXPECT_EQ(server->wait(), kExitStorageFailed);
    traffic_.port = 0;
    end_fault();
  }
  EXPECT_NE(log().find("storage_failed"), std::string::npos);
  finish();
  check_file();
  check_rows();
  std::cout << "measured: " << kRounds << " failing disks, " << traffic_.acknowledged
            << " commands acknowledged, 0 lost, 0 twice\n";
}

}  // namespace
}  // namespace foyer::server
