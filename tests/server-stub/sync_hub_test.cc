// Synchronisation over real sockets, with the demonstration company: who sees what, once, and after
// which commit; and what garbage does.
#include "sync_hub.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <future>
#include <map>
#include <sstream>

#include "entities.h"
#include "foyer/command/invite_contact.h"
#include "foyer/command/open_case.h"
#include "foyer/command/note_case.h"
#include "foyer/schema/binary.h"
#include "raw_client.h"
#include "server.h"

namespace foyer::server {
namespace {

class SyncHubTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / "foyer_sync_hub_test";
    std::filesystem::remove_all(folder_);
    std::ostringstream out;
    auto server = Server::start(
        *Config::parse({"--data", (folder_ / "data").string(), "--listen", "127.0.0.1:0", "--demo",
                        "--log-level", "error"},
                       {}),
        stored_entities(), out);
    ASSERT_TRUE(server.has_value()) << server.error().detail;
    server_ = std::move(*server);
    port_ = server_->port();
  }
  void TearDown() override {
    server_.reset();
    std::filesystem::remove_all(folder_);
  }

  // A signed-in person's cookie and form token, without the cost of a password.
  struct Person {
    User user;
    Uuid session;
    std::string cookie, form_token, path;
  };
  Person person(const std::string& email) {
    Person result;
    auto& installation = server_->installation();
    {
      auto lease = installation.readers().acquire();
      result.user = find<&User::email>(lease.store(), email).at(0);
    }
    const bool is_staff = result.user.contact.is_null();
    std::promise<Sessions::Begun> begun;
    installation.sessions().begin(is_staff ? SiteKind::kStaff : SiteKind::kCustomer,
                                  result.user.id, "test", wall_clock(),
                                  [&](auto session) { begun.set_value(*session); });
    const auto session = begun.get_future().get();
    result.session = session.session.id;
    result.form_token = session.session.form_token;
    result.cookie = std::string(cookie_name(session.session.site)) + "=" + session.token;
    result.path = is_staff ? "/staff/sync" : "/sync";
    return result;
  }

  // What a device holds, by scope, from the pokes it got.
  struct Device {
    Uuid client;
    Cookie cookie;
    std::map<std::pair<std::string, RowKey>, std::string> rows;
    std::vector<PushedResult> results;
    std::uint64_t mid = 0, last_mid = 0;

    void take(const SyncMessage& message) {
      if (const auto* result = std::get_if<PushResult>(&message))
        results.insert(results.end(), result->results.begin(), result->results.end());
      if (const auto* welcome = std::get_if<Welcome>(&message)) last_mid = welcome->last_mid;
      const auto* poke = std::get_if<Poke>(&message);
      if (!poke) return;
      for (const auto& scope : poke->snapshots)
        std::erase_if(rows, [&](const auto& row) { return row.first.first == to_string(scope); });
      for (const auto& change : poke->changes) {
        const std::pair key{to_string(poke->scopes.at(change.scope)),
                            RowKey{change.entity, change.id}};
        if (change.op == RowOp::kPut) rows[key] = change.bytes;
        else rows.erase(key);
      }
      if (poke->is_last) cookie = poke->cookie;
    }
    // The cookie certifies exactly these rows; what is public everybody has.
    void check() const {
      EXPECT_FALSE(cookie.scopes.empty());
      for (const auto& state : cookie.scopes) {
        ScopeState mine{state.scope, 0, 0, state.seq};
        for (const auto& [key, bytes] : rows) {
          if (key.first != to_string(state.scope)) continue;
          ++mine.count;
          mine.crc ^= row_crc(key.second.entity, bytes);
        }
        EXPECT_EQ(mine, state) << to_string(state.scope);
      }
    }
    bool holds(EntityId entity, const Uuid& id) const {
      for (const auto& [key, bytes] : rows)
        if (key.second == RowKey{entity, id}) return true;
      return false;
    }
  };
  Device device(const std::string& name) { return {.client = derive_uuid({}, name)}; }

  std::unique_ptr<RawSocket> connect(const Person& who) {
    return std::make_unique<RawSocket>(
        port_, who.path, "Origin: http://localhost\r\nCookie: " + who.cookie + "\r\n");
  }
  static std::string hello(const Device& device) {
    Hello message;
    message.client = device.client;
    message.cookie = device.cookie;
    message.last_mid = device.mid;
    return encode_frame(message);
  }
  template <class Args>
  static std::string push(Device& device, const Args& args) {
    PushedCommand command{.mid = ++device.mid, .command = make_command(args)};
    return encode_frame(Push{device.client, {command}});
  }
  // Reads until a poke is complete and, if wanted, so many results have come.
  static void read_until(RawSocket& socket, Device& device, std::size_t results = 0,
                         bool wants_poke = true) {
    bool has_poke = !wants_poke;
    while (!has_poke || device.results.size() < results) {
      const auto frame = socket.receive();
      ASSERT_EQ(frame.opcode, 2) << frame.payload;
      const auto messages = decode_frames(frame.payload);
      ASSERT_TRUE(messages.has_value());
      for (const auto& message : *messages) {
        device.take(message);
        if (const auto* poke = std::get_if<Poke>(&message)) has_poke |= poke->is_last;
      }
    }
  }
  OpenCase open_case(const std::string& name, const std::string& subject) {
    OpenCase args{};
    args.case_id = Id<Case>(derive_uuid({}, name));
    args.message = Id<Message>(derive_uuid({}, name + " message"));
    args.subject = subject;
    args.body = "It happened this morning.";
    return args;
  }

  std::filesystem::path folder_;
  std::unique_ptr<Server> server_;
  std::uint16_t port_ = 0;
};

TEST_F(SyncHubTest, ACaseOpenedByACustomerAppearsOnAnOpenStaffSocket) {
  const auto clara = person("clara@lindenhof.example"), ana = person("ana@foyer.example");
  auto hers = device("hers"), desk = device("desk");
  auto customer = connect(clara), staff = connect(ana);
  ASSERT_EQ(customer->status(), 101);
  ASSERT_EQ(staff->status(), 101);
  customer->send(2, hello(hers));
  staff->send(2, hello(desk));
  read_until(*customer, hers);
  read_until(*staff, desk);
  hers.check();
  desk.check();
  EXPECT_GT(desk.rows.size(), hers.rows.size());
  EXPECT_GT(hers.rows.size(), 0u);
  const auto args = open_case("new", "The door does not open");
  customer->send(2, push(hers, args));
  read_until(*customer, hers, 1);
  read_until(*staff, desk);
  ASSERT_EQ(hers.results.at(0).outcome, PushOutcome::kApplied) << hers.results[0].error.detail;
  EXPECT_TRUE(hers.holds(Table<Case>::id, args.case_id));
  EXPECT_TRUE(desk.holds(Table<Case>::id, args.case_id));
  EXPECT_TRUE(desk.holds(Table<Message>::id, args.message));
  hers.check();
  desk.check();
}

TEST_F(SyncHubTest, InternalNotesNeverLeaveTheStaffScopes) {
  const auto clara = person("clara@lindenhof.example"), ana = person("ana@foyer.example");
  auto hers = device("hers"), desk = device("desk");
  auto customer = connect(clara), staff = connect(ana);
  customer->send(2, hello(hers));
  staff->send(2, hello(desk));
  read_until(*customer, hers);
  read_until(*staff, desk);
  const auto args = open_case("noted", "Noted");
  customer->send(2, push(hers, args));
  read_until(*customer, hers, 1);
  read_until(*staff, desk);
  NoteCase note{};
  note.case_id = args.case_id;
  note.message = Id<Message>(derive_uuid({}, "secret"));
  note.body = "CANARY: she is right";
  staff->send(2, push(desk, note));
  read_until(*staff, desk, 1);
  EXPECT_EQ(desk.results.at(0).outcome, PushOutcome::kApplied) << desk.results[0].error.detail;
  EXPECT_TRUE(desk.holds(Table<Message>::id, note.message));
  // Whatever else she gets, also from a new device, never holds the note.
  auto again = device("another of hers");
  auto second = connect(clara);
  second->send(2, hello(again));
  read_until(*second, again);
  EXPECT_TRUE(again.holds(Table<Case>::id, args.case_id));
  for (const auto& [key, bytes] : again.rows) EXPECT_EQ(bytes.find("CANARY"), std::string::npos);
  EXPECT_FALSE(again.holds(Table<Message>::id, note.message));
}

TEST_F(SyncHubTest, ARepeatedPushIsOneCommandAlsoAfterReconnecting) {
  const auto clara = person("clara@lindenhof.example");
  auto hers = device("hers");
  const auto args = open_case("once", "Once");
  std::string frame;
  {
    auto socket = connect(clara);
    socket->send(2, hello(hers));
    read_until(*socket, hers);
    frame = push(hers, args);
    socket->send(2, frame);
    socket->send(2, frame);
    read_until(*socket, hers, 2);
  }
  ASSERT_EQ(hers.results.size(), 2u);
  EXPECT_EQ(hers.results[0].outcome, PushOutcome::kApplied);
  EXPECT_EQ(hers.results[1].outcome, PushOutcome::kDuplicate);
  const auto seq = hers.cookie.seq;
  auto socket = connect(clara);
  socket->send(2, hello(hers));
  socket->send(2, frame);
  read_until(*socket, hers, 3, false);
  EXPECT_EQ(hers.results[2].outcome, PushOutcome::kDuplicate);
  EXPECT_EQ(hers.last_mid, 1u);
  EXPECT_EQ(hers.cookie.seq, seq);
  auto lease = server_->installation().readers().acquire();
  EXPECT_EQ(find<&Message::case_id>(lease.store(), args.case_id).size(), 1u);
}

// A repeat is answered with the newest seq, of a commit that its author may not hear of: without a
// poke up to there their device would wait for ever.
TEST_F(SyncHubTest, AnAuthorIsBroughtToTheCommitThatTheyWereToldOf) {
  const auto clara = person("clara@lindenhof.example"), sofia = person("sofia@seeblick.example");
  auto hers = device("hers"), others = device("others");
  auto one = connect(clara), other = connect(sofia);
  one->send(2, hello(hers));
  read_until(*one, hers);
  const auto frame = push(hers, open_case("mine", "Mine"));
  one->send(2, frame);
  read_until(*one, hers, 1);
  other->send(2, hello(others));
  read_until(*other, others);
  other->send(2, push(others, open_case("theirs", "Theirs")));
  read_until(*other, others, 1);
  ASSERT_LT(hers.cookie.seq, others.cookie.seq);
  one->send(2, frame);
  read_until(*one, hers, 2);
  EXPECT_EQ(hers.results[1].outcome, PushOutcome::kDuplicate);
  EXPECT_GE(hers.cookie.seq, hers.results[1].seq);
  EXPECT_FALSE(hers.holds(Table<Case>::id, open_case("theirs", "").case_id));
  hers.check();
}

TEST_F(SyncHubTest, RightsThatAreTakenAndGivenAreFeltOnAnOpenSocket) {
  const auto clara = person("clara@lindenhof.example"), ana = person("ana@foyer.example");
  auto hers = device("hers"), desk = device("desk");
  auto customer = connect(clara), staff = connect(ana);
  customer->send(2, hello(hers));
  staff->send(2, hello(desk));
  read_until(*customer, hers);
  read_until(*staff, desk);
  const std::size_t before = hers.rows.size();
  SetContactScope scope{};
  scope.contact = clara.user.contact;
  for (const auto given : {PortalScope::kNone, PortalScope::kAccount}) {
    scope.portal_scope = given;
    staff->send(2, push(desk, scope));
    ASSERT_NO_FATAL_FAILURE(read_until(*staff, desk, desk.results.size() + 1));
    ASSERT_EQ(desk.results.back().outcome, PushOutcome::kApplied);
    while (hers.cookie.seq < desk.results.back().seq)
      ASSERT_NO_FATAL_FAILURE(read_until(*customer, hers));
    hers.check();
    // What is gone from the cookie is gone from the device.
    std::erase_if(hers.rows, [&](const auto& row) {
      return std::none_of(hers.cookie.scopes.begin(), hers.cookie.scopes.end(),
                          [&](const ScopeState& state) {
                            return to_string(state.scope) == row.first.first;
                          });
    });
    EXPECT_EQ(hers.rows.size() < before, given == PortalScope::kNone);
  }
}

TEST_F(SyncHubTest, GapsForeignClientsAndForbiddenCommandsAreRefused) {
  const auto clara = person("clara@lindenhof.example"), david = person("david@lindenhof.example");
  auto hers = device("hers");
  auto socket = connect(clara);
  socket->send(2, hello(hers));
  read_until(*socket, hers);
  hers.mid = 4;
  socket->send(2, push(hers, open_case("gap", "Gap")));
  read_until(*socket, hers, 1, false);
  EXPECT_EQ(hers.results[0].outcome, PushOutcome::kOutOfOrder);
  hers.mid = 0;
  NoteCase note{};
  note.case_id = Id<Case>(derive_uuid({}, "none"));
  note.message = Id<Message>(derive_uuid({}, "note"));
  note.body = "A customer writes no notes";
  socket->send(2, push(hers, note));
  read_until(*socket, hers, 2, false);
  EXPECT_EQ(hers.results[1].outcome, PushOutcome::kRejected);
  EXPECT_EQ(hers.results[1].error.code, ErrorCode::kForbidden);
  auto stolen = device("hers");
  auto other = connect(david);
  other->send(2, hello(stolen));
  const auto refusal = decode_frames(other->receive().payload);
  ASSERT_TRUE(refusal.has_value());
  ASSERT_TRUE(std::holds_alternative<Reset>(refusal->at(0)));
  EXPECT_EQ(std::get<Reset>(refusal->at(0)).reason, ResetReason::kForked);
  auto fresh = device("his");
  other->send(2, hello(fresh));
  read_until(*other, fresh);
  fresh.check();
}

TEST_F(SyncHubTest, ACopyOfADeviceIsToldOnceHoweverMuchItHasPushed) {
  const auto clara = person("clara@lindenhof.example");
  auto original = device("hers"), copy = original, fresh = device("the copy's");
  auto socket = connect(clara), other = connect(clara);
  socket->send(2, hello(original));
  read_until(*socket, original);
  other->send(2, hello(copy));
  read_until(*other, copy);
  const auto pushed = [&](std::uint64_t mid, const std::string& name, std::uint64_t previous,
                          std::uint64_t hash) {
    PushedCommand command{.mid = mid, .command = make_command(open_case(name, name))};
    command.previous_hash = previous;
    command.hash = hash;
    return encode_frame(Push{original.client, {command}});
  };
  socket->send(2, pushed(1, "first", 0, 11));
  read_until(*socket, original, 1, false);
  other->send(2, pushed(1, "second", 0, 22));
  other->send(2, pushed(2, "third", 22, 33));
  // Once it has another id it is a device as any other.
  int resets = 0;
  bool is_answered = false;
  while (!is_answered) {
    const auto frame = other->receive();
    ASSERT_EQ(frame.opcode, 2) << frame.payload;
    const auto messages = decode_frames(frame.payload);
    ASSERT_TRUE(messages.has_value());
    for (const auto& message : *messages) {
      if (std::get_if<Reset>(&message) && ++resets == 1) other->send(2, hello(fresh));
      if (std::get_if<Welcome>(&message)) other->send(2, push(fresh, open_case("fourth", "f")));
      const auto* result = std::get_if<PushResult>(&message);
      if (!result) continue;
      is_answered = result->client == fresh.client;
      EXPECT_EQ(result->results.front().outcome,
                is_answered ? PushOutcome::kApplied : PushOutcome::kForked);
    }
  }
  EXPECT_EQ(resets, 1);
}

TEST_F(SyncHubTest, AReconnectGetsOnlyWhatChanged) {
  const auto ana = person("ana@foyer.example"), clara = person("clara@lindenhof.example");
  auto desk = device("desk"), hers = device("hers");
  {
    auto socket = connect(ana);
    socket->send(2, hello(desk));
    read_until(*socket, desk);
  }
  auto customer = connect(clara);
  customer->send(2, hello(hers));
  read_until(*customer, hers);
  const auto args = open_case("meanwhile", "Meanwhile");
  customer->send(2, push(hers, args));
  read_until(*customer, hers, 1);
  const auto held = desk.rows.size();
  auto socket = connect(ana);
  socket->send(2, hello(desk));
  read_until(*socket, desk);
  EXPECT_TRUE(desk.holds(Table<Case>::id, args.case_id));
  EXPECT_LT(desk.rows.size(), held + 100);
  desk.check();
}

TEST_F(SyncHubTest, ThePostCarriesTheSameFrames) {
  const auto clara = person("clara@lindenhof.example");
  auto hers = device("hers");
  const auto post = [&](const std::string& body, const std::string& token) {
    return request(port_, {.method = "POST",
                           .path = "/sync",
                           .headers = "Origin: http://localhost\r\nCookie: " + clara.cookie +
                                      "\r\nX-Form-Token: " + token +
                                      "\r\nContent-Type: application/octet-stream\r\n",
                           .body = body});
  };
  EXPECT_EQ(post(hello(hers), "x").status, 403);
  EXPECT_EQ(post("garbage", clara.form_token).status, 400);
  EXPECT_EQ(post(encode_frame(Ping{}), clara.form_token).status, 400);
  const auto args = open_case("posted", "Posted");
  const auto answer = post(hello(hers) + push(hers, args), clara.form_token);
  ASSERT_EQ(answer.status, 200);
  const auto messages = decode_frames(answer.body);
  ASSERT_TRUE(messages.has_value());
  for (const auto& message : *messages) hers.take(message);
  EXPECT_EQ(hers.results.at(0).outcome, PushOutcome::kApplied);
  EXPECT_TRUE(hers.holds(Table<Case>::id, args.case_id));
  hers.check();
  const auto again = decode_frames(post(hello(hers), clara.form_token).body);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->size(), 1u);
}

TEST_F(SyncHubTest, GarbageClosesTheSocketAndNothingElse) {
  const auto clara = person("clara@lindenhof.example");
  auto hers = device("hers");
  const auto whole = hello(hers) + push(hers, open_case("cut", "Cut"));
  std::uint64_t state = 17;
  for (int round = 0; round < 60; ++round) {
    auto socket = connect(clara);
    auto bytes = whole;
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    if (round % 2 == 0) bytes.resize((state >> 33) % bytes.size());
    else bytes[(state >> 33) % bytes.size()] ^= static_cast<char>(1 + (state >> 60));
    socket->send(round % 3 == 0 ? 1 : 2, bytes);
    if (round % 5 == 0) socket->send(2, whole);
  }
  auto socket = connect(clara);
  socket->send(2, encode_frame(Welcome{}));
  EXPECT_EQ(socket->receive().opcode, 8);
  EXPECT_EQ(request(port_, {.path = "/healthz"}).status, 200);
  auto fine = connect(clara);
  fine->send(2, hello(hers));
  read_until(*fine, hers);
  hers.check();
}

TEST_F(SyncHubTest, ASessionThatEndsTakesItsSocketsAlong) {
  const auto clara = person("clara@lindenhof.example");
  auto hers = device("hers");
  auto socket = connect(clara);
  socket->send(2, hello(hers));
  read_until(*socket, hers);
  server_->installation().sessions().end(clara.session, [](bool) {});
  const auto frame = socket->receive();
  EXPECT_EQ(frame.opcode, 8);
  EXPECT_EQ(frame.payload.substr(2), "signed out");
}

}  // namespace
}  // namespace foyer::server
