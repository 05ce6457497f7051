#include "desk.h"
#include "foyer/command/cancel_case.h"
#include "foyer/command/reply_case.h"
#include "foyer/sync/outbox_file.h"

namespace foyer::portal {
namespace {

constexpr Error kCaseState{ErrorCode::kConflict, "", "case_state"};

struct Outbox : Desk {
  explicit Outbox(float width = 1280) : Desk("ana@foyer.example", width) {}
  void keep(Command command, OutboxState state, Error error = {}) {
    const std::uint64_t mid = port.kept.size() + 1;
    port.kept[mid] = {mid, std::move(command), 0, DeskPort::kNow, state, std::move(error), 0};
  }
  Command reply(Id<Case> id, std::string words) {
    return make_command(ReplyCase{id, Id<Message>(port.new_id()), std::move(words), {}, {}, {}});
  }
  void open() {
    PortalRoute route;
    route.screen = Screen::kOutbox;
    app.go(route);
    app.rows_changed();
    frame();
  }
};

TEST(OutboxDesk, SaysThatNothingWaits) {
  Outbox desk;
  desk.open();
  EXPECT_TRUE(desk.shows("Nothing waits"));
  desk.port.sync.is_online = false;
  desk.open();
  EXPECT_TRUE(desk.shows("Offline. What you do is kept on this device"));
}

TEST(OutboxDesk, SaysWhatTheBrowserPromisesAndHowMuchRoomThereIs) {
  Outbox desk;
  desk.open();
  EXPECT_FALSE(desk.shows("This browser"));
  desk.port.device_room = {true, true, 12'300'000, 3'456'000'000};
  desk.open();
  EXPECT_TRUE(desk.shows("promised to keep what is stored here. 12 MB of 3.4 GB are used."));
  desk.port.device_room = {true, false, 150'000, 0};
  desk.open();
  EXPECT_TRUE(desk.shows("may clear what is stored here when its disk is full."));
}

TEST(OutboxDesk, ShowsWhatWaitsAndWhatWasRefusedWithTheWordsAndWhy) {
  Outbox desk;
  const Case row = desk.one_in(CaseState::kInProgress);
  desk.keep(desk.reply(row.id, "We are on our way"), OutboxState::kWaiting);
  desk.keep(desk.reply(row.id, "Words that were refused"), OutboxState::kAttention, kCaseState);
  desk.open();
  EXPECT_TRUE(desk.shows("Reply to the customer"));
  EXPECT_TRUE(desk.shows("We are on our way"));
  EXPECT_TRUE(desk.shows("Words that were refused"));
  EXPECT_TRUE(desk.shows("The case had changed in the meantime"));
  EXPECT_TRUE(desk.shows(row.subject));
  EXPECT_TRUE(desk.shows("Written " + std::to_string(DeskPort::kNow.ms)));
  desk.press("Open the case");
  EXPECT_EQ(desk.app.route().selected, row.id);
}

TEST(OutboxDesk, ARefusedOneIsWrittenAnewAndTakesTheOldOnesPlace) {
  Outbox desk;
  const Case row = desk.one_in(CaseState::kInProgress);
  desk.keep(desk.reply(row.id, "With a mistake"), OutboxState::kAttention, kCaseState);
  const std::string before = desk.port.kept.at(1).command.arguments;
  desk.open();
  desk.press("Edit");
  EXPECT_TRUE(desk.shows("With a mistake"));
  const Node* field = desk.find("textbox", "Message");
  ASSERT_NE(field, nullptr) << desk.everything();
  EXPECT_EQ(field->value, "With a mistake");
  desk.write("Message", "Without one");
  desk.press("Send again");
  ASSERT_EQ(desk.port.kept.size(), 1u);
  const OutboxEntry& fresh = desk.port.kept.begin()->second;
  EXPECT_EQ(fresh.state, OutboxState::kWaiting);
  ReplyCase was, now;
  ASSERT_TRUE(decode(entity_of<ReplyCase>(), before, &was));
  ASSERT_TRUE(decode(entity_of<ReplyCase>(), fresh.command.arguments, &now));
  EXPECT_EQ(now.body, "Without one");
  EXPECT_EQ(now.message, was.message);  // the same message: it cannot arrive twice
  EXPECT_EQ(now.case_id, row.id);
}

TEST(OutboxDesk, ThatItIsStillNotPossibleIsSaidAndTheWordsStay) {
  Outbox desk;
  const Case row = desk.one_in(CaseState::kResolved);
  desk.keep(make_command(CancelCase{row.id, Id<Message>(desk.port.new_id()), "No need", {}}),
            OutboxState::kAttention, kCaseState);
  desk.open();
  desk.press("Try again");
  EXPECT_TRUE(desk.shows("still not possible"));
  EXPECT_TRUE(desk.shows("No need"));
  EXPECT_EQ(desk.port.kept.size(), 1u);
}

TEST(OutboxDesk, DiscardingAsksOnce) {
  Outbox desk;
  const Case row = desk.one_in(CaseState::kInProgress);
  desk.keep(desk.reply(row.id, "Not needed"), OutboxState::kAttention, kCaseState);
  desk.open();
  desk.press("Discard");
  EXPECT_EQ(desk.port.kept.size(), 1u);
  desk.press("Keep it");
  EXPECT_EQ(desk.port.kept.size(), 1u);
  EXPECT_TRUE(desk.shows("Not needed"));
  desk.press("Discard");
  desk.press("Discard the words");
  EXPECT_TRUE(desk.port.kept.empty());
  EXPECT_TRUE(desk.shows("Reply to the customer: discarded."));
}

TEST(OutboxDesk, WhatNobodyCanFillInCanBeTriedAgainAndGivenUp) {
  Outbox desk;
  desk.keep({"record.save", 1, "garbage"}, OutboxState::kAttention,
            {ErrorCode::kForbidden, "entity", "role"});
  desk.open();
  EXPECT_NE(desk.find("button", "Try again"), nullptr);
  EXPECT_NE(desk.find("button", "Discard"), nullptr);
  EXPECT_EQ(desk.find("button", "Edit"), nullptr);
}

TEST(OutboxDesk, WhatWaitsAndWhatWasRefusedIsSavedToAFile) {
  Outbox desk;
  desk.open();
  EXPECT_EQ(desk.find("button", "Save what waits to a file"), nullptr);
  const Case row = desk.one_in(CaseState::kInProgress);
  desk.keep(desk.reply(row.id, "We are on our way"), OutboxState::kWaiting);
  desk.keep(desk.reply(row.id, "Words that were refused"), OutboxState::kAttention, kCaseState);
  desk.keep(desk.reply(row.id, "Not durable yet"), OutboxState::kSaving);
  desk.open();
  desk.press("Save what waits to a file");
  EXPECT_EQ(desk.port.saved_name, "Outbox of " + desk.port.actor().name + ".foyer");
  const auto text = decode_outbox_text(desk.port.saved_text);
  ASSERT_TRUE(text);
  EXPECT_EQ(text->saved_at, DeskPort::kNow);
  EXPECT_EQ(text->entries.size(), 2u);
  EXPECT_EQ(desk.port.kept.size(), 3u);  // it stays here as well

  desk.app.answered(desk.port.questions.back().id, 0, "");
  desk.frame();
  EXPECT_TRUE(desk.shows("has not been given the key"));
  desk.press("Save what waits to a file");
  desk.app.answered(desk.port.questions.back().id, 200, "");
  desk.frame();
  EXPECT_TRUE(desk.shows("Saved to a file. It is kept on this device too"));
}

}  // namespace
}  // namespace foyer::portal
