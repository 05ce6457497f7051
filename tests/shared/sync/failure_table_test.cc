// The failure table of the synchronisation, a named test per row that the engines alone can show:
// the production engines, a server of rows in memory, a device whose disk is put back or copied.
//
//   lost ack, duplicate push        here; sync_hub_test.cc, crash_test.cc (server)
//   gap, trimmed gap                here; restore_test.cc (what the server keeps of it)
//   cloned profile                  here; sync_hub_test.cc (a new id over a socket)
//   server restart                  here; crash_test.cc
//   restored from an older backup   here; restore_test.cc, fence_test.cc
//   revoked permission              here; restore_test.cc (not resurrected); sync_hub_test.cc
//   clock skew                      here
//   weeks offline, older formats    here
//   reset loops, overload           here
#include <gtest/gtest.h>

#include "foyer/command/reply_case.h"
#include "shared/sync/company.h"

namespace foyer {
namespace {

TEST(FailureTable, LostAckTheStoredAnswerComesAgainAndNothingRunsTwice) {
  Company company;
  Browser clara(company, "clara");
  clara.open_case("a");
  clara.send_only();  // decided, and the answer is lost with the connection
  EXPECT_EQ(company.executions("a"), 1);
  EXPECT_EQ(clara.engine().status().waiting, 1u);
  clara.sync();
  EXPECT_EQ(company.executions("a"), 1);
  EXPECT_EQ(clara.engine().status().waiting, 0u);
  EXPECT_TRUE(clara.shows("a"));
}

TEST(FailureTable, GapTheServerNamesWhatItExpectsAndGetsIt) {
  Company company;
  Browser clara(company, "clara");
  for (const char* name : {"a", "b", "c"}) clara.open_case(name);
  clara.lose_next_push();  // the first of them never arrives
  clara.sync();
  EXPECT_EQ(company.cases(), 3u);
  EXPECT_EQ(clara.engine().status().waiting, 0u);
}

TEST(FailureTable, ServerRestartSameEpochAndNoSnapshot) {
  Company company;
  Browser clara(company, "clara");
  clara.open_case("a");
  clara.sync();
  const Cookie before = clara.engine().cookie();
  clara.disconnect();
  clara.sync();
  EXPECT_EQ(clara.engine().cookie(), before);
  EXPECT_EQ(clara.snapshots(), 1);
}

TEST(FailureTable, ServerRestoredFromAnOlderBackupAllThatWasAcknowledgedIsBack) {
  Company company;
  Browser clara(company, "clara"), ana(company, "ana");
  clara.open_case("before");
  clara.sync();
  ana.sync();
  company.back_up();
  clara.sync();
  clara.open_case("after");
  clara.sync();
  ana.sync();
  EXPECT_EQ(clara.engine().status().kept, 1u);
  EXPECT_EQ(clara.engine().status().waiting, 0u);
  company.restore();
  EXPECT_FALSE(company.has_case("after"));
  clara.disconnect();
  ana.disconnect();
  clara.restart();
  clara.sync();
  ana.sync();
  EXPECT_TRUE(company.has_case("after"));
  EXPECT_EQ(company.executions("after"), 1);  // of this history
  EXPECT_TRUE(clara.shows("after"));
  EXPECT_TRUE(ana.shows("after"));
  EXPECT_EQ(clara.confirmed(), company.rows_for("clara"));
  EXPECT_EQ(ana.confirmed(), company.rows_for("ana"));
}

TEST(FailureTable, CrashBetweenAnAcknowledgementAndItsRowsTheChangeIsStillShown) {
  Company company;
  Browser clara(company, "clara");
  company.back_up();
  clara.sync();
  const MemoryCache older = clara.cache();
  clara.open_case("a");
  clara.sync();
  ASSERT_EQ(clara.engine().status().kept, 1u);
  clara.crash(older);
  EXPECT_TRUE(clara.shows("a"));
  EXPECT_EQ(clara.engine().status().waiting, 1u);
  clara.sync();
  EXPECT_EQ(company.executions("a"), 1);
  EXPECT_EQ(clara.engine().status().waiting, 0u);
  EXPECT_EQ(clara.engine().status().kept, 1u);
}

TEST(FailureTable, ServerRestoredWhoIsAtOrBeforeTheForkKeepsItsRows) {
  Company company;
  Browser clara(company, "clara"), ana(company, "ana");
  clara.open_case("before");
  clara.sync();
  ana.sync();
  company.back_up();
  clara.open_case("after");
  clara.sync();  // ana is not there for it
  company.restore();
  clara.disconnect();
  ana.disconnect();
  ana.sync();
  EXPECT_EQ(ana.snapshots(), 1);
  clara.sync();
  EXPECT_EQ(clara.snapshots(), 2);
  ana.sync();
  EXPECT_EQ(ana.snapshots(), 1);
  EXPECT_EQ(ana.confirmed(), company.rows_for("ana"));
}

TEST(FailureTable, ServerRestoredWhatIsSentAgainIsAuthorisedNow) {
  Company company;
  Browser clara(company, "clara");
  clara.sync();
  company.back_up();
  clara.open_case("after");
  clara.sync();
  company.restore();
  company.suspend("clara");
  clara.disconnect();
  clara.sync();
  EXPECT_FALSE(company.has_case("after"));
}

TEST(FailureTable, AnEntryGoesOnlyOnceItIsInABackupOrThereIsNone) {
  Company company;
  Browser clara(company, "clara");
  clara.open_case("a");
  clara.sync();
  EXPECT_EQ(clara.stored_entries(), 0u);  // nobody makes backups
  company.back_up();
  clara.open_case("b");
  clara.sync();
  EXPECT_EQ(clara.stored_entries(), 1u);
  EXPECT_EQ(clara.engine().status().waiting, 0u);
  clara.restart();
  EXPECT_EQ(clara.engine().status().kept, 1u);
  EXPECT_EQ(clara.engine().status().waiting, 0u);
  company.back_up();
  clara.disconnect();
  clara.sync();
  EXPECT_EQ(clara.stored_entries(), 0u);
}

TEST(FailureTable, TrimmedGapIsCountedByTheServerAndShownToThePerson) {
  Company company;
  Browser clara(company, "clara");
  clara.sync();
  company.back_up();
  clara.open_case("old");
  clara.sync();
  company.now = company.now + kRedoAgeMaxMs + 1;
  clara.open_case("young");
  clara.sync();
  EXPECT_EQ(clara.stored_entries(), 2u);
  company.restore();
  clara.disconnect();
  clara.sync();
  EXPECT_FALSE(company.has_case("old"));  // its words were given up
  EXPECT_TRUE(company.has_case("young"));
  EXPECT_EQ(company.lost, 1);
  EXPECT_EQ(clara.engine().status().attention, 1u);
  EXPECT_EQ(clara.engine().outbox().begin()->second.command.name, "case.open");
  EXPECT_TRUE(clara.engine().outbox().begin()->second.is_trimmed);
}

TEST(FailureTable, ClonedProfileGoesOnUnderAnotherIdWithNothingLostAndNothingTwice) {
  Company company;
  Browser clara(company, "clara");
  clara.open_case("a");
  clara.sync();
  Browser copy(clara);
  clara.open_case("b");
  clara.sync();
  copy.open_case("c");
  copy.open_case("d");
  copy.sync();
  copy.sync();
  EXPECT_NE(copy.engine().client(), clara.engine().client());
  EXPECT_EQ(copy.engine().status().waiting, 0u);
  for (const char* name : {"a", "b", "c", "d"}) EXPECT_EQ(company.executions(name), 1) << name;
  copy.restart();
  copy.sync();
  copy.open_case("e");
  copy.sync();
  clara.open_case("f");
  clara.sync();
  EXPECT_EQ(company.cases(), 6u);
  EXPECT_NE(copy.engine().client(), clara.engine().client());
}

TEST(FailureTable, ClonedProfileWithoutAnythingToSayIsToldAtItsHello) {
  Company company;
  Browser clara(company, "clara");
  clara.sync();
  Browser copy(clara);
  clara.open_case("a");
  clara.sync();
  copy.sync();
  EXPECT_NE(copy.engine().client(), clara.engine().client());
  copy.open_case("b");
  copy.sync();
  EXPECT_EQ(company.cases(), 2u);
}

TEST(FailureTable, ClonedProfileIsAsBeforeWhenItsDiskTakesNoNewId) {
  Company company;
  Browser clara(company, "clara");
  clara.open_case("a");
  clara.sync();
  Browser copy(clara);
  clara.open_case("b");
  clara.sync();
  copy.open_case("c");
  copy.is_full = true;
  copy.sync();
  EXPECT_EQ(copy.engine().client(), clara.engine().client());
  EXPECT_EQ(copy.engine().status().problem, "not_adopted");
  EXPECT_EQ(copy.engine().status().waiting, 1u);
  copy.is_full = false;
  copy.disconnect();
  copy.sync();
  copy.sync();
  EXPECT_EQ(company.executions("c"), 1);
}

TEST(FailureTable, ClonedProfileAfterARestoreStillSendsWhatWasAcknowledged) {
  Company company;
  Browser clara(company, "clara");
  clara.sync();
  company.back_up();
  clara.open_case("a");
  clara.sync();
  Browser copy(clara);
  clara.open_case("b");
  clara.sync();
  copy.open_case("c");
  copy.sync();
  copy.sync();
  EXPECT_EQ(company.executions("a"), 1);
  company.restore();
  copy.disconnect();
  copy.sync();
  EXPECT_TRUE(company.has_case("a"));
  EXPECT_TRUE(company.has_case("c"));
  clara.disconnect();
  clara.sync();
  for (const char* name : {"a", "b", "c"}) EXPECT_EQ(company.executions(name), 1) << name;
}

TEST(FailureTable, RevokedPermissionTakesTheRowsAndKeepsTheWords) {
  Company company;
  Browser clara(company, "clara");
  clara.open_case("a");
  clara.sync();
  clara.open_case("b");
  company.suspend("clara");
  clara.disconnect();
  clara.sync();
  EXPECT_TRUE(clara.is_signed_out);
  EXPECT_FALSE(clara.shows("a"));
  EXPECT_EQ(clara.cache().bytes(), 0u);
  EXPECT_EQ(clara.stored_entries(), 1u);
}

TEST(FailureTable, ClockSkewTheServersTimeCountsAndItsOrder) {
  Company company;
  Browser clara(company, "clara");
  clara.disconnect();
  clara.skew_ms = -400 * kMsPerDay;
  clara.sync();
  clara.open_case("a");
  clara.sync();
  EXPECT_EQ(clara.engine().corrected(company.now + clara.skew_ms), company.now);
  EXPECT_EQ(company.the_case("a").opened_at, company.now);
}

TEST(FailureTable, ResetLoopOneScopeIsAskedForOnceAMinuteAndThenTheErrorIsVisible) {
  Company company;
  Browser ana(company, "ana");
  ana.sync();
  company.corrupts = true;  // every poke certifies what its rows are not
  company.touch();
  ana.sync();
  EXPECT_EQ(ana.engine().status().problem, "reset_loop");
  const int asked = ana.hellos();
  company.touch();
  ana.sync();
  EXPECT_EQ(ana.hellos(), asked);
  company.corrupts = false;
  company.now = company.now + kResetPauseMs;
  ana.tick();
  ana.sync();
  EXPECT_EQ(ana.hellos(), asked + 1);
  EXPECT_EQ(ana.engine().status().problem, "");
  EXPECT_EQ(ana.confirmed(), company.rows_for("ana"));
}

TEST(FailureTable, ADamagedScopeIsFetchedAgainAndTheOthersStay) {
  Company company;
  Browser ana(company, "ana");
  ana.sync();
  company.corrupts = true;
  company.touch();
  ana.sync_once();
  company.corrupts = false;
  ana.sync();
  EXPECT_EQ(ana.engine().status().problem, "");
  EXPECT_EQ(ana.snapshot_scopes().back().size(), 1u);
  EXPECT_EQ(ana.confirmed(), company.rows_for("ana"));
}

TEST(FailureTable, OverloadTheServersWishIsRespectedAndNoTwoDevicesWaitAlike) {
  Company company;
  Browser clara(company, "clara"), ana(company, "ana");
  clara.hear(Reset{ResetReason::kOverloaded, 30'000, {}});
  EXPECT_EQ(clara.engine().status().problem, "overloaded");
  EXPECT_GE(clara.engine().reconnect_in_ms(0, company.now), 30'000);
  std::set<std::int64_t> waits;
  for (unsigned failures = 0; failures < 20; ++failures) {
    const auto wait = ana.engine().reconnect_in_ms(failures, company.now);
    EXPECT_EQ(wait, ana.engine().reconnect_in_ms(failures, company.now));
    EXPECT_GE(wait, 250);
    EXPECT_LE(wait, 22'500);
    waits.insert(wait - clara.engine().reconnect_in_ms(failures, company.now + kMsPerHour));
  }
  EXPECT_GT(waits.size(), 15u);
  EXPECT_GT(ana.engine().reconnect_in_ms(10, company.now), 5'000);
}

// Bytes that a build wrote, of each version of the format: frozen for as long as a device may come
// back with them.
std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return bytes;
}

TEST(FailureTable, WeeksOfflineAnOutboxThatAnOlderBuildWroteIsRead) {
  const auto entry = decode_outbox_entry(from_hex(
      "0107"                        // version 1, mid 7
      "0a636173652e7265706c79"      // case.reply
      "01" "03616263"               // version 1, arguments "abc"
      "ac02" "80c08a82d866"         // base_seq 300, created_at
      "01" "02" "0166" "0164"));    // attention, kConflict, "f", "d"
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->mid, 7u);
  EXPECT_EQ(entry->command.name, "case.reply");
  EXPECT_EQ(entry->command.arguments, "abc");
  EXPECT_EQ(entry->base_seq, 300u);
  EXPECT_EQ(entry->created_at.ms, 1764160000000);
  EXPECT_EQ(entry->state, OutboxState::kAttention);
  EXPECT_EQ(entry->error.code, ErrorCode::kConflict);
  EXPECT_EQ(entry->error.detail, "d");
  EXPECT_EQ(entry->hash, 0u);
}

TEST(FailureTable, WeeksOfflineTheOutboxFormatOfThisBuildIsFrozen) {
  OutboxEntry entry;
  entry.mid = 7;
  entry.command = {"case.reply", 1, "abc"};
  entry.base_seq = 300;
  entry.created_at = {1764160000000};
  entry.state = OutboxState::kAcknowledged;
  entry.applied_at = 301;
  entry.acknowledged_at = {1764160000001};
  entry.is_trimmed = true;
  entry.previous_hash = 5;
  entry.hash = 6;
  entry.origin_client = derive_uuid({}, "c");
  entry.origin_mid = 4;
  const std::string written = from_hex(
      "0207" "0a636173652e7265706c79" "01" "03616263" "ac02" "80c08a82d866" "02" "09" "00" "00"
      "03" "05" "06" "ad02" "82c08a82d866") +
      std::string(reinterpret_cast<const char*>(entry.origin_client.bytes.data()), 16) + '\4';
  EXPECT_EQ(to_hex(encode_outbox_entry(entry)), to_hex(written));
  const auto read = decode_outbox_entry(written);
  ASSERT_TRUE(read);
  EXPECT_EQ(to_hex(encode_outbox_entry(*read)), to_hex(written));
}

}  // namespace
}  // namespace foyer
