#include "screen/visitor_desk.h"

#include <algorithm>

#include "foyer/base/text.h"
#include "foyer/command/desk_visit.h"

namespace foyer::portal {
namespace {

constexpr std::string_view kPlace = "visitors/place", kNote = "visitors/note";

struct ArrivalColumn {
  Ui::Column head;
  std::string ArrivalRow::*text;
  Tone ArrivalRow::*tone = nullptr;
  float from_width = 0;  // of the table, in CSS pixels
  float below_width = 1e9F;
};
constexpr ArrivalColumn kArrivalColumns[] = {
    {{"Number", 5.4F}, &ArrivalRow::number, nullptr, 560},
    {{"Number", 3.6F}, &ArrivalRow::number, nullptr, 0, 560},
    {{"Name", 0}, &ArrivalRow::name},
    {{"Reason", 10.5F}, &ArrivalRow::reason, nullptr, 760},
    {{"About", 7}, &ArrivalRow::about, nullptr, 980},
    {{"Where", 11}, &ArrivalRow::where, nullptr, 980},
    {{"Wait", 5.6F}, &ArrivalRow::span, &ArrivalRow::span_tone, 560},
    {{"Wait", 4}, &ArrivalRow::span, &ArrivalRow::span_tone, 0, 560},
    {{"State", 10}, &ArrivalRow::status, &ArrivalRow::status_tone, 560},
    {{"State", 6.4F}, &ArrivalRow::status, &ArrivalRow::status_tone, 400, 560},
    {{"State", 3.7F}, &ArrivalRow::status, &ArrivalRow::status_tone, 0, 400},
};
constexpr Ui::Column kRatingColumns[] = {{"Rating", 10}, {"Comment", 0}, {"About", 7},
                                         {"Given", 9},   {"Where", 12}};
constexpr Ui::Column kUntakenColumns[] = {{"What", 8}, {"Number", 6}, {"Why it was not taken", 0},
                                          {"When", 9}};

std::optional<Tone> spoken(Tone tone) {
  return tone == Tone::kCalm ? std::nullopt : std::optional<Tone>(tone);
}

template <class Rows>
int place_of(const Rows& rows, const Uuid& id) {
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].id == id) return static_cast<int>(i);
  return -1;
}

}  // namespace

void VisitorDesk::count() {
  waiting_ = count_waiting(port_.rows());
  untaken_count_ = count_untaken(port_.rows());
}

std::string VisitorDesk::title() const {
  return waiting_ == 0 ? "Visitors" : "Visitors (" + std::to_string(waiting_) + ")";
}

void VisitorDesk::refresh(const PortalRoute& route) {
  route_ = route;
  const Reader& rows = port_.rows();
  const Instant now = port_.now();
  if (!is_place_known_ && port_.status().is_loaded) {
    is_place_known_ = true;
    if (place_.empty()) place_ = last_place(rows, port_.actor());
  }
  if (route.screen == Screen::kArrivals) {
    places_ = arrival_places(rows);
    arrivals_ = route.query.filter == QueueFilter::kEnded ? arrivals_over(rows, kiosk_, now)
                                                          : arrivals_here(rows, kiosk_, now);
    visit_ = visit_view(rows, port_.actor(), Id<CheckIn>(route.selected), now, port_.words());
  }
  if (route.screen == Screen::kRatings) {
    ratings_ = rating_list(rows, route.ratings, port_.words());
    rating_ = rating_view(rows, Id<Feedback>(route.selected), port_.words());
  }
  if (route.screen == Screen::kUntaken) {
    untaken_ = untaken_rows(rows, port_.words());
    untaken_one_ =
        untaken_view(rows, port_.actor(), Id<ParkedSubmission>(route.selected), port_.words());
  }
}

void VisitorDesk::turn() {
  note_.clear();
  if (!std::exchange(is_notice_kept_, false)) notice_.clear();
  is_turned_ = true;
}

void VisitorDesk::begin(Ui& ui) {
  if (std::exchange(is_turned_, false)) ui.clear_text(kNote);
}

void VisitorDesk::wish(Screen screen, Uuid selected) {
  PortalRoute route;
  route.screen = screen;
  route.selected = selected;
  wish_ = std::move(route);
}

void VisitorDesk::wish_row(Uuid selected) {
  if (selected == route_.selected) return;
  PortalRoute route = route_;
  route.selected = selected;
  wish_ = std::move(route);
}

bool VisitorDesk::submit(Command command, std::string said) {
  const auto done = port_.submit(std::move(command));
  is_changed_ = true;
  is_refused_ = !done;
  notice_ = done ? std::move(said) : visit_refusal_words(done.error());
  return done.has_value();
}

const ArrivalRow* VisitorDesk::next() const {
  if (route_.screen != Screen::kArrivals || !may_serve_visitors(port_.actor())) return nullptr;
  for (const ArrivalRow& row : arrivals_.rows)
    if (row.state == CheckInState::kWaiting) return &row;
  return nullptr;
}

void VisitorDesk::call(Ui& ui, Id<CheckIn> visit, const std::string& number) {
  const std::string place(trim(place_));
  if (place.empty()) {
    is_refused_ = true;
    notice_ = visit_refusal_words({ErrorCode::kInvalid, "place", "required"});
    return ui.focus(kPlace);
  }
  if (!submit(make_command(CallCheckIn{visit, place, {}}), number + " is called to " + place + "."))
    return;
  is_notice_kept_ = route_.selected != visit;
  wish_row(visit);
}

void VisitorDesk::end(CheckInState outcome) {
  if (!visit_ || !visit_->is_here) return;
  const std::string said =
      visit_->number + (outcome == CheckInState::kServed ? " was served." : " left unserved.");
  if (!submit(make_command(EndCheckIn{visit_->id, outcome, {}}), said)) return;
  is_notice_kept_ = true;
  wish_row({});
}

std::vector<VisitorDesk::Offer> VisitorDesk::offers(Ui& ui) {
  std::vector<Offer> list;
  if (const ArrivalRow* row = next(); row != nullptr)
    list.push_back({"call-next", "Call the next visitor: " + row->number, "N",
                    [this, &ui, id = row->id, number = row->number] { call(ui, id, number); }});
  if (route_.screen != Screen::kArrivals || !visit_ || !visit_->may_serve) return list;
  list.push_back({"call", "Call " + visit_->number, "A",
                  [this, &ui] { call(ui, visit_->id, visit_->number); }});
  list.push_back({"served", visit_->number + " was served", "S",
                  [this] { end(CheckInState::kServed); }});
  list.push_back({"left", visit_->number + " left unserved", "L",
                  [this] { end(CheckInState::kLeft); }});
  return list;
}

void VisitorDesk::draw_list(Ui& ui) {
  ui.heading("Visitors");
  if (!may_see_visitors(port_.actor()))
    return ui.empty("Your role may not see visitors", "The people at the desk may.");
  draw_tabs(ui);
  if (!port_.status().is_online)
    ui.banner("Offline: who came, and what was said, since the last contact is not shown yet. What "
              "you do here is kept and sent when the connection is back.",
              Tone::kNeed);
  if (route_.selected.is_null()) draw_notice(ui);
  if (route_.screen == Screen::kArrivals) draw_arrivals(ui);
  if (route_.screen == Screen::kRatings) draw_ratings(ui);
  if (route_.screen == Screen::kUntaken) draw_untaken(ui);
}

void VisitorDesk::draw_detail(Ui& ui) {
  if (ui.is_narrow() && ui.button("visitors/back", "Back to the list", Weight::kQuiet))
    return wish_row({});
  draw_notice(ui);
  if (route_.screen == Screen::kArrivals) draw_visit(ui);
  if (route_.screen == Screen::kRatings) draw_rating(ui);
  if (route_.screen == Screen::kUntaken) draw_untaken_one(ui);
}

void VisitorDesk::draw_notice(Ui& ui) {
  if (!notice_.empty()) ui.banner(notice_, is_refused_ ? Tone::kLate : Tone::kGood);
}

void VisitorDesk::draw_tabs(Ui& ui) {
  const auto tab = [&](Screen screen, const std::string& label) {
    if (ui.button("visitors/tab/" + std::string(name_of(screen)), label,
                  route_.screen == screen ? Weight::kSecondary : Weight::kQuiet,
                  route_.screen == screen))
      wish(screen, {});
  };
  tab(Screen::kArrivals, "Arrivals");
  ui.flow("Ratings");
  tab(Screen::kRatings, "Ratings");
  if (untaken_count_ == 0 && route_.screen != Screen::kUntaken) return;
  const std::string label = "Not taken (" + std::to_string(untaken_count_) + ")";
  ui.flow(label);
  tab(Screen::kUntaken, label);
}

void VisitorDesk::draw_arrivals(Ui& ui) {
  draw_arrival_filters(ui);
  const bool is_over = route_.query.filter == QueueFilter::kEnded;
  if (!is_over) draw_call_next(ui);
  if (!arrivals_.rows.empty()) return draw_arrival_table(ui);
  if (!port_.status().is_loaded) return ui.empty("Loading", "The visitors are on their way.");
  if (is_over) return ui.empty("No visit is over yet", "Visits that end are listed here.");
  if (places_.empty())
    return ui.empty("Nobody waits", "There is no kiosk yet at which visitors could check in. "
                                    "Supervisors and administrators set kiosks up.");
  ui.empty("Nobody waits", "Whoever checks in at a kiosk appears here at once.");
}

void VisitorDesk::draw_arrival_filters(Ui& ui) {
  const bool is_over = route_.query.filter == QueueFilter::kEnded;
  const bool is_line = ui.available_width() > 560;
  constexpr std::string_view shown[] = {"Here now", "Over"};
  const int pressed = ui.segments("visitors/show", shown, is_over ? 1 : 0);
  if (pressed >= 0 && (pressed == 1) != is_over) {
    wish(Screen::kArrivals, {});
    wish_->query.filter = pressed == 1 ? QueueFilter::kEnded : QueueFilter::kOpen;
  }
  if (places_.size() < 2) return;
  std::vector<std::string> labels{"Every kiosk"};
  std::size_t chosen = 0;
  for (const ArrivalPlace& place : places_) {
    labels.push_back(place.name);
    if (place.device == kiosk_) chosen = labels.size() - 1;
  }
  if (is_line) ui.same_line();
  if (ui.select("visitors/kiosk", "Kiosk", labels, chosen, is_line ? 300.0F : 0)) {
    kiosk_ = chosen == 0 ? Id<Device>() : places_[chosen - 1].device;
    refresh(route_);
  }
}

void VisitorDesk::draw_call_next(Ui& ui) {
  if (arrivals_.rows.empty()) return;
  const Ui::Stat stats[] = {
      {"Waiting", std::to_string(arrivals_.waiting),
       arrivals_.waiting > 0 ? Tone::kNeed : Tone::kCalm},
      {"Longest wait", arrivals_.longest.empty() ? "none" : arrivals_.longest,
       arrivals_.longest_tone},
      {"Called", std::to_string(arrivals_.called),
       arrivals_.called > 0 ? Tone::kBusy : Tone::kCalm}};
  ui.stats(stats);
  const ArrivalRow* row = next();
  if (row == nullptr) return;
  const bool is_in_detail = visit_ && visit_->may_serve;
  if (!is_in_detail) draw_place(ui);
  const Id<CheckIn> id = row->id;
  const std::string number = row->number;
  if (ui.button("visitors/next", "Call the next: " + number,
                is_in_detail ? Weight::kSecondary : Weight::kPrimary))
    call(ui, id, number);
  ui.space(0.2F);
}

void VisitorDesk::draw_place(Ui& ui) {
  ui.text_as("visitors/place/title", "Where to call them", Size::kSmall, true);
  ui.text_field(kPlace, "Where to call them, such as Desk 2", place_);
}

void VisitorDesk::draw_arrival_table(Ui& ui) {
  const float width = ui.available_width();
  std::vector<ArrivalColumn> columns;
  std::vector<Ui::Column> heads;
  for (const ArrivalColumn& column : kArrivalColumns) {
    if (width < column.from_width || width >= column.below_width) continue;
    columns.push_back(column);
    heads.push_back(column.head);
  }
  const auto result = ui.table(
      "visitors/arrivals", "Arrivals", heads, {}, static_cast<int>(arrivals_.rows.size()),
      place_of(arrivals_.rows, route_.selected), [&](int i, std::vector<Ui::Cell>& cells) {
        const ArrivalRow& row = arrivals_.rows[static_cast<std::size_t>(i)];
        for (const ArrivalColumn& column : columns) {
          const auto tone = column.tone == nullptr ? std::nullopt : spoken(row.*column.tone);
          cells.push_back({row.*column.text, tone, column.text == &ArrivalRow::status});
        }
      });
  if (result.clicked_row >= 0)
    wish_row(arrivals_.rows[static_cast<std::size_t>(result.clicked_row)].id);
}

void VisitorDesk::draw_visit(Ui& ui) {
  if (!visit_)
    return ui.empty("This visit is not here",
                    "It does not exist, or your role may not read it. It may still be loading.");
  const VisitView& view = *visit_;
  ui.text(view.number, Size::kSmall, true);
  ui.heading(view.name);
  ui.tag(view.status, view.tone);
  for (const CaseFact& fact : view.facts) ui.fact(fact);
  if (view.about) {
    ui.space(0.3F);
    if (ui.button("visitors/case", "Open " + view.about->title))
      wish(Screen::kCases, view.about->id);
  }
  if (view.may_serve) draw_visit_deeds(ui);
}

void VisitorDesk::draw_visit_deeds(Ui& ui) {
  ui.space(0.4F);
  draw_place(ui);
  const bool is_called = visit_->state == CheckInState::kCalled;
  const Id<CheckIn> id = visit_->id;
  const std::string number = visit_->number, again = is_called ? "Call again" : "Call";
  if (ui.button("visitors/call", again, is_called ? Weight::kSecondary : Weight::kPrimary))
    return call(ui, id, number);
  ui.flow("Served");
  if (ui.button("visitors/served", "Served", is_called ? Weight::kPrimary : Weight::kSecondary))
    return end(CheckInState::kServed);
  ui.flow("Left unserved");
  if (ui.button("visitors/left", "Left unserved")) return end(CheckInState::kLeft);
  ui.text("Keys: A calls, S is served, L has left, N calls the next.", Size::kSmall, true);
}

void VisitorDesk::draw_rating_numbers(Ui& ui) {
  if (ratings_.count == 0) return;
  const Ui::Stat stats[] = {
      {"Mean", ratings_.mean},
      {"Ratings", std::to_string(ratings_.count)},
      {"Low (1 or 2)", std::to_string(ratings_.low),
       ratings_.low > 0 ? Tone::kLate : Tone::kCalm}};
  ui.stats(stats);
  if (ratings_.count < kFewRatings)
    ui.text("So few ratings say little yet: read them one by one.", Size::kSmall, true);
  if (ratings_.is_cut)
    ui.text("Of the newest " + std::to_string(kRatingsMax) + " ratings.", Size::kSmall, true);
}

void VisitorDesk::draw_ratings(Ui& ui) {
  constexpr std::string_view shown[] = {"All", "Low ones"};
  const bool is_low = route_.ratings == RatingFilter::kLow;
  const int pressed = ui.segments("visitors/rated", shown, is_low ? 1 : 0);
  if (pressed >= 0 && (pressed == 1) != is_low) {
    wish(Screen::kRatings, {});
    wish_->ratings = pressed == 1 ? RatingFilter::kLow : RatingFilter::kAll;
  }
  draw_rating_numbers(ui);
  if (ratings_.rows.empty()) {
    if (!port_.status().is_loaded) return ui.empty("Loading", "The ratings are on their way.");
    if (ratings_.count > 0)
      return ui.empty("No low rating", "Nobody gave 1 or 2 of 5. Look at all of them.");
    return ui.empty("Nobody has rated yet",
                    "Visitors rate at a kiosk; what they say appears here at once.");
  }
  const float width = ui.available_width();
  const std::size_t shown_columns = width > 900 ? 5 : width > 640 ? 4 : 2;
  const auto result = ui.table(
      "visitors/ratings", "Ratings", std::span(kRatingColumns).first(shown_columns), {},
      static_cast<int>(ratings_.rows.size()), place_of(ratings_.rows, route_.selected),
      [&](int i, std::vector<Ui::Cell>& cells) {
        const RatingRow& row = ratings_.rows[static_cast<std::size_t>(i)];
        cells.push_back({row.rating, row.tone, true});
        for (const auto* text : {&row.comment, &row.about, &row.when, &row.where})
          if (cells.size() < shown_columns) cells.push_back({*text, {}});
      });
  if (result.clicked_row >= 0)
    wish_row(ratings_.rows[static_cast<std::size_t>(result.clicked_row)].id);
}

void VisitorDesk::draw_rating(Ui& ui) {
  if (!rating_)
    return ui.empty("This rating is not here",
                    "It does not exist, or your role may not read it. It may still be loading.");
  const RatingView& view = *rating_;
  if (!view.number.empty()) ui.text(view.number, Size::kSmall, true);
  ui.heading(view.rating);
  for (const CaseFact& fact : view.facts) ui.fact(fact);
  ui.space(0.4F);
  ui.text("Comment", Size::kTitle);
  ui.text_as("visitors/comment", view.comment.empty() ? "No comment." : view.comment, Size::kBody,
             view.comment.empty());
  ui.space(0.4F);
  if (view.about_case && ui.button("visitors/case", "Open " + view.about_case->title))
    wish(Screen::kCases, view.about_case->id);
  if (!view.visit.is_null() && ui.button("visitors/visit", "Open the visit " + view.visit_title))
    wish(Screen::kArrivals, view.visit);
}

void VisitorDesk::draw_untaken(Ui& ui) {
  ui.text("Kiosks handed this over, and the server could not do it. Nothing is lost: read the "
          "words, do what is needed, and say what was done.",
          Size::kBody, true);
  if (untaken_.empty()) {
    if (!port_.status().is_loaded) return ui.empty("Loading", "It is on its way.");
    return ui.empty("Nothing is left", "Everything that kiosks handed over was taken or settled.");
  }
  const float width = ui.available_width();
  const std::size_t shown = width > 640 ? 4 : 3;
  const auto result = ui.table(
      "visitors/untaken", "Not taken", std::span(kUntakenColumns).first(shown), {},
      static_cast<int>(untaken_.size()), place_of(untaken_, route_.selected),
      [&](int i, std::vector<Ui::Cell>& cells) {
        const UntakenRow& row = untaken_[static_cast<std::size_t>(i)];
        for (const auto* text : {&row.what, &row.number, &row.reason, &row.when})
          if (cells.size() < shown) cells.push_back({*text, {}});
      });
  if (result.clicked_row >= 0)
    wish_row(untaken_[static_cast<std::size_t>(result.clicked_row)].id);
}

void VisitorDesk::draw_untaken_one(Ui& ui) {
  if (!untaken_one_)
    return ui.empty("This is not here",
                    "It does not exist, or your role may not read it. It may still be loading.");
  const UntakenView& view = *untaken_one_;
  ui.heading(view.title);
  ui.tag(view.is_settled ? "Settled" : "Not taken", view.is_settled ? Tone::kGood : Tone::kNeed);
  ui.text_as("visitors/reason", view.reason);
  for (const CaseFact& fact : view.facts) ui.fact(fact);
  ui.space(0.4F);
  ui.text("What the visitor wrote", Size::kTitle);
  ui.text_as("visitors/words", view.words.empty() ? "Nothing of it can be read." : view.words,
             Size::kBody, view.words.empty());
  if (!view.may_settle) return;
  ui.space(0.4F);
  ui.text("What was done about it", Size::kTitle);
  ui.text_field(kNote, "What was done about it", note_, 3);
  if (!ui.button("visitors/settle", "Settle", Weight::kPrimary)) return;
  if (trim(note_).empty()) {
    is_refused_ = true;
    notice_ = "Say what was done: whoever asks later reads it.";
    return;
  }
  if (!submit(make_command(SettleSubmission{view.id, note_, {}}), view.title + " is settled."))
    return;
  is_notice_kept_ = true;
  wish_row({});
}

}  // namespace foyer::portal
