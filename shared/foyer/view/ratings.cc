#include "foyer/view/ratings.h"

namespace foyer {
namespace {

// The words that visitors choose by (web/locales/en.json, kiosk.rate).
constexpr std::string_view kRatingWords[] = {"Very poor", "Poor", "All right", "Good",
                                             "Very good"};
constexpr std::int64_t kLowMax = 2;

std::string about_words(const Reader& reader, const Feedback& row) {
  if (const auto found = get(reader, row.case_id)) return case_number(*found);
  if (const auto visit = get(reader, row.check_in)) return visit->number;
  return row.about;
}

// Of sum / count, rounded to tenths, halves up.
std::string mean_words(std::int64_t sum, std::int64_t count) {
  if (count == 0) return {};
  const std::int64_t tenths = (20 * sum + count) / (2 * count);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " of 5";
}

}  // namespace

std::string rating_words(std::int64_t rating) {
  if (rating < 1 || rating > 5) return "No rating";
  return std::string(kRatingWords[rating - 1]) + " (" + std::to_string(rating) + " of 5)";
}

Tone tone_of_rating(std::int64_t rating) {
  return rating < 1 || rating > 5 ? Tone::kCalm
         : is_low_rating(rating)  ? Tone::kLate
         : rating == 3            ? Tone::kNeed
                                  : Tone::kGood;
}

bool is_low_rating(std::int64_t rating) { return rating >= 1 && rating <= kLowMax; }

RatingList rating_list(const Reader& reader, RatingFilter filter, const TimeWords& words) {
  RatingList list;
  std::int64_t sum = 0;
  const Scan newest{&field_of<&Feedback::at>(), {}, {}, true, kRatingsMax + 1};
  for (const Uuid& id : reader.scan(entity_of<Feedback>(), newest)) {
    if (list.count == kRatingsMax) {
      list.is_cut = true;
      break;
    }
    const auto row = get(reader, Id<Feedback>(id));
    if (!row) continue;
    ++list.count;
    sum += row->rating;
    const bool is_low = is_low_rating(row->rating);
    if (is_low) ++list.low;
    if (filter == RatingFilter::kLow && !is_low) continue;
    list.rows.push_back({row->id, words.when(row->at), rating_words(row->rating), row->comment,
                         about_words(reader, *row),
                         visitor_place_words(reader, row->device, row->site),
                         tone_of_rating(row->rating)});
  }
  list.mean = mean_words(sum, static_cast<std::int64_t>(list.count));
  return list;
}

std::optional<RatingView> rating_view(const Reader& reader, Id<Feedback> id,
                                      const TimeWords& words) {
  const auto row = get(reader, id);
  if (!row) return std::nullopt;
  RatingView view;
  view.id = id;
  view.number = row->number;
  view.rating = rating_words(row->rating);
  view.comment = row->comment;
  view.tone = tone_of_rating(row->rating);
  view.facts.push_back({"Given", words.when(row->at), Tone::kCalm});
  if (!row->about.empty()) view.facts.push_back({"About", row->about, Tone::kCalm});
  const std::string where = visitor_place_words(reader, row->device, row->site);
  if (!where.empty()) view.facts.push_back({"Where", where, Tone::kCalm});
  if (const auto found = get(reader, row->case_id))
    view.about_case = NamedCase{found->id, case_number(*found) + "  " + found->subject};
  else
    view.about_case = case_named(reader, row->about);
  if (const auto visit = get(reader, row->check_in)) {
    view.visit = visit->id;
    view.visit_title = visit->number + "  " + (visit->visitor_name.empty()
                                                   ? visit_reason_words(visit->reason)
                                                   : visit->visitor_name);
  }
  return view;
}

}  // namespace foyer
