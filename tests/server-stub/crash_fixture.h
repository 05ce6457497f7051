// A company under load and the server that is done harm to: what starts it, what ends it, and what
// must be true of the data afterwards whatever the harm was.
#pragma once

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>

#include "crash_traffic.h"
#include "foyer/base/random.h"
#include "server_process.h"

namespace foyer::server {

class CrashFixture : public testing::Test {
 protected:
  std::unique_ptr<ServerProcess> start(std::vector<std::string> environment = {}) {
    return std::make_unique<ServerProcess>(
        std::vector<std::string>{"--demo", "--data", folder_.data(), "--log-level", "warning"},
        folder_.file("log"), std::move(environment));
  }
  std::string log() const {
    std::ostringstream text;
    text << std::ifstream(folder_.file("log")).rdbuf();
    return text.str();
  }

  void start_clients() {
    people_ = folder_.prepare({"clara@lindenhof.example", "david@lindenhof.example",
                               "sofia@seeblick.example", "ana@foyer.example",
                               "jonas@foyer.example"});
    {
      const auto installation = folder_.open();
      const auto contact = people_.at("clara@lindenhof.example").user.contact;
      account_ = get(installation->store(), contact)->account;
      cases_before_ = installation->store().count(entity_of<Case>());
      messages_before_ = installation->store().count(entity_of<Message>());
    }
    const auto socket = [&](const std::string& email, Id<Account> for_account = {}) {
      clients_.push_back(
          std::make_unique<SocketClient>(traffic_, people_.at(email), email, for_account));
    };
    socket("clara@lindenhof.example");
    socket("sofia@seeblick.example");
    socket("ana@foyer.example", account_);
    clients_.push_back(std::make_unique<RequestClient>(
        traffic_, people_.at("david@lindenhof.example"), "david", Id<Account>()));
    clients_.push_back(std::make_unique<ApiClient>(traffic_, people_.at("jonas@foyer.example"),
                                                   "a program", account_));
    for (const auto& client : clients_) client->start();
  }

  // So many more answers, or, without any, not for ever.
  void wait_for_answers(std::uint64_t count) {
    const auto enough = traffic_.acknowledged + count;
    for (int wait = 0; wait < 400 && traffic_.acknowledged < enough; ++wait) usleep(1'000);
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

  const DemoFolder folder_{"foyer_crash_test_of_" +
                           std::string(testing::UnitTest::GetInstance()
                                           ->current_test_info()
                                           ->test_suite_name())};
  Traffic traffic_;
  std::vector<std::unique_ptr<Client>> clients_;  // after what they use
  std::map<std::string, SignedInPerson> people_;
  Id<Account> account_;
  Random random_{11};
  std::int64_t cases_before_ = 0, messages_before_ = 0;
  std::set<std::string> numbers_;
};

}  // namespace foyer::server
