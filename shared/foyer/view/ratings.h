// What the staff portal shows of ratings: the list with its mean, and one rating. Plain structs and
// strings; no drawing.
#pragma once

#include "foyer/view/arrivals.h"

namespace foyer {

// "Poor (2 of 5)".
std::string rating_words(std::int64_t rating);
Tone tone_of_rating(std::int64_t rating);
// Low: somebody should look at it.
bool is_low_rating(std::int64_t rating);

struct RatingRow {
  Id<Feedback> id;
  std::string when, rating, comment, about, where;
  Tone tone = Tone::kCalm;
};
struct RatingList {
  std::vector<RatingRow> rows;  // the newest first
  std::size_t count = 0, low = 0;  // of all that were looked at, whichever are listed
  std::string mean;             // "3.8 of 5"; empty without a rating
  bool is_cut = false;          // only the newest kRatingsMax were looked at
};
inline constexpr std::size_t kRatingsMax = 2000;
inline constexpr std::size_t kFewRatings = 5;  // below that a mean says little
enum class RatingFilter : std::uint8_t { kAll, kLow };
template <>
inline constexpr auto kNames<RatingFilter> = std::array<std::string_view, 2>{"all", "low"};
RatingList rating_list(const Reader& reader, RatingFilter filter, const TimeWords& words);

struct RatingView {
  Id<Feedback> id;
  std::string number, rating, comment;
  Tone tone = Tone::kCalm;
  std::vector<CaseFact> facts;
  std::optional<NamedCase> about_case;
  Id<CheckIn> visit;  // null: none, or not here any more
  std::string visit_title;
};
std::optional<RatingView> rating_view(const Reader& reader, Id<Feedback> id,
                                      const TimeWords& words);

}  // namespace foyer
