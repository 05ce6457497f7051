#include "foyer/rules/case_state.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace foyer {
namespace {

constexpr int kStates = 10, kTransitions = 13;

TEST(CaseState, NothingLeavesAnEndedState) {
  for (const CaseState state : {CaseState::kClosed, CaseState::kCancelled, CaseState::kRejected,
                                CaseState::kMerged})
    for (const Party party : {Party::kCustomer, Party::kStaff, Party::kSystem})
      EXPECT_TRUE(transitions_from(state, party).empty()) << name_of(state);
}

TEST(CaseState, OfferedIsExactlyWhatIsPossible) {
  for (int state = 0; state < kStates; ++state)
    for (const Party party : {Party::kCustomer, Party::kStaff, Party::kSystem}) {
      const auto offered = transitions_from(static_cast<CaseState>(state), party);
      for (int i = 0; i < kTransitions; ++i) {
        const auto transition = static_cast<Transition>(i);
        const bool is_offered =
            std::find(offered.begin(), offered.end(), transition) != offered.end();
        EXPECT_EQ(is_offered,
                  next_state(static_cast<CaseState>(state), transition, party).has_value());
      }
    }
}

TEST(CaseState, WhoMayDoWhat) {
  EXPECT_EQ(next_state(CaseState::kResolved, Transition::kConfirm, Party::kCustomer),
            CaseState::kClosed);
  EXPECT_FALSE(next_state(CaseState::kResolved, Transition::kConfirm, Party::kStaff));
  EXPECT_FALSE(next_state(CaseState::kNew, Transition::kStart, Party::kCustomer));
  EXPECT_FALSE(next_state(CaseState::kInProgress, Transition::kCustomerReply, Party::kCustomer));
  EXPECT_EQ(next_state(CaseState::kPending, Transition::kCustomerReply, Party::kCustomer),
            CaseState::kInProgress);
  EXPECT_EQ(next_state(CaseState::kHeld, Transition::kAssign, Party::kStaff), CaseState::kHeld);
}

TEST(CaseState, ReasonsBelongToOneKindOfWait) {
  for (int i = 0; i < 8; ++i) {
    const auto reason = static_cast<WaitReason>(i);
    EXPECT_EQ(is_pending_reason(reason) + is_held_reason(reason), i == 0 ? 0 : 1) << i;
  }
  EXPECT_TRUE(is_open(CaseState::kHeld));
  EXPECT_FALSE(is_open(CaseState::kResolved));
  EXPECT_FALSE(is_ended(CaseState::kResolved));
}

}  // namespace
}  // namespace foyer
