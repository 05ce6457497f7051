// A real server that loses its disk, with the production clients: back up, go on, lose, restore,
// come back. The rows of the failure table that need the server, its fence and its backups.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "admin.h"
#include "demo_folder.h"
#include "first_rows.h"
#include "foyer/command/open_case.h"
#include "foyer/command/save_record.h"
#include "foyer/sync/sync_client.h"
#include "raw_client.h"
#include "server.h"

namespace foyer::server {
namespace {

// A device with the production engine over a real socket, and a disk in memory.
class Browser final : public DeviceStore, public SyncLink {
 public:
  Browser(SignedInPerson person, const std::string& name)
      : person_(std::move(person)), device_(derive_uuid({}, name), *this, *this, {}) {}

  void connect(std::uint16_t port) {
    socket_ = std::make_unique<RawSocket>(port, person_.path("/sync"), person_.headers());
    if (socket_->status() != 101) return;
    device_.connected(wall_clock());
    listen([this] { return engine().status().is_online && engine().status().is_loaded; });
  }
  void leave() {
    socket_.reset();
    device_.disconnected();
  }
  bool is_in() const { return socket_ && socket_->status() == 101; }
  void open_case(std::string_view name) {
    OpenCase args{};
    args.case_id = case_id(name);
    args.message = Id<Message>(derive_uuid({}, std::string(name) + " message"));
    args.subject = name;
    args.body = "It stands still.";
    EXPECT_TRUE(device_.submit(make_command(args), wall_clock()).has_value());
  }
  static Id<Case> case_id(std::string_view name) { return Id<Case>(derive_uuid({}, name)); }
  // Until nothing waits for an answer, and what has come is shown.
  void settle() {
    listen([this] { return engine().status().waiting == 0; });
  }
  void listen_until_it_shows(std::string_view name) {
    listen([&] { return exists(engine().rows(), case_id(name)); });
  }
  const ClientEngine& engine() const { return device_.engine(); }

  void save_outbox(std::uint64_t, std::string, std::function<void(bool)> done) override {
    done(true);
  }
  void remove_outbox(std::uint64_t) override {}
  void adopt_client(const Uuid&, std::vector<std::pair<std::uint64_t, std::string>>,
                    std::function<void(bool)> done) override {
    done(true);
  }
  void write_cache(CacheWrite) override {}
  void send(std::string frame) override {
    if (socket_) socket_->send(2, frame);
  }

 private:
  template <class Until>
  void listen(Until until) {
    while (!until()) {
      const auto frame = socket_->receive();
      ASSERT_EQ(frame.opcode, 2) << frame.payload;
      ASSERT_TRUE(device_.received(frame.payload, wall_clock()).has_value());
    }
  }

  const SignedInPerson person_;
  std::unique_ptr<RawSocket> socket_;
  SyncClient device_;
};

class RestoreTest : public testing::Test {
 protected:
  void SetUp() override {
    people_ = folder_.prepare({"clara@lindenhof.example", "sofia@seeblick.example",
                               "ana@foyer.example", "admin@foyer.example"});
  }
  Config config() {
    return *Config::parse({"--data", folder_.data(), "--listen", "127.0.0.1:0", "--log-level",
                           "error"},
                          {});
  }
  void start() {
    auto server = Server::start(config(), stored_entities(), out_);
    ASSERT_TRUE(server.has_value()) << server.error().detail;
    server_ = std::move(*server);
  }
  void stop() { server_.reset(); }
  void back_up() {
    ASSERT_EQ(server::back_up(config(), folder_.file("copy.db"), out_), 0) << out_.str();
    if (server_) server_->sweep();
  }
  enum class Fenced : std::uint8_t { kYes, kNo };
  void lose_the_disk(Fenced fenced) {
    stop();
    for (const char* file : {"/foyer.db", "/foyer.db-wal", "/foyer.db-shm"})
      std::filesystem::remove(folder_.data() + file);
    if (fenced == Fenced::kNo) std::filesystem::remove(folder_.data() + "/fence");
  }
  void restore() {
    ASSERT_EQ(server::restore(config(), folder_.file("copy.db"), stored_entities(), out_), 0)
        << out_.str();
    start();
  }
  std::unique_ptr<Browser> browser(const std::string& email) {
    return std::make_unique<Browser>(people_.at(email), email);
  }
  bool has_case(std::string_view name) {
    auto lease = server_->installation().readers().acquire();
    return exists(lease.store(), Browser::case_id(name));
  }
  Uuid epoch() {
    auto lease = server_->installation().readers().acquire();
    return SqliteScopeLog(lease.database()).epoch();
  }
  std::uint64_t seq() {
    auto lease = server_->installation().readers().acquire();
    return SqliteScopeLog(lease.database()).seq();
  }
  void change_user(const std::string& email, const std::function<void(User&)>& change) {
    const auto& admin = people_.at("admin@foyer.example");
    std::promise<Result<void>> answer;
    User user;
    {
      auto lease = server_->installation().readers().acquire();
      user = *get(lease.store(), people_.at(email).user.id);
    }
    change(user);
    CommandRequest request{save_command(entity_of<User>(), &user),
                           derive_uuid({}, email + std::to_string(++changes_)), admin.user.id};
    ASSERT_TRUE(server_->gate().submit(request, [&](Result<void> result) {
      answer.set_value(std::move(result));
    }));
    const auto result = answer.get_future().get();
    ASSERT_TRUE(result.has_value()) << result.error().field << result.error().detail;
  }

  DemoFolder folder_{"foyer_restore_test"};
  std::map<std::string, SignedInPerson> people_;
  std::unique_ptr<Server> server_;
  std::ostringstream out_;
  int changes_ = 0;
};

TEST_F(RestoreTest, AllThatWasAcknowledgedIsBackWhenTheDevicesComeBack) {
  start();
  const auto clara = browser("clara@lindenhof.example"), sofia = browser("sofia@seeblick.example"),
             ana = browser("ana@foyer.example");
  for (const auto& each : {clara.get(), sofia.get(), ana.get()}) each->connect(server_->port());
  clara->open_case("before");
  clara->settle();
  back_up();
  clara->leave();
  clara->connect(server_->port());
  const Uuid epoch_before = epoch();
  for (const char* name : {"c1", "c2", "c3"}) clara->open_case(name);
  clara->settle();
  sofia->leave();
  sofia->connect(server_->port());
  sofia->open_case("s1");
  sofia->settle();
  EXPECT_EQ(clara->engine().status().kept, 3u);
  const std::uint64_t seq_before = seq();
  for (const auto& each : {clara.get(), sofia.get(), ana.get()}) each->leave();
  lose_the_disk(Fenced::kYes);
  restore();
  EXPECT_NE(epoch(), epoch_before);
  EXPECT_GT(seq(), seq_before);
  EXPECT_TRUE(has_case("before"));
  EXPECT_FALSE(has_case("c1"));
  clara->connect(server_->port());
  clara->settle();
  sofia->connect(server_->port());
  sofia->settle();
  for (const char* name : {"c1", "c2", "c3", "s1"}) EXPECT_TRUE(has_case(name)) << name;
  ana->connect(server_->port());
  for (const char* name : {"before", "c1", "c2", "c3", "s1"}) ana->listen_until_it_shows(name);
  EXPECT_EQ(ana->engine().status().attention + clara->engine().status().attention, 0u);
}

TEST_F(RestoreTest, AllIsBackAlsoWhenTheFenceIsLostWithTheDisk) {
  start();
  const auto clara = browser("clara@lindenhof.example");
  clara->connect(server_->port());
  back_up();
  clara->leave();
  clara->connect(server_->port());
  clara->open_case("c1");
  clara->settle();
  const Uuid epoch_before = epoch();
  clara->leave();
  lose_the_disk(Fenced::kNo);
  restore();
  EXPECT_NE(epoch(), epoch_before);
  clara->connect(server_->port());
  clara->settle();
  EXPECT_TRUE(has_case("c1"));
  clara->listen_until_it_shows("c1");
}

TEST_F(RestoreTest, ADatabaseThatWasPutBackByHandIsBehindItsFence) {
  start();
  const auto clara = browser("clara@lindenhof.example");
  clara->connect(server_->port());
  back_up();
  clara->leave();
  clara->connect(server_->port());
  clara->open_case("c1");
  clara->settle();
  const Uuid epoch_before = epoch();
  clara->leave();
  lose_the_disk(Fenced::kYes);
  std::filesystem::copy_file(folder_.file("copy.db"), folder_.data() + "/foyer.db");
  start();
  EXPECT_NE(epoch(), epoch_before);
  clara->connect(server_->port());
  clara->settle();
  EXPECT_TRUE(has_case("c1"));
}

// A whole machine put back to an earlier state takes its fence along: then only devices know.
TEST_F(RestoreTest, ADeviceThatIsAheadOfTheServerStartsAnotherEpoch) {
  start();
  const auto clara = browser("clara@lindenhof.example"), sofia = browser("sofia@seeblick.example");
  clara->connect(server_->port());
  back_up();
  clara->leave();
  stop();
  std::filesystem::copy(folder_.data(), folder_.file("image"),
                        std::filesystem::copy_options::recursive);
  start();
  clara->connect(server_->port());
  clara->open_case("c1");
  clara->settle();
  const Uuid epoch_before = epoch();
  clara->leave();
  stop();
  std::filesystem::remove_all(folder_.data());
  std::filesystem::copy(folder_.file("image"), folder_.data(),
                        std::filesystem::copy_options::recursive);
  start();
  EXPECT_EQ(epoch(), epoch_before);
  sofia->connect(server_->port());
  clara->connect(server_->port());
  clara->settle();
  EXPECT_NE(epoch(), epoch_before);
  EXPECT_TRUE(has_case("c1"));
  // Who was there before the epoch began goes on in it.
  sofia->open_case("s1");
  sofia->settle();
  EXPECT_TRUE(has_case("s1"));
}

TEST_F(RestoreTest, AnOrdinaryRestartIsNoFork) {
  start();
  const auto clara = browser("clara@lindenhof.example");
  clara->connect(server_->port());
  clara->open_case("c1");
  clara->settle();
  const Uuid before = epoch();
  clara->leave();
  stop();
  start();
  EXPECT_EQ(epoch(), before);
}

TEST_F(RestoreTest, WhatWasTakenAwayIsNotGivenBack) {
  start();
  back_up();
  change_user("sofia@seeblick.example",
              [](User& user) { user.state = UserState::kSuspended; });
  change_user("ana@foyer.example", [](User& user) { user.roles = {Role::kAuditor}; });
  std::promise<bool> ended;
  server_->installation().sessions().end(people_.at("clara@lindenhof.example").session,
                                         [&](bool is_durable) { ended.set_value(is_durable); });
  ASSERT_TRUE(ended.get_future().get());
  lose_the_disk(Fenced::kYes);
  restore();
  {
    auto lease = server_->installation().readers().acquire();
    EXPECT_TRUE(actor_of(lease.store(), people_.at("sofia@seeblick.example").user.id)
                    .is_anonymous());
    EXPECT_EQ(actor_of(lease.store(), people_.at("ana@foyer.example").user.id).roles,
              Roles{Role::kAuditor});
  }
  const auto clara = browser("clara@lindenhof.example");
  clara->connect(server_->port());
  EXPECT_FALSE(clara->is_in());
}

TEST_F(RestoreTest, WhatWasGivenBackBeforeTheDiskWasLostIsNotTakenAwayAgain) {
  start();
  back_up();
  change_user("ana@foyer.example", [](User& user) { user.roles = {Role::kAuditor}; });
  change_user("ana@foyer.example", [](User& user) { user.roles = {Role::kCsr, Role::kAuditor}; });
  lose_the_disk(Fenced::kYes);
  restore();
  auto lease = server_->installation().readers().acquire();
  EXPECT_EQ(actor_of(lease.store(), people_.at("ana@foyer.example").user.id).roles,
            (Roles{Role::kCsr, Role::kAuditor}));
}

}  // namespace
}  // namespace foyer::server
