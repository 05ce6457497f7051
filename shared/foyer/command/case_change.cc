#include "foyer/command/case_change.h"

#include <algorithm>

#include "foyer/rules/entitlement.h"
#include "foyer/rules/sla.h"

namespace foyer {
namespace {

constexpr std::size_t kMetrics = 4;  // columns of SlaPolicy::budgets

AuthorKind author_kind(const Actor& actor) {
  switch (party_of(actor)) {
    case Party::kCustomer: return AuthorKind::kCustomer;
    case Party::kStaff: return AuthorKind::kStaffMember;
    case Party::kSystem: break;
  }
  return AuthorKind::kAutomatic;
}

Id<SlaTarget> target_id(Id<Case> row, SlaMetric metric) {
  return Id<SlaTarget>(derive_uuid(row, name_of(metric)));
}

// The promise of the entitlement, else of the company's first policy by id.
std::optional<SlaPolicy> policy_for(const Reader& reader, const Case& row) {
  if (const auto entitlement = get(reader, row.entitlement))
    if (auto policy = get(reader, entitlement->policy)) return policy;
  auto policies = all<SlaPolicy>(reader, 1);
  if (policies.empty()) return std::nullopt;
  return std::move(policies.front());
}

template <class Change>
void change_targets(Writer& writer, Id<Case> row, Change change) {
  for (SlaTarget target : find<&SlaTarget::case_id>(writer, row)) {
    change(target);
    put(writer, target);
  }
}

bool follows_customer(SlaMetric metric) {
  return metric == SlaMetric::kResolution || metric == SlaMetric::kNextUpdate;
}

void write_ledger(Writer& writer, const Case& row, LedgerKind kind, Instant at) {
  if (row.entitlement.is_null()) return;
  EntitlementEntry entry;
  // (source, kind) is unique within an entitlement: so is the id.
  entry.id = Id<EntitlementEntry>(
      derive_uuid(row.entitlement, to_string(row.id) + std::string(name_of(kind))));
  if (exists(writer, entry.id)) return;
  entry.entitlement = row.entitlement;
  entry.kind = kind;
  entry.quantity = 1;
  entry.source = row.id;
  entry.reason = row.subject;
  entry.at = at;
  put(writer, entry);
}

void end_wait(Writer& writer, Case& row, Instant at) {
  row.wait_reason = WaitReason::kNone;
  row.wait_need.clear();
  row.wait_until = {};
  change_targets(writer, row.id, [&](SlaTarget& target) { close_pause(target, at); });
}

void begin_wait(Writer& writer, Case& row, const Wait& wait, Instant at) {
  end_wait(writer, row, at);
  row.wait_reason = wait.reason;
  row.wait_need = wait.need;
  row.wait_until = wait.until;
  if (row.state != CaseState::kPending) return;  // held: the clocks go on
  change_targets(writer, row.id, [&](SlaTarget& target) {
    if (follows_customer(target.metric)) open_pause(target, at, wait.reason);
  });
}

void resolve_targets(Writer& writer, Case& row, Instant at) {
  if (row.resolved_at.is_none()) row.resolved_at = at;
  change_targets(writer, row.id, [&](SlaTarget& target) {
    if (target.metric != SlaMetric::kFirstReply && target.stop.is_none()) target.stop = at;
  });
  write_ledger(writer, row, LedgerKind::kConsume, at);
}

// The time between is a pause; first_reply is not re-armed (domain.md, section 4, rule 5).
void rearm_targets(Writer& writer, const Case& row, Instant at) {
  change_targets(writer, row.id, [&](SlaTarget& target) {
    if (target.metric == SlaMetric::kFirstReply || target.stop.is_none()) return;
    target.pauses.insert(target.pauses.end(), {target.stop.ms, at.ms, 0});
    target.stop = {};
  });
}

void cancel_targets(Writer& writer, const Case& row, Instant at) {
  change_targets(writer, row.id, [&](SlaTarget& target) {
    if (target.stop.is_none()) target.cancelled_at = at;
  });
  write_ledger(writer, row, LedgerKind::kRelease, at);
}

}  // namespace

Result<Case> find_case(const Reader& reader, Id<Case> id) {
  auto row = get(reader, id);
  if (!row) return fail(ErrorCode::kNotFound, "case_id", "not_found");
  return std::move(*row);
}

Result<void> check_transition(const Case& row, Transition transition, const Context& context) {
  if (!next_state(row.state, transition, party_of(context.actor)))
    return fail(ErrorCode::kConflict, "case_state");
  return {};
}

void add_event(Writer& writer, const Context& context, const Case& row, CaseEventKind kind,
               CaseState from, Instant at, std::string detail) {
  CaseEvent event;
  // A command makes at most one event of a kind for one case and target state.
  event.id = Id<CaseEvent>(derive_uuid(
      context.command, to_string(row.id) + std::string(name_of(kind)) + name_of(row.state).data()));
  event.case_id = row.id;
  event.kind = kind;
  event.from_state = from;
  event.to_state = row.state;
  event.wait_reason = row.wait_reason;
  event.detail = std::move(detail);
  event.actor_name = context.actor.name;
  event.at = at;
  put(writer, event);
}

void move_case(Writer& writer, const Context& context, Case& row, Transition transition, Instant at,
               std::string detail, const Wait& wait) {
  const CaseState from = row.state;
  const auto to = next_state(from, transition, party_of(context.actor));
  FOYER_ASSERT(to.has_value());
  row.state = *to;
  row.updated_at = at;
  switch (*to) {
    case CaseState::kPending:
    case CaseState::kHeld:
      if (transition != Transition::kAssign) begin_wait(writer, row, wait, at);
      break;
    case CaseState::kResolved:
      end_wait(writer, row, at);
      resolve_targets(writer, row, at);
      break;
    case CaseState::kClosed: row.closed_at = at; break;
    case CaseState::kCancelled:
    case CaseState::kRejected:
    case CaseState::kMerged:
      end_wait(writer, row, at);
      row.closed_at = at;
      cancel_targets(writer, row, at);
      break;
    case CaseState::kInProgress:
      if (transition == Transition::kReopen) rearm_targets(writer, row, at);
      else if (transition != Transition::kAssign) end_wait(writer, row, at);
      break;
    case CaseState::kNew:
    case CaseState::kAssigned: break;
  }
  const auto kind = transition == Transition::kAssign   ? CaseEventKind::kAssigned
                    : transition == Transition::kReopen ? CaseEventKind::kReopened
                                                        : CaseEventKind::kStateChanged;
  add_event(writer, context, row, kind, from, at, std::move(detail));
}

void add_message(Writer& writer, const Context& context, Case& row, NewMessage message) {
  Message added;
  added.id = message.id;
  added.case_id = row.id;
  added.visibility = message.visibility;
  added.author_kind = author_kind(context.actor);
  added.author = context.actor.user;
  added.author_name = context.actor.name;
  added.body = std::move(message.body);
  added.at = message.at;
  put(writer, added);
  if (message.visibility == Visibility::kInternal) return;
  row.updated_at = std::max(row.updated_at, message.at);
  if (added.author_kind != AuthorKind::kStaffMember || !row.first_reply_at.is_none()) return;
  row.first_reply_at = message.at;
  change_targets(writer, row.id, [&](SlaTarget& target) {
    if (target.metric == SlaMetric::kFirstReply && target.stop.is_none()) target.stop = message.at;
  });
}

void set_targets(Writer& writer, const Context&, const Case& row) {
  const auto policy = policy_for(writer, row);
  if (!policy) return;
  for (std::size_t metric = 0; metric < kMetrics; ++metric) {
    const std::size_t at = static_cast<std::size_t>(row.priority) * kMetrics + metric;
    const std::int64_t budget = at < policy->budgets.size() ? policy->budgets[at] : 0;
    const auto kind = static_cast<SlaMetric>(metric);
    auto target = get(writer, target_id(row.id, kind));
    if (target && !target->stop.is_none()) continue;  // ended targets keep their version
    if (budget <= 0) {
      if (target) {
        target->cancelled_at = row.updated_at;
        put(writer, *target);
      }
      continue;
    }
    if (!target) {
      target.emplace();
      target->id = target_id(row.id, kind);
      target->case_id = row.id;
      target->metric = kind;
      target->start = row.opened_at;
    }
    target->cancelled_at = {};
    target->policy = policy->id;
    target->policy_version = policy->version;
    target->calendar = policy->calendar;
    target->budget_minutes = budget;
    put(writer, *target);
  }
}

Case open_case_row(Writer& writer, const Context& context, Opening opening) {
  Case row = std::move(opening.row);
  row.state = CaseState::kNew;
  row.updated_at = row.opened_at;
  row.number = writer.next_number("T");
  if (const auto match = match_entitlement(writer, row)) {
    row.entitlement = match->entitlement.id;
    row.entitlement_reason = match->reason;
  }
  put(writer, row);
  // The first message of a call taken by staff is the customer's word: it answers nothing.
  Message first;
  first.id = opening.first_message.id;
  first.case_id = row.id;
  first.author_kind = AuthorKind::kCustomer;
  const auto contact = get(writer, row.contact);
  first.author = context.actor.is_customer() ? context.actor.user : Id<User>();
  first.author_name = contact ? contact->name : context.actor.name;
  first.body = std::move(opening.first_message.body);
  first.at = opening.first_message.at;
  put(writer, first);
  set_targets(writer, context, row);
  write_ledger(writer, row, LedgerKind::kReserve, row.opened_at);
  add_event(writer, context, row, CaseEventKind::kOpened, CaseState::kNew, row.opened_at, {});
  return row;
}

}  // namespace foyer
