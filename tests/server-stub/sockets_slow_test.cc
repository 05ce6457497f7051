// Peers that do not read: what they cost the real server is bounded, others notice nothing, and
// once they read again they catch up with all that happened.
#include <fstream>
#include <iostream>
#include <memory>

#include "demo_folder.h"
#include "foyer/command/open_case.h"
#include "foyer/sync/sync_client.h"
#include "raw_client.h"
#include "server_process.h"

namespace foyer::server {
namespace {

constexpr std::size_t kMegabyte = 1024 * 1024;

// A device that reads only when it is told to.
class Device final : public SyncLink {
 public:
  Device(std::uint16_t port, const SignedInPerson& person, const std::string& name)
      : socket_(port, person.path("/sync"), person.headers(), Pace::kSlow),
        client_(derive_uuid({}, name), store_, *this, {}) {
    EXPECT_EQ(socket_.status(), 101);
    client_.connected(wall_clock());
  }
  void send(std::string frame) override { socket_.send(2, frame); }

  bool read() {
    const auto frame = socket_.receive();
    return frame.opcode == 2 && client_.received(frame.payload, wall_clock()).has_value();
  }
  std::size_t cases() const {
    return static_cast<std::size_t>(client_.engine().rows().count(entity_of<Case>()));
  }
  std::uint64_t seq() const { return client_.engine().cookie().seq; }
  RawSocket& socket() { return socket_; }

 private:
  NoDeviceStore store_;
  RawSocket socket_;
  SyncClient client_;
};

class SocketsSlowTest : public testing::Test {
 protected:
  void SetUp() override {
    people_ = folder_.prepare({"clara@lindenhof.example", "sofia@seeblick.example"});
    std::filesystem::create_directories(folder_.file("web"));
    std::ofstream(folder_.file("web/robots.txt")) << std::string(2 * kMegabyte, 'x');
    server_ = std::make_unique<ServerProcess>(
        std::vector<std::string>{"--demo", "--data", folder_.data(), "--log-level", "error",
                                 "--web", folder_.file("web")},
        folder_.file("log"));
    port_ = server_->port();
    ASSERT_NE(port_, 0);
  }
  void TearDown() override { EXPECT_EQ(server_->end(SIGTERM), 0); }

  std::size_t resident_bytes() const {
    std::size_t all = 0, resident = 0;
    std::ifstream("/proc/" + std::to_string(server_->id()) + "/statm") >> all >> resident;
    return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  }
  const SignedInPerson& clara() const { return people_.at("clara@lindenhof.example"); }

  // Ten thousand characters long, as a case may be, of three bytes each.
  void open_case(int number) {
    const auto id = [number](const char* what) {
      return to_string(derive_uuid({}, what + std::to_string(number)));
    };
    const auto response = request(
        port_, {.method = "POST",
                .path = "/api/command/case.open",
                .headers = clara().headers() + "Idempotency-Key: " + id("key") + "\r\n",
                .body = "{\"case_id\":\"" + id("case") + "\",\"message\":\"" + id("message") +
                        "\",\"subject\":\"Long\",\"body\":\"" + long_text() + "\"}"});
    ASSERT_EQ(response.status, 200) << response.body;
  }

  static std::string long_text() {
    std::string text;
    for (int i = 0; i < 10'000; ++i) text += "\u6f22";
    return text;
  }

  const DemoFolder folder_{"foyer_sockets_slow_test"};
  std::map<std::string, SignedInPerson> people_;
  std::unique_ptr<ServerProcess> server_;
  std::uint16_t port_ = 0;
};

TEST_F(SocketsSlowTest, DevicesThatDoNotReadAreBoundedAndCatchUp) {
  constexpr int kDevices = 16, kCases = 120;
  std::vector<std::unique_ptr<Device>> slow;
  for (int i = 0; i < kDevices; ++i)
    slow.push_back(std::make_unique<Device>(port_, clara(), "slow" + std::to_string(i)));
  Device quick(port_, clara(), "quick");
  while (quick.seq() == 0) ASSERT_TRUE(quick.read());
  const auto cases_before = quick.cases(), bytes_before = resident_bytes();
  for (int i = 0; i < kCases; ++i) {
    open_case(i);
    while (quick.cases() == cases_before + static_cast<std::size_t>(i))
      ASSERT_TRUE(quick.read());
  }
  const auto bytes_each = (resident_bytes() - bytes_before) / kDevices;
  EXPECT_LT(bytes_each, 2 * kMegabyte);
  std::cout << "measured: " << kCases * 30 << " kB for each of " << kDevices
            << " devices that do not read cost the server " << bytes_each / 1024
            << " kB each\n";
  for (auto& device : slow)
    while (device->seq() < quick.seq()) ASSERT_TRUE(device->read());
  for (auto& device : slow) EXPECT_EQ(device->cases(), quick.cases());
}

TEST_F(SocketsSlowTest, WhoAsksAndNeverReadsIsCutOff) {
  Device greedy(port_, clara(), "greedy");
  const auto bytes_before = resident_bytes();
  std::string pings;
  while (pings.size() < kMegabyte / 2) pings += encode_frame(Ping{});
  // Ends when the server hangs up; the bytes that were asked for would be some 200 MB.
  bool is_cut = false;
  for (int i = 0; i < 4000 && !is_cut; ++i) {
    greedy.socket().send(2, i < 400 ? pings : encode_frame(Ping{}));
    is_cut = !greedy.socket().raw().is_open();
    if (i >= 400) usleep(10'000);  // a close that is not taken is waited for, ten seconds
  }
  EXPECT_TRUE(is_cut);
  EXPECT_LT(resident_bytes(), bytes_before + 64 * kMegabyte);
  EXPECT_EQ(request(port_, {.path = "/healthz"}).status, 200);
}

TEST_F(SocketsSlowTest, PagesThatAreAskedForAndNotReadHoldNobodyUp) {
  constexpr std::size_t kClients = 500;
  const auto bytes_before = resident_bytes();
  std::vector<std::unique_ptr<RawClient>> clients;
  for (std::size_t i = 0; i < kClients; ++i) {
    clients.push_back(std::make_unique<RawClient>(port_, "127.0.0.1", Pace::kSlow));
    clients.back()->send("GET /robots.txt HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }
  for (int i = 0; i < 20; ++i) open_case(i);
  EXPECT_EQ(request(port_, {.path = "/readyz"}).status, 200);
  const auto quick = request(port_, {.path = "/robots.txt"});
  EXPECT_EQ(quick.body.size(), 2 * kMegabyte);
  EXPECT_LT((resident_bytes() - bytes_before) / kClients, kMegabyte / 16);
  EXPECT_TRUE(clients.front()->take_head().starts_with("HTTP/1.1 200"));
  EXPECT_EQ(clients.front()->take(2 * kMegabyte).size(), 2 * kMegabyte);
}

}  // namespace
}  // namespace foyer::server
