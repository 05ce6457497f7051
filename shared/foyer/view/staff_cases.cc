#include "foyer/view/staff_cases.h"

#include <algorithm>
#include <map>
#include <set>

#include "foyer/base/sort.h"
#include "foyer/command/roles.h"
#include "foyer/rules/sla.h"

namespace foyer {
namespace {

constexpr std::string_view kStateWords[] = {
    "New",       "Assigned", "In progress", "Waiting for customer", "Held", "Resolved", "Closed",
    "Cancelled", "Rejected", "Merged"};
constexpr std::string_view kFilterTitles[kQueueFilters] = {"Open", "Mine", "Unassigned", "Ended",
                                                           "All"};

// Ranks by Priority: normal, low, high, critical.
constexpr int kUrgency[] = {2, 3, 1, 0};
constexpr std::string_view kPriorityWords[] = {"Normal", "Low", "High", "Critical"};

Tone tone_of(Priority priority) {
  return priority == Priority::kCritical ? Tone::kLate
         : priority == Priority::kHigh   ? Tone::kNeed
                                         : Tone::kCalm;
}

bool belongs(const Case& row, const QueueQuery& query, const Actor& actor) {
  if (query.state && row.state != *query.state) return false;
  if (query.priority && row.priority != *query.priority) return false;
  if (!query.owner.is_null() && row.owner != query.owner) return false;
  switch (query.filter) {
    case QueueFilter::kOpen:
      return is_open(row.state);
    case QueueFilter::kMine:
      return is_open(row.state) && row.owner == actor.user;
    case QueueFilter::kUnassigned:
      return is_open(row.state) && row.owner.is_null();
    case QueueFilter::kEnded:
      return !is_open(row.state);
    case QueueFilter::kAll:
      return true;
  }
  return false;
}

// Those that can be asked for, by the index that leaves the fewest: most cases ended long ago.
std::vector<Uuid> candidates(const Reader& reader, const QueueQuery& query, const Actor& actor) {
  const auto equal = [&](const Field& field, const Value& key) {
    return reader.scan(entity_of<Case>(), {&field, key, key, false, SIZE_MAX});
  };
  const bool is_mine = query.filter == QueueFilter::kMine;
  const Uuid owner = is_mine ? actor.user : query.owner;
  if (!owner.is_null()) return equal(field_of<&Case::owner>(), to_string(owner));
  const bool wants_open =
      query.filter == QueueFilter::kOpen || query.filter == QueueFilter::kUnassigned;
  if (!wants_open && !query.state) return reader.scan(entity_of<Case>(), {});
  std::vector<Uuid> ids;
  for (std::size_t i = 0; i < kNames<CaseState>.size(); ++i) {
    const auto state = static_cast<CaseState>(i);
    if (query.state ? state != *query.state : !is_open(state)) continue;
    const auto some = equal(field_of<&Case::state>(), static_cast<std::int64_t>(i));
    ids.insert(ids.end(), some.begin(), some.end());
  }
  return ids;
}

struct Promise {
  std::string text;
  Tone tone = Tone::kCalm;
  Instant due;
};

std::string promise_words(std::string_view what, const SlaView& view, const TimeWords& words) {
  const std::string name(what);
  switch (view.status) {
    case SlaStatus::kPaused:
      return name + " paused, " + std::to_string(view.left_ms / kMsPerHour) + " h left";
    case SlaStatus::kBreached:
      return name + " late since " + words.when(view.due);
    case SlaStatus::kMet:
      return name + " kept";
    case SlaStatus::kMetLate:
      return name + " kept late";
    case SlaStatus::kCancelled:
      return name + " not needed";
    default:
      return name + " by " + words.when(view.due);
  }
}

Tone promise_tone(SlaStatus status) {
  switch (status) {
    case SlaStatus::kBreached:
    case SlaStatus::kMetLate:
      return Tone::kLate;
    case SlaStatus::kAtRisk:
    case SlaStatus::kPaused:
      return Tone::kNeed;
    case SlaStatus::kMet:
      return Tone::kGood;
    default:
      return Tone::kCalm;
  }
}

// The promise that ends first of those still running.
Promise next_promise(const Reader& reader, const Case& row, Instant now, const TimeWords& words) {
  Promise best;
  for (const SlaTarget& target : find<&SlaTarget::case_id>(reader, row.id)) {
    if (!target.stop.is_none() || !target.cancelled_at.is_none()) continue;
    const auto calendar = get(reader, target.calendar);
    if (!calendar) continue;
    const SlaView view = view_of(target, *calendar, now);
    const bool is_better =
        best.text.empty() || (!view.due.is_none() && (best.due.is_none() || view.due < best.due));
    if (!is_better) continue;
    const auto what = target.metric == SlaMetric::kFirstReply   ? "First reply"
                      : target.metric == SlaMetric::kNextUpdate ? "Update"
                      : target.metric == SlaMetric::kRestore    ? "Restore"
                                                                : "Solution";
    best = {promise_words(what, view, words), promise_tone(view.status), view.due};
  }
  return best;
}

std::set<Uuid> found_cases(const Reader& reader, std::string_view text) {
  std::set<Uuid> ids;
  for (const TextHit& hit :
       reader.search({text, {&entity_of<Case>(), &entity_of<Message>()}, 2000})) {
    if (hit.entity == &entity_of<Case>())
      ids.insert(hit.id);
    else if (const auto message = get(reader, Id<Message>(hit.id)))
      ids.insert(message->case_id);
  }
  return ids;
}

// Below 0: a stands before b.
int compare(const QueueRow& a, const QueueRow& b, QueueOrder order) {
  const auto by = [](const auto& x, const auto& y) { return x < y ? -1 : y < x ? 1 : 0; };
  // What is promised comes before what is not.
  const auto due = [](const QueueRow& row) { return row.due.is_none() ? INT64_MAX : row.due.ms; };
  switch (order) {
    case QueueOrder::kPromise: return by(due(a), due(b));
    case QueueOrder::kNumber: return by(a.number, b.number);
    case QueueOrder::kSubject: return by(a.subject, b.subject);
    case QueueOrder::kAccount: return by(a.account, b.account);
    case QueueOrder::kState: return by(a.state, b.state);
    case QueueOrder::kUpdated: return by(a.updated_at, b.updated_at);
    case QueueOrder::kOwner: return by(a.owner, b.owner);
    case QueueOrder::kPriority: return by(a.urgency, b.urgency);
  }
  return 0;
}

bool precedes(const QueueRow& a, const QueueRow& b, const std::vector<QueueSort>& sorts) {
  for (const QueueSort& sort : sorts) {
    const int order = compare(a, b, sort.order);
    if (order != 0) return sort.descending ? order > 0 : order < 0;
  }
  return sorts.front().descending ? b.id < a.id : a.id < b.id;
}

}  // namespace

std::string case_number(const Case& row) {
  return row.number.empty() ? (row.device_number.empty() ? "new" : row.device_number) : row.number;
}

std::string state_words(CaseState state) {
  return std::string(kStateWords[static_cast<std::size_t>(state)]);
}

Tone tone_of(CaseState state) {
  switch (state) {
    case CaseState::kNew:
    case CaseState::kAssigned:
    case CaseState::kInProgress:
      return Tone::kBusy;
    case CaseState::kPending:
    case CaseState::kHeld:
      return Tone::kNeed;
    case CaseState::kResolved:
      return Tone::kGood;
    default:
      return Tone::kCalm;
  }
}

std::string priority_words(Priority priority) {
  return std::string(kPriorityWords[static_cast<std::size_t>(priority)]);
}

void press_sort(std::vector<QueueSort>& sorts, QueueOrder order, bool is_added) {
  const auto found = std::find_if(sorts.begin(), sorts.end(),
                                  [&](const QueueSort& sort) { return sort.order == order; });
  if (found != sorts.end() && (is_added || sorts.size() == 1)) {
    found->descending = !found->descending;
    return;
  }
  // Without a choice the promise decides already: pressing it turns it round.
  const bool turns = sorts.empty() && order == QueueOrder::kPromise;
  if (is_added && sorts.empty() && !turns) sorts.push_back({});
  if (!is_added) sorts.clear();
  sorts.push_back({order, turns});
}

std::vector<QueueOwner> possible_owners(const Reader& reader) {
  std::vector<QueueOwner> list;
  for (const User& user : all<User>(reader))
    if (user.contact.is_null() && user.state == UserState::kActive &&
        user.roles.has_any_of(kDesk | Roles{Role::kTechnician}))
      list.push_back({user.id, user.name});
  sort_list(list, [](const QueueOwner& a, const QueueOwner& b) {
    return a.name != b.name ? a.name < b.name : a.id < b.id;
  });
  return list;
}

std::vector<std::string> queues_in_use(const Reader& reader) {
  std::set<std::string> names;
  for (const Case& row : all<Case>(reader))
    if (!row.queue.empty()) names.insert(row.queue);
  return {names.begin(), names.end()};
}

std::string_view title_of(QueueFilter filter) {
  return kFilterTitles[static_cast<std::size_t>(filter)];
}

std::vector<QueueRow> queue_rows(const Reader& reader, const Actor& actor, const QueueQuery& query,
                                 Instant now, const TimeWords& words) {
  std::vector<QueueRow> rows;
  std::map<Uuid, std::string> names;
  Case row;  // one for all: what its texts hold is written over in place
  const bool is_search = !query.text.empty();
  const auto found = is_search ? found_cases(reader, query.text) : std::set<Uuid>();
  const auto asked = is_search ? std::vector<Uuid>(found.begin(), found.end())
                               : candidates(reader, query, actor);
  for (const Uuid& id : asked) {
    if (!reader.read(entity_of<Case>(), id, &row) || !belongs(row, query, actor)) continue;
    auto name = names.find(row.account);
    if (name == names.end()) {
      const auto account = get(reader, row.account);
      name = names.emplace(row.account, account ? account->name : "").first;
    }
    const Promise promise = next_promise(reader, row, now, words);
    rows.push_back({row.id, case_number(row), row.subject, name->second, state_words(row.state),
                    row.owner.is_null() ? row.queue : row.owner_name, promise.text,
                    tone_of(row.state), promise.tone, promise.due, row.updated_at,
                    priority_words(row.priority), tone_of(row.priority),
                    kUrgency[static_cast<std::size_t>(row.priority)]});
  }
  sort_queue(rows, query.sorts);
  return rows;
}

void sort_queue(std::vector<QueueRow>& rows, const std::vector<QueueSort>& sorts) {
  const auto chosen = sorts.empty() ? std::vector<QueueSort>(1) : sorts;
  // A row is much to move: the order is found first, and each moved once.
  std::vector<const QueueRow*> order;
  order.reserve(rows.size());
  for (const QueueRow& row : rows) order.push_back(&row);
  std::sort(order.begin(), order.end(), [&](const QueueRow* a, const QueueRow* b) {
    return precedes(*a, *b, chosen);
  });
  std::vector<QueueRow> sorted;
  sorted.reserve(rows.size());
  for (const QueueRow* row : order)
    sorted.push_back(std::move(rows[static_cast<std::size_t>(row - rows.data())]));
  rows = std::move(sorted);
}

std::string to_tsv(const std::vector<TsvRow>& rows) {
  std::string text;
  for (const TsvRow& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) text += '\t';
      for (const char c : row[i]) text += c == '\t' || c == '\n' || c == '\r' ? ' ' : c;
    }
    text += '\n';
  }
  return text;
}

std::string to_tsv(const std::vector<QueueRow>& rows) {
  std::vector<TsvRow> lines{
      {"Case", "Subject", "Account", "Priority", "State", "Promise", "Owner"}};
  for (const QueueRow& row : rows)
    lines.push_back({row.number, row.subject, row.account, row.priority, row.state, row.promise,
                     row.owner});
  return to_tsv(lines);
}

std::optional<CaseView> case_view(const Reader& reader, const Actor& actor, Id<Case> id,
                                  Instant now, const TimeWords& words) {
  const auto row = get(reader, id);
  if (!row) return std::nullopt;
  CaseView view;
  view.row = *row;
  view.number = case_number(*row);
  view.state = state_words(row->state);
  view.tone = tone_of(row->state);
  if (const auto account = get(reader, row->account)) view.account = account->name;
  if (const auto contact = get(reader, row->contact)) view.contact = contact->name;
  const Promise promise = next_promise(reader, *row, now, words);
  if (!promise.text.empty()) view.facts.push_back({"Promise", promise.text, promise.tone});
  view.facts.push_back({"Priority", priority_words(row->priority), tone_of(row->priority)});
  view.facts.push_back({"Owner", row->owner.is_null() ? "Queue: " + row->queue : row->owner_name});
  view.facts.push_back({"Opened", words.when(row->opened_at)});
  if (!row->wait_need.empty()) view.facts.push_back({"Waiting for", row->wait_need, Tone::kNeed});
  if (const auto asset = get(reader, row->asset)) view.facts.push_back({"Asset", asset->name});
  if (const auto cover = get(reader, row->entitlement))
    view.facts.push_back({"Covered by", cover->name});
  auto messages = find<&Message::case_id>(reader, id);
  sort_list(messages, [](const Message& a, const Message& b) { return a.at < b.at; });
  for (const Message& message : messages)
    view.thread.push_back({message.id, message.author_name, words.when(message.at), message.body,
                           message.visibility == Visibility::kInternal,
                           message.author_kind == AuthorKind::kCustomer});
  view.may_write = actor.roles.has_any_of(kDesk) && !is_ended(row->state);
  if (actor.roles.has_any_of(kDesk)) view.moves = transitions_from(row->state, party_of(actor));
  return view;
}

}  // namespace foyer
