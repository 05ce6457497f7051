// Visitors, as the desk sees them: arrivals, ratings, and what kiosks handed over in vain. Keeps
// what is typed and where somebody was called to last; rows come through the port.
// Invariant: one text field for the place is on the screen at a time.
#pragma once

#include <utility>

#include "foyer/view/ratings.h"
#include "foyer/view/route.h"
#include "foyer/view/untaken.h"
#include "port.h"
#include "ui/ui.h"

namespace foyer::portal {

class VisitorDesk {
 public:
  explicit VisitorDesk(Port& port) : port_(port) {}

  static bool holds(Screen screen) {
    return screen == Screen::kArrivals || screen == Screen::kRatings || screen == Screen::kUntaken;
  }
  // For the rail, whatever is shown.
  void count();
  std::string title() const;
  void refresh(const PortalRoute& route);
  // Another row is shown: what was typed and said about the one before goes.
  void turn();
  void begin(Ui& ui);
  void draw_list(Ui& ui);
  void draw_detail(Ui& ui);
  // Where the person wants to go, once.
  std::optional<PortalRoute> took_wish() { return std::exchange(wish_, std::nullopt); }

  // True once after rows were changed.
  bool took_change() { return std::exchange(is_changed_, false); }

  // What can be done by a key here and now.
  struct Offer {
    std::string_view id;
    std::string label;
    std::string_view key;
    std::function<void()> run;
  };
  std::vector<Offer> offers(Ui& ui);

 private:
  void draw_tabs(Ui& ui);
  void draw_arrivals(Ui& ui);
  void draw_arrival_filters(Ui& ui);
  void draw_call_next(Ui& ui);
  void draw_arrival_table(Ui& ui);
  void draw_ratings(Ui& ui);
  void draw_rating_numbers(Ui& ui);
  void draw_untaken(Ui& ui);
  void draw_visit(Ui& ui);
  void draw_visit_deeds(Ui& ui);
  void draw_rating(Ui& ui);
  void draw_untaken_one(Ui& ui);
  void draw_place(Ui& ui);
  void draw_notice(Ui& ui);

  const ArrivalRow* next() const;
  void call(Ui& ui, Id<CheckIn> visit, const std::string& number);
  void end(CheckInState outcome);
  bool submit(Command command, std::string said);
  void wish(Screen screen, Uuid selected);
  void wish_row(Uuid selected);

  Port& port_;
  PortalRoute route_;
  std::optional<PortalRoute> wish_;
  ArrivalList arrivals_;
  std::vector<ArrivalPlace> places_;
  std::optional<VisitView> visit_;
  RatingList ratings_;
  std::optional<RatingView> rating_;
  std::vector<UntakenRow> untaken_;
  std::optional<UntakenView> untaken_one_;
  std::size_t waiting_ = 0, untaken_count_ = 0;
  Id<Device> kiosk_;  // of which arrivals are listed; null: all
  std::string place_, note_, notice_;
  bool is_refused_ = false;      // what the notice says
  bool is_notice_kept_ = false;  // it is about what led away from the row
  bool is_turned_ = false;
  bool is_changed_ = false;
  bool is_place_known_ = false;  // the last one used was looked up
};

}  // namespace foyer::portal
