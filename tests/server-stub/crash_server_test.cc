// kill -9 of the real server under load, 200 times, on the same data: what was acknowledged is
// there afterwards, once, and nothing that was asked for is lost or done twice in the end.
#include <iostream>

#include "crash_fixture.h"

namespace foyer::server {
namespace {

constexpr int kKills = 200;

class CrashServerTest : public CrashFixture {
 protected:
  // Killed under load, and now and then while it starts.
  void kill_once(int round) {
    const auto begun = std::chrono::steady_clock::now();
    const auto server = start();
    if (round % 8 == 7) {
      usleep(static_cast<useconds_t>(random_.below(150'000)));
      EXPECT_EQ(server->end(SIGKILL), -SIGKILL);
      return;
    }
    const auto port = server->port();
    ASSERT_NE(port, 0) << log();
    ASSERT_EQ(request(port, {.path = "/readyz"}).status, 200);
    const std::chrono::duration<double, std::milli> spent =
        std::chrono::steady_clock::now() - begun;
    if (round > 0) restart_milliseconds_.push_back(spent.count());
    // By work done rather than by time: so many answers later, and somewhere within the next one.
    traffic_.port = port;
    wait_for_answers(random_.below(30));
    usleep(static_cast<useconds_t>(random_.below(15'000)));
    traffic_.port = 0;
    EXPECT_EQ(server->end(SIGKILL), -SIGKILL);
  }

  void print() {
    std::sort(restart_milliseconds_.begin(), restart_milliseconds_.end());
    const auto count = restart_milliseconds_.size();
    std::cout << "measured: " << kKills << " kills, " << traffic_.acknowledged
              << " commands acknowledged, 0 lost, 0 twice (" << traffic_.repeated
              << " asked again, " << traffic_.connections << " connections); ready again after p50 "
              << restart_milliseconds_[count / 2] << " ms, p99 "
              << restart_milliseconds_[count * 99 / 100] << " ms, max "
              << restart_milliseconds_.back() << " ms\n";
  }

  std::vector<double> restart_milliseconds_;
};

TEST_F(CrashServerTest, NothingAcknowledgedIsLostOrDoneTwice) {
  start_clients();
  for (int round = 0; round < kKills && !HasFailure(); ++round) {
    kill_once(round);
    if (round % 20 == 19) check_file();
  }
  finish();
  check_file();
  check_rows();
  EXPECT_GT(traffic_.acknowledged, static_cast<std::uint64_t>(kKills));
  EXPECT_GT(traffic_.repeated, 0U);
  if (!HasFailure()) print();
}

}  // namespace
}  // namespace foyer::server
