#include "foyer/sync/outbox_file.h"

#include <gtest/gtest.h>

#include "foyer/schema/bytes.h"

namespace foyer {
namespace {

OutboxFileHead a_head() {
  return {derive_uuid({}, "house"), Id<User>(derive_uuid({}, "ana")), derive_uuid({}, "laptop")};
}
std::string a_file() { return encode_outbox_head(a_head()) + std::string(12, 'n') + "sealed"; }

OutboxEntry an_entry(std::uint64_t mid, OutboxState state) {
  OutboxEntry entry{.mid = mid,
                    .command = {"case.reply", 3, std::string("\x01\x00\xff", 3)},
                    .base_seq = 9,
                    .created_at = {1764158400123},
                    .state = state,
                    .error = {},
                    .applied_at = 0};
  if (state == OutboxState::kAttention) entry.error = {ErrorCode::kConflict, "", "case_state"};
  return entry;
}
OutboxText a_text() {
  return {{1764158400999},
          {{4, an_entry(4, OutboxState::kAttention)},
           {7, an_entry(7, OutboxState::kWaiting)},
           {8, an_entry(8, OutboxState::kSaving)}}};
}

TEST(OutboxFile, PartsComeBackAsTheyWere) {
  const std::string file = a_file();
  EXPECT_TRUE(is_outbox_file(file));
  const auto parts = split_outbox_file(file);
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->head, a_head());
  EXPECT_EQ(parts->head_bytes, encode_outbox_head(a_head()));
  EXPECT_EQ(parts->nonce, std::string(12, 'n'));
  EXPECT_EQ(parts->sealed, "sealed");
}

// People keep such files: the format may not drift.
TEST(OutboxFile, BytesAreTheFormatOfTheHeadComment) {
  EXPECT_EQ(encode_outbox_head({}), "foyer outbox\x01" + std::string(48, '\0'));
  EXPECT_EQ(encode_outbox_text({{1}, {}}), std::string("\x02\x00", 2));
  const OutboxText text{{1}, {{2, an_entry(2, OutboxState::kWaiting)}}};
  const std::string entry = encode_outbox_entry(text.entries.at(2));
  EXPECT_EQ(encode_outbox_text(text),
            std::string("\x02\x01") + static_cast<char>(entry.size()) + entry);
}

TEST(OutboxFile, WhatIsNoneOrOfTomorrowOrCutIsToldApart) {
  EXPECT_EQ(split_outbox_file("").error().detail, "no_outbox_file");
  EXPECT_EQ(split_outbox_file("account,notes\n").error().detail, "no_outbox_file");
  std::string tomorrow = a_file();
  tomorrow[12] = 2;
  EXPECT_EQ(split_outbox_file(tomorrow).error().detail, "newer_version");
  std::string never = a_file();
  never[12] = 0;
  EXPECT_EQ(split_outbox_file(never).error().detail, "damaged");
  const std::string whole = a_file();
  for (std::size_t size = 12; size < 13 + 48 + 12; ++size)
    EXPECT_EQ(split_outbox_file(whole.substr(0, size)).error().detail, "cut_short") << size;
  EXPECT_TRUE(split_outbox_file(whole.substr(0, 13 + 48 + 12)));
}

TEST(OutboxFile, TextKeepsWhatWaitsAndWhatWasRefusedAndNothingElse) {
  const auto text = decode_outbox_text(encode_outbox_text(a_text()));
  ASSERT_TRUE(text);
  EXPECT_EQ(text->saved_at, a_text().saved_at);
  ASSERT_EQ(text->entries.size(), 2u);
  const OutboxEntry& refused = text->entries.at(4);
  EXPECT_EQ(refused.state, OutboxState::kAttention);
  EXPECT_EQ(refused.error.detail, "case_state");
  const OutboxEntry& waits = text->entries.at(7);
  EXPECT_EQ(waits.state, OutboxState::kWaiting);
  EXPECT_EQ(waits.command.name, "case.reply");
  EXPECT_EQ(waits.command.version, 3);
  EXPECT_EQ(waits.command.arguments, a_text().entries.at(7).command.arguments);
  EXPECT_EQ(waits.created_at.ms, 1764158400123);
}

TEST(OutboxFile, DamagedTextIsRefusedWhole) {
  const std::string whole = encode_outbox_text(a_text());
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(decode_outbox_text(whole.substr(0, size))) << size;
  EXPECT_FALSE(decode_outbox_text(whole + '\0'));
  // The same number twice: which of the two would be sent?
  const std::string entry = encode_outbox_entry(an_entry(7, OutboxState::kWaiting));
  ByteWriter twice;
  twice.zigzag(1);
  twice.varint(2);
  twice.bytes(entry);
  twice.bytes(entry);
  EXPECT_EQ(decode_outbox_text(twice.view()).error().detail, "damaged");
  OutboxText unreadable = a_text();
  unreadable.entries.at(7).command.name = "case.\xff";
  EXPECT_EQ(decode_outbox_text(encode_outbox_text(unreadable)).error().detail, "damaged");
}

TEST(OutboxFile, MoreThanAnyDeviceKeepsIsRefused) {
  ByteWriter many;
  many.zigzag(1);
  many.varint(kOutboxFileEntriesMax + 1);
  many.raw(std::string(kOutboxFileEntriesMax + 1, '\0'));
  EXPECT_EQ(decode_outbox_text(many.view()).error().detail, "too_many");
}

}  // namespace
}  // namespace foyer
