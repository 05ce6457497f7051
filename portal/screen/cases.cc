// The queue and one case.
#include <algorithm>

#include "app.h"
#include "foyer/command/assign_case.h"
#include "foyer/command/cancel_case.h"
#include "foyer/command/hold_case.h"
#include "foyer/command/note_case.h"
#include "foyer/command/pend_case.h"
#include "foyer/command/reopen_case.h"
#include "foyer/command/reply_case.h"
#include "foyer/command/resolve_case.h"
#include "foyer/command/start_case.h"
#include "foyer/command/wake_case.h"

namespace foyer::portal {
namespace {

constexpr Ui::Column kColumns[] = {{"Case", 5.4F}, {"Subject", 0},  {"Account", 9.5F},
                                   {"State", 10},  {"Promise", 17}, {"Owner", 7.5F}};
constexpr Ui::Column kNarrowColumns[] = {{"Case", 5.4F}, {"Subject", 0}, {"State", 7.6F}};
constexpr QueueOrder kOrders[] = {QueueOrder::kNumber, QueueOrder::kSubject, QueueOrder::kAccount,
                                  QueueOrder::kState, QueueOrder::kPromise};
constexpr QueueOrder kNarrowOrders[] = {QueueOrder::kNumber, QueueOrder::kSubject,
                                        QueueOrder::kState};

struct Move {
  Transition transition;
  std::string_view label;
  std::string_view asks;  // words that are needed first; empty: none
};
constexpr Move kMoves[] = {
    {Transition::kAssign, "Take it", ""},
    {Transition::kStart, "Start", ""},
    {Transition::kWake, "Go on", ""},
    {Transition::kPend, "Ask the customer", "What do we need from the customer?"},
    {Transition::kHold, "Hold", "What are we waiting for?"},
    {Transition::kResolve, "Resolve", "How was it solved? The customer reads this."},
    {Transition::kReopen, "Reopen", "What is still wrong?"},
    {Transition::kCancel, "Cancel case", "Why is it not needed? The customer reads this."},
};

Command command_for(Transition transition, Id<Case> id, Port& port, const std::string& words) {
  const Id<Message> message(port.new_id());
  switch (transition) {
    case Transition::kAssign:
      return make_command(AssignCase{id, port.actor().user, {}, {}});
    case Transition::kStart:
      return make_command(StartCase{id, {}});
    case Transition::kWake:
      return make_command(WakeCase{id, {}});
    case Transition::kPend:
      return make_command(PendCase{id, message, WaitReason::kAwaitingCustomer, words, {}, {}});
    case Transition::kHold:
      return make_command(HoldCase{id, WaitReason::kAwaitingParts, words, {}, {}});
    case Transition::kResolve:
      return make_command(ResolveCase{id, message, words, {}});
    case Transition::kReopen:
      return make_command(ReopenCase{id, message, words, {}});
    default:
      return make_command(CancelCase{id, message, words, {}});
  }
}

}  // namespace

void App::draw_queue(Ui& ui) {
  ui.heading("Cases");
  const std::string before = query_.text;
  ui.text_field("queue/search", "Search cases", query_.text);
  if (query_.text != before) is_stale_ = true;
  for (std::size_t i = 0; i < kQueueFilters; ++i) {
    const auto filter = static_cast<QueueFilter>(i);
    if (i > 0) ui.flow(title_of(filter));
    if (ui.button("queue/show/" + std::string(title_of(filter)), title_of(filter), Weight::kQuiet,
                  query_.filter == filter)) {
      PortalRoute route = route_;
      route.filter = filter;
      go(route);
    }
  }
  if (queue_.empty()) {
    if (!port_.status().is_loaded) return ui.empty("Loading", "The cases are on their way.");
    return ui.empty("No case here", query_.text.empty() ? "Nothing needs you in this list."
                                                        : "Try a shorter word or a case number.");
  }
  const bool is_wide = ui.available_width() > 760;
  const std::span<const QueueOrder> orders =
      is_wide ? std::span<const QueueOrder>(kOrders) : kNarrowOrders;
  int sorted = -1, current = -1;
  for (std::size_t i = 0; i < orders.size(); ++i)
    if (orders[i] == query_.order) sorted = static_cast<int>(i);
  for (std::size_t i = 0; i < queue_.size(); ++i)
    if (queue_[i].id == route_.selected) current = static_cast<int>(i);
  const auto result = ui.table(
      "queue", "Cases", is_wide ? std::span<const Ui::Column>(kColumns) : kNarrowColumns, sorted,
      query_.descending, static_cast<int>(queue_.size()), current,
      [&](int i, std::vector<Ui::Cell>& cells) {
        const QueueRow& row = queue_[static_cast<std::size_t>(i)];
        cells.push_back({row.number, {}});
        cells.push_back({row.subject, {}});
        if (is_wide) cells.push_back({row.account, {}});
        cells.push_back({row.state, row.tone, true});
        if (!is_wide) return;
        cells.push_back({row.promise, row.promise_tone == Tone::kCalm ? std::optional<Tone>()
                                                                      : row.promise_tone});
        cells.push_back({row.owner, {}});
      });
  if (result.clicked_row >= 0) select_case(queue_[static_cast<std::size_t>(result.clicked_row)].id);
  if (result.clicked_column < 0 || result.clicked_column >= static_cast<int>(orders.size())) return;
  const QueueOrder order = orders[static_cast<std::size_t>(result.clicked_column)];
  query_.descending = order == query_.order && !query_.descending;
  query_.order = order;
  is_stale_ = true;
}

void App::draw_case(Ui& ui) {
  if (ui.is_narrow() && ui.button("case/back", "Back to the list", Weight::kQuiet)) {
    PortalRoute route = route_;
    route.selected = {};
    return go(route);
  }
  if (!case_) {
    return ui.empty("This case is not here",
                    "It does not exist, or your role may not read it. It may still be loading.");
  }
  const CaseView& view = *case_;
  ui.text(view.number + "  ·  " + view.account, Size::kSmall, true);
  ui.heading(view.row.subject);
  ui.tag(view.state, view.tone);
  if (!view.contact.empty()) {
    ui.same_line();
    ui.text(view.contact, Size::kBody, true);
  }
  draw_moves(ui, view);
  for (const CaseFact& fact : view.facts) ui.fact(fact);
  draw_thread_and_editors(ui, view);
}

void App::begin_move(Transition transition) {
  if (!case_) return;
  for (const Move& move : kMoves) {
    if (move.transition != transition) continue;
    if (move.asks.empty())
      submit(command_for(transition, case_->row.id, port_, {}));
    else
      asking_ = transition;
  }
}

std::string_view App::title_of_move(Transition transition) {
  for (const Move& move : kMoves)
    if (move.transition == transition) return move.label;
  return {};
}

void App::draw_moves(Ui& ui, const CaseView& view) {
  bool is_first = true;
  for (const Move& move : kMoves) {
    const bool is_legal =
        std::find(view.moves.begin(), view.moves.end(), move.transition) != view.moves.end();
    if (!is_legal) continue;
    if (move.transition == Transition::kAssign && view.row.owner == port_.actor().user) continue;
    if (!is_first) ui.flow(move.label);
    is_first = false;
    const std::string id = "case/move/" + std::string(name_of(move.transition));
    if (ui.button(id, move.label, Weight::kSecondary, asking_ == move.transition))
      begin_move(move.transition);
  }
  if (!notice_.empty()) ui.tag(notice_, Tone::kLate);
  if (!asking_) return;
  for (const Move& move : kMoves) {
    if (move.transition != *asking_) continue;
    ui.text(move.asks, Size::kTitle);
    ui.text_field("case/words", move.asks, need_, 3);
    if (ui.button("case/words/done", move.label, Weight::kPrimary) &&
        submit(command_for(move.transition, view.row.id, port_, need_))) {
      need_.clear();
      ui.clear_text("case/words");
      asking_.reset();
      return;
    }
    ui.same_line();
    if (ui.button("case/words/cancel", "Never mind", Weight::kQuiet)) asking_.reset();
    return;
  }
}

void App::draw_thread_and_editors(Ui& ui, const CaseView& view) {
  ui.space(0.5F);
  for (const ThreadEntry& entry : view.thread) ui.message(entry);
  if (!view.may_write) return;
  ui.space(0.5F);
  ui.text("Reply to the customer", Size::kTitle);
  ui.text_field("case/reply", "Reply to the customer", reply_, 4);
  if (ui.button("case/reply/send", "Send to the customer", Weight::kPrimary) &&
      submit(
          make_command(ReplyCase{view.row.id, Id<Message>(port_.new_id()), reply_, {}, {}, {}}))) {
    reply_.clear();
    ui.clear_text("case/reply");
  }
  ui.space(0.5F);
  ui.text("Internal note, never shown to the customer", Size::kTitle);
  ui.text_field("case/note", "Internal note", note_, 3);
  if (ui.button("case/note/save", "Save internal note") &&
      submit(make_command(NoteCase{view.row.id, Id<Message>(port_.new_id()), note_, {}}))) {
    note_.clear();
    ui.clear_text("case/note");
  }
}

}  // namespace foyer::portal
