// The queue and one case.
#include <algorithm>

#include "app.h"
#include "foyer/base/text.h"
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

struct QueueColumn {
  Ui::Column head;
  QueueOrder order;
  float from_width = 0;  // of the table, in CSS pixels: the subject needs the room more
};
constexpr QueueColumn kQueueColumns[] = {{{"Case", 5.4F}, QueueOrder::kNumber},
                                         {{"Subject", 0}, QueueOrder::kSubject},
                                         {{"Account", 9.5F}, QueueOrder::kAccount, 1150},
                                         {{"Priority", 5}, QueueOrder::kPriority},
                                         {{"State", 9.5F}, QueueOrder::kState},
                                         {{"Promise", 16.5F}, QueueOrder::kPromise},
                                         {{"Owner", 7.5F}, QueueOrder::kOwner}};
constexpr QueueColumn kNarrowQueueColumns[] = {{{"Case", 5.4F}, QueueOrder::kNumber},
                                               {{"Subject", 0}, QueueOrder::kSubject},
                                               {{"State", 7.6F}, QueueOrder::kState}};

Ui::Cell queue_cell(const QueueRow& row, QueueOrder order) {
  const auto tone = [](Tone value) {
    return value == Tone::kCalm ? std::optional<Tone>() : std::optional<Tone>(value);
  };
  switch (order) {
    case QueueOrder::kNumber: return {row.number, {}};
    case QueueOrder::kSubject: return {row.subject, {}};
    case QueueOrder::kAccount: return {row.account, {}};
    case QueueOrder::kState: return {row.state, row.tone, true};
    case QueueOrder::kPromise: return {row.promise, tone(row.promise_tone)};
    case QueueOrder::kPriority: return {row.priority, tone(row.priority_tone)};
    default: return {row.owner, {}};
  }
}

struct Move {
  Transition transition;
  std::string_view label;
  std::string_view asks;  // words that are needed first; empty: none
};
constexpr Move kMoves[] = {
    {Transition::kAssign, "Give to...", "Who takes it over?"},
    {Transition::kStart, "Start", ""},
    {Transition::kWake, "Go on", ""},
    {Transition::kPend, "Ask the customer", "What do we need from the customer?"},
    {Transition::kHold, "Hold", "What are we waiting for? The customer reads this."},
    {Transition::kResolve, "Resolve", "How was it solved? The customer reads this."},
    {Transition::kReopen, "Reopen", "What is still wrong?"},
    {Transition::kCancel, "Cancel case", "Why is it not needed? The customer reads this."},
};

struct Reason {
  WaitReason reason;
  std::string_view label;
};
constexpr Reason kPendReasons[] = {
    {WaitReason::kAwaitingCustomer, "We wait for the customer's answer"},
    {WaitReason::kCustomerAsked, "The customer asked us to wait"},
    {WaitReason::kScheduledByCustomer, "The customer chose a later date"},
};
constexpr Reason kHoldReasons[] = {
    {WaitReason::kAwaitingParts, "We wait for parts"},
    {WaitReason::kAwaitingVendor, "We wait for a vendor"},
    {WaitReason::kAwaitingApproval, "We wait for an approval"},
    {WaitReason::kAwaitingVisit, "We wait for a visit"},
};
std::span<const Reason> reasons_of(Transition transition) {
  if (transition == Transition::kPend) return kPendReasons;
  if (transition == Transition::kHold) return kHoldReasons;
  return {};
}

Command command_for(Transition transition, Id<Case> id, Port& port, const std::string& words,
                    WaitReason reason) {
  const Id<Message> message(port.new_id());
  switch (transition) {
    case Transition::kStart:
      return make_command(StartCase{id, {}});
    case Transition::kWake:
      return make_command(WakeCase{id, {}});
    case Transition::kPend:
      return make_command(PendCase{id, message, reason, words, {}, {}});
    case Transition::kHold:
      return make_command(HoldCase{id, reason, words, {}, {}});
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
  QueueQuery query = route_.query;
  ui.text_field("queue/search", "Search cases", query.text);
  for (std::size_t i = 0; i < kQueueFilters; ++i) {
    const auto filter = static_cast<QueueFilter>(i);
    if (i > 0) ui.flow(title_of(filter));
    if (ui.button("queue/show/" + std::string(title_of(filter)), title_of(filter), Weight::kQuiet,
                  query.filter == filter))
      query.filter = filter;
  }
  const int count = static_cast<int>(query.state.has_value()) +
                    static_cast<int>(query.priority.has_value()) +
                    static_cast<int>(!query.owner.is_null());
  const std::string title = count == 0 ? "More filters"
                                       : "More filters (" + std::to_string(count) + ")";
  ui.flow(title);
  if (ui.button("queue/filters", title, Weight::kQuiet, shows_filters_ || count > 0))
    shows_filters_ = !shows_filters_;
  ask(std::move(query));
  if (shows_filters_) draw_queue_filters(ui);
  refresh();
  if (queue_.empty()) {
    if (!port_.status().is_loaded) return ui.empty("Loading", "The cases are on their way.");
    const bool is_searched = !route_.query.text.empty() || count > 0;
    ui.empty("No case here", is_searched ? "Try a shorter word, a case number, or fewer filters."
                                         : "Nothing needs you in this list.");
    return;
  }
  draw_queue_table(ui);
}

void App::draw_queue_filters(Ui& ui) {
  QueueQuery query = route_.query;
  const float wide = ui.available_width() > 560 ? 180.0F : ui.available_width();
  const bool is_line = ui.available_width() > 560;
  std::vector<std::string> states{"Any state"}, priorities{"Any priority"}, people{"Anybody"};
  for (std::size_t i = 0; i < kNames<CaseState>.size(); ++i)
    states.push_back(state_words(static_cast<CaseState>(i)));
  for (std::size_t i = 0; i < kNames<Priority>.size(); ++i)
    priorities.push_back(priority_words(static_cast<Priority>(i)));
  std::size_t state = query.state ? static_cast<std::size_t>(*query.state) + 1 : 0;
  std::size_t priority = query.priority ? static_cast<std::size_t>(*query.priority) + 1 : 0;
  std::size_t owner = 0;
  for (const QueueOwner& each : owners_) {
    people.push_back(each.name);
    if (each.id == query.owner) owner = people.size() - 1;
  }
  if (ui.select("queue/state", "State", states, state, wide))
    query.state = state == 0 ? std::optional<CaseState>() : static_cast<CaseState>(state - 1);
  if (is_line) ui.same_line();
  if (ui.select("queue/priority", "Priority", priorities, priority, wide))
    query.priority = priority == 0 ? std::optional<Priority>()
                                   : static_cast<Priority>(priority - 1);
  if (is_line) ui.same_line();
  if (ui.select("queue/owner", "Owner", people, owner, wide))
    query.owner = owner == 0 ? Id<User>() : owners_[owner - 1].id;
  if (is_line) ui.same_line();
  if (ui.button("queue/filters/none", "No filters", Weight::kQuiet)) {
    query.state.reset();
    query.priority.reset();
    query.owner = {};
    shows_filters_ = false;
  }
  ask(std::move(query));
}

void App::draw_queue_table(Ui& ui) {
  const float width = ui.available_width();
  std::vector<QueueColumn> columns;
  for (const QueueColumn& column :
       width > 860 ? std::span<const QueueColumn>(kQueueColumns) : kNarrowQueueColumns)
    if (width >= column.from_width) columns.push_back(column);
  std::vector<Ui::Column> heads;
  for (const QueueColumn& column : columns) heads.push_back(column.head);
  std::vector<Ui::Sort> sorts;
  const auto chosen = route_.query.sorts.empty() ? std::vector<QueueSort>(1) : route_.query.sorts;
  for (const QueueSort& sort : chosen)
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (columns[i].order == sort.order) sorts.push_back({static_cast<int>(i), sort.descending});
  const auto result = ui.table("queue", "Cases", heads, sorts, static_cast<int>(queue_.size()),
                               queue_current_, [&](int i, std::vector<Ui::Cell>& cells) {
                                 const QueueRow& row = queue_[static_cast<std::size_t>(i)];
                                 for (const QueueColumn& column : columns)
                                   cells.push_back(queue_cell(row, column.order));
                               });
  if (result.clicked_row >= 0) select_case(queue_[static_cast<std::size_t>(result.clicked_row)].id);
  if (result.clicked_column < 0) return;
  QueueQuery query = route_.query;
  press_sort(query.sorts, columns[static_cast<std::size_t>(result.clicked_column)].order,
             result.is_added);
  ask(std::move(query));
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
  conflicts_.draw_cards(ui);
  for (const CaseFact& fact : view.facts) ui.fact(fact);
  draw_thread_and_editors(ui, view);
}

void App::begin_move(Transition transition) {
  if (!case_) return;
  asked_choice_ = 0;
  if (transition == Transition::kAssign) queues_ = queues_in_use(port_.rows());
  for (const Move& move : kMoves) {
    if (move.transition != transition) continue;
    if (move.asks.empty())
      submit(command_for(transition, case_->row.id, port_, {}, WaitReason::kNone));
    else
      asking_ = transition;
  }
}

std::optional<App::NamedMove> App::move_of(std::string_view command) {
  for (const Move& move : kMoves)
    if (command == "case." + std::string(name_of(move.transition)))
      return NamedMove{move.transition, move.label};
  return std::nullopt;
}

void App::draw_moves(Ui& ui, const CaseView& view) {
  const auto is_legal = [&](Transition transition) {
    return std::find(view.moves.begin(), view.moves.end(), transition) != view.moves.end();
  };
  bool is_first = true;
  const auto offer = [&](std::string_view id, std::string_view label, bool is_current) {
    if (!is_first) ui.flow(label);
    is_first = false;
    return ui.button("case/move/" + std::string(id), label, Weight::kSecondary, is_current);
  };
  if (is_legal(Transition::kAssign) && view.row.owner != port_.actor().user &&
      offer("take", "Take it", false))
    submit(make_command(AssignCase{view.row.id, port_.actor().user, {}, {}}));
  for (const Move& move : kMoves)
    if (is_legal(move.transition) &&
        offer(name_of(move.transition), move.label, asking_ == move.transition))
      begin_move(move.transition);
  if (!notice_.empty()) ui.tag(notice_, Tone::kLate);
  if (!asking_ || !is_legal(*asking_)) return;
  if (*asking_ == Transition::kAssign) return draw_assign(ui, view);
  draw_move_words(ui, view);
}

void App::draw_assign(Ui& ui, const CaseView& view) {
  ui.space(0.2F);
  ui.text("Who takes it over?", Size::kTitle);
  std::vector<std::string> choices{"Choose a person or a queue"};
  for (const QueueOwner& owner : owners_) choices.push_back(owner.name);
  for (const std::string& queue : queues_) choices.push_back("Queue: " + queue);
  asked_choice_ = std::min(asked_choice_, choices.size() - 1);
  ui.select("case/assign/who", "Who takes it over?", choices, asked_choice_, 330);
  if (asked_choice_ > 0 && ui.button("case/assign/done", "Give it", Weight::kPrimary)) {
    AssignCase args{view.row.id, {}, {}, {}};
    if (asked_choice_ <= owners_.size())
      args.owner = owners_[asked_choice_ - 1].id;
    else
      args.queue = queues_[asked_choice_ - 1 - owners_.size()];
    if (submit(make_command(args))) asking_.reset();
    return;
  }
  if (asked_choice_ > 0) ui.same_line();
  if (ui.button("case/words/cancel", "Never mind", Weight::kQuiet)) asking_.reset();
}

void App::draw_move_words(Ui& ui, const CaseView& view) {
  for (const Move& move : kMoves) {
    if (move.transition != *asking_) continue;
    const auto reasons = reasons_of(move.transition);
    WaitReason reason = WaitReason::kNone;
    ui.space(0.2F);
    if (!reasons.empty()) {
      std::vector<std::string> labels;
      for (const Reason& each : reasons) labels.emplace_back(each.label);
      asked_choice_ = std::min(asked_choice_, labels.size() - 1);
      ui.select("case/reason", "Why", labels, asked_choice_, 330);
      reason = reasons[asked_choice_].reason;
    }
    ui.text(move.asks, Size::kTitle);
    ui.text_field("case/words", move.asks, need_, 3);
    if (ui.button("case/words/done", move.label, Weight::kPrimary)) {
      // The command lets a hold without words pass; a customer who reads it does not.
      if (trim(need_).empty()) {
        notice_ = "Write something first.";
      } else if (submit(command_for(move.transition, view.row.id, port_, need_, reason))) {
        need_.clear();
        ui.clear_text("case/words");
        asking_.reset();
      }
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
