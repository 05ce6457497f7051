#include "foyer/command/seen.h"

#include "foyer/command/note_case.h"
#include "foyer/command/save_record.h"
#include "shared/command/meeting.h"

namespace foyer {
namespace {

template <class Args>
Args arguments_of(const Command& command) {
  return *decode<Args>(command.arguments);
}

TEST(Seen, ACommandTakesAlongWhatItsAuthorHadBeforeTheirEyes) {
  Meeting meeting;
  const auto args = arguments_of<SetCasePriority>(meeting.given(meeting.priority(Priority::kHigh)));
  EXPECT_EQ(args.priority, Priority::kHigh);
  const auto seen = decode<Case>(args.seen.data);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->priority, Priority::kNormal);
  EXPECT_EQ(seen->state, meeting.the_case("c").state);
  EXPECT_TRUE(seen->subject.empty());  // no more than what it is about
  // Given again it is what they see now.
  ASSERT_TRUE(meeting.run(meeting.agent, meeting.priority(Priority::kLow)));
  const Command again = with_seen(make_command(args), meeting.store);
  EXPECT_EQ(decode<Case>(arguments_of<SetCasePriority>(again).seen.data)->priority,
            Priority::kLow);
}

TEST(Seen, OfARecordItIsTheFieldsThatAreSetUnlessTheAuthorSaysMore) {
  Meeting meeting;
  Account change;
  change.id = meeting.account;
  change.tier = "gold";
  SaveRecord save{"account", {encode(change)}, {}, {}};
  const auto args = arguments_of<SaveRecord>(meeting.given(save));
  EXPECT_TRUE(decode<Account>(args.seen.data)->name.empty());
  save.seen.data = encode(*get(meeting.store, meeting.account));
  EXPECT_EQ(arguments_of<SaveRecord>(meeting.given(save)).seen.data, save.seen.data);
}

TEST(Seen, WhatHasNoneStaysAsItIs) {
  Meeting meeting;
  const Command note = make_command(
      NoteCase{meeting.id<Case>("c"), meeting.id<Message>("n"), "A word", {}});
  EXPECT_EQ(with_seen(note, meeting.store).arguments, note.arguments);
  const Command garbage{"case.assign", 1, "garbage"};
  EXPECT_EQ(with_seen(garbage, meeting.store).arguments, "garbage");
  EXPECT_EQ(without_seen({"no.such", 1, "x"}).arguments, "x");
  SetCasePriority elsewhere = meeting.priority(Priority::kHigh);
  elsewhere.case_id = meeting.id<Case>("not here");
  EXPECT_TRUE(arguments_of<SetCasePriority>(meeting.given(elsewhere)).seen.data.empty());
}

TEST(Seen, ItCanBeTakenOut) {
  Meeting meeting;
  const Command plain = make_command(meeting.priority(Priority::kHigh));
  EXPECT_EQ(without_seen(with_seen(plain, meeting.store)).arguments, plain.arguments);
}

}  // namespace
}  // namespace foyer
