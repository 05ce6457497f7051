#include "foyer/view/ratings.h"

#include <gtest/gtest.h>

#include "shared/view/demo_rows.h"

namespace foyer {
namespace {

const PlainWords kWords;

Feedback rated(MemoryStore& store, std::string_view name, std::int64_t rating,
               std::int64_t at = 1000) {
  Feedback row;
  row.id = Id<Feedback>(derive_uuid(Uuid(), name));
  row.number = name;
  row.rating = rating;
  row.at = Instant{at};
  put(store, row);
  return row;
}

std::string mean_of(std::initializer_list<std::int64_t> ratings) {
  MemoryStore store(Numbering::kAuthority);
  for (const std::int64_t rating : ratings)
    rated(store, std::to_string(all<Feedback>(store).size()), rating);
  return rating_list(store, RatingFilter::kAll, kWords).mean;
}

TEST(Ratings, TheMeanIsRoundedOnceAndThereIsNoneOfNothing) {
  EXPECT_EQ(mean_of({}), "");
  EXPECT_EQ(mean_of({4}), "4.0 of 5");
  EXPECT_EQ(mean_of({4, 5, 5}), "4.7 of 5");
  EXPECT_EQ(mean_of({1, 1, 2}), "1.3 of 5");
  EXPECT_EQ(mean_of({5, 5, 5, 4}), "4.8 of 5") << "a half goes up";
}

TEST(Ratings, TheNewestIsFirstAndTheFilterLeavesTheNumbersAlone) {
  MemoryStore store(Numbering::kAuthority);
  rated(store, "K7-001", 1, 1000);
  rated(store, "K7-002", 3, 3000);
  rated(store, "K7-003", 2, 2000);
  const RatingList every = rating_list(store, RatingFilter::kAll, kWords);
  ASSERT_EQ(every.rows.size(), 3u);
  EXPECT_EQ(every.rows[0].when, "3000");
  EXPECT_EQ(every.rows[2].when, "1000");
  const RatingList low = rating_list(store, RatingFilter::kLow, kWords);
  ASSERT_EQ(low.rows.size(), 2u);
  EXPECT_EQ(low.rows[0].rating, "Poor (2 of 5)");
  EXPECT_EQ(low.count, 3u);
  EXPECT_EQ(low.low, 2u);
  EXPECT_EQ(low.mean, every.mean);
}

TEST(Ratings, OnlyTheNewestAreCountedAndItIsSaid) {
  MemoryStore store(Numbering::kAuthority);
  for (std::size_t i = 0; i < kRatingsMax; ++i)
    rated(store, std::to_string(i), 5, 5000 + static_cast<std::int64_t>(i));
  EXPECT_FALSE(rating_list(store, RatingFilter::kAll, kWords).is_cut);
  rated(store, "an old one", 1, 1);
  const RatingList list = rating_list(store, RatingFilter::kAll, kWords);
  EXPECT_TRUE(list.is_cut);
  EXPECT_EQ(list.count, kRatingsMax);
  EXPECT_EQ(list.mean, "5.0 of 5");
}

TEST(Ratings, WordsAndTonesSayTheSame) {
  for (std::int64_t rating = 1; rating <= 5; ++rating) {
    EXPECT_NE(rating_words(rating).find(std::to_string(rating) + " of 5"), std::string::npos);
    EXPECT_EQ(is_low_rating(rating), tone_of_rating(rating) == Tone::kLate) << rating;
  }
  EXPECT_EQ(rating_words(0), "No rating");
  EXPECT_EQ(tone_of_rating(6), Tone::kCalm);
}

TEST(Ratings, ARatingLeadsToTheCaseAndTheVisitItIsAbout) {
  DemoRows demo;
  const Case named = all<Case>(demo.store, 1).front();
  CheckIn visit;
  visit.id = Id<CheckIn>(derive_uuid(Uuid(), "visit"));
  visit.number = "K7-001";
  visit.reason = VisitReason::kDelivery;
  visit.at = DemoRows::kStart;
  put(demo.store, visit);
  Feedback row = rated(demo.store, "K7-002", 4);
  EXPECT_FALSE(rating_view(demo.store, row.id, kWords)->about_case);
  EXPECT_TRUE(rating_view(demo.store, row.id, kWords)->visit.is_null());
  row.check_in = visit.id;
  row.case_id = named.id;
  put(demo.store, row);
  const auto view = rating_view(demo.store, row.id, kWords);
  ASSERT_TRUE(view && view->about_case);
  EXPECT_EQ(view->about_case->id, named.id);
  EXPECT_EQ(view->visit, visit.id);
  EXPECT_EQ(view->visit_title, "K7-001  Delivery");
  EXPECT_EQ(rating_list(demo.store, RatingFilter::kAll, kWords).rows[0].about, named.number);
}

}  // namespace
}  // namespace foyer
