// kill -9 of the real server under load, 200 times, on the same data: what was acknowledged is
// there afterwards, once, and nothing that was asked for is lost or done twice in the end.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>

#include "crash_traffic.h"
#include "foyer/base/random.h"
#include "server_process.h"

namespace foyer::server {
namespace {

constexpr int kKills = 200;

class CrashServerTest : public testing::Test {
 protected:
  std::unique_ptr<ServerProcess> start() {
    return std::make_unique<ServerProcess>(
        std::vector<std::string>{"--demo", "--data", folder_.data(), "--log-level", "warning"},
        folder_.file("log"));
  }
  std::string log() const {
    std::ostringstream text;
    text << std::ifstream(folder_.file("log")).rdbuf();
    return text.str();
  }

  void start_clients() {
    const auto people = folder_.prepare({"clara@lindenhof.example", "david@lindenhof.example",
                                         "sofia@seeblick.example", "ana@foyer.example",
                                         "jonas@foyer.example"});
    Id<Account> account;
    {
      const auto installation = folder_.open();
      const auto contact = people.at("clara@lindenhof.example").user.contact;
      account = get(installation->store(), contact)->account;
      cases_before_ = installation->store().count(entity_of<Case>());
      messages_before_ = installation->store().count(entity_of<Message>());
    }
    const auto socket = [&](const std::string& email, Id<Account> for_account = {}) {
      clients_.push_back(
          std::make_unique<SocketClient>(traffic_, people.at(email), email, for_account));
    };
    socket("clara@lindenhof.example");
    socket("sofia@seeblick.example");
    socket("ana@foyer.example", account);
    clients_.push_back(std::make_unique<RequestClient>(
        traffic_, people.at("david@lindenhof.example"), "david", Id<Account>()));
    clients_.push_back(std::make_unique<ApiClient>(traffic_, people.at("jonas@foyer.example"),
                                                   "a program", account));
    for (const auto& client : clients_) client->start();
  }

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
    const auto enough = traffic_.acknowledged + random_.below(30);
    traffic_.port = port;
    for (int wait = 0; wait < 400 && traffic_.acknowledged < enough; ++wait) usleep(1'000);
    usleep(static_cast<useconds_t>(random_.below(15'000)));
    traffic_.port = 0;
    EXPECT_EQ(server->end(SIGKILL), -SIGKILL);
  }

  void check_file() {
    const auto database = Database::open(folder_.data() + "/foyer.db", OpenMode::kWriter);
    ASSERT_TRUE(database.has_value());
    EXPECT_EQ((*database)->check_integrity(), "ok");
  }

  bool have_all_finished() const {
    return std::all_of(clients_.begin(), clients_.end(),
                       [](const auto& client) { return client->is_finished(); });
  }
  // Everybody gets an answer to the last word.
  void finish() {
    const auto server = start();
    traffic_.phase = Phase::kFinish;
    traffic_.port = server->port();
    for (int wait = 0; wait < 3000 && !have_all_finished(); ++wait) usleep(10'000);
    EXPECT_TRUE(have_all_finished());
    traffic_.phase = Phase::kOver;
    for (const auto& client : clients_) client->join();
    EXPECT_EQ(server->end(SIGTERM), 0) << log();
  }

  // Each command left exactly the rows of one run: its case, one number, one opening, its message.
  void check_rows() {
    const auto installation = folder_.open();
    const auto& store = installation->store();
    std::size_t cases = 0, messages = 0;
    for (const auto& client : clients_) {
      for (const auto& id : client->sent().cases) {
        const auto row = get(store, id);
        ASSERT_TRUE(row.has_value());
        int openings = 0;
        for (const auto& event : find<&CaseEvent::case_id>(store, id))
          openings += event.kind == CaseEventKind::kOpened;
        EXPECT_EQ(openings, 1);
        EXPECT_TRUE(numbers_.insert(row->number).second) << row->number;
      }
      for (const auto& id : client->sent().messages) EXPECT_TRUE(exists(store, id));
      cases += client->sent().cases.size();
      messages += client->sent().messages.size();
    }
    EXPECT_EQ(store.count(entity_of<Case>()), cases_before_ + cases);
    EXPECT_EQ(store.count(entity_of<Message>()), messages_before_ + messages);
    // A number that nobody holds was taken by a run whose rows are gone.
    const auto last = std::stoul(numbers_.rbegin()->substr(2));
    const auto first = std::stoul(numbers_.begin()->substr(2));
    EXPECT_EQ(last - first + 1, numbers_.size());
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

  const DemoFolder folder_{"foyer_crash_server_test"};
  Traffic traffic_;
  std::vector<std::unique_ptr<Client>> clients_;  // after what they use
  Random random_{11};
  std::int64_t cases_before_ = 0, messages_before_ = 0;
  std::set<std::string> numbers_;
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
