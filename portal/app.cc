#include "app.h"

#include <algorithm>
#include <utility>

#include "foyer/base/text.h"

namespace foyer::portal {

namespace {

// The rail; ratings and what was not taken stand with the arrivals.
constexpr Screen kRail[] = {Screen::kCases,  Screen::kAccounts,  Screen::kArrivals,
                            Screen::kKiosks, Screen::kConflicts, Screen::kImport, Screen::kOutbox};
constexpr std::string_view kScreenTitles[] = {"Cases",     "Accounts", "Visitors",
                                              "Ratings",   "Not taken", "Kiosks",
                                              "Conflicts", "Import",   "Outbox"};
constexpr float kRailWidth = 208, kGap = 16;

// What keeps the device from going on by itself; nothing: nothing does.
std::string_view problem_text(std::string_view problem) {
  struct Words {
    std::string_view problem, text;
  };
  static constexpr Words kWords[] = {
      {"protocol", "This page is older than the server: load it again"},
      {"older_server", "The server is being brought up to date: sent after that"},
      {"overloaded", "The server is busy: tried again soon"},
      {"reset_loop", "What came did not fit: tried again in a minute"},
      {"not_adopted", "This device has no room to go on: tried again in a minute"},
  };
  for (const Words& words : kWords)
    if (words.problem == problem) return words.text;
  return problem;
}

// For the top of a narrow screen, where the rail leaves little room.
std::string short_words(const SyncStatus& status) {
  if (status.attention > 0) return std::to_string(status.attention) + " to fix";
  if (status.waiting > 0) return std::to_string(status.waiting) + " waiting";
  return status.is_online ? "All saved" : "Offline";
}

}  // namespace

void App::go(const PortalRoute& route, bool is_from_history) {
  if (route == route_ && !is_from_history) return;
  const bool is_other = route.selected != route_.selected;
  const Screen screen = route_.screen;
  const bool is_other_text = route.query.text != route_.query.text;
  route_ = route;
  if (is_other_text) is_search_stale_ = true;
  if (is_other) {
    reply_.clear();
    note_.clear();
    need_.clear();
    asking_.reset();
    notice_.clear();
  }
  if (is_other || VisitorDesk::holds(route_.screen) != VisitorDesk::holds(screen)) visitors_.turn();
  if (is_other || (route_.screen == Screen::kKiosks) != (screen == Screen::kKiosks)) kiosks_.turn();
  if (screen == Screen::kOutbox) outbox_.turn();
  if (is_other || screen == Screen::kConflicts) conflicts_.turn();
  is_stale_ = true;
  if (!is_from_history) port_.navigate(format(route_));
}

void App::ask(QueueQuery query) {
  PortalRoute route = route_;
  route.query = std::move(query);
  go(route);
  is_search_stale_ = false;  // the fields hold what was asked, and may hold more by now
}

void App::copy_list() {
  std::string text;
  if (route_.screen == Screen::kCases) {
    text = to_tsv(queue_);
  } else {
    std::vector<TsvRow> rows{{"Name", "Tier", "Segment", "Country"}};
    for (const Account& row : accounts_)
      rows.push_back({row.name, row.tier, row.segment, row.country});
    text = to_tsv(rows);
  }
  port_.copy(text);
}

void App::select_case(Id<Case> id) {
  PortalRoute route = route_;
  route.screen = Screen::kCases;
  route.selected = id;
  go(route);
}

bool App::submit(Command command) {
  const auto done = port_.submit(std::move(command));
  rows_changed();
  if (done) {
    notice_.clear();
    return true;
  }
  const std::string& detail = done.error().detail;
  notice_ = detail == "required"     ? "Write something first."
            : detail == "case_state" ? "The case has changed: this is not possible any more."
            : detail == "too_long"   ? "That is too long."
            : detail == "role"       ? "Your role may not do this."
                                     : "This could not be done (" + detail + ").";
  return false;
}

void App::refresh() {
  if (!is_stale_) return;
  is_stale_ = false;
  const Reader& rows = port_.rows();
  visitors_.count();
  if (VisitorDesk::holds(route_.screen)) visitors_.refresh(route_);
  if (route_.screen == Screen::kKiosks) kiosks_.refresh(route_);
  if (route_.screen == Screen::kOutbox) outbox_.refresh();
  conflicts_.count();
  if (route_.screen == Screen::kConflicts) conflicts_.refresh({});
  else if (!route_.selected.is_null()) conflicts_.refresh(route_.selected);
  if (route_.screen == Screen::kCases) {
    refresh_queue();
    owners_ = possible_owners(rows);
    case_ = case_view(rows, port_.actor(), Id<Case>(route_.selected), port_.now(), port_.words());
  }
  if (route_.screen == Screen::kAccounts) {
    account_ = account_view(rows, Id<Account>(route_.selected), port_.now(), port_.words());
    accounts_.clear();
    if (trim(route_.query.text).empty()) {
      const Scan by_name{&field_of<&Account::name>(), {}, {}, false, 5000};
      for (const Uuid& id : rows.scan(entity_of<Account>(), by_name))
        if (auto row = get(rows, Id<Account>(id))) accounts_.push_back(std::move(*row));
    } else {
      for (const TextHit& hit : rows.search({route_.query.text, {&entity_of<Account>()}, 200}))
        if (auto row = get(rows, Id<Account>(hit.id))) accounts_.push_back(std::move(*row));
    }
  }
}

// A choice of a row changes no list, and another order needs no rows: they may be many.
void App::refresh_queue() {
  const QueueQuery& query = route_.query;
  QueueQuery before = queue_query_.value_or(QueueQuery());
  before.sorts = query.sorts;
  if (is_queue_stale_ || !queue_query_ || before != query)
    queue_ = queue_rows(port_.rows(), port_.actor(), query, port_.now(), port_.words());
  else if (queue_query_->sorts != query.sorts)
    sort_queue(queue_, query.sorts);
  is_queue_stale_ = false;
  queue_query_ = query;
  const auto current = std::find_if(queue_.begin(), queue_.end(), [&](const QueueRow& row) {
    return row.id == route_.selected;
  });
  queue_current_ = current == queue_.end() ? -1 : static_cast<int>(current - queue_.begin());
}

bool App::draw(Ui& ui) {
  if (std::exchange(is_search_stale_, false)) {
    ui.clear_text("queue/search");
    ui.clear_text("accounts/search");
  }
  visitors_.begin(ui);
  take_keys(ui);
  take_wishes();
  refresh();
  const float width = ui.width(), height = ui.height();
  const bool is_import = route_.screen == Screen::kImport && may_see(Screen::kImport);
  const bool is_plain = route_.screen == Screen::kImport || route_.screen == Screen::kOutbox ||
                        route_.screen == Screen::kConflicts;
  const bool has_form = route_.screen == Screen::kKiosks && kiosks_.has_form();
  const bool has_detail =
      is_import ? width >= 1000 : has_form || (!route_.selected.is_null() && !is_plain);
  if (ui.is_narrow()) {
    draw_rail(ui, {0, 0, width, 58});
    const Rectangle rest{8, 66, width - 16, height - 74};
    ui.panel("content", rest, true, [&] {
      has_detail ? draw_detail(ui) : draw_list(ui);
    });
    take_wishes();
    draw_overlay(ui);
    return ui.wants_another_frame();
  }
  draw_rail(ui, {0, 0, kRailWidth, height});
  const float left = kRailWidth + kGap, room = width - left - kGap;
  const float part = is_import ? 0.66F : 0.44F;
  const float list = has_detail ? std::max(room * part, 330.0F) : room;
  ui.panel("list", {left, kGap, list, height - 2 * kGap}, true,
           [&] { draw_list(ui); });
  if (has_detail)
    ui.panel("detail", {left + list + kGap, kGap, room - list - kGap, height - 2 * kGap}, true,
             [&] { is_import ? import_.draw_runs(ui) : draw_detail(ui); });
  take_wishes();
  draw_overlay(ui);
  return ui.wants_another_frame();
}

void App::draw_list(Ui& ui) {
  if (route_.screen == Screen::kCases) draw_queue(ui);
  if (route_.screen == Screen::kAccounts) draw_accounts(ui);
  if (route_.screen == Screen::kImport) draw_import(ui);
  if (route_.screen == Screen::kOutbox) outbox_.draw(ui);
  if (route_.screen == Screen::kConflicts) conflicts_.draw(ui);
  if (VisitorDesk::holds(route_.screen)) visitors_.draw_list(ui);
  if (route_.screen == Screen::kKiosks) kiosks_.draw_list(ui);
}

void App::draw_detail(Ui& ui) {
  if (route_.screen == Screen::kCases) draw_case(ui);
  if (route_.screen == Screen::kAccounts) draw_account(ui);
  if (VisitorDesk::holds(route_.screen)) visitors_.draw_detail(ui);
  if (route_.screen == Screen::kKiosks) kiosks_.draw_detail(ui);
}

void App::take_wishes() {
  if (visitors_.took_change()) rows_changed();
  if (kiosks_.took_change()) rows_changed();
  if (const auto wish = visitors_.took_wish()) go(*wish);
  if (const auto wish = kiosks_.took_wish()) go(*wish);
  if (outbox_.took_change()) rows_changed();
  if (const auto mid = outbox_.took_edit(); mid != 0) edit_refused(mid);
  if (const auto id = outbox_.took_case(); !id.is_null()) select_case(id);
  is_stale_ |= conflicts_.took_change();
  if (const auto id = conflicts_.took_other(); !id.is_null()) do_otherwise(id);
  if (const auto id = conflicts_.took_case(); !id.is_null()) select_case(id);
}

void App::do_otherwise(Id<Conflict> id) {
  const auto conflict = get(port_.rows(), id);
  if (conflict && form_.begin_other(*conflict)) overlay_ = Overlay::kForm;
}

void App::edit_refused(std::uint64_t mid) {
  const auto found = port_.outbox().find(mid);
  if (found != port_.outbox().end() && form_.begin_again(mid, found->second.command))
    overlay_ = Overlay::kForm;
}

void App::draw_rail(Ui& ui, Rectangle at) {
  ui.panel("rail", at, false, [&] {
    const bool is_row = ui.is_narrow();
    if (!is_row) ui.brand("Foyer");
    bool is_first = true;
    // On top there is no room for all: "More" leads to the rest, the mark to the outbox.
    const bool has_more = is_row && (may_see(Screen::kImport) || may_see(Screen::kKiosks) ||
                                     may_see(Screen::kConflicts));
    for (const Screen screen : kRail) {
      const bool is_of_more = screen >= Screen::kKiosks;
      if (!may_see(screen) || (has_more && is_of_more)) continue;
      if (is_row && !is_first) ui.same_line(2);
      is_first = false;
      const bool is_current = route_.screen == screen || (screen == Screen::kArrivals &&
                                                          VisitorDesk::holds(route_.screen));
      const std::string id = "rail/" + std::string(name_of(screen));
      if (ui.rail_entry(id, rail_title(screen), is_current, is_row))
        go({screen, {}, QueueFilter::kOpen});
    }
    if (is_row) {
      ui.same_line(2);
      if (has_more && ui.rail_entry("palette/more", "More", route_.screen >= Screen::kKiosks, true))
        show_more(ui);
      if (has_more) ui.same_line(2);
    } else {
      ui.to_foot(106);
      if (ui.rail_entry("palette/show", "Find or do  (Ctrl K)", false)) show_palette(ui);
    }
    draw_sync_state(ui);
  });
}

bool App::may_see(Screen screen) const {
  if (VisitorDesk::holds(screen)) return may_see_visitors(port_.actor());
  if (screen == Screen::kKiosks) return may_keep_kiosks(port_.actor());
  if (screen == Screen::kConflicts)
    return conflicts_.size() > 0 || route_.screen == Screen::kConflicts;
  return screen != Screen::kImport || may_import(port_.actor());
}

std::string App::rail_title(Screen screen) const {
  if (screen == Screen::kArrivals) return visitors_.title();
  const std::string title(kScreenTitles[static_cast<std::size_t>(screen)]);
  const bool is_counted = screen == Screen::kConflicts && conflicts_.size() > 0;
  return is_counted ? title + " (" + std::to_string(conflicts_.size()) + ")" : title;
}

// Whoever has an outbox file may look for the place of any import.
void App::picked(PickedFile file) {
  if (outbox_file_.is_open() || is_outbox_file(file.head)) outbox_file_.picked(std::move(file));
  else import_.picked(std::move(file));
}

void App::draw_import(Ui& ui) {
  if (outbox_file_.is_open()) return outbox_file_.draw(ui);
  import_.draw(ui);
  if (import_.is_at_rest()) outbox_file_.draw_door(ui);
  if (ui.width() < 1000) {
    ui.space(1);
    import_.draw_runs(ui);
  }
  const auto wish = import_.took_wish();
  if (wish == ImportDesk::Wish::kNone) return;
  go({wish == ImportDesk::Wish::kCases ? Screen::kCases : Screen::kAccounts, {},
      QueueFilter::kOpen});
}

void App::draw_sync_state(Ui& ui) {
  const SyncStatus status = port_.status();
  const auto [words, tone] =
      status.attention > 0  ? std::pair(std::to_string(status.attention) + " need attention",
                                        Tone::kLate)
      : status.waiting > 0  ? std::pair(std::to_string(status.waiting) + " waiting to send",
                                        Tone::kNeed)
      : status.is_online    ? std::pair(std::string("All saved"), Tone::kGood)
                            : std::pair(std::string("Offline: saved here"), Tone::kNeed);
  if (ui.is_narrow()) {
    if (ui.rail_mark("rail/sync", short_words(status), tone))
      go({Screen::kOutbox, {}, QueueFilter::kOpen});
    return;
  }
  const std::string more = !status.problem.empty() ? std::string(problem_text(status.problem))
                           : status.last_contact.is_none() ? std::string("No contact yet")
                           : status.is_online
                               ? std::string("Connected")
                               : "Last contact " + port_.words().when(status.last_contact);
  if (ui.rail_status("rail/sync", words, more, tone)) go({Screen::kOutbox, {}, QueueFilter::kOpen});
}

}  // namespace foyer::portal
