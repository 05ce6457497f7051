// What kiosks hand over: each envelope runs once or is parked, whatever is in it and whatever else
// is in the batch.
#include "foyer/command/desk_visit.h"
#include "foyer/command/open_case.h"
#include "kiosk_fixture.h"

namespace foyer::server {
namespace {

class KioskSubmitTest : public KioskFixture {
 protected:
  void SetUp() override {
    KioskFixture::SetUp();
    kiosk_ = live_kiosk(device_);
  }
  Uuid submission() { return make_uuid(now_, random_); }
  std::string envelope_of(const Command& command) {
    return envelope(kiosk_, command, submission());
  }
  ParkedSubmission only_parked() {
    const auto parked = rows<ParkedSubmission>();
    EXPECT_EQ(parked.size(), 1u);
    return parked.empty() ? ParkedSubmission{} : parked.front();
  }
  std::string kept_bytes(const Uuid& id) {
    auto lease = installation_->readers().acquire();
    return load_envelope(lease.database(), id).value_or("");
  }
  // As a device that was revoked hands over what it holds.
  RawResponse hand_over(const NativeKiosk& kiosk, const std::string& nonce,
                        const std::string& body, const std::string& signed_body) {
    const auto digest = sha256(signed_body);
    std::string text = "foyer kiosk submit\n" + to_string(device_) + "\n" + nonce + "\n";
    text.append(reinterpret_cast<const char*>(digest.data()), digest.size());
    return post("/kiosk/submit", body, "",
                "Foyer-Device: " + to_string(device_) + "\r\nFoyer-Nonce: " + nonce +
                    "\r\nFoyer-Signature: " + to_base64url(kiosk.sign(text)) + "\r\n");
  }

  NativeKiosk kiosk_;
};

TEST_F(KioskSubmitTest, EachFormRunsAndIsThereForTheDesk) {
  OpenCaseAtKiosk open{};
  open.case_id = new_id<Case>();
  open.message = new_id<Message>();
  open.number = "K7-002";
  open.subject = "The door sticks";
  open.body = "Since yesterday.";
  GiveFeedback rating{};
  rating.feedback = new_id<Feedback>();
  rating.number = "K7-003";
  rating.about = "k7-001";
  rating.rating = 4;
  const auto answer =
      submit(kiosk_, {envelope_of(check_in("K7-001")), envelope_of(make_command(open)),
                      envelope_of(make_command(rating))});
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(outcomes_of(answer), "applied applied applied");
  ASSERT_EQ(rows<CheckIn>().size(), 1u);
  EXPECT_EQ(rows<CheckIn>()[0].visitor_name, "Zoe");
  EXPECT_EQ(rows<CheckIn>()[0].device, device_);
  ASSERT_EQ(rows<Case>().size(), 1u);
  EXPECT_EQ(rows<Case>()[0].channel, Channel::kKiosk);
  ASSERT_EQ(rows<Feedback>().size(), 1u);
  EXPECT_EQ(rows<Feedback>()[0].check_in, rows<CheckIn>()[0].id) << "ran after the check-in";
  EXPECT_TRUE(rows<ParkedSubmission>().empty());
}

TEST_F(KioskSubmitTest, ARepeatIsADuplicateAlsoAfterARestartAndWithinOneBatch) {
  const auto once = envelope_of(check_in("K7-001")), other = envelope_of(check_in("K7-002"));
  EXPECT_EQ(outcomes_of(submit(kiosk_, {once, once})), "applied duplicate");
  EXPECT_EQ(outcomes_of(submit(kiosk_, {once, other})), "duplicate applied");
  restart();
  EXPECT_EQ(outcomes_of(submit(kiosk_, {once, other})), "duplicate duplicate");
  EXPECT_EQ(rows<CheckIn>().size(), 2u);
}

TEST_F(KioskSubmitTest, ResultsNameTheSubmissionsInTheirOrder) {
  const auto first = submission(), second = submission();
  const auto answer =
      submit(kiosk_, {envelope(kiosk_, check_in("K7-001"), second), "too short to have a header",
                      envelope(kiosk_, check_in("K9-001"), first)});
  EXPECT_EQ(answer.body,
            "{\"results\":[{\"id\":\"" + to_string(second) +
                "\",\"outcome\":\"applied\"},{\"id\":\"" +
                to_string(Uuid{}) + "\",\"outcome\":\"parked\"},{\"id\":\"" + to_string(first) +
                "\",\"outcome\":\"parked\"}]}");
}

TEST_F(KioskSubmitTest, WhatIsRefusedIsParkedInItsWordsAndNotRunLater) {
  const auto refused = envelope_of(check_in("K9-001", "Z\xc3\xb6" "e"));
  EXPECT_EQ(outcomes_of(submit(kiosk_, {refused, envelope_of(check_in("K7-001"))})),
            "parked applied");
  const auto parked = only_parked();
  EXPECT_EQ(parked.device, device_);
  EXPECT_EQ(parked.command, "check_in.create");
  EXPECT_EQ(parked.number, "K9-001");
  EXPECT_EQ(parked.reason, "foreign_series");
  EXPECT_EQ(parked.words, "reason: question\nvisitor_name: Z\xc3\xb6" "e");
  EXPECT_EQ(parked.at, now_);
  EXPECT_EQ(parked.received_at, now_);
  EXPECT_EQ(kept_bytes(parked.id), "") << "the words say it all";
  EXPECT_EQ(outcomes_of(submit(kiosk_, {refused})), "duplicate");
  EXPECT_EQ(rows<ParkedSubmission>().size(), 1u);
  EXPECT_EQ(rows<CheckIn>().size(), 1u);
}

TEST_F(KioskSubmitTest, WhatADeviceMayNotDoIsParked) {
  OpenCase open{};
  open.case_id = new_id<Case>();
  open.message = new_id<Message>();
  open.account = profile_.account;
  open.subject = "By the back door";
  open.body = "Text";
  RevokeDevice revoke{};
  revoke.device = device_;
  revoke.reason = "No";
  ParkSubmission park{};
  park.id = new_id<ParkedSubmission>();
  park.device = device_;
  park.reason = "No";
  EnrolDevice enrol{};
  enrol.device = device_;
  enrol.public_key.data = NativeKiosk().public_key();
  const Command unknown{"case.fly", 1, "x"}, newer{"check_in.create", 9, "x"},
      damaged{"check_in.create", 1, "\xff\xff"};
  std::vector<std::string> envelopes;
  for (const auto& command : {make_command(open), make_command(revoke), make_command(park),
                              make_command(enrol), unknown, newer, damaged})
    envelopes.push_back(envelope_of(command));
  const auto answer = submit(kiosk_, envelopes);
  EXPECT_EQ(outcomes_of(answer), "parked parked parked parked parked parked parked");
  std::multiset<std::string> reasons;
  for (const auto& row : rows<ParkedSubmission>()) {
    reasons.insert(row.reason);
    // What has no words for people is kept as it came.
    EXPECT_EQ(kept_bytes(row.id).empty(), row.reason == "role") << row.reason;
  }
  EXPECT_EQ(reasons, (std::multiset<std::string>{"role", "role", "role", "role",
                                                 "unknown_command", "unknown_version",
                                                 "arguments"}));
  EXPECT_TRUE(rows<Case>().empty());
  EXPECT_TRUE(device_row().revoked_at.is_none());
  EXPECT_EQ(device_row().public_key.data, kiosk_.public_key());
}

TEST_F(KioskSubmitTest, WhatCannotBeOpenedIsKeptByteForByteAndHidesNothing) {
  const auto id = submission();
  const auto good = envelope(kiosk_, check_in("K7-001"), id);
  const auto other_key = kiosk_.envelope(
      kiosk_.server_key, {.key_id = 2, .device = device_, .id = id}, check_in("K7-001"), now_);
  auto damaged = good, version = good;
  damaged.back() = static_cast<char>(damaged.back() ^ 1);
  version[0] = 2;
  const std::vector<std::string> junk = {damaged, other_key, version, good.substr(0, 36), "x",
                                         std::string("\0\0", 2)};
  const auto answer = submit(kiosk_, junk);
  EXPECT_EQ(outcomes_of(answer), "parked parked parked parked parked parked");
  std::set<std::string> kept;
  for (const auto& row : rows<ParkedSubmission>()) {
    EXPECT_EQ(row.reason, "unreadable");
    EXPECT_EQ(row.words, "");
    kept.insert(kept_bytes(row.id));
  }
  EXPECT_EQ(kept, std::set<std::string>(junk.begin(), junk.end()));
  EXPECT_EQ(outcomes_of(submit(kiosk_, {damaged})), "duplicate");
  EXPECT_EQ(outcomes_of(submit(kiosk_, {good})), "applied") << "of the same id";
}

TEST_F(KioskSubmitTest, ASignatureOfAnotherKeyIsNotRun) {
  const auto id = submission();
  const NativeKiosk forger;
  const auto forged = forger.envelope(
      kiosk_.server_key, {.key_id = 1, .device = device_, .id = id}, check_in("K7-001"), now_);
  EXPECT_EQ(outcomes_of(submit(kiosk_, {forged})), "parked");
  const auto parked = only_parked();
  EXPECT_EQ(parked.reason, "wrong_signature");
  EXPECT_EQ(kept_bytes(parked.id), forged);
  EXPECT_TRUE(rows<CheckIn>().empty());
  EXPECT_EQ(outcomes_of(submit(kiosk_, {envelope(kiosk_, check_in("K7-001"), id)})), "applied");
}

TEST_F(KioskSubmitTest, AnotherDevicesEnvelopeIsParkedAndItsOwnHandOverStillRuns) {
  const auto second = live_kiosk(set_up_kiosk("K8"));
  const auto theirs = envelope(second, check_in("K8-001"), submission());
  EXPECT_EQ(outcomes_of(submit(kiosk_, {theirs})), "parked");
  EXPECT_EQ(only_parked().reason, "another_device");
  EXPECT_EQ(only_parked().device, device_);
  EXPECT_TRUE(rows<CheckIn>().empty());
  EXPECT_EQ(outcomes_of(submit(second, {theirs})), "applied");
}

TEST_F(KioskSubmitTest, EndlessWordsAreCutForPeopleAndKeptWhole) {
  CreateCheckIn args{};
  args.check_in = new_id<CheckIn>();
  args.number = std::string(500, '9');
  for (int i = 0; i < 30'000; ++i) args.visitor_name += "\xc3\xb6";
  const auto large = envelope_of(make_command(args));
  EXPECT_EQ(outcomes_of(submit(kiosk_, {large, envelope_of({std::string(300, 'c'), 1, ""})})),
            "parked parked");
  for (const auto& row : rows<ParkedSubmission>()) {
    EXPECT_LE(row.command.size(), 60u);
    EXPECT_LE(row.number.size(), 20u);
    EXPECT_NE(kept_bytes(row.id), "");
    EXPECT_EQ(kept_bytes(row.id) == large, row.command == "check_in.create");
  }
}

TEST_F(KioskSubmitTest, ControlCharactersAreParkedAndHoldNothingUp) {
  const auto strange = envelope_of(check_in("K7-001", std::string("Zo\0e\x1b", 5)));
  const auto nameless = envelope_of({"check\x07in", 1, ""});
  const auto answer = submit(kiosk_, {strange, nameless, envelope_of(check_in("K7-002"))});
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(outcomes_of(answer), "parked parked applied");
  for (const auto& row : rows<ParkedSubmission>()) {
    EXPECT_NE(kept_bytes(row.id), "") << "what is shown is not all that was sent";
    if (row.number == "K7-001") EXPECT_EQ(row.words, "reason: question\nvisitor_name: Zoe");
    else EXPECT_EQ(row.command, "checkin");
  }
}

TEST_F(KioskSubmitTest, TimesOfAWrongClockAreNotBelieved) {
  const auto far = kiosk_.envelope(
      kiosk_.server_key, {.key_id = 1, .device = device_, .id = submission()},
      check_in("K9-001"), {INT64_MAX});
  const auto before = kiosk_.envelope(
      kiosk_.server_key, {.key_id = 1, .device = device_, .id = submission()},
      check_in("K9-002"), {INT64_MIN});
  EXPECT_EQ(outcomes_of(submit(kiosk_, {far, before})), "parked parked");
  for (const auto& row : rows<ParkedSubmission>())
    EXPECT_EQ(row.at, row.number == "K9-001" ? now_ : Instant{}) << row.number;
}

TEST_F(KioskSubmitTest, BatchesThatCannotBeFramedAreRefusedWhole) {
  const auto good = envelope_of(check_in("K7-001"));
  const auto send = [&](const std::string& body) {
    return post("/kiosk/submit", body, kiosk_.cookie).status;
  };
  EXPECT_EQ(send(""), 400);
  EXPECT_EQ(send(encode_batch({good}) + "x"), 400);
  EXPECT_EQ(send(encode_batch({good, good}).substr(0, 2 * good.size())), 400);
  EXPECT_EQ(send(encode_batch(std::vector<std::string>(65, "x"))), 400);
  EXPECT_EQ(send(std::string(1024 * 1024 + 1, 'x')), 413);
  EXPECT_TRUE(rows<CheckIn>().empty());
  EXPECT_TRUE(rows<ParkedSubmission>().empty());
  std::vector<std::string> full;
  for (int i = 0; i < 64; ++i)
    full.push_back(envelope_of(check_in("K7-" + std::to_string(1000 + i))));
  EXPECT_EQ(submit(kiosk_, full).status, 200);
  EXPECT_EQ(rows<CheckIn>().size(), 64u);
}

TEST_F(KioskSubmitTest, ARevokedDeviceHandsOverWhatItHoldsAndNothingOfItRuns) {
  const auto done = envelope_of(check_in("K7-001")), held = envelope_of(check_in("K7-002"));
  ASSERT_EQ(outcomes_of(submit(kiosk_, {done})), "applied");
  const auto body = encode_batch({done, held});
  EXPECT_EQ(hand_over(kiosk_, challenge(), body, body).status, 401) << "a live one signs in";
  ASSERT_TRUE(revoke(device_).has_value());
  EXPECT_EQ(submit(kiosk_, {held}).status, 401);
  EXPECT_EQ(hand_over(kiosk_, challenge(), body, body + "x").status, 401);
  EXPECT_EQ(hand_over(NativeKiosk(), challenge(), body, body).status, 401);
  EXPECT_EQ(hand_over(kiosk_, "invented", body, body).status, 401);
  EXPECT_TRUE(rows<ParkedSubmission>().empty());
  const auto nonce = challenge();
  EXPECT_EQ(outcomes_of(hand_over(kiosk_, nonce, body, body)), "duplicate parked");
  EXPECT_EQ(only_parked().reason, "device_revoked");
  EXPECT_EQ(only_parked().number, "K7-002");
  EXPECT_EQ(only_parked().words, "reason: question\nvisitor_name: Zoe");
  EXPECT_EQ(hand_over(kiosk_, nonce, body, body).status, 401) << "a nonce serves once";
  EXPECT_EQ(outcomes_of(hand_over(kiosk_, challenge(), body, body)), "duplicate duplicate");
  EXPECT_EQ(rows<CheckIn>().size(), 1u);
}

TEST_F(KioskSubmitTest, TheLobbyHearsOfACheckInAtOnce) {
  RawSocket hints(port_, "/kiosk/hints",
                  "Origin: http://localhost\r\nCookie: " + kiosk_.cookie + "\r\n");
  ASSERT_EQ(hints.status(), 101);
  ASSERT_EQ(outcomes_of(submit(kiosk_, {envelope_of(check_in("K7-001"))})), "applied");
  EXPECT_EQ(hints.receive().payload, "changed");
}

}  // namespace
}  // namespace foyer::server
