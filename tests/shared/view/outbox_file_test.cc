#include "foyer/view/outbox_file.h"

#include <gtest/gtest.h>

#include "foyer/command/note_case.h"
#include "foyer/query/memory_store.h"

namespace foyer {
namespace {

class PlainTimes final : public TimeWords {
 public:
  std::string when(Instant at) const override { return std::to_string(at.ms); }
};

OutboxFileAnswer an_answer() {
  OutboxText text{{2000}, {}};
  for (std::uint64_t mid = 1; mid <= 3; ++mid) {
    const NoteCase note{{}, Id<Message>(derive_uuid({}, std::to_string(mid))),
                        "Words " + std::to_string(mid), {}};
    text.entries[mid] = {mid, make_command(note), 0, {1000}, OutboxState::kWaiting, {}, 0};
  }
  text.entries[2].state = OutboxState::kAttention;
  text.entries[2].error = {ErrorCode::kForbidden, "", "role"};
  OutboxFileAnswer answer;
  answer.text.data = encode_outbox_text(text);
  answer.arrived = {3};
  return answer;
}

TEST(OutboxFileView, SortsLinesByWhatBecameOfThem) {
  const MemoryStore rows{Numbering::kNone};
  const auto view = outbox_file_view(an_answer(), rows, PlainTimes());
  ASSERT_TRUE(view);
  ASSERT_EQ(view->waiting.size(), 1u);
  EXPECT_EQ(view->waiting[0].mid, 1u);
  EXPECT_EQ(view->waiting[0].since, "1000");
  ASSERT_EQ(view->refused.size(), 1u);
  EXPECT_EQ(view->refused[0].reason, "Your role may not do this.");
  ASSERT_EQ(view->arrived.size(), 1u);
  EXPECT_EQ(view->arrived[0].mid, 3u);
  EXPECT_EQ(view->saved_at, "2000");
  EXPECT_EQ(view->author, "somebody who is not here any more");
}

TEST(OutboxFileView, WhatIsNoAnswerShowsNothing) {
  const MemoryStore rows{Numbering::kNone};
  OutboxFileAnswer answer = an_answer();
  answer.text.data += 'x';
  EXPECT_FALSE(outbox_file_view(answer, rows, PlainTimes()));
}

TEST(OutboxFileView, FilesAreLookedAtBeforeTheyAreSent) {
  EXPECT_EQ(refuse_outbox_file(900, "foyer outbox\x01"), "");
  EXPECT_NE(refuse_outbox_file(900, "account,notes\n"), "");
  EXPECT_NE(refuse_outbox_file((std::uint64_t{64} << 20) + 1, "foyer outbox\x01"), "");
  EXPECT_EQ(outbox_file_name("Ana Lopez"), "Outbox of Ana Lopez.foyer");
  EXPECT_EQ(outbox_file_path("a b", true), "/staff/api/import/outbox-file?file=a%20b&dry_run=1");
  EXPECT_EQ(outbox_problem_words(""), "");
}

}  // namespace
}  // namespace foyer
