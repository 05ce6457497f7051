#include "admin.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "entities.h"
#include "raw_client.h"
#include "server.h"
#include "sqlite_scope_log.h"

namespace foyer::server {
namespace {

class AdminTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / "foyer_admin_test";
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  Config config(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {"--data", path("data"), "--listen", "127.0.0.1:0",
                                          "--log-level", "error"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return *Config::parse(arguments, {});
  }
  int add(const std::string& email, const std::string& password = "a long enough sentence") {
    std::istringstream in(password + "\n");
    out_.str("");
    return add_user(config({"--email", email, "--name", "Ann", "--role", "csr,admin"}),
                    stored_entities(), in, out_);
  }
  std::int64_t user_count() {
    const auto database = *Database::open(path("data/foyer.db"), OpenMode::kReader);
    return database->integer_of("SELECT count(*) FROM user").value();
  }

  std::filesystem::path folder_;
  std::ostringstream out_;
};

TEST_F(AdminTest, UserAddChecksEveryValue) {
  EXPECT_EQ(add("ann@example.com"), 0) << out_.str();
  EXPECT_EQ(add("ANN@example.com"), 1);
  EXPECT_NE(out_.str().find("already signs in"), std::string::npos) << out_.str();
  EXPECT_EQ(add("ben@example.com", "short"), 1);
  EXPECT_EQ(add("no-address"), 1);
  std::istringstream in;
  EXPECT_EQ(add_user(config({"--email", "c@example.com", "--name", "C", "--role",
                             "customer_user", "--password", "a long enough sentence"}),
                     stored_entities(), in, out_),
            1);
  EXPECT_EQ(user_count(), 1);
}

TEST_F(AdminTest, BackupAndRestoreBringBackWhatWasThere) {
  ASSERT_EQ(add("ann@example.com"), 0);
  EXPECT_EQ(back_up(config(), path("copy.db"), out_), 0) << out_.str();
  EXPECT_EQ(back_up(config(), path("copy.db"), out_), 1);
  ASSERT_EQ(add("ben@example.com"), 0);
  EXPECT_EQ(user_count(), 2);
  const auto epoch = [this] {
    const auto database = *Database::open(path("data/foyer.db"), OpenMode::kReader);
    return SqliteScopeLog(*database).epoch();
  };
  const auto before = epoch();
  EXPECT_EQ(restore(config(), path("copy.db"), stored_entities(), out_), 0) << out_.str();
  EXPECT_EQ(user_count(), 1);
  EXPECT_EQ(epoch(), before);
  EXPECT_FALSE(std::filesystem::is_empty(path("data/backup")));
  // The next start begins another history.
  ASSERT_EQ(add("eve@example.com"), 0);
  EXPECT_NE(epoch(), before);
  EXPECT_EQ(run_doctor(config(), out_), 0) << out_.str();
}

TEST_F(AdminTest, RestoreRefusesDamagedAndForeignFilesAndLeavesTheDataAlone) {
  ASSERT_EQ(add("ann@example.com"), 0);
  ASSERT_EQ(back_up(config(), path("copy.db"), out_), 0);
  std::ofstream(path("text.db")) << std::string(20'000, 'x');
  {
    const auto foreign = *Database::open(path("foreign.db"), OpenMode::kWriter);
    ASSERT_TRUE(foreign->execute("CREATE TABLE t (i INTEGER)"));
  }
  std::fstream damaged(path("copy.db"), std::ios::in | std::ios::out | std::ios::binary);
  damaged.seekp(4096);
  damaged << std::string(4096, '\x5a');
  damaged.close();
  for (const char* file : {"text.db", "foreign.db", "copy.db", "none.db"})
    EXPECT_EQ(restore(config(), path(file), stored_entities(), out_), 1) << file;
  EXPECT_EQ(user_count(), 1);
  EXPECT_FALSE(std::filesystem::exists(path("data/foyer.db.incoming")));
}

TEST_F(AdminTest, AFreshServerPrintsASetUpTokenAndHasNoAccount) {
  const auto server = Server::start(config(), stored_entities(), out_);
  ASSERT_TRUE(server.has_value()) << explain(server.error());
  const auto text = out_.str();
  const auto at = text.find("/setup?token=");
  ASSERT_NE(at, std::string::npos) << text;
  const auto path = text.substr(at, 13 + 43);
  EXPECT_EQ(request((*server)->port(), {.path = path}).status, 200);
  EXPECT_EQ(request((*server)->port(), {.path = "/setup?token=x"}).status, 404);
  EXPECT_EQ(user_count(), 0);
  EXPECT_EQ(restore(config(), "x", stored_entities(), out_), 1);
}

TEST_F(AdminTest, ARunningServerCanBeBackedUpAndDrains) {
  ASSERT_EQ(add("ann@example.com"), 0);
  auto server = Server::start(config(), stored_entities(), out_);
  ASSERT_TRUE(server.has_value());
  EXPECT_EQ(out_.str().find("/setup?token="), std::string::npos);
  EXPECT_EQ(back_up(config(), path("live.db"), out_), 0);
  EXPECT_EQ(add("ben@example.com"), 1);
  EXPECT_NE(out_.str().find("Stop it first"), std::string::npos);
  (*server)->drain();
  EXPECT_FALSE(RawClient((*server)->port()).is_open());
}

TEST_F(AdminTest, MetricsAreOnAPortOfTheirOwn) {
  const auto server = Server::start(config({"--metrics-listen", "127.0.0.1:39471"}),
                                    stored_entities(), out_);
  ASSERT_TRUE(server.has_value()) << explain(server.error());
  EXPECT_EQ(request((*server)->port(), {.path = "/metrics"}).status, 404);
  const auto metrics = request(39471, {.path = "/metrics"});
  EXPECT_EQ(metrics.status, 200);
  EXPECT_NE(metrics.body.find("\nfoyer_ws_connections 0.0"), std::string::npos);
  EXPECT_EQ(request(39471, {.path = "/sign-in"}).status, 404);
}

TEST_F(AdminTest, KiosksAreListedAndRevokedOnce) {
  EXPECT_EQ(list_devices(config(), stored_entities(), out_), 0);
  EXPECT_EQ(out_.str(), "There are no kiosks.\n");
  {
    const auto server = Server::start(config({"--demo"}), stored_entities(), out_);
    ASSERT_TRUE(server.has_value()) << explain(server.error());
    EXPECT_EQ(list_devices(config(), stored_entities(), out_), 1) << "in use";
  }
  const auto list = [this] {
    out_.str("");
    EXPECT_EQ(list_devices(config(), stored_entities(), out_), 0);
    return out_.str();
  };
  const auto line = list();
  EXPECT_NE(line.find("  K1  Foyer, beside the entrance: not set up yet\n"), std::string::npos)
      << line;
  const auto id = line.substr(0, 36);
  EXPECT_EQ(revoke_device(config(), id, stored_entities(), out_), 0) << out_.str();
  EXPECT_NE(list().find(": revoked 20"), std::string::npos);
  EXPECT_EQ(revoke_device(config(), id, stored_entities(), out_), 1);
  EXPECT_NE(out_.str().find("revoked already"), std::string::npos) << out_.str();
  for (const std::string unknown : {"K1", "00000000-0000-0000-0000-000000000001"}) {
    out_.str("");
    EXPECT_EQ(revoke_device(config(), unknown, stored_entities(), out_), 1);
    EXPECT_NE(out_.str().find("no such device"), std::string::npos) << out_.str();
  }
}

TEST(ParseListenTest, AddressesWithPorts) {
  const struct {
    std::string_view text;
    std::string address;
    int port;
  } cases[] = {{"127.0.0.1:80", "127.0.0.1", 80}, {"[::1]:8080", "::1", 8080},
               {":9", "127.0.0.1", 9},            {"localhost:1", "127.0.0.1", 1},
               {"0.0.0.0:0", "0.0.0.0", 0}};
  for (const auto& row : cases) {
    const auto parsed = parse_listen(row.text);
    ASSERT_TRUE(parsed.has_value()) << row.text;
    EXPECT_EQ(parsed->address, row.address);
    EXPECT_EQ(parsed->port, row.port);
  }
  for (const char* bad : {"", "8080", "a:", "a:x", "a:99999", "a:1x", "a:-1"})
    EXPECT_FALSE(parse_listen(bad).has_value()) << bad;
}

}  // namespace
}  // namespace foyer::server
