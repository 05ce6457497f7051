// Imports the audit log of a help desk: one row per change of an incident, folded into one case
// with its history. What is known only at the end (resolved, closed) stands in every row of it.
#include <algorithm>
#include <map>

#include "import_step.h"

namespace foyer::server {

const std::vector<ImportField> kIncidentFields = {
    {"external_key", Need::kRequired, {"number", "incident", "id"}},
    {"state", Need::kRequired, {"incident state", "status"}},
    {"change", Need::kOptional, {"sys mod count"}},
    {"changed_at", Need::kOptional, {"sys updated at", "updated at"}},
    {"changed_by", Need::kOptional, {"sys updated by", "updated by"}},
    {"opened_at", Need::kRequired, {"opened at", "created at"}},
    {"opened_by", Need::kOptional, {"opened by"}},
    {"caller", Need::kOptional, {"caller id"}},
    {"location", Need::kOptional, {}},
    {"channel", Need::kOptional, {"contact type"}},
    {"category", Need::kOptional, {}},
    {"subcategory", Need::kOptional, {}},
    {"symptom", Need::kOptional, {"u symptom"}},
    {"impact", Need::kOptional, {}},
    {"urgency", Need::kOptional, {}},
    {"priority", Need::kOptional, {}},
    {"queue", Need::kOptional, {"assignment group"}},
    {"owner", Need::kOptional, {"assigned to"}},
    {"reopen_count", Need::kOptional, {}},
    {"reassign_count", Need::kOptional, {"reassignment count"}},
    {"resolution", Need::kOptional, {"closed code", "close code"}},
    {"resolved_at", Need::kOptional, {}},
    {"closed_at", Need::kOptional, {}},
};

namespace {

struct StateWords {
  std::string_view word;
  CaseState state;
  WaitReason reason = WaitReason::kNone;
};
constexpr StateWords kStates[] = {
    {"new", CaseState::kNew},
    {"active", CaseState::kInProgress},
    {"inprogress", CaseState::kInProgress},
    {"awaitinguserinfo", CaseState::kPending, WaitReason::kAwaitingCustomer},
    {"awaitingevidence", CaseState::kPending, WaitReason::kAwaitingCustomer},
    {"awaitingproblem", CaseState::kHeld, WaitReason::kAwaitingVendor},
    {"awaitingvendor", CaseState::kHeld, WaitReason::kAwaitingVendor},
    {"onhold", CaseState::kHeld, WaitReason::kAwaitingVendor},
    {"resolved", CaseState::kResolved},
    {"closed", CaseState::kClosed},
    {"canceled", CaseState::kCancelled},
    {"cancelled", CaseState::kCancelled},
};

const StateWords* find_state(std::string_view text) {
  const auto key = loose_key(text);
  for (const auto& words : kStates)
    if (words.word == key) return &words;
  return nullptr;
}

Channel channel_of(std::string_view text) {
  const auto key = loose_key(text);
  if (key == "phone" || key == "ivr") return Channel::kPhone;
  if (key == "email") return Channel::kEmail;
  if (key == "selfservice" || key == "web" || key == "directopening") return Channel::kWeb;
  return key == "chat" ? Channel::kChat : Channel::kImport;
}

Grade grade_of(std::string_view text) {
  const auto number = leading_number(text);
  return number && *number >= 1 && *number <= 3 ? static_cast<Grade>(*number) : Grade::kNone;
}

Priority priority_of(std::string_view text) {
  switch (leading_number(text).value_or(3)) {
    case 1: return Priority::kCritical;
    case 2: return Priority::kHigh;
    case 4:
    case 5: return Priority::kLow;
    default: return Priority::kNormal;
  }
}

constexpr std::size_t kNameLengthMax = 200;

// One row of the log, read.
struct Change {
  const CsvRecord* record = nullptr;
  const StateWords* state = nullptr;
  std::int64_t order = 0;
  Instant at;
};

class IncidentImport {
 public:
  explicit IncidentImport(ImportStep& step) : step_(step) {
    std::vector<std::string_view> dates;
    for (const char* field : {"opened_at", "changed_at", "resolved_at", "closed_at"})
      for (const auto cell : step.columns.column(step.table, field)) dates.push_back(cell);
    order_ = usual_date_order(dates, DateOrder::kDayFirst);
  }

  void run() {
    std::map<std::string, std::vector<Change>> incidents;
    std::vector<std::string> in_order;  // as the file first names them
    for (const auto& record : step_.table.records) {
      const auto change = read_change(record);
      if (!change) continue;
      std::string key(step_.columns.cell(record, "external_key"));
      auto& changes = incidents[key];
      if (changes.empty()) in_order.push_back(std::move(key));
      changes.push_back(*change);
    }
    step_.report.folded = in_order.size();
    for (const auto& key : in_order) {
      auto& changes = incidents[key];
      std::stable_sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) {
        return a.order != b.order ? a.order < b.order : a.at < b.at;
      });
      fold(key, changes);
    }
  }

 private:
  std::string_view cell(const Change& change, std::string_view field) const {
    return step_.columns.cell(*change.record, field);
  }

  std::optional<Change> read_change(const CsvRecord& record) {
    const auto refuse = [&](std::string_view field, const char* detail) {
      step_.leave_out(record, field, detail);
      return std::nullopt;
    };
    const auto key = step_.columns.cell(record, "external_key");
    if (key.empty()) return refuse("external_key", "required");
    for (const char* field : {"external_key", "caller", "owner", "location", "queue", "opened_by",
                              "changed_by", "resolution", "priority"})
      if (count_code_points(step_.columns.cell(record, field)) > kNameLengthMax)
        return refuse(field, "too_long");
    Change change{.record = &record};
    change.state = find_state(step_.columns.cell(record, "state"));
    if (!change.state) return refuse("state", "unknown_state");
    Instant opened, ignored;
    if (step_.columns.cell(record, "opened_at").empty()) return refuse("opened_at", "required");
    if (!step_.take_date(record, "opened_at", order_, opened) ||
        !step_.take_date(record, "changed_at", order_, change.at) ||
        !step_.take_date(record, "resolved_at", order_, ignored) ||
        !step_.take_date(record, "closed_at", order_, ignored))
      return std::nullopt;
    if (change.at.is_none()) change.at = opened;
    change.order = leading_number(step_.columns.cell(record, "change")).value_or(0);
    return change;
  }

  Instant date(const Change& change, std::string_view field) const {
    return parse_date(cell(change, field), order_).value_or(Instant{});
  }

  // Rows that the log only mentions: made at the first mention, never changed by a later one.
  template <auto Key, class Fill>
  auto mentioned(std::string_view key, Fill fill) {
    auto row = step_.row_of<Key>(key);
    if (!get(step_.writer, row.id)) {
      fill(row);
      put(step_.writer, row);
      ++step_.report.created_beside;
    }
    return row.id;
  }

  Id<Account> account() {
    return mentioned<&Account::external_key>(step_.options.help_desk, [this](Account& row) {
      row.name = step_.options.help_desk;
      row.lifecycle_stage = LifecycleStage::kCustomer;
    });
  }

  Id<Site> site(std::string_view name, Id<Account> account) {
    if (name.empty()) return {};
    Site row{};
    row.id = imported_id<Site>(step_.options.help_desk + '/' + std::string(name));
    if (exists(step_.writer, row.id)) return row.id;
    row.account = account;
    row.name = name;
    put(step_.writer, row);
    ++step_.report.created_beside;
    return row.id;
  }

  Id<Contact> contact(std::string_view name, Id<Account> account, Id<Site> site) {
    if (name.empty()) return {};
    return mentioned<&Contact::external_key>(name, [&](Contact& row) {
      row.name = name;
      row.account = account;
      row.site = site;
      row.portal_scope = PortalScope::kOwn;
    });
  }

  Id<User> owner(std::string_view name) {
    if (name.empty()) return {};
    return mentioned<&User::external_key>(name, [&](User& row) {
      row.name = name;
      row.roles = {Role::kCsr};
    });
  }

  void fold(const std::string& key, const std::vector<Change>& changes) {
    const auto& last = changes.back();
    auto row = step_.row_of<&Case::external_key>(key);
    row.account = account();
    row.site = site(cell(last, "location"), row.account);
    row.contact = contact(cell(last, "caller"), row.account, row.site);
    row.channel = channel_of(cell(last, "channel"));
    row.category = join(cell(last, "category"), cell(last, "subcategory"), " / ");
    row.subject = join(row.category, cell(last, "symptom"), ", ");
    if (row.subject.empty()) row.subject = key;
    row.impact = grade_of(cell(last, "impact"));
    row.urgency = grade_of(cell(last, "urgency"));
    row.priority = priority_of(cell(last, "priority"));
    row.owner = owner(cell(last, "owner"));
    row.owner_name = row.owner.is_null() ? std::string() : std::string(cell(last, "owner"));
    row.queue = row.owner.is_null() ? std::string(cell(last, "queue")) : std::string();
    row.state = state_of(last);
    row.wait_reason = last.state->reason;
    row.wait_need = need_of(last);
    row.opened_at = date(changes.front(), "opened_at");
    const bool is_over = row.state == CaseState::kResolved || row.state == CaseState::kClosed;
    row.resolved_at = is_over ? date(last, "resolved_at") : Instant{};
    row.closed_at = row.state == CaseState::kClosed ? date(last, "closed_at") : Instant{};
    row.resolution = is_over ? join("Imported with closing code", cell(last, "resolution"), ": ")
                             : std::string();
    row.updated_at = last.at;
    row.reopen_count = leading_number(cell(last, "reopen_count")).value_or(0);
    row.reassign_count = leading_number(cell(last, "reassign_count")).value_or(0);
    clip(row);
    if (row.number.empty()) row.number = step_.writer.next_number("T");
    if (step_.store(*last.record, row)) write_history(row, changes);
  }

  static std::string join(std::string_view a, std::string_view b, std::string_view between) {
    std::string text(a);
    if (!a.empty() && !b.empty()) text += between;
    return text += b;
  }

  static void clip(Case& row) {
    const auto cut = [](std::string& text, std::size_t length_max) {
      std::size_t at = 0;
      for (std::size_t i = 0; i < length_max && at < text.size(); ++i) next_code_point(text, at);
      text.resize(std::min(at, text.size()));
    };
    cut(row.subject, field_of<&Case::subject>().options.length_max);
    cut(row.category, field_of<&Case::category>().options.length_max);
    cut(row.queue, field_of<&Case::queue>().options.length_max);
  }

  // An incident that is new but has somebody is what Foyer calls assigned.
  CaseState state_of(const Change& change) const {
    const bool is_assigned =
        change.state->state == CaseState::kNew && !cell(change, "owner").empty();
    return is_assigned ? CaseState::kAssigned : change.state->state;
  }

  static std::string need_of(const Change& change) {
    if (change.state->state == CaseState::kPending) return "Information from the caller";
    if (change.state->state == CaseState::kHeld) return "The cause is being looked into";
    return {};
  }

  // Who works on it, as the history names them.
  std::string holder_of(const Change& change) const {
    return join(cell(change, "owner"), cell(change, "queue"), ", ");
  }

  void write_event(const Case& row, const std::string& name, CaseEvent event) {
    event.id = Id<CaseEvent>(derive_uuid(row.id, "event:" + name));
    event.case_id = row.id;
    const auto before = get(step_.writer, event.id);
    if (!before || !equal_rows(*before, event)) put(step_.writer, event);
  }

  void write_history(const Case& row, const std::vector<Change>& changes) {
    CaseEvent opened{};
    opened.kind = CaseEventKind::kOpened;
    opened.at = row.opened_at;
    opened.actor_name = cell(changes.front(), "opened_by");
    write_event(row, "opened", opened);
    CaseState state = CaseState::kNew;
    std::string holder;
    Priority priority = priority_of(cell(changes.front(), "priority"));
    for (const auto& change : changes) {
      const auto name = std::to_string(change.order) + ':' + std::to_string(change.at.ms);
      CaseEvent event{};
      event.at = change.at;
      event.actor_name = cell(change, "changed_by");
      event.from_state = state;
      event.to_state = state_of(change);
      event.wait_reason = change.state->reason;
      if (event.to_state != state) {
        event.kind = CaseEventKind::kStateChanged;
        write_event(row, name + ":state", event);
      }
      event.from_state = event.to_state;
      if (holder_of(change) != holder && !holder_of(change).empty()) {
        event.kind = CaseEventKind::kAssigned;
        event.detail = holder_of(change);
        write_event(row, name + ":assigned", event);
      }
      if (priority_of(cell(change, "priority")) != priority) {
        event.kind = CaseEventKind::kPriorityChanged;
        event.detail = cell(change, "priority");
        write_event(row, name + ":priority", event);
      }
      state = state_of(change);
      holder = holder_of(change);
      priority = priority_of(cell(change, "priority"));
    }
  }

  ImportStep& step_;
  DateOrder order_ = DateOrder::kDayFirst;
};

}  // namespace

void import_incidents(ImportStep& step) { IncidentImport(step).run(); }

}  // namespace foyer::server
