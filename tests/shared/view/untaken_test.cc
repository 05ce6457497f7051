#include "foyer/view/untaken.h"

#include <gtest/gtest.h>

#include "shared/view/demo_rows.h"

namespace foyer {
namespace {

const PlainWords kWords;

ParkedSubmission parked(MemoryStore& store, std::string_view name, std::string reason) {
  ParkedSubmission row;
  row.id = Id<ParkedSubmission>(derive_uuid(Uuid(), name));
  row.number = name;
  row.command = "feedback.give";
  row.words = "Vera";
  row.reason = std::move(reason);
  row.received_at = DemoRows::kStart;
  put(store, row);
  return row;
}

TEST(Untaken, WhatIsSettledLeavesTheListAndCanStillBeRead) {
  DemoRows demo;
  EXPECT_EQ(count_untaken(demo.store), 0u);
  ParkedSubmission row = parked(demo.store, "K7-001", "device_revoked");
  parked(demo.store, "K7-002", "unreadable");
  EXPECT_EQ(count_untaken(demo.store), 2u);
  const Actor agent = demo.actor_named("ana@foyer.example");
  EXPECT_TRUE(untaken_view(demo.store, agent, row.id, kWords)->may_settle);
  row.settled_at = DemoRows::kStart;
  row.settled_by = "Ana";
  row.note = "Rang Vera";
  put(demo.store, row);
  const auto rows = untaken_rows(demo.store, kWords);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].number, "K7-002");
  EXPECT_EQ(rows[0].what, "Rating");
  const auto view = untaken_view(demo.store, agent, row.id, kWords);
  ASSERT_TRUE(view);
  EXPECT_TRUE(view->is_settled);
  EXPECT_FALSE(view->may_settle);
  EXPECT_EQ(view->facts.back().text, "Rang Vera");
}

TEST(Untaken, EveryReasonIsSaidInWords) {
  for (const char* reason : {"device_revoked", "unreadable", "form_not_offered", "foreign_series"})
    EXPECT_EQ(untaken_reason_words(reason).find(reason), std::string::npos) << reason;
  EXPECT_NE(untaken_reason_words("something_new").find("something_new"), std::string::npos);
}

TEST(Untaken, WhatCouldNotBeReadSaysSo) {
  DemoRows demo;
  ParkedSubmission row = parked(demo.store, "", "unreadable");
  row.command.clear();
  row.words.clear();
  put(demo.store, row);
  const auto view =
      untaken_view(demo.store, demo.actor_named("ana@foyer.example"), row.id, kWords);
  EXPECT_EQ(view->title, "Not readable");
  EXPECT_EQ(view->words, "");
}

}  // namespace
}  // namespace foyer
