// More to do than can be done: whoever is turned away hears so at once and when to come back, and
// what was taken on is done. The writer is held up here, so that the queues fill for certain.
#include <atomic>
#include <future>
#include <thread>

#include "application.h"
#include "demo_folder.h"
#include "raw_client.h"

namespace foyer::server {
namespace {

constexpr std::size_t kWriterQueue = 8, kPageQueue = 4;

class FaultsOverloadTest : public testing::Test {
 protected:
  void SetUp() override {
    clara_ = folder_.prepare({"clara@lindenhof.example"}).begin()->second;
    installation_ = *Installation::open({.folder = folder_.data(),
                                         .entities = stored_entities(),
                                         .writer = {.queue_max = kWriterQueue}},
                                        wall_clock());
    gate_ = std::make_unique<CommandGate>(*installation_, wall_clock);
    ApplicationOptions options;
    options.page_threads = 1;
    options.page_queue_max = kPageQueue;
    application_ = std::make_unique<Application>(*installation_, *gate_, files_, options);
    http_ = *HttpServer::start({}, *application_);
  }
  void TearDown() override {
    application_->stop();
    installation_->writer().stop();
    http_.reset();
    application_.reset();
    gate_.reset();
  }

  // The writer does nothing until the returned promise is kept.
  std::promise<void> hold_writer() {
    std::promise<void> release;
    auto is_held = std::make_shared<std::promise<void>>();
    auto held = is_held->get_future();
    EXPECT_TRUE(installation_->writer().submit(
        {[is_held, until = release.get_future().share()] {
           is_held->set_value();
           until.wait();
           return true;
         },
         [](bool) {}}));
    held.wait();
    return release;
  }

  static Uuid case_id(int number) { return derive_uuid({}, "case" + std::to_string(number)); }
  std::string text_of_case(int number) const {
    const auto message = derive_uuid(case_id(number), "message"), key = case_id(number);
    const std::string body = "{\"case_id\":\"" + to_string(case_id(number)) +
                             "\",\"message\":\"" + to_string(message) +
                             "\",\"subject\":\"Many\",\"body\":\"Too many\"}";
    return "POST /api/command/case.open HTTP/1.1\r\nHost: localhost\r\n" + clara_.headers() +
           "Idempotency-Key: " + to_string(key) + "\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  bool has_case(int number) {
    auto lease = installation_->readers().acquire();
    return exists(lease.store(), Id<Case>(case_id(number)));
  }

  const DemoFolder folder_{"foyer_faults_overload_test"};
  SignedInPerson clara_;
  StaticFiles files_;
  std::unique_ptr<Installation> installation_;
  std::unique_ptr<CommandGate> gate_;
  std::unique_ptr<Application> application_;
  std::unique_ptr<HttpServer> http_;
};

TEST_F(FaultsOverloadTest, AFullWriterShedsAndKeepsWhatItTook) {
  constexpr int kCases = 20;
  auto release = hold_writer();
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < kCases; ++i) {
    clients.push_back(std::make_unique<RawClient>(http_->port()));
    // One after the other, so that none meets a full page queue instead.
    const auto waiting = installation_->writer().waiting();
    clients.back()->send(text_of_case(i));
    for (int wait = 0; wait < 5000 && waiting < kWriterQueue; ++wait) {
      if (installation_->writer().waiting() > waiting) break;
      usleep(1'000);
    }
    if (waiting < kWriterQueue) continue;
    EXPECT_TRUE(clients.back()->take_head().starts_with("HTTP/1.1 503")) << i;
  }
  for (const auto* path : {"/cases", "/session.json"})
    EXPECT_EQ(request(http_->port(), {.path = path, .headers = clara_.headers()}).status, 200);
  release.set_value();
  for (std::size_t i = 0; i < kWriterQueue; ++i)
    EXPECT_TRUE(clients[i]->take_head().starts_with("HTTP/1.1 200")) << i;
  for (int i = 0; i < kCases; ++i) {
    const bool was_taken = i < static_cast<int>(kWriterQueue);
    EXPECT_EQ(has_case(i), was_taken) << i;
  }
  EXPECT_EQ(installation_->writer().counters().refused_full, kCases - kWriterQueue);
  // Whoever was turned away comes back with the same words.
  for (int i = 0; i < kCases; ++i) {
    RawClient again(http_->port());
    EXPECT_EQ(server::exchange(again, text_of_case(i)).status, 200) << i;
    EXPECT_TRUE(has_case(i));
  }
}

TEST_F(FaultsOverloadTest, AFullPageQueueSaysSoToPeopleAndPrograms) {
  auto release = hold_writer();
  // The one page thread waits for the writer, then the queue behind it fills.
  std::vector<std::unique_ptr<RawClient>> waiting;
  const auto knock = [&] {
    waiting.push_back(std::make_unique<RawClient>(http_->port()));
    waiting.back()->send("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n");
  };
  RawResponse busy;
  for (std::size_t i = 0; i < kPageQueue + 20 && busy.status != 503; ++i) {
    knock();
    usleep(20'000);
    if (i >= kPageQueue + 1)
      busy = request(http_->port(), {.path = "/", .headers = "Accept: text/html\r\n"});
  }
  EXPECT_EQ(busy.status, 503);
  EXPECT_FALSE(busy.header("Retry-After").empty());
  EXPECT_TRUE(busy.header("Content-Type").starts_with("text/html"));
  RawClient program(http_->port());
  const auto refused = server::exchange(program, text_of_case(1));
  EXPECT_EQ(refused.status, 503);
  EXPECT_FALSE(refused.header("Retry-After").empty());
  EXPECT_NE(refused.body.find("\"busy\""), std::string::npos) << refused.body;
  const RawSocket socket(http_->port(), "/hints", clara_.headers());
  EXPECT_EQ(socket.status(), 503);
  EXPECT_NE(socket.head().find("Retry-After"), std::string::npos);
  EXPECT_EQ(request(http_->port(), {.path = "/healthz"}).status, 200);
  release.set_value();
  EXPECT_TRUE(waiting.front()->take_head().starts_with("HTTP/1.1 200"));
  for (std::size_t i = 1; i < waiting.size(); ++i) waiting[i]->take_head();  // the queue is empty
  EXPECT_EQ(server::exchange(program, text_of_case(1)).status, 200);
}

}  // namespace
}  // namespace foyer::server
