// Ten thousand open pages: what each costs the real server while nothing happens, and that all of
// them hear of a change, one answers others meanwhile, and nothing is left once they are gone.
#include <sys/resource.h>

#include <fstream>
#include <iostream>
#include <memory>
#include <thread>

#include "demo_folder.h"
#include "foyer/sync/messages.h"
#include "raw_client.h"
#include "server_process.h"

namespace foyer::server {
namespace {

constexpr std::size_t kSockets = 10'000, kDevices = 500;
constexpr std::size_t kBytesEachMax = 10 * 1024;

// As many as this machine lets us open, of the number wanted.
std::size_t sockets_allowed() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  getrlimit(RLIMIT_NOFILE, &limit);
  return std::min<std::size_t>(kSockets, limit.rlim_cur - 500);
}

class SocketsIdleTest : public testing::Test {
 protected:
  void SetUp() override {
    people_ = folder_.prepare({"clara@lindenhof.example", "david@lindenhof.example"});
    server_ = std::make_unique<ServerProcess>(
        std::vector<std::string>{"--demo", "--data", folder_.data(), "--log-level", "error"},
        folder_.file("log"));
    port_ = server_->port();
    ASSERT_NE(port_, 0);
    ASSERT_EQ(request(port_, {.path = "/readyz"}).status, 200);
  }

  std::size_t resident_bytes() const {
    std::size_t all = 0, resident = 0;
    std::ifstream("/proc/" + std::to_string(server_->id()) + "/statm") >> all >> resident;
    return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  }
  std::size_t open_files() const {
    const std::filesystem::path folder("/proc/" + std::to_string(server_->id()) + "/fd");
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
  }
  double processor_seconds() const {
    std::ifstream stat("/proc/" + std::to_string(server_->id()) + "/stat");
    std::string skipped;
    double user = 0, system = 0;
    for (int i = 0; i < 13; ++i) stat >> skipped;
    stat >> user >> system;
    return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
  }

  // In batches: each asks before the first answer is awaited.
  void open_pages(std::vector<std::unique_ptr<RawClient>>& pages, std::size_t count,
                  const std::string& path, const SignedInPerson& person) {
    constexpr std::size_t kBatch = 100;
    const auto upgrade = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n" +
                         "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
                         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + person.headers() +
                         "\r\n";
    while (count > 0) {
      const auto first = pages.size(), batch = std::min(count, kBatch);
      for (std::size_t i = 0; i < batch; ++i) {
        pages.push_back(std::make_unique<RawClient>(port_));
        ASSERT_TRUE(pages.back()->is_open());
        pages.back()->send(upgrade);
      }
      for (auto i = first; i < pages.size(); ++i)
        ASSERT_TRUE(pages[i]->take_head().starts_with("HTTP/1.1 101")) << i;
      count -= batch;
    }
  }

  // A case of Clara's, which all of her pages hear of.
  void open_case() {
    const auto& clara = people_.at("clara@lindenhof.example");
    const auto id = [](const char* name) { return to_string(derive_uuid({}, name)); };
    const auto response = request(
        port_, {.method = "POST",
                .path = "/api/command/case.open",
                .headers = clara.headers() + "Idempotency-Key: " + id("key") + "\r\n",
                .body = "{\"case_id\":\"" + id("case") + "\",\"message\":\"" + id("message") +
                        "\",\"subject\":\"Among many\",\"body\":\"One of many\"}"});
    ASSERT_EQ(response.status, 200) << response.body;
  }

  const DemoFolder folder_{"foyer_sockets_idle_test"};
  std::map<std::string, SignedInPerson> people_;
  std::unique_ptr<ServerProcess> server_;
  std::uint16_t port_ = 0;
};

std::string frame_of(std::string_view payload) {
  std::string frame{'\x82', static_cast<char>(0x80 | 126), static_cast<char>(payload.size() >> 8),
                    static_cast<char>(payload.size() & 255)};
  return frame + std::string(4, '\0') + std::string(payload);
}

TEST_F(SocketsIdleTest, EachCostsLittleAndAllOfThemHear) {
  const auto count = sockets_allowed();
  const auto files_before = open_files(), bytes_before = resident_bytes();
  std::vector<std::unique_ptr<RawClient>> pages, devices;
  open_pages(pages, count - kDevices, "/hints", people_.at("clara@lindenhof.example"));
  open_pages(devices, kDevices, "/sync", people_.at("david@lindenhof.example"));
  if (HasFailure()) return;
  for (std::size_t i = 0; i < devices.size(); ++i) {
    Hello hello;
    hello.client = derive_uuid({}, "device " + std::to_string(i));
    devices[i]->send(frame_of(encode_frame(hello)));
  }
  for (auto& device : devices) ASSERT_FALSE(device->take(1).empty());
  const auto bytes_each = (resident_bytes() - bytes_before) / count;
  const auto spent_before = processor_seconds();
  std::this_thread::sleep_for(std::chrono::seconds(2));
  const auto share = (processor_seconds() - spent_before) / 2;
  EXPECT_LT(bytes_each, kBytesEachMax);
  EXPECT_EQ(request(port_, {.path = "/readyz"}).status, 200);
  EXPECT_GE(open_files() + 5, files_before + count);
  open_case();
  std::size_t heard = 0;
  for (auto& page : pages) heard += page->take(9) == std::string("\x81\x07""changed");
  EXPECT_EQ(heard, pages.size());
  pages.clear();
  devices.clear();
  for (int wait = 0; wait < 3000 && open_files() > files_before + 5; ++wait) usleep(10'000);
  EXPECT_LE(open_files(), files_before + 5);
  EXPECT_EQ(server_->end(SIGTERM), 0);
  std::cout << "measured: " << count << " idle WebSockets, " << bytes_each
            << " bytes each, " << share * 100 << " % of one processor\n";
}

}  // namespace
}  // namespace foyer::server
