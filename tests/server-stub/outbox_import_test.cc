// A file of what a device could not send, brought in by somebody else: who may, that each change
// happens once and in its author's name, that what was refused is not lost, and that nobody makes,
// alters or reads such a file.
#include "outbox_import.h"

#include "foyer/command/import_rows.h"
#include "foyer/command/note_case.h"
#include "foyer/view/command_words.h"
#include "sealed.h"
#include "secrets.h"
#include "server-stub/authorisation_world.h"
#include "server_tables.h"

namespace foyer::server {
namespace {

constexpr std::string_view kWords = "He will be there at nine";

class OutboxImportTest : public AuthorisationWorld {
 protected:
  const Asker& asker(std::string_view name) {
    for (const Asker& each : askers_)
      if (each.name == name) return each;
    ADD_FAILURE() << "nobody is called " << name;
    return askers_.front();
  }
  Id<User> author() { return asker("csr").user; }

  NoteCase note(const std::string& name) {
    return {Id<Case>(marked_id(entity_of<Case>(), Owner::kOwn)),
            Id<Message>(derive_uuid({}, name)), std::string(kWords) + ", " + name, {}};
  }
  OutboxText text_of(const std::vector<std::string>& names) {
    OutboxText text{now_, {}};
    for (const std::string& name : names) {
      const std::uint64_t mid = text.entries.size() + 1;
      text.entries[mid] = {mid, make_command(note(name)), 0, now_, OutboxState::kWaiting, {}, 0};
    }
    return text;
  }
  // As a device does it (web/src/outbox_file.ts).
  std::string sealed_by(std::string_view secret, Id<User> user, const OutboxText& text) {
    const auto [head, key] = outbox_file_key(secret, user, client_);
    const std::string nonce(kOutboxNonceBytes, 'n');
    return head + nonce + encrypt({key, nonce}, head, encode_outbox_text(text));
  }
  std::string file_of(const std::vector<std::string>& names) {
    return sealed_by(installation_->outbox_secret(), author(), text_of(names));
  }

  OutboxFileAnswer bring(const std::string& file, const std::string& role = "supervisor",
                         bool is_rehearsal = false) {
    const auto answer = ask(asker(role), "POST", outbox_file_path("outbox.foyer", is_rehearsal),
                            file);
    EXPECT_EQ(answer.status, 200) << answer.body;
    auto decoded = decode<OutboxFileAnswer>(answer.body);
    EXPECT_TRUE(decoded.has_value());
    return decoded ? *decoded : OutboxFileAnswer();
  }
  // Empty, or why the entry was not accepted.
  static std::string refusal(const OutboxFileAnswer& answer, std::uint64_t mid) {
    const auto text = decode_outbox_text(answer.text.data);
    if (!text || !text->entries.contains(mid)) return "(no such entry)";
    const auto& entry = text->entries.at(mid);
    return entry.state == OutboxState::kAttention ? entry.error.detail : "";
  }
  // What the author's device is told when it comes back with the same commands.
  std::vector<PushedResult> come_back(const std::vector<std::string>& names,
                                      const std::string& who = "csr") {
    Push push{client_, {}};
    for (const auto& [mid, entry] : text_of(names).entries)
      push.commands.push_back({mid, entry.command, 0, now_});
    Hello hello;
    hello.client = client_;
    const auto answer = ask(asker(who), "POST", "/staff/sync",
                            encode_frame(hello) + encode_frame(push));
    std::vector<PushedResult> results;
    const auto messages = decode_frames(answer.body);
    if (!messages) return results;
    for (const auto& message : *messages)
      if (const auto* result = std::get_if<PushResult>(&message)) results = result->results;
    return results;
  }
  std::vector<Message> messages_saying(std::string_view words) {
    auto lease = installation_->readers().acquire();
    auto list = all<Message>(lease.store());
    std::erase_if(list, [&](const Message& each) {
      return each.body.find(words) == std::string::npos;
    });
    return list;
  }
  std::vector<ImportRun> outbox_runs() {
    auto lease = installation_->readers().acquire();
    auto list = all<ImportRun>(lease.store());
    std::erase_if(list, [](const ImportRun& each) { return each.kind != kOutboxImport; });
    return list;
  }
  // Everything, also what recognises a repetition.
  std::string everything() {
    std::string all = contents();
    installation_->writer().run_and_wait([&] {
      for (const char* sql : {"SELECT id || user FROM server_command ORDER BY 1",
                              "SELECT quote(id) || quote(user) FROM sync_client ORDER BY 1"}) {
        Statement& rows = installation_->database().statement(sql);
        while (rows.step()) (all += rows.text(0)) += '\n';
      }
      return true;
    });
    return all;
  }
  void set_author(const std::function<void(User&)>& change_user) {
    change([&](Writer& writer) {
      User user = *get(writer, author());
      change_user(user);
      put(writer, user);
    });
  }

  Uuid client_ = derive_uuid({}, "the laptop");
};

TEST_F(OutboxImportTest, AKeyIsOfOnePersonAndOneDeviceAndIsGivenToStaff) {
  std::set<std::string> keys;
  std::size_t given = 0;
  for (const Asker& each : askers_) {
    const auto answer = ask(each, "POST", "/staff/api/outbox-key?client=" + to_string(client_));
    if (each.site != SiteKind::kStaff) {
      EXPECT_EQ(answer.status, 401) << each.name;
      continue;
    }
    ASSERT_EQ(answer.status, 200) << each.name << answer.body;
    const auto mine = outbox_file_key(installation_->outbox_secret(), each.user, client_);
    EXPECT_NE(answer.body.find(to_base64url(mine.key)), std::string::npos) << each.name;
    EXPECT_NE(answer.body.find(to_base64url(mine.head)), std::string::npos) << each.name;
    keys.insert(mine.key);
    ++given;
  }
  EXPECT_EQ(keys.size(), given);
  EXPECT_NE(outbox_file_key(installation_->outbox_secret(), author(), client_).key,
            outbox_file_key(installation_->outbox_secret(), author(), {}).key);
  EXPECT_EQ(ask(asker("csr"), "POST", "/staff/api/outbox-key?client=x").status, 400);
  Asker forged = asker("csr");
  forged.form_token = "stale";
  EXPECT_EQ(ask(forged, "POST", "/staff/api/outbox-key?client=" + to_string(client_)).status, 403);
}

TEST_F(OutboxImportTest, EveryOtherRoleIsRefusedAndNothingChanges) {
  const auto file = file_of({"one", "two"});
  const auto before = everything();
  const std::set<std::string> may{"supervisor", "service_manager", "admin"};
  std::size_t refused = 0;
  for (const Asker& each : askers_)
    for (const bool is_rehearsal : {true, false}) {
      if (may.contains(each.name) && !is_rehearsal) continue;
      const auto answer = ask(each, "POST", outbox_file_path("f", is_rehearsal), file);
      EXPECT_TRUE(everything() == before) << each.name;
      if (may.contains(each.name)) {
        EXPECT_EQ(answer.status, 200) << each.name;
        continue;
      }
      EXPECT_EQ(answer.status, each.site == SiteKind::kStaff ? 403 : 401) << each.name;
      EXPECT_EQ(answer.body.find(kWords), std::string::npos) << each.name;
      ++refused;
    }
  EXPECT_GT(refused, 20u);
}

TEST_F(OutboxImportTest, WhatIsBroughtHappensOnceInItsAuthorsName) {
  const auto file = file_of({"one", "two"});
  const auto looked = bring(file, "supervisor", true);
  EXPECT_EQ(looked.problem, "");
  EXPECT_EQ(looked.author_name, "csr");
  EXPECT_TRUE(looked.arrived.empty());
  EXPECT_EQ(decode_outbox_text(looked.text.data)->entries.size(), 2u);
  EXPECT_TRUE(messages_saying(kWords).empty());

  const auto sent = bring(file);
  EXPECT_EQ(sent.sent, 2);
  EXPECT_EQ(sent.arrived, (std::vector<std::int64_t>{1, 2}));
  const auto said = messages_saying(kWords);
  ASSERT_EQ(said.size(), 2u);
  for (const Message& message : said) {
    EXPECT_EQ(message.author, author());
    EXPECT_EQ(message.author_name, "csr");
  }
  ASSERT_EQ(outbox_runs().size(), 1u);
  const ImportRun run = outbox_runs().front();
  EXPECT_EQ(run.actor_name, "supervisor");
  EXPECT_EQ(run.created, 2);
  EXPECT_EQ(run.rejected, 0);
  EXPECT_EQ(run.state, ImportState::kFinished);
  EXPECT_EQ(run.file_name, "outbox.foyer");

  const auto before = everything();
  const auto again = bring(file);
  EXPECT_EQ(again.sent, 0);
  EXPECT_EQ(again.arrived, (std::vector<std::int64_t>{1, 2}));
  EXPECT_TRUE(everything() == before);
  EXPECT_EQ(ask(asker("supervisor"), "POST",
                "/staff/api/undo-import?run=" + to_string(run.id)).status, 409);
  EXPECT_TRUE(everything() == before);
}

TEST_F(OutboxImportTest, ADeviceThatComesBackAfterAllDoesNothingTwice) {
  EXPECT_EQ(bring(file_of({"one", "two"})).sent, 2);
  const auto results = come_back({"one", "two", "three"});
  ASSERT_EQ(results.size(), 3u);
  for (const PushedResult& each : results)
    EXPECT_NE(each.outcome, PushOutcome::kRejected) << each.error.detail;
  EXPECT_EQ(messages_saying(kWords).size(), 3u);
}

TEST_F(OutboxImportTest, WhatTheDeviceSentFirstIsNotSentAgain) {
  ASSERT_EQ(come_back({"one"}).size(), 1u);
  const auto looked = bring(file_of({"one", "two"}), "supervisor", true);
  EXPECT_EQ(looked.arrived, (std::vector<std::int64_t>{1}));
  EXPECT_EQ(bring(file_of({"one", "two"})).sent, 1);
  EXPECT_EQ(messages_saying(kWords).size(), 2u);
}

TEST_F(OutboxImportTest, RightsAreTheAuthorsAsOfNowAndWhatIsRefusedCanBeBroughtAgain) {
  const auto file = file_of({"one"});
  set_author([](User& user) { user.roles = Roles{Role::kAuditor}; });
  const auto refused = bring(file);
  EXPECT_EQ(refused.sent, 0);
  EXPECT_EQ(refusal(refused, 1), "role");
  EXPECT_TRUE(messages_saying(kWords).empty());
  ASSERT_EQ(outbox_runs().size(), 1u);
  EXPECT_EQ(outbox_runs().front().rejected, 1);
  set_author([](User& user) { user.roles = Roles{Role::kCsr}; });
  EXPECT_EQ(bring(file).sent, 1);
  EXPECT_EQ(messages_saying(kWords).size(), 1u);
}

TEST_F(OutboxImportTest, OfASuspendedOrUnknownAuthorAllIsShownAndNothingIsSentOrLost) {
  const auto file = file_of({"one"});
  set_author([](User& user) { user.state = UserState::kSuspended; });
  const auto before = everything();
  for (const bool is_rehearsal : {true, false}) {
    const auto answer = bring(file, "supervisor", is_rehearsal);
    EXPECT_EQ(answer.problem, "author_gone");
    EXPECT_EQ(answer.author_name, "csr");
    EXPECT_EQ(decode_outbox_text(answer.text.data)->entries.size(), 1u);
  }
  const auto strangers = bring(sealed_by(installation_->outbox_secret(),
                                         Id<User>(derive_uuid({}, "deleted")), text_of({"x"})));
  EXPECT_EQ(strangers.problem, "author_gone");
  EXPECT_EQ(strangers.author_name, "");
  EXPECT_TRUE(everything() == before);
  set_author([](User& user) { user.state = UserState::kActive; });
  EXPECT_EQ(bring(file).sent, 1);
}

TEST_F(OutboxImportTest, WhatWasRefusedOnTheDeviceIsShownAndNotTriedAgain) {
  auto text = text_of({"one", "two"});
  text.entries.at(1).state = OutboxState::kAttention;
  text.entries.at(1).error = {ErrorCode::kConflict, "", "case_state"};
  const auto answer = bring(sealed_by(installation_->outbox_secret(), author(), text));
  EXPECT_EQ(answer.sent, 1);
  EXPECT_EQ(refusal(answer, 1), "case_state");
  EXPECT_EQ(messages_saying(kWords).size(), 1u);
}

TEST_F(OutboxImportTest, AnotherPersonsDeviceIsNobodysWayIn) {
  ASSERT_EQ(come_back({"one"}, "dispatcher").size(), 1u);
  const auto before = everything();
  EXPECT_EQ(bring(file_of({"two"})).problem, "not_its_device");
  EXPECT_TRUE(everything() == before);
}

TEST_F(OutboxImportTest, ADeviceThatAFileCameFromIsItsAuthorsFromThenOn) {
  EXPECT_EQ(bring(file_of({"one"})).sent, 1);
  for (const PushedResult& each : come_back({"one", "two"}, "senior_csr"))
    EXPECT_EQ(each.error.detail, "not_yours");
  EXPECT_EQ(messages_saying(kWords).size(), 1u);
}

TEST_F(OutboxImportTest, AFileThatIsBentCutOrForgedIsRefusedWhole) {
  const auto whole = file_of({"one"});
  const auto before = everything();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string bent = whole;
    bent[at] = static_cast<char>(bent[at] ^ 1);
    EXPECT_NE(bring(bent).problem, "") << at;
  }
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_NE(bring(whole.substr(0, size)).problem, "") << size;
  EXPECT_EQ(bring(whole + "x").problem, "damaged");
  // With the key of their own device, in another's name.
  const auto& forger = asker("dispatcher");
  const auto own = outbox_file_key(installation_->outbox_secret(), forger.user, client_);
  const auto head = outbox_file_key(installation_->outbox_secret(), author(), client_).head;
  const std::string nonce(kOutboxNonceBytes, 'n');
  EXPECT_EQ(bring(head + nonce +
                  encrypt({own.key, nonce}, head, encode_outbox_text(text_of({"one"}))))
                .problem,
            "damaged");
  EXPECT_EQ(bring(sealed_by(random_bytes(32), author(), text_of({"one"}))).problem,
            "other_installation");
  std::string tomorrow = whole;
  tomorrow[12] = 2;
  EXPECT_EQ(bring(tomorrow).problem, "newer_version");
  EXPECT_EQ(bring("").problem, "no_outbox_file");
  EXPECT_TRUE(everything() == before);
}

TEST_F(OutboxImportTest, TheFileKeepsItsWordsFromWhoeverFindsIt) {
  EXPECT_EQ(file_of({"one"}).find(kWords), std::string::npos);
  EXPECT_EQ(file_of({"one"}).find("case.note"), std::string::npos);
}

TEST_F(OutboxImportTest, AnAdministratorBringsWhatTheyMayNotRead) {
  const auto file = file_of({"one"});
  const auto supervisors = bring(file, "supervisor", true);
  EXPECT_NE(supervisors.text.data.find(kWords), std::string::npos);
  EXPECT_EQ(supervisors.is_hidden, 0);
  for (const bool is_rehearsal : {true, false}) {
    const auto answer = bring(file, "admin", is_rehearsal);
    EXPECT_EQ(answer.text.data.find(kWords), std::string::npos);
    EXPECT_EQ(answer.is_hidden, 1);
    EXPECT_EQ(decode_outbox_text(answer.text.data)->entries.at(1).command.name, "case.note");
  }
  ASSERT_EQ(messages_saying(kWords).size(), 1u);
}

}  // namespace
}  // namespace foyer::server
