#include "foyer/view/staff_cases.h"

#include "foyer/command/note_case.h"
#include "foyer/command/resolve_case.h"
#include "shared/view/demo_rows.h"

namespace foyer {
namespace {

class StaffCases : public testing::Test {
 protected:
  std::vector<QueueRow> rows(const QueueQuery& query, std::string_view who = kDeskEmail) const {
    return queue_rows(demo.store, demo.actor_named(who), query, DemoRows::kStart, words);
  }
  std::optional<CaseView> view(Id<Case> id, std::string_view who = kDeskEmail) const {
    return case_view(demo.store, demo.actor_named(who), id, DemoRows::kStart, words);
  }
  Id<Case> one_in(CaseState state) const {
    for (const Case& row : all<Case>(demo.store))
      if (row.state == state) return row.id;
    return {};
  }

  static constexpr std::string_view kDeskEmail = "ana@foyer.example";
  DemoRows demo;
  PlainWords words;
};

TEST_F(StaffCases, OpenAndEndedTogetherAreAll) {
  const auto open = rows({.filter = QueueFilter::kOpen}),
             ended = rows({.filter = QueueFilter::kEnded});
  EXPECT_FALSE(open.empty());
  EXPECT_FALSE(ended.empty());
  EXPECT_EQ(open.size() + ended.size(), rows({.filter = QueueFilter::kAll}).size());
  EXPECT_EQ(open.size() + ended.size(), demo.store.count(entity_of<Case>()));
}

TEST_F(StaffCases, MineAreOwnedByTheActorAndUnassignedByNobody) {
  const Actor ana = demo.actor_named(kDeskEmail);
  const auto mine = rows({.filter = QueueFilter::kMine});
  const auto free = rows({.filter = QueueFilter::kUnassigned});
  ASSERT_FALSE(mine.empty());
  ASSERT_FALSE(free.empty());
  for (const QueueRow& row : mine) EXPECT_EQ(get(demo.store, row.id)->owner, ana.user);
  for (const QueueRow& row : free) EXPECT_TRUE(get(demo.store, row.id)->owner.is_null());
}

TEST_F(StaffCases, TheNearestPromiseComesFirstAndNoneLast) {
  const auto open = rows({});
  bool is_none_seen = false;
  for (std::size_t i = 0; i < open.size(); ++i) {
    if (open[i].due.is_none()) is_none_seen = true;
    EXPECT_TRUE(!is_none_seen || open[i].due.is_none()) << open[i].number;
    if (i > 0 && !open[i].due.is_none()) EXPECT_LE(open[i - 1].due.ms, open[i].due.ms);
  }
}

TEST_F(StaffCases, SortedAnewIsAsIfAskedInThatOrder) {
  const auto ids = [](const std::vector<QueueRow>& list) {
    std::vector<Id<Case>> result;
    for (const QueueRow& row : list) result.push_back(row.id);
    return result;
  };
  auto list = rows({.filter = QueueFilter::kAll});
  for (const auto& sorts : {std::vector<QueueSort>{{QueueOrder::kState, true}},
                            {{QueueOrder::kOwner}, {QueueOrder::kNumber, true}},
                            {}}) {
    sort_queue(list, sorts);
    EXPECT_EQ(ids(list), ids(rows({.filter = QueueFilter::kAll, .sorts = sorts})));
  }
  EXPECT_EQ(list.front().promise, rows({.filter = QueueFilter::kAll}).front().promise);
}

TEST_F(StaffCases, DescendingIsTheReverse) {
  for (const QueueOrder order : {QueueOrder::kPromise, QueueOrder::kNumber, QueueOrder::kSubject,
                                 QueueOrder::kAccount, QueueOrder::kState, QueueOrder::kUpdated,
                                 QueueOrder::kOwner, QueueOrder::kPriority}) {
    auto up = rows({.filter = QueueFilter::kAll, .sorts = {{order, false}}});
    const auto down = rows({.filter = QueueFilter::kAll, .sorts = {{order, true}}});
    std::reverse(up.begin(), up.end());
    ASSERT_EQ(up.size(), down.size());
    for (std::size_t i = 0; i < up.size(); ++i) EXPECT_EQ(up[i].id, down[i].id);
  }
}

TEST_F(StaffCases, TheSecondColumnSortsWhatTheFirstLeavesEqual) {
  const auto list = rows({.filter = QueueFilter::kAll,
                          .sorts = {{QueueOrder::kState, true}, {QueueOrder::kNumber, false}}});
  bool has_equal = false;
  for (std::size_t i = 1; i < list.size(); ++i) {
    EXPECT_GE(list[i - 1].state, list[i].state);
    if (list[i - 1].state != list[i].state) continue;
    has_equal = true;
    EXPECT_LT(list[i - 1].number, list[i].number);
  }
  EXPECT_TRUE(has_equal);
}

TEST_F(StaffCases, FiltersByStatePriorityAndOwner) {
  const auto held = rows({.filter = QueueFilter::kAll, .state = CaseState::kHeld});
  ASSERT_FALSE(held.empty());
  for (const QueueRow& row : held) EXPECT_EQ(get(demo.store, row.id)->state, CaseState::kHeld);
  const auto high = rows({.filter = QueueFilter::kAll, .priority = Priority::kHigh});
  ASSERT_FALSE(high.empty());
  for (const QueueRow& row : high) EXPECT_EQ(get(demo.store, row.id)->priority, Priority::kHigh);
  const Id<User> jonas = demo.actor_named("jonas@foyer.example").user;
  const auto his = rows({.filter = QueueFilter::kAll, .owner = jonas});
  ASSERT_FALSE(his.empty());
  for (const QueueRow& row : his) EXPECT_EQ(get(demo.store, row.id)->owner, jonas);
}

// Whichever index the cases come from: as many as a look at each of them gives.
TEST_F(StaffCases, EveryFilterWithEveryStateAndOwnerFindsAll) {
  const Actor ana = demo.actor_named(kDeskEmail);
  const Id<User> jonas = demo.actor_named("jonas@foyer.example").user;
  const auto fits = [&](const Case& row, QueueFilter filter) {
    switch (filter) {
      case QueueFilter::kOpen: return is_open(row.state);
      case QueueFilter::kMine: return is_open(row.state) && row.owner == ana.user;
      case QueueFilter::kUnassigned: return is_open(row.state) && row.owner.is_null();
      case QueueFilter::kEnded: return !is_open(row.state);
      default: return true;
    }
  };
  for (std::size_t filter = 0; filter < kQueueFilters; ++filter)
    for (std::size_t state = 0; state <= kNames<CaseState>.size(); ++state)
      for (const Id<User> owner : {Id<User>(), jonas, ana.user}) {
        QueueQuery query{.filter = static_cast<QueueFilter>(filter), .owner = owner};
        const bool has_state = state < kNames<CaseState>.size();
        if (has_state) query.state = static_cast<CaseState>(state);
        std::size_t expected = 0;
        for (const Case& row : all<Case>(demo.store))
          expected += fits(row, query.filter) && (!has_state || row.state == *query.state) &&
                      (owner.is_null() || row.owner == owner);
        EXPECT_EQ(rows(query).size(), expected) << filter << ' ' << state;
      }
}

TEST_F(StaffCases, TheMostUrgentComesFirst) {
  const auto list = rows({.sorts = {{QueueOrder::kPriority, false}}});
  for (std::size_t i = 1; i < list.size(); ++i) EXPECT_LE(list[i - 1].urgency, list[i].urgency);
  EXPECT_LT(list.front().urgency, list.back().urgency);
}

TEST(PressSort, SortsTurnsAndAdds) {
  std::vector<QueueSort> sorts;
  press_sort(sorts, QueueOrder::kPromise, false);
  EXPECT_EQ(sorts, (std::vector<QueueSort>{{QueueOrder::kPromise, true}}));
  press_sort(sorts, QueueOrder::kState, false);
  EXPECT_EQ(sorts, (std::vector<QueueSort>{{QueueOrder::kState, false}}));
  press_sort(sorts, QueueOrder::kNumber, true);
  press_sort(sorts, QueueOrder::kNumber, true);
  EXPECT_EQ(sorts, (std::vector<QueueSort>{{QueueOrder::kState, false},
                                           {QueueOrder::kNumber, true}}));
  press_sort(sorts, QueueOrder::kNumber, false);
  EXPECT_EQ(sorts, (std::vector<QueueSort>{{QueueOrder::kNumber, false}}));
}

TEST_F(StaffCases, CasesAreGivenToStaffAlone) {
  const auto owners = possible_owners(demo.store);
  ASSERT_GT(owners.size(), 3u);
  for (std::size_t i = 0; i < owners.size(); ++i) {
    EXPECT_TRUE(get(demo.store, owners[i].id)->contact.is_null());
    if (i > 0) EXPECT_LE(owners[i - 1].name, owners[i].name);
  }
}

TEST_F(StaffCases, SearchFindsByNumberSubjectAndWhatWasWritten) {
  const Case one = *get(demo.store, one_in(CaseState::kInProgress));
  const auto by_number = rows({.filter = QueueFilter::kAll, .text = one.number});
  ASSERT_EQ(by_number.size(), 1u);
  EXPECT_EQ(by_number.front().id, one.id);
  const auto messages = find<&Message::case_id>(demo.store, one.id);
  ASSERT_FALSE(messages.empty());
  bool is_found = false;
  for (const auto& row : rows({.filter = QueueFilter::kAll, .text = messages.front().body}))
    is_found |= row.id == one.id;
  EXPECT_TRUE(is_found);
  EXPECT_TRUE(rows({.filter = QueueFilter::kAll, .text = "nobodywrotethis"}).empty());
}

TEST_F(StaffCases, ACaseThatIsNotThereIsNotShown) {
  EXPECT_FALSE(view({}).has_value());
  EXPECT_FALSE(view(Id<Case>(derive_uuid(Uuid(), "nothing"))).has_value());
}

TEST_F(StaffCases, NotesAreMarkedAndTheThreadIsInOrderOfTime) {
  const Id<Case> id = one_in(CaseState::kInProgress);
  const Instant later{DemoRows::kStart.ms + 1000};
  const Context context{demo.actor_named(kDeskEmail), later, derive_uuid(Uuid(), "a note")};
  NoteCase note;
  note.case_id = id;
  note.message = Id<Message>(derive_uuid(Uuid(), "the note"));
  note.body = "Between us";
  ASSERT_TRUE(run_command(make_command(note), demo.store, context));
  const auto shown = view(id);
  ASSERT_TRUE(shown);
  ASSERT_FALSE(shown->thread.empty());
  EXPECT_EQ(shown->thread.back().body, "Between us");
  EXPECT_TRUE(shown->thread.back().is_internal);
  EXPECT_FALSE(shown->thread.back().is_customer);
  EXPECT_TRUE(shown->thread.front().is_customer);
}

TEST_F(StaffCases, OnlyLegalMovesAreOffered) {
  const auto has = [](const CaseView& shown, Transition move) {
    return std::find(shown.moves.begin(), shown.moves.end(), move) != shown.moves.end();
  };
  const auto busy = view(one_in(CaseState::kInProgress));
  ASSERT_TRUE(busy);
  EXPECT_TRUE(has(*busy, Transition::kResolve));
  EXPECT_FALSE(has(*busy, Transition::kReopen));
  EXPECT_TRUE(busy->may_write);
  const auto solved = view(one_in(CaseState::kResolved));
  ASSERT_TRUE(solved);
  EXPECT_FALSE(has(*solved, Transition::kResolve));
}

TEST_F(StaffCases, WhoIsNotOfTheDeskIsOfferedNothing) {
  const auto shown = view(one_in(CaseState::kInProgress), "clara@lindenhof.example");
  ASSERT_TRUE(shown);
  EXPECT_TRUE(shown->moves.empty());
  EXPECT_FALSE(shown->may_write);
}

}  // namespace
}  // namespace foyer
