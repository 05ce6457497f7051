#include "foyer/view/outbox.h"

#include <gtest/gtest.h>

#include "foyer/command/confirm_case.h"
#include "shared/command/desk.h"

namespace foyer {
namespace {

OutboxEntry entry(std::uint64_t mid, Command command, OutboxState state) {
  OutboxEntry made;
  made.mid = mid;
  made.command = std::move(command);
  made.state = state;
  return made;
}

TEST(Outbox, SaysWhatWaitsInThePersonsWords) {
  const Desk desk;
  const OpenCase opening = desk.opening("c");
  ConfirmCase confirm;
  confirm.case_id = desk.id<Case>("d");
  const std::map<std::uint64_t, OutboxEntry> outbox = {
      {1, entry(1, make_command(opening), OutboxState::kWaiting)},
      {2, entry(2, make_command(confirm), OutboxState::kAttention)},
      {3, entry(3, make_command(opening), OutboxState::kSaving)},
      {4, entry(4, {"case.unheard_of", 1, "garbage"}, OutboxState::kWaiting)},
      {5, entry(5, {"case.reply", 1, "garbage"}, OutboxState::kWaiting)},
  };
  const auto lines = outbox_lines(outbox);
  ASSERT_EQ(lines.size(), 4u);  // nothing was said of the one that is being saved
  EXPECT_EQ(lines[0].words, opening.subject + "\n" + opening.body);
  EXPECT_EQ(lines[0].case_id, opening.case_id);
  EXPECT_TRUE(lines[1].is_refused);
  EXPECT_EQ(lines[2].mid, 4u);
  EXPECT_TRUE(lines[3].words.empty());

  EXPECT_EQ(waiting_for(lines, opening.message), &lines[0]);
  EXPECT_EQ(waiting_for(lines, opening.case_id), &lines[0]);
  EXPECT_EQ(waiting_for(lines, confirm.case_id), nullptr);  // refused: it does not wait
  EXPECT_EQ(waiting_for(lines, Uuid()), nullptr);
}

}  // namespace
}  // namespace foyer
