#include "screen/outbox_file_desk.h"

#include "desk.h"
#include "foyer/command/reply_case.h"
#include "foyer/schema/binary.h"

namespace foyer::portal {
namespace {

constexpr std::string_view kHead = "foyer outbox\x01";

struct Room : Desk {
  explicit Room(std::string_view email = "priya@foyer.example", float width = 1280)
      : Desk(email, width) {
    app.go({Screen::kImport, {}, QueueFilter::kOpen});
    frame();
  }
  void pick(std::string field = "outbox_file/file", std::string head = std::string(kHead) + "x",
            std::uint64_t size = 900) {
    app.picked({std::move(field), "Outbox of Ana.foyer", size, std::move(head)});
    frame();
  }
  void answer(const OutboxFileAnswer& with, int status = 200) {
    ASSERT_FALSE(port.questions.empty());
    app.answered(port.questions.back().id, status, encode(with));
    frame();
  }
  // Three changes of Ana's: one refused, one that has arrived, one that waits.
  OutboxFileAnswer found() {
    const Id<Case> id = one_in(CaseState::kInProgress).id;
    OutboxText text{DeskPort::kNow, {}};
    std::uint64_t mid = 0;
    for (const char* words : {"Was refused", "Has arrived", "Still waits"}) {
      ++mid;
      text.entries[mid] = {mid,
                           make_command(ReplyCase{id, Id<Message>(port.new_id()), words, {}, {},
                                                  {}}),
                           0, DeskPort::kNow, OutboxState::kWaiting, {}, 0};
    }
    text.entries[1].state = OutboxState::kAttention;
    text.entries[1].error = {ErrorCode::kConflict, "", "case_state"};
    OutboxFileAnswer answer;
    answer.author_name = "Ana Lopez";
    answer.text.data = encode_outbox_text(text);
    answer.arrived = {2};
    return answer;
  }
  std::string path() const { return port.questions.empty() ? "" : port.questions.back().path; }
};

TEST(OutboxFileDesk, IsForWhoMayImport) {
  Room csr("ana@foyer.example");
  EXPECT_EQ(csr.find("button", "Import an outbox file"), nullptr);
  Room desk;
  desk.press("Import an outbox file");
  EXPECT_NE(desk.find("file", "Choose an outbox file. or drop it here."), nullptr)
      << desk.everything();
  desk.press("Back to imports");
  EXPECT_NE(desk.find("button", "Import an outbox file"), nullptr);
}

TEST(OutboxFileDesk, ShowsWhoseChangesWhenAndInWhichWordsThenSendsWhatIsNotHereYet) {
  Room desk;
  desk.press("Import an outbox file");
  desk.pick();
  EXPECT_EQ(desk.path(), "/staff/api/import/outbox-file?file=Outbox%20of%20Ana.foyer&dry_run=1");
  EXPECT_EQ(desk.port.questions.back().file, "outbox_file/file");
  desk.answer(desk.found());
  EXPECT_TRUE(desk.shows("3 changes of Ana Lopez")) << desk.everything();
  EXPECT_TRUE(desk.shows("Saved to a file " + std::to_string(DeskPort::kNow.ms)));
  for (const char* words : {"Was refused", "The case had changed", "Has arrived", "Still waits",
                            "Reply to the customer"})
    EXPECT_TRUE(desk.shows(words)) << words;
  desk.press("Send 1 change");
  EXPECT_EQ(desk.path(), "/staff/api/import/outbox-file?file=Outbox%20of%20Ana.foyer");
  auto done = desk.found();
  done.arrived = {2, 3};
  done.sent = 1;
  desk.answer(done);
  EXPECT_TRUE(desk.shows("1 change sent in the name of Ana Lopez. 1 change not accepted"))
      << desk.everything();
  EXPECT_EQ(desk.find("button", "Send 1 change"), nullptr);
}

TEST(OutboxFileDesk, AnOutboxFileIsKnownWhereOtherFilesAreImportedToo) {
  Room desk;
  desk.pick("import/file");
  EXPECT_TRUE(desk.path().starts_with("/staff/api/import/outbox-file?")) << desk.path();
  EXPECT_EQ(desk.port.questions.back().file, "import/file");
  desk.answer(desk.found());
  EXPECT_TRUE(desk.shows("3 changes of Ana Lopez"));
}

TEST(OutboxFileDesk, WhatCannotBeSentIsShownWithTheReason) {
  Room desk;
  desk.press("Import an outbox file");
  desk.pick("outbox_file/file", "account,notes\n");
  EXPECT_TRUE(desk.shows("This is no outbox file"));
  EXPECT_TRUE(desk.port.questions.empty());
  desk.pick("outbox_file/file", std::string(kHead), std::uint64_t{65} << 20);
  EXPECT_TRUE(desk.shows("64 MiB is the most")) << desk.everything();

  desk.pick();
  auto suspended = desk.found();
  suspended.problem = "author_gone";
  desk.answer(suspended);
  EXPECT_TRUE(desk.shows("suspended or deleted"));
  EXPECT_TRUE(desk.shows("Still waits"));
  EXPECT_EQ(desk.find("button", "Send 1 change"), nullptr);

  for (const auto& [problem, words] : std::map<std::string, std::string>{
           {"newer_version", "newer Foyer"},
           {"cut_short", "ends too early"},
           {"other_installation", "another company"},
           {"damaged", "changed or damaged"},
           {"not_its_device", "another person's"},
           {"cannot_write", "cannot write"},
           {"of_tomorrow", "could not read this file (of_tomorrow)"}}) {
    desk.pick();
    OutboxFileAnswer answer;
    answer.problem = problem;
    desk.answer(answer);
    EXPECT_TRUE(desk.shows(words)) << problem << desk.everything();
  }
}

TEST(OutboxFileDesk, ABrokenConnectionSaysThatTheSameFileMayBeImportedAgain) {
  Room desk;
  desk.press("Import an outbox file");
  desk.pick();
  desk.answer(desk.found());
  desk.press("Send 1 change");
  desk.answer({}, 0);
  EXPECT_TRUE(desk.shows("nothing is done twice"));
  desk.pick();
  desk.answer({}, 503);
  EXPECT_TRUE(desk.shows("The server is busy"));
}

TEST(OutboxFileDesk, NothingToSendIsSaid) {
  Room desk;
  desk.pick();
  auto all = desk.found();
  all.arrived = {2, 3};
  desk.answer(all);
  EXPECT_TRUE(desk.shows("Nothing to send"));
}

}  // namespace
}  // namespace foyer::portal
